"""Calls of a recording as packets: both ends are one conversation, whoever is in the file."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

import pytest

from netlib.address import Endpoint
from netlib.engine.records import Item
from netlib.errors import Cause, NetError, Operation
from netlib.events import (
    Accepted,
    Closed,
    CloseReason,
    Connected,
    Direction,
    Failed,
    Finished,
    Idle,
    Listening,
    PeerFinished,
    Plaintext,
    PortUnreachable,
    Transport,
    WireChunk,
)
from netlib.recording.calls import CallIndex
from netlib.recording.export import write
from netlib.recording.export.chosen import whole_calls
from netlib.recording.export.pcapng import Capture
from netlib.recording.journal import Journal
from netlib.recording.reader import Recording
from netlib.value import replace
from tests.captures import FIN, RST, SYN, Connection, Packet, connections, packets
from tests.recordings import IN, OUT, chunk, order, record
from tests.records import put
from tests.samples import REFUSED

US, THEM = Endpoint("127.0.0.1", 53122), Endpoint("127.0.0.1", 8080)
HERE, THERE = "127.0.0.1|53122", "127.0.0.1|8080"
CLIENT, SERVER = 2, 1
"""Activities, and the numbers of their connections."""


def connected(transport: Transport = Transport.TCP, activity: int = CLIENT) -> Connected:
    number = activity if transport is Transport.TCP else 0
    return Connected(
        at=1000.0,
        activity=activity,
        connection=number,
        transport=transport,
        local=US,
        peer=THEM,
        resolve_seconds=0.0,
        connect_seconds=0.0,
    )


def accepted() -> Accepted:
    return Accepted(at=1000.0, activity=SERVER, connection=SERVER, local=THEM, peer=US)


def ours(data: bytes, way: Direction) -> Item:
    return chunk(data, way, activity=CLIENT, connection=CLIENT)


def theirs(data: bytes, way: Direction) -> Item:
    return chunk(data, way, activity=SERVER, connection=SERVER)


def closed(activity: int, reason: CloseReason = CloseReason.BY_US) -> Closed:
    return Closed(at=1000.0, activity=activity, connection=activity, reason=reason)


def peer_finished(activity: int) -> PeerFinished:
    return PeerFinished(at=1000.0, activity=activity, connection=activity)


class Out:
    """Takes what is written."""

    def __init__(self) -> None:
        self.data = b""

    def write(self, data: bytes) -> None:
        self.data += data


def rebuilt(folder: Path, items: Iterable[Item]) -> list[Packet]:
    """Return the packets of a recording of these items."""
    path, out = record(folder / "r.sqlite", items), Out()
    wanted = order(path, "pcapng")
    assert write(wanted, {0: out}) == len(packets(out.data))
    return packets(out.data)


def only(found: list[Packet]) -> Connection:
    (one,) = connections(found)
    return one


def flags(found: Connection) -> list[tuple[str, int]]:
    """Return who sent SYN, FIN and RST."""
    return [(one.source, one.flags) for one in found.segments if one.flags]


SAID: list[Item] = [
    *(connected(), accepted(), ours(b"hel", OUT), ours(b"lo", OUT), theirs(b"hello", IN)),
    *(theirs(b"hi there", OUT), ours(b"hi ", IN), ours(b"there", IN)),
]
"""What both ends tell of one conversation."""


def test_both_ends_are_one_connection_and_each_byte_is_there_once(tmp_path: Path) -> None:
    found = only(rebuilt(tmp_path, SAID))
    assert found.sides == (HERE, THERE)
    assert found.data == {HERE: b"hello", THERE: b"hi there"}
    assert [one.data for one in found.segments if one.data] == [b"hel", b"lo", b"hi there"]


@pytest.mark.parametrize("activity", [CLIENT, SERVER])
def test_one_end_alone_tells_both_ways(tmp_path: Path, activity: int) -> None:
    found = only(rebuilt(tmp_path, [one for one in SAID if one.activity == activity]))
    assert found.sides == (HERE, THERE)
    assert found.data == {HERE: b"hello", THERE: b"hi there"}
    assert flags(found) == [(HERE, SYN), (THERE, SYN)]


def test_what_was_received_before_the_one_who_sent_it_tells_is_there_once(tmp_path: Path) -> None:
    early = [connected(), accepted(), theirs(b"hello", IN), ours(b"hel", OUT), ours(b"lo!", OUT)]
    assert only(rebuilt(tmp_path, early)).data[HERE] == b"hello!"


@pytest.mark.parametrize(
    ("events", "segments"),
    [
        (
            [Finished(at=0.0, activity=CLIENT, connection=CLIENT), peer_finished(SERVER)],
            [(HERE, FIN)],
        ),
        ([peer_finished(CLIENT), closed(CLIENT, CloseReason.BY_PEER)], [(THERE, FIN), (HERE, FIN)]),
        (
            [closed(CLIENT), peer_finished(SERVER), closed(SERVER, CloseReason.BY_PEER)],
            [(HERE, FIN), (THERE, FIN)],
        ),
        ([closed(CLIENT, CloseReason.ABORTED), closed(SERVER, CloseReason.RESET)], [(HERE, RST)]),
        ([closed(SERVER, CloseReason.RESET)], [(HERE, RST)]),
        ([closed(SERVER, CloseReason.WRITE_TIMEOUT)], [(THERE, RST)]),
        ([closed(SERVER, CloseReason.FAILED)], []),
        ([closed(CLIENT), closed(SERVER, CloseReason.RESET)], [(HERE, RST)]),
        (
            [
                *(closed(CLIENT), peer_finished(SERVER), theirs(b"late", OUT)),
                closed(SERVER, CloseReason.RESET),
            ],
            [(HERE, FIN), (HERE, RST)],
        ),
        ([Idle(at=0.0, activity=CLIENT, connection=CLIENT, seconds=9.0)], []),
    ],
)
def test_the_end_is_the_one_that_the_ladder_shows(
    tmp_path: Path, events: list[Item], segments: list[tuple[str, int]]
) -> None:
    found = only(rebuilt(tmp_path, [*SAID, *events]))
    assert flags(found)[2:] == segments


def test_without_its_beginning_a_connection_goes_on_and_says_what_is_not_told(
    tmp_path: Path,
) -> None:
    cut: list[Item] = [one for one in SAID if one.activity == CLIENT][1:]
    found = only(rebuilt(tmp_path, cut))
    assert flags(found) == []
    assert [*found.data.values()] == [b"hello", b"hi there"]
    assert all("stands for an address" in one.comment for one in found.segments)


def test_under_tls_the_ciphertext_is_in_it_and_no_plain_text(tmp_path: Path) -> None:
    head = (1000.0, CLIENT, CLIENT)
    items: list[Item] = [
        connected(),
        Plaintext(*head, OUT, None, b"secret"),
        WireChunk(*head, OUT, None, b"\x17\3\3"),
        WireChunk(*head, IN, None, b"\x15\3\3"),
        Plaintext(*head, IN, None, b"answer"),
    ]
    assert only(rebuilt(tmp_path, items)).data == {HERE: b"\x17\3\3", THERE: b"\x15\3\3"}


def test_of_two_ends_one_may_not_speak_tls(tmp_path: Path) -> None:
    head = (1000.0, CLIENT, CLIENT)
    hello = WireChunk(*head, OUT, None, b"\x16\3\1")
    items: list[Item] = [
        connected(),
        accepted(),
        hello,
        theirs(b"\x16\3\1", IN),
        theirs(b"what?", OUT),
    ]
    assert only(rebuilt(tmp_path, items)).data == {HERE: b"\x16\3\1", THERE: b"what?"}


def test_what_never_was_a_connection_is_not_in_it(tmp_path: Path) -> None:
    items = [Failed(at=0.0, activity=1, error=REFUSED)]
    assert rebuilt(tmp_path, items) == []
    timed_out = NetError(Operation.CONNECT, Cause.TIMED_OUT, endpoint=THEM)
    (tmp_path / "again").mkdir()
    assert rebuilt(tmp_path / "again", [Failed(at=0.0, activity=1, error=timed_out)]) == []


def test_two_hundred_activities_are_two_hundred_connections(tmp_path: Path) -> None:
    items: list[Item] = []
    for number in range(2, 202):
        there = Endpoint("127.0.0.1", 8000 + number)
        items.append(replace(connected(activity=number), peer=there))
        items.append(chunk(b"x" * number, OUT, activity=number, connection=number))
    found = connections(rebuilt(tmp_path, items))
    assert sorted(len(one.data[HERE]) for one in found) == [*range(2, 202)]


# -- datagrams -----------------------------------------------------------------------------------


def asked(data: bytes, way: Direction = OUT) -> Item:
    return chunk(data, way, activity=CLIENT, connection=0, peer=THEM)


def answered(data: bytes, way: Direction = IN) -> Item:
    return chunk(data, way, activity=SERVER, connection=0, peer=US)


def test_datagrams_of_both_ends_are_one_packet_each_and_a_lost_one_is_there(tmp_path: Path) -> None:
    items = [
        Listening(at=0.0, activity=SERVER, local=THEM, transport=Transport.UDP, service="time"),
        connected(Transport.UDP),
        *(asked(b"lost"), asked(b"what time?"), answered(b"what time?")),
        *(answered(b"late", OUT), asked(b"late", IN)),
    ]
    assert [(one.source, one.data) for one in rebuilt(tmp_path, items)] == [
        (HERE, b"lost"),
        (HERE, b"what time?"),
        (THERE, b"late"),
    ]


@pytest.mark.parametrize("peer", [THEM, None])
def test_a_port_that_nobody_has_is_told_by_icmp(tmp_path: Path, peer: Endpoint | None) -> None:
    unreachable = PortUnreachable(at=0.0, activity=CLIENT, peer=peer)
    items: list[Item] = [connected(Transport.UDP), asked(b"anybody?"), unreachable]
    found = rebuilt(tmp_path, items)
    assert [(one.protocol, one.source) for one in found] == [("udp", HERE), ("icmp", "127.0.0.1")]
    assert found[1].data.endswith(b"anybody?")


def test_an_error_about_nothing_that_is_in_it_is_not_in_it(tmp_path: Path) -> None:
    assert rebuilt(tmp_path, [PortUnreachable(at=0.0, activity=CLIENT, peer=THEM)]) == []


# -- while it is recorded ------------------------------------------------------------------------


def test_who_comes_later_takes_part_in_the_same_conversation(tmp_path: Path) -> None:
    journal, out = Journal(tmp_path / "r.sqlite"), Out()
    put(journal, SAID[0], *SAID[2:4])
    assert journal.flush()
    with closing(Recording(journal.path)) as recording:
        index = CallIndex()
        capture = Capture(recording, index)
        out.write(capture.head())
        for more in ([SAID[1], *SAID[4:]], []):
            seen = index.total
            while index.advance(recording):
                pass
            for call in whole_calls(recording, index, range(seen, index.total)):
                for packet in capture.rebuilt(call):
                    out.write(packet)
            put(journal, *more)
            assert journal.flush()
    assert journal.close()
    found = only(packets(out.data))
    assert flags(found) == [(HERE, SYN), (THERE, SYN)]
    assert found.data == {HERE: b"hello", THERE: b"hi there"}
