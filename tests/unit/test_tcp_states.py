"""A connection is found in the tables of the system by its two ends."""

from __future__ import annotations

import socket
import struct
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netlib.address import Endpoint
from netlib.system import tcp_states
from netlib.system.tcp_states import Pair, PairState, in_proc, in_windows_tables

HERE, THERE = Endpoint("127.0.0.1", 8080), Endpoint("127.0.0.1", 50310)
PAIR = Pair(HERE, THERE)
PROC = b"""\
  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:1F90 00000000:0000 0A 00000000:00000003 00:00000000 00000000     0        0 17 1
   1: 0100007F:1F90 0100007F:C486 01 00028000:000003E8 04:000000A0 00000002     0        0 18 1
   2: 0100007F:C486 0100007F:1F90 06 00000000:00000000 03:00001004 00000000     0        0 0 3
"""

pytestmark = pytest.mark.skipif(
    struct.pack("=H", 1) != struct.pack("<H", 1), reason="the rows above are of a small-endian"
)


def test_linux_tells_queues_and_the_timer_that_runs() -> None:
    told = in_proc(PROC, PAIR)
    assert told == PairState("ESTABLISHED", 0x28000, 1000, "window probe", 1.6, 2)


def test_the_end_of_time_wait_is_told_to_a_hundredth_of_a_second() -> None:
    told = in_proc(PROC, Pair(THERE, HERE))
    assert told is not None
    assert (told.state, told.timer, told.seconds) == ("TIME-WAIT", "TIME-WAIT", 41.0)


def test_who_is_not_listed_is_not_there() -> None:
    assert in_proc(PROC, Pair(HERE, Endpoint("127.0.0.1", 50311))) is None


def test_ipv4_at_a_dual_stack_socket_and_ipv6_are_found() -> None:
    mapped = b" 0000000000000000FFFF00000100007F:1F90 0000000000000000FFFF00000100007F:C486 "
    rest = b"08 00000000:00000000 00:00000000 00000000 0 0 1 1\n"
    assert in_proc(mapped + rest, PAIR) == PairState("CLOSE-WAIT", 0, 0, "", None, 0)
    ones = "00000000000000000000000001000000"
    six = f" {ones}:1F90 {ones}:C486 ".encode()
    pair = Pair(Endpoint("::1", 8080), Endpoint("::1", 50310))
    assert in_proc(six + rest, pair) == PairState("CLOSE-WAIT", 0, 0, "", None, 0)


def test_a_system_that_cannot_be_asked_is_not_one_without_connections(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(tcp_states, "NOT_TOLD", "cannot be asked")
    with pytest.raises(OSError, match="cannot be asked"):
        tcp_states.tcp_states([PAIR])


def test_a_table_that_is_missing_is_not_an_empty_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(tcp_states, "_TABLE", tmp_path / "tcp")
    monkeypatch.setattr(tcp_states, "_TABLE_OF_IPV6", tmp_path / "tcp6")
    with pytest.raises(FileNotFoundError):
        tcp_states.tcp_states([PAIR])
    (tmp_path / "tcp").write_bytes(PROC)  # no IPv6 here
    assert tcp_states.tcp_states([PAIR])[PAIR].state == "ESTABLISHED"


@pytest.mark.property
@given(st.binary(max_size=80))
def test_a_row_that_cannot_be_read_is_nothing(rest: bytes) -> None:
    row = b" 0100007F:1F90 0100007F:C486 " + rest
    told = in_proc(row, PAIR)
    assert told is None or told.state


def test_windows_lists_state_and_ends() -> None:
    row = struct.pack(
        "<I4s2s2x4s2s2xI",
        *(11, b"\x7f\0\0\1", (8080).to_bytes(2, "big")),
        *(b"\x7f\0\0\1", (50310).to_bytes(2, "big"), 0),
    )
    tables = [(socket.AF_INET, struct.pack("<I", 1) + row)]
    assert in_windows_tables(tables, PAIR) == PairState("TIME-WAIT")
    assert in_windows_tables(tables, Pair(THERE, HERE)) is None
    loop = socket.inet_pton(socket.AF_INET6, "::1")
    six = struct.pack(
        "<16sI2s2x16sI2s2xII",
        *(loop, 0, (8080).to_bytes(2, "big")),
        *(loop, 0, (50310).to_bytes(2, "big"), 5, 77),
    )
    tables = [(socket.AF_INET6, struct.pack("<I", 1) + six + bytes(16))]
    pair = Pair(Endpoint("::1", 8080), Endpoint("::1", 50310))
    assert in_windows_tables(tables, pair) == PairState("ESTABLISHED")
