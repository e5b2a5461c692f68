"""Whose is a packet? By its addresses and ports; all that is not ours is left alone."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netlib.address import Endpoint
from netlib.engine.own_sockets import OwnSocket
from netlib.events import Transport
from netlib.recording.export.packets import Address, port_unreachable, read_host, tcp, udp
from netlib.recording.own_packets import ADDRESSES_SECONDS, OwnPackets, read_header
from netlib.segment import SYN

TCP, UDP = Transport.TCP, Transport.UDP
MINE, OTHER, FAR = "192.0.2.5", "192.0.2.6", "198.51.100.1"
MINE_6, FAR_6 = "2001:db8::5", "2001:db8::99"


def at(host: str, port: int) -> Address:
    packed = read_host(host)
    assert packed is not None
    return Address(packed, port)


def ours(*sockets: OwnSocket, addresses: tuple[str, ...] = (MINE, MINE_6)) -> OwnPackets:
    own = OwnPackets(lambda: addresses)
    own.learn(sockets, 0.0)
    return own


def has(own: OwnPackets, packet: bytes) -> bool:
    header = read_header(packet)
    return header is not None and own.has(header)


def segment(source: tuple[str, int], target: tuple[str, int]) -> bytes:
    return tcp(at(*source), at(*target), SYN, (1, 0))


def datagram(source: tuple[str, int], target: tuple[str, int], data: bytes = b"x") -> bytes:
    return udp(at(*source), at(*target), data)


@pytest.mark.parametrize("hosts", [(MINE, FAR), (MINE_6, FAR_6), ("fe80::1%2", "fe80::2%2")])
def test_a_connection_of_ours_is_known_by_both_ends(hosts: tuple[str, str]) -> None:
    mine, far = hosts
    own = ours(OwnSocket(TCP, Endpoint(mine, 50_000), Endpoint(far, 80)))
    here, there = (mine.partition("%")[0], 50_000), (far.partition("%")[0], 80)
    assert has(own, segment(here, there))
    assert has(own, segment(there, here))
    assert not has(own, segment((here[0], 50_001), there)), "another program's connection there"
    assert not has(own, segment(here, (there[0], 81))), "its port may be shared by others"
    assert not has(own, datagram(here, there))


def test_a_server_has_all_that_comes_to_its_address_and_goes_from_it() -> None:
    own = ours(OwnSocket(TCP, Endpoint("127.0.0.1", 8080), None))
    assert has(own, segment(("127.0.0.1", 8080), ("127.0.0.1", 5000)))
    assert has(own, segment(("127.0.0.1", 5000), ("127.0.0.1", 8080)))
    assert not has(own, segment((FAR, 5000), (MINE, 8080))), "that is another listener's"


@pytest.mark.parametrize(
    ("local", "source", "target", "expected"),
    [
        ("::", FAR, MINE, True),
        ("::", FAR_6, MINE_6, True),
        ("::", "127.0.0.1", "127.0.0.7", True),
        ("0.0.0.0", FAR, MINE, True),
        ("0.0.0.0", FAR_6, MINE_6, False),
        ("0.0.0.0", OTHER, FAR, False),
        ("::", FAR, "224.0.0.1", False),
    ],
)
def test_a_server_on_every_address_has_what_comes_to_one_of_this_computer(
    local: str, source: str, target: str, expected: bool
) -> None:
    own = ours(OwnSocket(TCP, Endpoint(local, 8080), None))
    assert has(own, segment((source, 5000), (target, 8080))) is expected
    assert has(own, segment((target, 8080), (source, 5000))) is expected


def test_another_program_may_use_our_servers_port_elsewhere() -> None:
    own = ours(OwnSocket(TCP, Endpoint("::", 8080), None))
    assert not has(own, segment((MINE, 5000), (FAR, 8080))), "it browses a server of that port"


@pytest.mark.parametrize("group", ["255.255.255.255", "239.1.2.3"])
def test_what_is_sent_to_all_reaches_a_udp_server(group: str) -> None:
    own = ours(OwnSocket(UDP, Endpoint("0.0.0.0", 37), None))
    assert has(own, datagram((FAR, 5000), (group, 37)))
    six = ours(OwnSocket(UDP, Endpoint("::", 37), None))
    assert has(six, datagram((FAR_6, 5000), ("ff02::1", 37)))
    assert not has(own, datagram((FAR, 5000), (group, 38)))


def test_where_the_system_has_not_said_our_address_the_peers_must_do() -> None:
    own = ours(OwnSocket(TCP, None, Endpoint(FAR, 80)))
    assert has(own, segment((MINE, 1), (FAR, 80)))
    assert has(own, segment((FAR, 80), (MINE, 1)))
    assert not has(own, segment((MINE, 1), (FAR, 81)))


@pytest.mark.parametrize("hosts", [(MINE, FAR), (MINE_6, FAR_6)])
def test_an_icmp_error_belongs_to_the_packet_it_quotes(hosts: tuple[str, str]) -> None:
    mine, far = hosts
    own = ours(OwnSocket(UDP, Endpoint(mine, 5000), Endpoint(far, 9)))
    about_ours = datagram((mine, 5000), (far, 9))
    about_others = datagram((mine, 5001), (far, 9))
    assert has(own, port_unreachable(at(far, 0), at(mine, 0), about_ours))
    assert not has(own, port_unreachable(at(far, 0), at(mine, 0), about_others))


def test_an_echo_request_is_nobodys() -> None:
    ping = bytearray(port_unreachable(at(FAR, 0), at(MINE, 0), datagram((MINE, 1), (FAR, 9))))
    ping[20] = 8
    assert not has(ours(OwnSocket(UDP, Endpoint(MINE, 1), Endpoint(FAR, 9))), bytes(ping))


def fragments(packet: bytes, number: int) -> tuple[bytes, bytes]:
    """Cut an IPv4 packet in two (RFC 791, section 3.2)."""
    head, data = packet[:20], packet[20:]
    first = head[:4] + struct.pack("!HH", number, 0x2000) + head[8:]
    second = head[:4] + struct.pack("!HH", number, 1) + head[8:]
    return first + data[:8], second + data[8:]


def test_later_fragments_of_a_datagram_of_ours_are_ours() -> None:
    own = ours(OwnSocket(UDP, Endpoint(MINE, 1), Endpoint(FAR, 9)))
    first, second = fragments(datagram((MINE, 1), (FAR, 9), bytes(40)), 7)
    _other, foreign = fragments(datagram((MINE, 2), (FAR, 9), bytes(40)), 8)
    assert not has(own, second), "nothing tells yet whose it is"
    assert has(own, first)
    assert has(own, second)
    assert not has(own, foreign)


def test_headers_between_ipv6_and_its_payload_are_passed_over() -> None:
    own = ours(OwnSocket(UDP, Endpoint(MINE_6, 1), Endpoint(FAR_6, 9)))
    plain = datagram((MINE_6, 1), (FAR_6, 9))
    options = plain[:6] + b"\x00" + plain[7:40] + b"\x11\x00" + bytes(6) + plain[40:]
    assert has(own, options)
    fragment = plain[:6] + b"\x2c" + plain[7:40] + b"\x11\x00\x00\x01" + b"abcd" + plain[40:]
    assert has(own, fragment)
    later = plain[:6] + b"\x2c" + plain[7:40] + b"\x11\x00\x00\x08" + b"abcd" + b"more"
    assert has(own, later)


def test_a_new_address_of_this_computer_is_noticed_after_a_while() -> None:
    addresses = [MINE]
    own = OwnPackets(lambda: addresses)
    sockets = (OwnSocket(TCP, Endpoint("0.0.0.0", 80), None),)
    own.learn(sockets, 0.0)
    addresses.append(OTHER)
    own.learn(sockets, ADDRESSES_SECONDS - 1)
    assert not has(own, segment((FAR, 1), (OTHER, 80)))
    own.learn(sockets, ADDRESSES_SECONDS)
    assert has(own, segment((FAR, 1), (OTHER, 80)))


def test_of_a_socket_that_is_long_gone_nothing_is_ours() -> None:
    own = ours(OwnSocket(TCP, Endpoint("127.0.0.1", 8080), None))
    assert own.any
    own.learn((), 1.0)
    assert not own.any
    assert not has(own, segment(("127.0.0.1", 8080), ("127.0.0.1", 5000)))


def test_the_size_is_what_ip_says_for_ethernet_pads_short_packets() -> None:
    for packet in (segment((MINE, 1), (FAR, 2)), segment((MINE_6, 1), (FAR_6, 2))):
        header = read_header(packet + bytes(6))
        assert header is not None
        assert header.size == len(packet)


@given(st.binary(max_size=120), st.sampled_from([b"", b"\x45", b"\x60", b"\x4f"]))
def test_any_bytes_are_a_packet_of_somebody_or_none(data: bytes, start: bytes) -> None:
    own = ours(OwnSocket(TCP, Endpoint("::", 8080), None))
    assert has(own, start + data) in (True, False)


@given(st.integers(0, 200))
def test_a_packet_that_is_cut_off_is_ours_or_unknown(end: int) -> None:
    packet = segment((FAR_6, 1), (MINE_6, 80))
    own = ours(OwnSocket(TCP, Endpoint(MINE_6, 80), None))
    assert has(own, packet[:end]) is (end >= 44)
