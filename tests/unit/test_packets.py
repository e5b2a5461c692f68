"""Packets as bytes: what an independent sum says of them."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netlib.recording.export.packets import (
    MOST_DATA,
    MOST_DATAGRAM,
    Address,
    port_unreachable,
    read_host,
    tcp,
    udp,
)
from netlib.segment import ACK, PSH, SYN

V4 = Address(bytes((127, 0, 0, 1)), 53122), Address(bytes((192, 0, 2, 7)), 8080)
V6 = Address(bytes(15) + b"\1", 53122), Address(bytes.fromhex("20010db8") + bytes(12), 8080)
PAIRS = pytest.mark.parametrize("pair", [V4, V6])


def added(data: bytes) -> int:
    """Add words of 16 bits with the carry round the end, word by word (RFC 1071, section 1)."""
    total = 0
    for (word,) in struct.iter_unpack("!H", data + b"\0" * (len(data) % 2)):
        total += word
        total = (total & 0xFFFF) + (total >> 16)
    return total


def taken_apart(packet: bytes) -> tuple[int, bytes, bytes]:
    """Return protocol, payload and pseudo header of a packet whose head is sound."""
    if packet[0] >> 4 == 4:
        assert packet[0] == 0x45
        assert added(packet[:20]) == 0xFFFF
        assert struct.unpack("!H", packet[2:4]) == (len(packet),)
        protocol, payload, hosts = packet[9], packet[20:], packet[12:20]
    else:
        assert packet[:4] == b"\x60\0\0\0"
        assert struct.unpack("!H", packet[4:6]) == (len(packet) - 40,)
        protocol, payload, hosts = packet[6], packet[40:], packet[8:40]
    return protocol, payload, hosts + struct.pack("!II", len(payload), protocol)


@PAIRS
@given(data=st.binary(max_size=300), numbers=st.tuples(st.integers(0), st.integers(0)))
def test_a_segment_says_what_it_was_given(
    pair: tuple[Address, Address], data: bytes, numbers: tuple[int, int]
) -> None:
    protocol, segment, pseudo = taken_apart(tcp(*pair, PSH | ACK, numbers, data))
    source, target, sequence, awaited, length, flags = struct.unpack("!HHIIBB", segment[:14])
    assert (protocol, source, target, flags) == (6, 53122, 8080, 24)
    assert (sequence, awaited) == (numbers[0] % 2**32, numbers[1] % 2**32)
    assert segment[(length >> 4) * 4 :] == data
    assert added(pseudo + segment) == 0xFFFF


@PAIRS
def test_a_first_segment_says_how_long_others_are_and_awaits_nothing(
    pair: tuple[Address, Address],
) -> None:
    _protocol, segment, _pseudo = taken_apart(tcp(*pair, SYN, (7, 99)))
    assert segment[8:12] == bytes(4)
    assert segment[12] >> 4 == 6
    assert segment[20:] == b"\2\4" + struct.pack("!H", MOST_DATA)


@PAIRS
@given(data=st.binary(max_size=300))
def test_a_datagram_has_its_bytes_and_never_no_checksum(
    pair: tuple[Address, Address], data: bytes
) -> None:
    protocol, datagram, pseudo = taken_apart(udp(*pair, data))
    assert (protocol, datagram[8:]) == (17, data)
    assert struct.unpack("!HHH", datagram[:6]) == (53122, 8080, 8 + len(data))
    assert datagram[6:8] != b"\0\0"
    assert added(pseudo + datagram) == 0xFFFF


@PAIRS
def test_a_datagram_whose_sum_is_nothing_says_so_in_its_own_way(
    pair: tuple[Address, Address],
) -> None:
    _protocol, datagram, _pseudo = taken_apart(udp(*pair, b"\0\0"))
    left = struct.pack("!H", int.from_bytes(datagram[6:8], "big"))
    _protocol, datagram, pseudo = taken_apart(udp(*pair, left))
    assert datagram[6:8] == b"\xff\xff"
    assert added(pseudo + datagram) == 0xFFFF


@PAIRS
def test_the_longest_of_all_have_room(pair: tuple[Address, Address]) -> None:
    most = MOST_DATAGRAM[4 if len(pair[0].host) == 4 else 6]
    assert len(taken_apart(udp(*pair, b"x" * most))[1]) == most + 8
    assert len(taken_apart(tcp(*pair, ACK, (1, 1), b"x" * MOST_DATA))[1]) == MOST_DATA + 20


@pytest.mark.parametrize(
    ("pair", "kind", "room"), [(V4, (1, b"\3\3"), 576), (V6, (58, b"\1\4"), 1280)]
)
def test_an_error_gives_back_the_beginning_of_what_it_is_about(
    pair: tuple[Address, Address], kind: tuple[int, bytes], room: int
) -> None:
    for size in (1, 5000):
        about = udp(*pair, b"x" * size)
        packet = port_unreachable(pair[1], pair[0], about)
        protocol, message, pseudo = taken_apart(packet)
        assert (protocol, message[:2]) == kind
        assert added((pseudo if protocol == 58 else b"") + message) == 0xFFFF
        assert message[4:8] == bytes(4)
        assert about.startswith(message[8:])
        assert len(packet) == min(len(packet) - len(message) + 8 + len(about), room)


@pytest.mark.parametrize(
    ("text", "host"),
    [
        ("127.0.0.1", "7f000001"),
        ("::1", "0" * 31 + "1"),
        ("fe80::1%2", "fe80" + "0" * 27 + "1"),
        ("::ffff:192.0.2.9", "c0000209"),
        ("0.0.0.0", None),
        ("::", None),
        ("localhost", None),
        ("", None),
        ("127.1", None),
    ],
)
def test_an_address_is_read_or_there_is_none(text: str, host: str | None) -> None:
    found = read_host(text)
    assert (found and found.hex()) == host
