"""TCP segments are read as they stand in a packet; what is none, or cut, is refused."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netlib.address import Endpoint
from netlib.recording.export.packets import Address, port_unreachable, tcp, udp
from netlib.segment import ACK, FIN, PSH, RST, SYN, Segment, checksum_is_wrong, read_segment

V4 = Address(bytes((127, 0, 0, 1)), 53122), Address(bytes((192, 0, 2, 7)), 8080)
V6 = Address(bytes(15) + b"\1", 53122), Address(bytes.fromhex("20010db8") + bytes(12), 8080)
PAIRS = pytest.mark.parametrize("pair", [V4, V6])


def read(packet: bytes) -> Segment:
    """Return the segment that is in it."""
    found = read_segment(packet)
    assert found is not None
    return found


def with_options(options: bytes, flags: int = SYN) -> bytes:
    """Return an IPv4 packet whose segment has these options and two bytes of data."""
    head = struct.pack("!HHIIBBHHH", 1, 2, 3, 4, (5 + len(options) // 4) << 4, flags, 500, 0, 0)
    inside = head + options + b"hi"
    ip = struct.pack("!BBHHHBBH", 0x45, 0, 20 + len(inside), 0, 0, 64, 6, 0)
    return ip + bytes((127, 0, 0, 1)) * 2 + inside


@PAIRS
@given(
    data=st.binary(max_size=300),
    flags=st.integers(0, 31),
    numbers=st.tuples(st.integers(0, 2**32 - 1), st.integers(0, 2**32 - 1)),
)
def test_what_was_written_is_read(
    pair: tuple[Address, Address], data: bytes, flags: int, numbers: tuple[int, int]
) -> None:
    found = read(tcp(*pair, flags, numbers, data))
    assert (found.source.port, found.target.port) == (53122, 8080)
    assert (found.flags, found.sequence, found.data, found.size) == (
        flags,
        numbers[0],
        data,
        len(data),
    )
    assert found.acknowledged == (numbers[1] if flags & ACK else 0)
    assert found.length == len(data) + bool(flags & SYN) + bool(flags & FIN)


def test_addresses_read_as_endpoints_do() -> None:
    assert read(tcp(*V4, SYN, (0, 0))).source == Endpoint("127.0.0.1", 53122)
    assert read(tcp(*V6, SYN, (0, 0))).target == Endpoint("2001:db8::", 8080)


@pytest.mark.parametrize(
    ("flags", "label"),
    [
        (SYN, "SYN"),
        (SYN | ACK, "SYN, ACK"),
        (PSH | ACK, "PSH, ACK"),
        (FIN | ACK, "FIN, ACK"),
        (RST | ACK, "RST, ACK"),
        (0, ""),
    ],
)
def test_control_bits_have_the_names_of_the_rfc(flags: int, label: str) -> None:
    assert read(tcp(*V4, flags, (0, 0))).label == label


def test_options_are_read_and_unknown_ones_passed_over() -> None:
    found = read(with_options(bytes((2, 4, 5, 180, 99, 4, 0, 0, 4, 2, 1, 3, 3, 7, 0, 0))))
    assert (found.mss, found.scale, found.sack) == (1460, 7, True)
    assert (found.window, found.data) == (500, b"hi")


def test_a_scale_beyond_14_is_14() -> None:
    assert read(with_options(bytes((3, 3, 200, 1)))).scale == 14


@pytest.mark.parametrize("options", [(2, 0, 0, 0), (2, 200, 0, 0), (1, 1, 1, 2), (0, 2, 4, 5)])
def test_an_option_that_contradicts_itself_ends_them(options: tuple[int, ...]) -> None:
    found = read(with_options(bytes(options)))
    assert (found.mss, found.data) == (None, b"hi")


def test_data_that_was_not_captured_counts() -> None:
    found = read(tcp(*V4, PSH | ACK, (1, 1), b"x" * 100)[:60])
    assert (found.size, found.data) == (100, b"x" * 20)


@PAIRS
def test_other_protocols_have_no_segment(pair: tuple[Address, Address]) -> None:
    packet = udp(*pair, b"time?")
    assert read_segment(packet) is None
    assert read_segment(port_unreachable(*pair, packet)) is None


def test_a_later_fragment_has_no_segment() -> None:
    packet = bytearray(tcp(*V4, ACK, (1, 1), b"x" * 20))
    packet[7] = 3
    assert read_segment(bytes(packet)) is None


def test_an_extension_header_stands_before_the_segment() -> None:
    packet = tcp(*V6, ACK, (7, 1))
    inside = bytes((6, 0)) + bytes(6) + packet[40:]
    head = packet[:4] + len(inside).to_bytes(2) + b"\0" + packet[7:40]
    assert read(head + inside).sequence == 7
    assert read_segment(head[:6] + b"\x2c" + head[7:] + inside) is None  # a fragment


def test_a_length_of_0_reaches_to_the_end() -> None:
    packet = bytearray(tcp(*V4, ACK, (1, 1), b"x" * 20))
    packet[2:4] = b"\0\0"
    assert read(bytes(packet)).size == 20


@PAIRS
@given(data=st.data())
def test_a_packet_that_is_cut_or_garbled_is_read_or_refused(
    pair: tuple[Address, Address], data: st.DataObject
) -> None:
    packet = bytearray(tcp(*pair, SYN | ACK, (1, 2), b"hello"))
    for at in data.draw(st.lists(st.integers(0, len(packet) - 1), max_size=4)):
        packet[at] = data.draw(st.integers(0, 255))
    cut = bytes(packet[: data.draw(st.integers(0, len(packet)))])
    try:
        found = read_segment(cut)
    except ValueError:
        return
    assert found is None or (found.size >= 0 and found.data in cut)


@given(st.binary(max_size=100))
def test_any_bytes_are_read_or_refused(packet: bytes) -> None:
    try:
        found = read_segment(packet)
    except ValueError:
        return
    assert found is None or found.size >= 0


@PAIRS
@given(data=st.binary(min_size=1, max_size=300), place=st.integers(0), bit=st.integers(0, 7))
def test_a_bit_that_was_turned_over_is_found_by_the_checksum(
    pair: tuple[Address, Address], data: bytes, place: int, bit: int
) -> None:
    packet = bytearray(tcp(*pair, ACK, (1, 2), data))
    assert not checksum_is_wrong(bytes(packet))
    packet[len(packet) - 1 - place % len(data)] ^= 1 << bit
    assert checksum_is_wrong(bytes(packet))


@PAIRS
@pytest.mark.parametrize("with_length", [True, False])
def test_a_checksum_that_is_left_to_the_network_card_is_not_called_wrong(
    pair: tuple[Address, Address], with_length: bool
) -> None:
    packet = bytearray(tcp(*pair, ACK, (1, 2), b"hello"))
    hosts = packet[12:20] if packet[0] >> 4 == 4 else packet[8:40]
    words = sum(int.from_bytes(hosts[at : at + 2]) for at in range(0, len(hosts), 2))
    total = words + 6 + (25 if with_length else 0)
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    packet[-9:-7] = total.to_bytes(2)
    assert not checksum_is_wrong(bytes(packet))


def test_of_what_is_cut_or_no_tcp_nothing_is_said() -> None:
    whole = tcp(*V4, ACK, (1, 2), b"hello")
    damaged = whole[:-1] + b"x"
    assert checksum_is_wrong(damaged)
    assert not checksum_is_wrong(damaged[:-1])
    assert not checksum_is_wrong(udp(*V4, b"hello"))
    with pytest.raises(ValueError, match="too little"):
        checksum_is_wrong(b"")
