"""A capture brings into a recording what this program's sockets exchanged, and nothing else."""

from __future__ import annotations

import os
import signal
import socket
import struct
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import pytest

from netlib.activities.base import CloseMode
from netlib.errors import Cause, NetError, Operation
from netlib.events import Accepted, Closed, Connected, Failed, PortUnreachable
from netlib.network import Network
from netlib.recording.capture import Capture
from netlib.recording.export.packets import Address, tcp
from netlib.recording.packets import CapturedPacket
from netlib.system.clock import microseconds, wall_clock
from netlib.system.packet_socket import FRAMES, Packet
from tests.captures import ACK, FIN, RST, SYN
from tests.fake_dumpcap import HEAD, block, install, option, packet
from tests.helpers import free_port, wait_until
from tests.peers import program
from tests.rights import need_raw_sockets, without_raw_sockets
from tests.sockets.conftest import (
    HOST,
    SECONDS,
    Events,
    accept,
    call,
    dial,
    listener,
    port_of,
    read_to_end,
    serve,
    udp_client,
)

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="packet(7) is Linux's")


@pytest.fixture(autouse=True)
def _rights() -> None:
    need_raw_sockets()


class Kept:
    """Takes packets as the journal does."""

    def __init__(self) -> None:
        self.error: NetError | None = None
        self.rows: list[CapturedPacket] = []

    def put_packets(self, rows: Sequence[CapturedPacket]) -> None:
        self.rows += rows

    @property
    def packets(self) -> list[Seen]:
        return [seen(row.data) for row in self.rows if row.data is not None]


class Seen(NamedTuple):
    """What a test wants to know of a packet."""

    protocol: int
    ports: tuple[int, int]
    flags: int
    data: bytes


def seen(packet: bytes) -> Seen:
    head, protocol = (20, packet[9]) if packet[0] >> 4 == 4 else (40, packet[6])
    inside = packet[head:]
    ports = struct.unpack_from("!HH", inside)
    if protocol == 6:
        return Seen(protocol, ports, inside[13] & 0x17, inside[(inside[12] >> 4) * 4 :])
    return Seen(protocol, ports, 0, inside[8:])


@contextmanager
def capturing(network: Network) -> Iterator[tuple[Kept, Capture]]:
    kept = Kept()
    capture = Capture(kept, network.sockets)
    try:
        yield kept, capture
    finally:
        assert capture.cancel()


def until_seen(kept: Kept, wanted: Callable[[list[Seen]], bool]) -> list[Seen]:
    wait_until(lambda: wanted(kept.packets), what=f"these packets, not {kept.packets}")
    return kept.packets


def both_fins(packets: list[Seen]) -> bool:
    return sum(one.flags & FIN for one in packets) == 2 and packets[-1].flags == ACK


@pytest.mark.parametrize("host", [HOST, "::1"])
def test_a_connection_is_captured_from_syn_to_the_last_ack(
    network: Network, events: Events, host: str
) -> None:
    server = serve(network, events, "echo", host=host)
    with capturing(network) as (kept, capture):
        begun = microseconds()
        number = call(network, server.port, host)
        events.wait_for(Connected, activity=number)
        connected = microseconds()
        assert network.send(number, b"hello\n")
        wait_until(lambda: network.totals(number).received)
        network.end(number, CloseMode.CLOSE)
        events.wait_for(Closed, activity=server.number)
        found = until_seen(kept, both_fins)
        ended = microseconds()
    assert capture.outcome == ""
    assert capture.how == "AF_PACKET"
    assert [one.flags for one in found[:3]] == [SYN, SYN | ACK, ACK]
    assert [one.data for one in found if one.data] == [b"hello\n", b"hello\n"]
    assert all(server.port in one.ports for one in found)
    times = [row.at for row in kept.rows]
    assert times == sorted(times)
    assert begun <= times[0] <= times[2] <= connected
    assert times[-1] <= ended
    assert all(row.size == len(row.data or b"") for row in kept.rows)
    shown = kept.rows[0].at + kept.rows[0].wall
    assert abs(shown / 1e6 - (times[0] / 1e6 + wall_clock.offset())) < 0.001


def test_a_refused_connection_is_a_syn_and_an_rst(network: Network, events: Events) -> None:
    port = free_port()
    with capturing(network) as (kept, _capture):
        call(network, port)
        events.wait_for(Failed)
        found = until_seen(kept, lambda packets: len(packets) == 2)
    assert [one.flags for one in found] == [SYN, RST | ACK]


