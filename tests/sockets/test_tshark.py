"""Exported captures as tshark reads them: no complaint, and every byte where it was."""

from __future__ import annotations

import socket
import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path

import pytest

from netlib.address import Endpoint
from netlib.engine.records import Item
from netlib.events import Accepted, Closed, CloseReason, Connected, Listening, Transport
from netlib.recording.calls import CallIndex
from netlib.recording.event_json import to_json
from netlib.recording.export.pcapng import block
from netlib.recording.reader import Recording
from netlib.recording.timeline import Timeline
from netlib.teaching.calls import Call
from tests import pages, tshark
from tests.captures import blocks
from tests.certificates import Pair
from tests.command import PATIENCE_SECONDS, run, serving
from tests.recordings import IN, OUT, chunk, order, record, written

pytestmark = pytest.mark.peers

HERE, THERE = Endpoint("127.0.0.1", 53122), Endpoint("127.0.0.1", 8080)


def captured(recording: Path) -> tshark.Read:
    """Export a recording, and read it with tshark."""
    path = recording.with_suffix(".pcapng")
    done = run("recording", str(recording), "--export", "pcapng", "-o", str(path))
    assert done.returncode == 0, done.stderr
    return tshark.read(path)


def bytes_of(recording: Path, *kinds: int) -> Counter[bytes]:
    """Return what each end of a recording's connections said, or heard, in calls of these kinds."""
    with closing(Recording(recording)) as opened:
        index = CallIndex()
        while index.advance(opened):
            pass
        said: dict[tuple[int, int], bytes] = {}
        calls: list[Call] = index.read(opened, range(index.total), 1 << 30)
        for call in calls:
            if call.kind in kinds and index.pairing.ends[call.end].connection:
                way = (call.end, call.kind)
                said[way] = said.get(way, b"") + call.data
    return Counter(said.values())


def streams_of(found: tshark.Read) -> Counter[bytes]:
    """Return what each side said, if anything."""
    return Counter(data for sides in found.streams.values() for data in sides.values() if data)


def test_the_demo_with_both_ends_in_it(tmp_path: Path) -> None:
    file = tmp_path / "demo"
    assert run("demo", "--record", str(file)).returncode == 0
    found = captured(file)
    assert found.complaints == []
    assert streams_of(found) == bytes_of(file, 2)
    assert len(found.datagrams) == 3
    assert found.unreachable == ["127.0.0.1"]


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
def test_one_end_alone_with_much_data(tmp_path: Path, host: str) -> None:
    file = tmp_path / "serve"
    data = bytes(range(256)) * 4096
    with serving("echo", "--quiet", "--host", host, "--record", str(file)) as server:
        with socket.create_connection((host, server.port), PATIENCE_SECONDS) as peer:
            sender = peer.makefile("wb")
            back = b""
            for at in range(0, len(data), 65536):
                sender.write(data[at : at + 65536])
                sender.flush()
                while len(back) < at + 65536:
                    back += peer.recv(1 << 20)
            sender.close()
            peer.shutdown(socket.SHUT_WR)
            assert peer.recv(1) == b""
        server.end()
    found = captured(file)
    assert found.complaints == []
    assert streams_of(found) == Counter({data: 2})


def test_ciphertext_is_what_crossed_the_wire(tmp_path: Path, authority: Path, good: Pair) -> None:
    keys = ("--tls", "--cert", str(good.cert), "--key", str(good.key))
    file = tmp_path / "tls"
    with serving("echo", "--quiet", *keys, "--record", str(file)) as server:
        trust = ("--tls", "--ca", str(authority))
        done = run("connect", f"localhost:{server.port}", *trust, "--send", "secret")
        assert done.returncode == 0, done.stderr
        server.end()
    found = captured(file)
    assert found.complaints == []
    assert streams_of(found) == bytes_of(file, 3, 4)
    assert not any(b"secret" in data for data in streams_of(found))


def test_a_recording_whose_beginning_the_quota_removed(tmp_path: Path) -> None:
    file = tmp_path / "cut"
    with serving("echo", "--quiet") as server:
        limited = (server.where, "--record", str(file), "--record-limit", "1M")
        done = run("connect", *limited, stdin=(b"x" * 99 + b"\n") * 40_000)
    assert b"were removed" in done.stderr
    found = captured(file)
    assert found.complaints == []
    assert streams_of(found) == bytes_of(file, 1, 2) != Counter()


def test_a_recording_of_version_1_with_a_clock_that_was_set_back(tmp_path: Path) -> None:
    accepted = Accepted(at=0.0, activity=1, connection=1, local=THERE, peer=HERE)
    closed = Closed(at=0.0, activity=1, connection=1, reason=CloseReason.ABORTED)
    peer = str(HERE)
    said = [
        pages.Chunk(to_json(accepted).encode(), 0, peer=peer),
        *(pages.Chunk(b"%d\n" % at, 1 + at % 2, peer=peer, at=at * 1000) for at in range(8)),
        pages.Chunk(b"who are you?", 2, connection=9, peer=peer, at=9000),
        pages.Chunk(to_json(closed).encode(), 0, peer=peer, at=9000),
    ]
    path = pages.write_1(tmp_path / "old", said)
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("UPDATE chunk SET wall = wall - 86400 WHERE id > 4")
    found = captured(path)
    assert found.complaints == []
    assert streams_of(found) == Counter([b"0\n2\n4\n6\n", b"1\n3\n5\n7\n", b"who are you?"])


