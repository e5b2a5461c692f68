"""A capture is read as it comes: whatever the bytes and the cuts, packets or a refusal."""

from __future__ import annotations

import struct
from contextlib import suppress
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netlib.protocols.pcapng import (
    MOST_BLOCK_BYTES,
    MOST_INTERFACES,
    PcapngPacket,
    PcapngReader,
)
from tests.fake_dumpcap import HEAD, block, interface, option, packet, section

IPV4 = b"\x45" + bytes(27)
IPV6 = b"\x60" + bytes(47)

orders = st.sampled_from("<>")
bodies = st.binary(max_size=60).map(lambda rest: b"\x45" + rest)


@st.composite
def captures(draw: st.DrawFn) -> tuple[bytes, list[bytes]]:
    """Return a capture of some sections, and the packets in it."""
    capture, packets = b"", []
    for order in draw(st.lists(orders, min_size=1, max_size=3)):
        capture += section(order) + interface(order=order)
        for data in draw(st.lists(bodies, max_size=5)):
            capture += packet(data, order=order) + block(3, b"ignored.", order)
            packets.append(data)
    return capture, packets


def cut(data: bytes, places: list[int]) -> list[bytes]:
    ends = sorted({0, len(data), *(place % (len(data) + 1) for place in places)})
    return [data[begin:end] for begin, end in pairwise(ends)]


@given(captures(), st.lists(st.integers(0, 10_000)))
def test_the_packets_are_the_same_wherever_the_capture_is_cut(
    capture: tuple[bytes, list[bytes]], places: list[int]
) -> None:
    data, expected = capture
    reader = PcapngReader()
    found = [one for piece in cut(data, places) for one in reader.feed(piece)]
    assert [one.data for one in found] == expected
    assert len(reader._rest) == 0


damage = st.one_of(
    st.binary(max_size=300).map(lambda data: [data]),
    st.lists(
        st.one_of(st.binary(max_size=40), st.sampled_from([HEAD, packet(IPV4), section(">")]))
    ),
    st.tuples(captures(), st.integers(0, 1000), st.binary(min_size=1, max_size=4)).map(
        lambda made: [made[0][0][: made[1]] + made[2] + made[0][0][made[1] + len(made[2]) :]]
    ),
)


@given(damage)
def test_any_bytes_are_packets_or_a_refusal(pieces: list[bytes]) -> None:
    reader, found = PcapngReader(), list[PcapngPacket]()
    with suppress(ValueError):
        for piece in pieces:
            found += reader.feed(piece)
    assert len(reader._rest) < MOST_BLOCK_BYTES
    assert all(abs(one.at) <= 1 << 53 for one in found)
    assert sum(len(one.data) for one in found) <= sum(map(len, pieces))


@pytest.mark.parametrize(
    ("link", "before", "ip"),
    [
        (101, b"", IPV4),
        (228, b"", IPV4),
        (229, b"", IPV6),
        (1, bytes(12) + b"\x08\x00", IPV4),
        (1, bytes(12) + b"\x86\xdd", IPV6),
        (1, bytes(12) + b"\x81\x00\x00\x05\x08\x00", IPV4),
        (1, bytes(12) + b"\x88\xa8\x00\x05\x81\x00\x00\x06\x86\xdd", IPV6),
        (0, b"\x02\x00\x00\x00", IPV4),
        (0, b"\x1e\x00\x00\x00", IPV6),
        (108, b"\x00\x00\x00\x02", IPV4),
        (113, bytes(14) + b"\x08\x00", IPV4),
        (276, b"\x86\xdd" + bytes(18), IPV6),
    ],
)
def test_packets_begin_with_ip_whatever_the_link(link: int, before: bytes, ip: bytes) -> None:
    reader = PcapngReader()
    found = reader.feed(section() + interface(link) + packet(before + ip))
    assert found == [PcapngPacket(0, 0, len(ip), ip)]


@pytest.mark.parametrize(
    ("link", "data"),
    [
        (1, bytes(12) + b"\x08\x06" + bytes(28)),  # ARP
        (1, bytes(12)),
        (1, bytes(12) + b"\x81\x00" * 3),
        (113, bytes(14) + b"\x00\x04"),
        (0, b"\x02\x00\x00\x00"),
        (101, b""),
        (105, IPV4),  # IEEE 802.11, which no program of ours needs
    ],
)
def test_what_is_no_ip_is_left_out(link: int, data: bytes) -> None:
    assert PcapngReader().feed(section() + interface(link) + packet(data)) == []


@pytest.mark.parametrize(
    ("options", "ticks", "expected"),
    [
        (b"", 5, 5),
        (option(9, b"\x09"), 5000, 5),
        (option(9, b"\x03"), 5, 5000),
        (option(9, b"\x94"), 1 << 20, 1_000_000),
        (option(9, b"\x06") + option(14, struct.pack("<q", 2)), 5, 2_000_005),
        (option(2, b"eth0") + option(9, b"\x09") + option(0, b""), 5000, 5),
    ],
)
def test_times_are_microseconds_whatever_the_interface_counts(
    options: bytes, ticks: int, expected: int
) -> None:
    found = PcapngReader().feed(section() + interface(options=options) + packet(IPV4, ticks))
    assert [one.at for one in found] == [expected]


def test_each_interface_has_its_own_link_and_number() -> None:
    capture = section() + interface(101) + interface(113)
    cooked = packet(bytes(14) + b"\x08\x00" + IPV4, number=1)
    found = PcapngReader().feed(capture + packet(IPV4) + cooked)
    assert [(one.interface, one.data) for one in found] == [(0, IPV4), (1, IPV4)]


def test_of_a_cut_packet_the_size_is_told() -> None:
    body = struct.pack("<5I", 0, 0, 0, 28, 1500) + IPV4
    assert PcapngReader().feed(HEAD + block(6, body)) == [PcapngPacket(0, 0, 1500, IPV4)]


@pytest.mark.parametrize("order", ["<", ">"])
def test_what_was_dropped_is_counted(order: str) -> None:
    reader = PcapngReader()
    counts = option(4, struct.pack(order + "Q", 90), order) + option(
        5, struct.pack(order + "Q", 7), order
    )
    statistics = block(5, struct.pack(order + "III", 0, 0, 0) + counts, order)
    reader.feed(section(order) + interface(order=order) + statistics + statistics)
    assert reader.missed == 14


@pytest.mark.parametrize(
    "capture",
    [
        b"\xd4\xc3\xb2\xa1" + bytes(20),  # pcap, the older format
        b"HTTP/1.1 200 OK",
        section()[:-1] + b"\x01",
        section() + struct.pack("<II", 6, 10) + bytes(8),
        section() + struct.pack("<II", 6, MOST_BLOCK_BYTES + 4) + bytes(8),
        section() + packet(IPV4),  # of no interface
        HEAD + block(6, bytes(12)),
        HEAD + block(6, struct.pack("<5I", 0, 0, 0, 100, 100) + IPV4),
        HEAD + packet(IPV4, at=(1 << 64) - 1),
        section() + interface() * (MOST_INTERFACES + 1),
        b"\n\r\r\n" + struct.pack("<II", 28, 1) + bytes(20),
    ],
)
def test_what_is_no_such_capture_is_refused(capture: bytes) -> None:
    with pytest.raises(ValueError, match=r".+"):
        PcapngReader().feed(capture)