def test_datagrams_and_the_icmp_error_about_them_are_captured(
    network: Network, events: Events
) -> None:
    server = serve(network, events, "echo", udp=True)
    with capturing(network) as (kept, _capture):
        assert network.send(udp_client(network, events, server.port), b"hello")
        found = until_seen(kept, lambda packets: len(packets) == 2)
        assert [(one.protocol, one.data) for one in found] == [(17, b"hello"), (17, b"hello")]
        assert network.send(udp_client(network, events, free_port(socket.SOCK_DGRAM)), b"?")
        events.wait_for(PortUnreachable)
        found = until_seen(kept, lambda packets: len(packets) == 4)
    assert [one.protocol for one in found[2:]] == [17, 1]


def test_what_other_programs_say_to_each_other_is_not_kept(
    network: Network, events: Events
) -> None:
    server = serve(network, events, "echo")
    with capturing(network) as (kept, _capture), listener() as others:
        with dial(port_of(others)) as client, accept(others) as peer:
            client.sendall(b"a secret")
            client.shutdown(socket.SHUT_WR)
            assert read_to_end(peer) == b"a secret"
        number = call(network, server.port)
        events.wait_for(Connected, activity=number)
        found = until_seen(kept, lambda packets: len(packets) >= 3)
    assert all(server.port in one.ports for one in found)


def test_another_programs_connection_to_the_server_of_our_client_is_not_kept(
    network: Network, events: Events
) -> None:
    with (
        listener() as others,
        capturing(network) as (kept, _capture),
        dial(port_of(others)) as foreign,
        accept(others) as peer,
    ):
        number = call(network, port_of(others))
        with accept(others):
            ours = events.wait_for(Connected, activity=number).local.port
            foreign.sendall(b"a secret")
            assert peer.recv(100) == b"a secret"
            assert network.send(number, b"ours")
            found = until_seen(kept, lambda packets: any(one.data for one in packets))
    assert all(ours in one.ports for one in found)


def test_a_capture_that_begins_late_knows_who_is_connected(
    network: Network, events: Events
) -> None:
    server = serve(network, events, "echo")
    number = call(network, server.port)
    events.wait_for(Connected, activity=number)
    with capturing(network) as (kept, _capture):
        assert network.send(number, b"hello\n")
        until_seen(kept, lambda packets: sum(one.data == b"hello\n" for one in packets) == 2)


def test_a_flood_is_captured_in_part_and_the_rest_is_counted(
    network: Network, events: Events
) -> None:
    server = serve(network, events, "acknowledge", udp=True)
    with capturing(network) as (kept, _capture):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
            for _ in range(5 * FRAMES):
                sock.sendto(b"x", (HOST, server.port))
        wait_until(lambda: any(row.data is None for row in kept.rows))
    missed = [row for row in kept.rows if row.data is None]
    assert sum(row.size for row in missed) + len(kept.packets) >= 5 * FRAMES
    times = [row.at for row in kept.rows]
    assert times == sorted(times), "what was missed stands where it was"


