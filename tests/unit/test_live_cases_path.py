"""What a path does to the first segment with data, and to no other."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from netlib.live_cases.path import Fault, damaged, data_of, doubled, swapped


def frame(data: bytes) -> bytes:
    """An Ethernet frame with a segment of TCP over IPv4, no options; an ACK where data is empty."""
    ip = bytes([0x45, 0]) + (40 + len(data)).to_bytes(2) + bytes(5) + bytes([6]) + bytes(10)
    return bytes(12) + b"\x08\x00" + ip + bytes(12) + bytes([5 << 4]) + bytes(7) + data


ACK, ONE, TWO, THREE = frame(b""), frame(b"one"), frame(b"two"), frame(b"three")


def test_the_data_of_a_segment_is_without_headers_and_padding() -> None:
    assert [data_of(one) for one in (ACK, ONE, ONE + bytes(6))] == [b"", b"one", b"one"]
    arp = bytes(12) + b"\x08\x06" + bytes(28)
    assert data_of(arp) == b""


@pytest.mark.parametrize(
    ("fault", "come"),
    [
        (swapped, [[ACK], [], [TWO, ONE], [THREE]]),
        (doubled, [[ACK], [ONE, ONE], [TWO], [THREE]]),
        (damaged, [[ACK], [frame(b"ooe")], [TWO], [THREE]]),
    ],
)
def test_only_the_first_segment_with_data_is_dealt_with(
    fault: Callable[[], Fault], come: list[list[bytes]]
) -> None:
    change = fault()
    assert [change(one) for one in (ACK, ONE, TWO, THREE)] == come
