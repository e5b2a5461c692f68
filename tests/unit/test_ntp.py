"""NTP's header to the bit, and the arithmetic of four timestamps (RFC 5905)."""

from __future__ import annotations

import pytest

from netlib.protocols.ntp import (
    EPOCH_SECONDS,
    Mode,
    Packet,
    decode,
    difference,
    offset_and_delay,
    to_seconds,
    to_timestamp,
)
from tests.samples import SECOND

SECOND_OF_NTP = 1 << 32


def test_a_header_lies_on_the_wire_as_figure_8_draws_it() -> None:
    packet = Packet(
        leap=1,
        mode=Mode.SERVER,
        stratum=2,
        poll=6,
        precision=-20,
        root_delay=0x0001_0000,
        root_dispersion=0x0000_8000,
        reference_id=b"LOCL",
        reference=0x1111_1111_2222_2222,
        origin=0x3333_3333_4444_4444,
        receive=0x5555_5555_6666_6666,
        transmit=0x7777_7777_8888_8888,
    )
    data = packet.encode()
    assert data.hex(" ", 4) == (
        "640206ec 00010000 00008000 4c4f434c 11111111 22222222"
        " 33333333 44444444 55555555 66666666 77777777 88888888"
    )
    assert decode(data) == packet
    assert decode(data + b"\x00" * 20) == packet  # a MAC follows
    assert decode(data[:-1]) is None


@pytest.mark.parametrize(
    ("seconds", "whole"),
    [
        (0.0, EPOCH_SECONDS),  # 1970
        (SECOND, SECOND + EPOCH_SECONDS),
        (2_085_978_495.0, 0xFFFF_FFFF),  # the last second of era 0: 2036-02-07T06:28:15Z
        (2_085_978_497.0, 1),  # era 1
    ],
)
def test_timestamps_count_from_1900_and_begin_anew_in_2036(seconds: float, whole: int) -> None:
    stamp = to_timestamp(seconds)
    assert stamp >> 32 == whole
    assert to_seconds(stamp, near=seconds + 3e8) == seconds


def test_no_time_that_is_known_looks_like_none() -> None:
    assert to_timestamp(2_085_978_496.0) == 1  # where era 1 begins


def test_a_difference_is_right_across_the_end_of_an_era() -> None:
    before, after = to_timestamp(2_085_978_495.5), to_timestamp(2_085_978_497.0)
    assert difference(after, before) == 1.5
    assert difference(before, after) == -1.5


@pytest.mark.parametrize(
    ("there", "back", "ahead", "told"),
    [
        (0.05, 0.05, 2.0, (2.0, 0.1)),
        (0.1, 0.0, 2.0, (2.05, 0.1)),  # wrong by half of what one way took longer
        (0.0, 0.1, 2.0, (1.95, 0.1)),
        (0.25, 0.25, -3.0, (-3.0, 0.5)),
    ],
)
def test_four_timestamps_tell_offset_and_delay(
    there: float, back: float, ahead: float, told: tuple[float, float]
) -> None:
    t1 = 2_085_978_495.9  # the query leaves before the end of an era, and arrives after it
    t2 = t1 + there + ahead
    t3 = t2 + 0.01
    t4 = t1 + there + 0.01 + back
    found = offset_and_delay(*map(to_timestamp, (t1, t2, t3, t4)))
    assert found == pytest.approx(told, abs=1e-5)


def test_a_server_that_took_longer_than_the_client_waited_has_a_negative_delay() -> None:
    assert offset_and_delay(10, 10, 10 + SECOND_OF_NTP, 10)[1] == -1.0


@pytest.mark.parametrize(
    ("stratum", "leap", "times", "kiss", "synchronized"),
    [
        (1, 0, (1, 1), "", True),
        (15, 2, (1, 1), "", True),
        (16, 0, (1, 1), "", False),
        (0, 0, (1, 1), "RATE", False),
        (2, 3, (1, 1), "", False),
        (2, 0, (1, 0), "", False),
        (2, 0, (0, 1), "", False),
    ],
)
def test_a_server_without_a_time_is_known_as_such(
    stratum: int, leap: int, times: tuple[int, int], kiss: str, synchronized: bool
) -> None:
    receive, transmit = times
    packet = Packet(
        mode=Mode.SERVER,
        stratum=stratum,
        leap=leap,
        reference_id=b"RATE",
        receive=receive,
        transmit=transmit,
    )
    assert (packet.kiss, packet.synchronized) == (kiss, synchronized)