def test_the_same_packet_on_a_bridge_and_its_port_is_kept_once(network: Network) -> None:
    kept = Kept()
    capture = Capture(kept, network.sockets)
    one = Packet(1_000_000, 3, 28, b"E")
    moments = [one, one._replace(at=1_000_050, interface=4), one._replace(at=1_200_000)]
    assert [capture._is_twice(packet) for packet in moments] == [False, True, False]
    assert capture.cancel()


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the only folder on the PATH."""
    monkeypatch.setenv("PATH", str(tmp_path))
    return tmp_path


def until_over(capture: Capture) -> str:
    wait_until(lambda: capture.outcome is not None)
    return capture.outcome or ""


def test_without_rights_and_dumpcap_it_says_who_can_permit_it(
    network: Network, programs: Path
) -> None:
    with without_raw_sockets():
        reason = Capture.available()
        with capturing(network) as (_kept, capture):
            outcome = until_over(capture)
            assert capture.how == "TCP_SAVE_SYN"
    assert not [*programs.iterdir()]
    assert reason.startswith(
        "No packets can be captured: Socketboard may not, and finds no dumpcap"
    )
    assert "wireshark-common" in reason
    assert outcome.startswith(reason)
    assert "all other segments in a ladder are implied" in outcome


@pytest.mark.parametrize("host", [HOST, "::1"])
def test_without_rights_the_syn_of_who_connects_is_recorded(
    network: Network, events: Events, programs: Path, host: str
) -> None:
    server = serve(network, events, "echo", host=host)
    with without_raw_sockets(), capturing(network) as (kept, capture):
        until_over(capture)
        number = call(network, server.port, host)
        port = events.wait_for(Connected, activity=number).local.port
        at = events.wait_for(Accepted).at
        wait_until(lambda: kept.rows)
    (row,) = kept.rows
    assert (row.at, row.size) == (round(at * 1e6) - 1, len(row.data or b"")), "before it"
    assert [(one.ports, one.flags) for one in kept.packets] == [((port, server.port), SYN)]
    with dial(server.port, host):
        events.wait_for(Accepted, connection=events.of(Accepted)[0].connection + 2)
    assert kept.rows == [row], "no longer"


def test_available_needs_rights_or_a_dumpcap(programs: Path) -> None:
    assert Capture.available() == ""
    install(programs)
    with without_raw_sockets():
        assert Capture.available() == ""


def test_dumpcap_captures_for_who_may_not(network: Network, events: Events) -> None:
    """The real one: root's, whom nobody can take the right from."""
    program("dumpcap")
    server = serve(network, events, "echo")
    with without_raw_sockets(), capturing(network) as (kept, capture):
        assert capture.begun_within(SECONDS)
        assert capture.how == "dumpcap"
        begun = microseconds()
        number = call(network, server.port)
        events.wait_for(Connected, activity=number)
        assert network.send(number, b"hello\n")
        wait_until(lambda: network.totals(number).received)
        network.end(number, CloseMode.CLOSE)
        found = until_seen(kept, both_fins)
        ended = microseconds()
    assert [one.flags for one in found[:3]] == [SYN, SYN | ACK, ACK]
    assert [one.data for one in found if one.data] == [b"hello\n", b"hello\n"]
    assert begun <= kept.rows[0].at <= kept.rows[-1].at <= ended
    assert capture.outcome == ""


@pytest.mark.parametrize(
    ("writes", "says", "expected"),
    [
        ([], "dumpcap: You do not have permission.\n", "by dumpcap: You do not have permission."),
        ([], "\x1b[2J\u202e", "by dumpcap: \\x1b[2J<U+202E>."),
        ([b"HTTP/1.1 200 OK"], "", "by dumpcap: what it writes cannot be read."),
        ([HEAD, b"rubbish " * 9], "", "by dumpcap: what it writes cannot be read."),
    ],
)
def test_a_dumpcap_that_cannot_begin_is_quoted(
    network: Network, programs: Path, writes: list[bytes], says: str, expected: str
) -> None:
    install(programs, writes=writes, says=says, code=2)
    with without_raw_sockets(), capturing(network) as (_kept, capture):
        outcome = until_over(capture)
        assert capture.how == "TCP_SAVE_SYN"
    assert expected in outcome
    assert "wireshark-common" in outcome


def test_a_dumpcap_that_dies_is_told_and_its_last_packets_are_kept(
    network: Network, events: Events, programs: Path
) -> None:
    server = serve(network, events, "echo")
    address = Address(bytes([127, 0, 0, 1]), server.port)
    segment = tcp(address, address, SYN, (1, 0))
    pid = install(programs, writes=[HEAD, packet(segment)], says="Out of luck", waits=True)
    with without_raw_sockets(), capturing(network) as (kept, capture):
        wait_until(lambda: capture.how == "dumpcap" and pid.exists())
        assert capture.outcome is None
        os.kill(int(pid.read_text()), signal.SIGTERM)
        outcome = until_over(capture)
    assert outcome.startswith("No more packets are captured; dumpcap has ended: Out of luck.")
    assert "implied" in outcome
    assert [row.data for row in kept.rows] == [segment]
    assert 0 <= microseconds() - kept.rows[0].at < 60e6, "not 1970, as it said"


def test_what_dumpcap_dropped_is_counted(network: Network, events: Events, programs: Path) -> None:
    serve(network, events, "echo")
    dropped = block(5, bytes(12) + option(5, struct.pack("<Q", 7)))
    install(programs, writes=[HEAD, dropped])
    with without_raw_sockets(), capturing(network) as (kept, capture):
        until_over(capture)
    assert [(row.size, row.data) for row in kept.rows] == [(7, None)]


def test_a_recording_that_has_failed_ends_the_capture(network: Network, events: Events) -> None:
    with capturing(network) as (kept, capture):
        kept.error = NetError(Operation.RECORD, Cause.UNKNOWN)
        wait_until(lambda: capture.outcome is not None)
    assert not any(one.name == "socketboard-capture" for one in threading.enumerate())
