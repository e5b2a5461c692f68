"""Telling the time, without a socket."""

from __future__ import annotations

from datetime import UTC, timedelta, timezone

import pytest

from netlib.services import Options
from netlib.services.time import Time, rfc3339
from tests.samples import SECOND, THERE, service_options


@pytest.mark.parametrize("query", ["获取时间".encode(), b"", b"\x00"])
def test_any_datagram_is_answered_with_the_time(query: bytes) -> None:
    assert Time(service_options()).datagram(query, THERE) == b"2024-07-19T09:37:05Z"


@pytest.mark.parametrize(
    ("hours", "text"),
    [
        (0, "2024-07-19T09:37:05Z"),
        (-7, "2024-07-19T02:37:05-07:00"),
        (8, "2024-07-19T17:37:05+08:00"),
        (5.75, "2024-07-19T15:22:05+05:45"),
    ],
)
def test_time_is_told_with_its_offset(hours: float, text: str) -> None:
    assert rfc3339(SECOND, timezone(timedelta(hours=hours))) == text
    assert len(text) == (25 if hours else 20)


def test_the_time_goes_on() -> None:
    now = [SECOND + 0.25]
    time = Time(Options(now=lambda: now[0], zone=UTC))
    first = time.datagram(b"", THERE)
    now[0] += 0.5
    assert time.datagram(b"", THERE) == first
    now[0] += 0.25
    assert time.datagram(b"", THERE) == b"2024-07-19T09:37:06Z"


@pytest.mark.parametrize(
    "told",
    [
        b"2024-07-19T09:37:05Z",
        b"2024-07-19T02:37:05-07:00",
        b"2024-07-19t02:37:05.123z\r\n",
    ],
)
def test_what_tells_the_time_itself_is_not_answered(told: bytes) -> None:
    time = Time(service_options())
    assert time.datagram(told, THERE) is None
    assert time.datagram(told + b"?", THERE) is not None


@pytest.mark.parametrize("now", [-1e12, 1e12, 1e300, float("inf"), float("nan")])
def test_a_clock_outside_the_years_1_to_9999_leaves_the_server_silent(now: float) -> None:
    clock = [SECOND + 0.0]
    time = Time(Options(now=lambda: clock[0], zone=UTC))
    assert time.datagram(b"", THERE)
    clock[0] = now
    assert [time.datagram(b"", THERE) for _ in range(2)] == [None, None]
