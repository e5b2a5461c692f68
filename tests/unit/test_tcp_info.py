"""What the three systems tell of a socket, read from bytes laid out as they lay them out."""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netlib.system.tcp_info import TcpInfo, parse_linux, parse_macos, parse_windows
from netlib.value import fields

Parse = Callable[[bytes], dict[str, Any]]
PARSERS: dict[str, tuple[Parse, int]] = {
    "linux": (parse_linux, 280),
    "windows": (parse_windows, 88),
    "macos": (parse_macos, 112),
}

SHORT = [1, 0, 3, 2, 0, 0, 0x77, 0]
WORDS = [204_000, 40_000, 1448, 536, 7, *[0] * 10, 250, 125, 100, 10, *[0] * 4, 4]
LINUX = struct.pack(
    "=8B24IQQQQIIIIIIQQQQIIQQIIIIIIHHI",
    *SHORT,
    *WORDS,
    *(0, 0, 5001, 0),
    *(0, 0, 4_039_168, 30, 0, 0),
    *(0, 0, 1_500_000, 0),
    *(0, 0, 0, 1448),
    *(0, 0, 0, 0, 65_536, 0),
    *(0, 0, 0),
)


def test_linux_tells_times_in_microseconds_and_counts_the_syn() -> None:
    told = TcpInfo(**parse_linux(LINUX))
    assert told.state == "ESTABLISHED"
    assert (told.retransmits, told.probes, told.total_retransmits) == (3, 2, 4)
    assert (told.rtt, told.rtt_variation, told.rto) == pytest.approx((250e-6, 125e-6, 0.204))
    assert (told.mss, told.cwnd_segments, told.cwnd) == (1448, 10, 14_480)
    assert (told.bytes_acknowledged, told.bytes_retransmitted) == (5000, 1448)
    assert (told.unsent, told.send_window, told.receive_window) == (4_039_168, 0, 65_536)
    assert told.window_limited == pytest.approx(1.5)


def test_an_older_linux_tells_less_and_nothing_is_made_up() -> None:
    told = parse_linux(LINUX[:104])
    assert told["total_retransmits"] == 4
    assert {"unsent", "send_window", "bytes_acknowledged"} & told.keys() == set()


def test_of_a_listener_linux_tells_who_waits_to_be_accepted() -> None:
    data = bytearray(LINUX)
    data[0] = 10
    struct.pack_into("=II", data, 24, 3, 128)
    assert parse_linux(bytes(data)) == {"state": "LISTEN", "accept_queue": 3, "backlog": 128}


def test_windows_tells_its_window_in_bytes() -> None:
    numbers = (4, 1460, 9000, 1, 1200, 900, 2920, 14_600, 65_536, 262_144, 65_536)
    data = struct.pack("<IIQB3xIIIIIIIQQIIIIIB3x", *numbers, 10, 20, 0, 1460, 0, 0, 0, 0)
    told = TcpInfo(**parse_windows(data))
    assert (told.state, told.mss, told.cwnd, told.cwnd_segments) == (
        "ESTABLISHED",
        1460,
        14_600,
        None,
    )
    assert (told.send_window, told.receive_window) == (65_536, 262_144)
    assert (told.unacknowledged, told.bytes_retransmitted) == (2920, 1460)
    assert told.rtt == pytest.approx(0.0012)


def test_macos_tells_times_in_milliseconds() -> None:
    words = (0, 0, 230, 1448, 0, 14_480, 131_072, 777, 65_536, 1, 12, 3)
    data = struct.pack("<4B12I4x7Q", 4, 6, 6, 0, *words, 1, 2, 2896, 4, 5, 6, 2)
    told = TcpInfo(**parse_macos(data))
    assert (told.state, told.mss, told.cwnd) == ("ESTABLISHED", 1448, 14_480)
    assert (told.rtt, told.rtt_variation, told.rto) == pytest.approx((0.012, 0.003, 0.230))
    assert (told.send_window, told.receive_window) == (131_072, 65_536)
    assert told.send_queue == 777
    assert (told.bytes_retransmitted, told.total_retransmits) == (2896, 2)


@pytest.mark.property
@pytest.mark.parametrize("system", PARSERS)
@given(st.data())
def test_whatever_a_system_gives_only_what_lies_in_it_is_told(
    system: str, data: st.DataObject
) -> None:
    parse, size = PARSERS[system]
    whole = data.draw(st.binary(min_size=size, max_size=size))
    cut = data.draw(st.integers(0, size))
    everything, told = parse(whole), parse(whole[:cut])
    assert told.keys() <= set(fields(TcpInfo))
    assert {name: everything[name] for name in told if told[name] is not None}.items() <= (
        everything.items()
    )
    assert all(told[name] in (everything[name], None) for name in told)