def conversation(number: int, port: int) -> list[Item]:
    """Return both ends of a connection; the server's is the odd one."""
    here, mine, theirs = Endpoint("127.0.0.1", port), 2 * number, 2 * number + 1
    return [
        connected(Transport.TCP, mine, here, THERE),
        Accepted(at=1000.0, activity=1, connection=theirs, local=THERE, peer=here),
        chunk(b"ask %d" % number, OUT, activity=mine, connection=mine),
        chunk(b"ask", IN, connection=theirs),
        chunk(b" %d" % number, IN, connection=theirs),
        chunk(b"answer %d" % number, OUT, connection=theirs),
        Closed(at=1000.0, activity=mine, connection=mine, reason=CloseReason.BY_US),
        Closed(at=1000.0, activity=1, connection=theirs, reason=CloseReason.RESET),
    ]


def connected(transport: Transport, activity: int, local: Endpoint, peer: Endpoint) -> Connected:
    return Connected(
        at=1000.0,
        activity=activity,
        connection=activity if transport is Transport.TCP else 0,
        transport=transport,
        local=local,
        peer=peer,
        resolve_seconds=0.0,
        connect_seconds=0.0,
    )


def test_two_hundred_activities_of_which_some_have_the_port_of_others(tmp_path: Path) -> None:
    items = [one for number in range(1, 201) for one in conversation(number, 5000 + number % 150)]
    found = captured(record(tmp_path / "many", items))
    assert found.complaints == []
    assert len(found.streams) == 200
    asked = [words % number for number in range(1, 201) for words in (b"ask %d", b"answer %d")]
    assert streams_of(found) == Counter(asked)


def test_datagrams_of_which_one_is_lost(tmp_path: Path) -> None:
    us, them = Endpoint("::1", 40000), Endpoint("::1", 37)
    items: list[Item] = [
        Listening(at=0.0, activity=1, local=them, transport=Transport.UDP, service="time"),
        connected(Transport.UDP, 2, us, them),
        chunk(b"lost", OUT, activity=2, connection=0, peer=them),
        chunk(b"", OUT, activity=2, connection=0, peer=them),
        chunk(b"", IN, activity=1, connection=0, peer=us),
        chunk(b"x" * 65_000, OUT, activity=1, connection=0, peer=us),
    ]
    found = captured(record(tmp_path / "udp", items))
    assert found.complaints == []
    assert found.datagrams == [
        ("::1|40000", b"lost"),
        ("::1|40000", b""),
        ("::1|37", b"x" * 65_000),
    ]


def test_rows_picked_here_and_there_leave_no_hole_that_looks_lost(tmp_path: Path) -> None:
    items = [one for number in (1, 2) for one in conversation(number, 5000 + number)]
    recording = record(tmp_path / "some", items)
    with closing(Recording(recording)) as opened:
        lines = Timeline(opened)
    wanted = order(recording, "pcapng", positions=range(3, lines.total - 3, 2))
    path = tmp_path / "some.pcapng"
    written(wanted, path)
    found = tshark.read(path)
    assert found.complaints == []


def test_tshark_would_complain(tmp_path: Path) -> None:
    recording = record(tmp_path / "r", conversation(1, 5001))
    whole = written(order(recording, "pcapng"), tmp_path / "whole.pcapng")
    (tmp_path / "wrong").write_bytes(whole.replace(b"answer 1", b"answer 2"))
    assert any("tcp checksum" in one for one in tshark.read(tmp_path / "wrong").complaints)
    kept = [(kind, body) for kind, body in blocks(whole) if b"ask 1" not in body]
    (tmp_path / "lost").write_bytes(b"".join(block(kind, body) for kind, body in kept))
    assert any("captured" in one for one in tshark.read(tmp_path / "lost").complaints)


# -- packets that were captured -------------------------------------------------------------------


@pytest.mark.parametrize("name", ["handshake", "close", "reset"])
def test_of_what_was_captured_it_finds_nothing_to_complain_of(name: str, tmp_path: Path) -> None:
    found = case(name, tmp_path)
    assert wrong(found) == []
    assert all(
        data.startswith((b"hello\n", "已接收: hello\n".encode())) for data in streams_of(found)
    )


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("retransmission", "retransmission"),
        ("zero-window", "window"),
        ("time-wait", "retransmission"),
    ],
)
def test_what_went_wrong_on_the_way_it_finds_too(name: str, words: str, tmp_path: Path) -> None:
    complaints = wrong(case(name, tmp_path))
    assert any(words in complaint for complaint in complaints), complaints


def wrong(found: tshark.Read) -> list[str]:
    """Return its complaints but for checksums: nobody computes them on the loopback of Linux."""
    return [one for one in found.complaints if "checksum" not in one.lower()]


def case(name: str, folder: Path) -> tshark.Read:
    """Export a recorded case, and read it with tshark."""
    path = folder / "case.pcapng"
    done = run("export", f"case:{name}", "--as", "pcapng", "-o", str(path))
    assert done.returncode == 0, done.stderr
    assert b"Packets without a comment were captured" in path.read_bytes()
    return tshark.read(path)
