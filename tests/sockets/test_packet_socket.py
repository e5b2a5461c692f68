"""Packets as the kernel shows them: each once, whole as far as there is room, none uncounted."""

from __future__ import annotations

import socket
import struct
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager

import pytest

from netlib.system.clock import wall_clock
from netlib.system.packet_socket import FRAME_BYTES, FRAMES, Packet, PacketSocket
from tests.helpers import free_port, wait_until
from tests.rights import need_raw_sockets
from tests.sockets.conftest import HOST, accept, dial, listener, port_of, read_to_end, udp_peer

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="packet(7) is Linux's")

FIN, SYN, ACK = 1, 2, 16


@pytest.fixture(autouse=True)
def _rights() -> None:
    need_raw_sockets()


@contextmanager
def seen(wanted: Callable[[bytes], bool]) -> Iterator[Callable[[], list[Packet]]]:
    """Capture; give what returns those packets so far that a test is about."""
    with closing(PacketSocket()) as packets:
        found: list[Packet] = []

        def look() -> list[Packet]:
            found.extend(one for one in packets.take()[0] if wanted(one.data))
            return found

        yield look


def with_port(port: int, head: int = 20) -> Callable[[bytes], bool]:
    """Return what tells the packets of a port, by the size of the IP header."""
    wanted, version = port.to_bytes(2, "big"), 4 if head == 20 else 6
    return lambda data: (
        data[0] >> 4 == version
        and wanted
        in (
            data[head : head + 2],
            data[head + 2 : head + 4],
        )
    )


@pytest.mark.parametrize("host", [HOST, "::1"])
def test_a_connection_is_seen_whole_each_packet_once_with_the_kernels_time(host: str) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    head = 40 if ":" in host else 20
    with (
        socket.create_server((host, 0), family=family) as listening,
        seen(with_port(port_of(listening), head)) as look,
    ):
        before = wall_clock.now()
        with dial(port_of(listening), host) as client, accept(listening) as server:
            client.sendall(b"hello")
            client.shutdown(socket.SHUT_WR)
            assert read_to_end(server) == b"hello"
        wait_until(lambda: sum(one.data[head + 13] & FIN for one in look()) == 2)
        after = wall_clock.now()
        first = look()
    flags = [one.data[head + 13] for one in first]
    assert flags[:3] == [SYN, SYN | ACK, ACK]
    assert b"".join(one.data[head + (one.data[head + 12] >> 4) * 4 :] for one in first) == b"hello"
    assert sum(flag & SYN != 0 for flag in flags) == 2, "each once, though lo has it twice"
    assert all(one.size == len(one.data) for one in first)
    times = [one.at / 1e6 for one in first]
    assert times == sorted(times)
    assert before - 0.001 <= times[0] <= times[-1] <= after + 0.001


def test_udp_and_what_icmp_says_of_it_are_seen() -> None:
    port = free_port(socket.SOCK_DGRAM)
    quoted = struct.pack("!H", port)
    with seen(lambda data: quoted in data[20:60]) as look, udp_peer(port) as client:
        client.send(b"anybody?")
        wait_until(lambda: len(look()) == 2)
        asked, refused = look()
    assert (asked.data[9], asked.data[28:]) == (17, b"anybody?")
    assert (refused.data[9], refused.data[20:22]) == (1, b"\x03\x03")


def test_what_is_longer_than_its_room_is_cut_and_its_size_told() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind((HOST, 0))
        with seen(with_port(port_of(sock))) as look:
            sock.sendto(bytes(60_000), sock.getsockname())
            wait_until(look)
            (one,) = look()
    assert one.size == 60_028
    assert 1500 <= len(one.data) < FRAME_BYTES


def test_a_flood_is_bounded_and_what_is_missed_is_counted() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind((HOST, 0))
        with closing(PacketSocket()) as packets:
            for _ in range(3 * FRAMES):
                sock.sendto(b"x", sock.getsockname())
            taken, missed = packets.take()
            assert len(taken) == FRAMES
            assert missed + FRAMES >= 3 * FRAMES

            def seen_again() -> bool:
                sock.sendto(b"again", sock.getsockname())
                return b"again" in [one.data[28:] for one in packets.take()[0]]

            for _ in range(3):  # there is room again
                wait_until(seen_again)


def test_who_wants_fewer_has_the_first_and_the_number_of_the_others() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind((HOST, 0))
        is_mine = with_port(port_of(sock))
        with closing(PacketSocket()) as packets:
            for number in range(50):
                sock.sendto(b"%d" % number, sock.getsockname())
            taken, missed = packets.take(10)
            assert len(taken) == 10
            assert missed >= 40
            assert not any(is_mine(one.data) for one in packets.take()[0])


def test_what_is_no_tcp_udp_or_icmp_is_not_even_handed_over() -> None:
    with (
        closing(PacketSocket()) as packets,
        socket.socket(socket.AF_INET, socket.SOCK_RAW, 253) as raw,  # RFC 3692: for experiments
        listener() as listening,
    ):
        raw.sendto(b"nobody's", (HOST, 0))
        protocols = set[int]()

        def tcp_seen() -> bool:
            with dial(port_of(listening)), accept(listening):
                taken, _missed = packets.take()
            protocols.update(one.data[9] for one in taken if one.data[0] >> 4 == 4)
            return 6 in protocols

        wait_until(tcp_seen)
    assert 253 not in protocols
