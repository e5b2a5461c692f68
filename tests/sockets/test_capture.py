"""A capture brings into a recording what this program's sockets exchanged, and nothing else."""

from __future__ import annotations

import socket
import struct
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import NamedTuple

import pytest

from netlib.activities.base import CloseMode
from netlib.errors import Cause, NetError, Operation
from netlib.events import Closed, Connected, Failed, PortUnreachable
from netlib.network import Network
from netlib.recording.capture import Capture
from netlib.recording.packets import CapturedPacket
from netlib.system.clock import microseconds, wall_clock
from netlib.system.packet_socket import FRAMES
from tests.captures import ACK, FIN, RST, SYN
from tests.helpers import free_port, wait_until
from tests.sockets.conftest import (
    HOST,
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

on_linux = pytest.mark.skipif(sys.platform != "linux", reason="packet(7) is Linux's")


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


@on_linux
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


@on_linux
def test_a_refused_connection_is_a_syn_and_an_rst(network: Network, events: Events) -> None:
    port = free_port()
    with capturing(network) as (kept, _capture):
        call(network, port)
        events.wait_for(Failed)
        found = until_seen(kept, lambda packets: len(packets) == 2)
    assert [one.flags for one in found] == [SYN, RST | ACK]


@on_linux
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


@on_linux
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


@on_linux
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


@on_linux
def test_a_capture_that_begins_late_knows_who_is_connected(
    network: Network, events: Events
) -> None:
    server = serve(network, events, "echo")
    number = call(network, server.port)
    events.wait_for(Connected, activity=number)
    with capturing(network) as (kept, _capture):
        assert network.send(number, b"hello\n")
        until_seen(kept, lambda packets: sum(one.data == b"hello\n" for one in packets) == 2)


@on_linux
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


@on_linux
def test_a_recording_that_has_failed_ends_the_capture(network: Network, events: Events) -> None:
    with capturing(network) as (kept, capture):
        kept.error = NetError(Operation.RECORD, Cause.UNKNOWN)
        wait_until(lambda: capture.outcome is not None)
    assert not any(one.name == "socketboard-capture" for one in threading.enumerate())
