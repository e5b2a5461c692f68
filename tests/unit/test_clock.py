"""One clock, and the calendar's time by it: even, until the computer's clock is set."""

from __future__ import annotations

import sys
import time
from itertools import pairwise

import pytest

from netlib.system.clock import (
    JUMP_SECONDS,
    WallClock,
    calendar_microseconds,
    microseconds,
    now,
)


class Clocks:
    """A computer's two clocks; the calendar's goes in steps, as on Windows."""

    def __init__(self) -> None:
        self.elapsed, self.set_by = 0.0, 0.0

    def calendar(self) -> float:
        steps = int((1_700_000_000 + self.elapsed) / 0.015625)
        return steps * 0.015625 + self.set_by

    def clock(self) -> float:
        return self.elapsed


@pytest.fixture
def clocks() -> Clocks:
    return Clocks()


@pytest.fixture
def wall(clocks: Clocks) -> WallClock:
    return WallClock(clocks.calendar, clocks.clock)


def test_the_clock_goes_in_steps_that_no_round_trip_is_shorter_than() -> None:
    assert time.get_clock_info("perf_counter").resolution <= 1e-6
    assert now() <= microseconds() / 1e6 + 1e-6 <= now() + 2e-6


def test_times_keep_their_order_and_distance_whatever_steps_the_calendar_takes(
    clocks: Clocks, wall: WallClock
) -> None:
    told = []
    for _ in range(1000):
        clocks.elapsed += 0.001
        told.append(clocks.elapsed + wall.offset())
    gaps = [later - earlier for earlier, later in pairwise(told)]
    assert gaps == pytest.approx([0.001] * 999, abs=1e-6)


@pytest.mark.parametrize("seconds", [3600.0, -3600.0, 2 * JUMP_SECONDS])
def test_the_calendar_is_followed_when_it_was_set_or_the_computer_slept(
    clocks: Clocks, wall: WallClock, seconds: float
) -> None:
    before = wall.offset()
    clocks.set_by = seconds
    assert wall.offset() - before == pytest.approx(seconds, abs=0.016)


def test_now_is_what_the_computers_clock_shows(clocks: Clocks, wall: WallClock) -> None:
    clocks.set_by = 0.01
    assert wall.now() == clocks.calendar()


def test_a_thread_that_waits_between_the_clocks_sees_no_jump(clocks: Clocks) -> None:
    def slow_calendar() -> float:
        clocks.elapsed += waits.pop() if waits else 0.0
        return clocks.calendar()

    waits: list[float] = []
    wall = WallClock(slow_calendar, clocks.clock)
    before = wall.offset()
    waits.append(2 * JUMP_SECONDS)
    assert wall.offset() == before


def test_what_the_kernel_dates_is_placed_among_times_by_our_clock() -> None:
    before = microseconds()
    dated = time.time_ns() // 1000
    after = microseconds()
    step = 20_000 if sys.platform == "win32" else 1000  # of time.time there
    assert before - step <= dated - calendar_microseconds() <= after + step
