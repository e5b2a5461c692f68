"""The one clock, and what makes a time by it one of the calendar.

On Windows `time.monotonic` and `time.time` stand still for 15.6 ms at a time until Python 3.13:
round trips would take "0.0 ms". `now` counts in steps of 100 ns there; elsewhere it is the clock of
`time.monotonic`.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import Final

now: Final = time.perf_counter
"""Seconds; only differences of two mean anything. Unaffected when the computer's clock is set."""

_YEAR_1970: Final = 116_444_736_000_000_000
"""When that began, as a FILETIME of Windows: steps of 100 ns since 1601."""

JUMP_SECONDS: Final = 0.05
"""What two readings may differ by: it is more when the computer's clock was set, when the computer
slept, or (Windows, in an hour or so) when both clocks have drifted apart."""


def microseconds() -> int:
    """Return `now` in whole microseconds."""
    return time.perf_counter_ns() // 1000


def calendar_microseconds() -> int:
    """Return what makes whole microseconds of `now` such since 1970; read anew, exact to a few."""
    readings = []
    for _attempt in range(3):  # of which one is not interrupted, as good as always
        before = time.perf_counter_ns()
        calendar = _calendar_nanoseconds()
        after = time.perf_counter_ns()
        readings.append((after - before, calendar - (before + after) // 2))
    return min(readings)[1] // 1000


def _calendar_nanoseconds() -> int:
    """Return nanoseconds since 1970, on Windows too in steps of 100."""
    if sys.platform == "win32":
        import ctypes

        told = ctypes.c_uint64()
        ctypes.windll.kernel32.GetSystemTimePreciseAsFileTime(ctypes.byref(told))
        return (told.value - _YEAR_1970) * 100
    return time.time_ns()


class WallClock:
    """The computer's clock, and what makes a time by `now` one of its.

    The difference of both clocks is read once, and anew only after a jump: read for each line, it
    would shift lines by the steps of the computer's clock, and even make some change places.
    """

    def __init__(
        self, calendar: Callable[[], float] = time.time, clock: Callable[[], float] = now
    ) -> None:
        """`calendar`: seconds since 1970."""
        self.now = calendar
        """What the computer's clock shows: seconds since 1970."""
        self._clock = clock
        self._offset = calendar() - clock()

    def offset(self) -> float:
        """Return what makes a time by `now` seconds since 1970; from any thread."""
        before = self._clock()
        found = self.now() - before
        # Between two readings that lie far apart this thread waited: they tell of no jump.
        if abs(found - self._offset) > JUMP_SECONDS > self._clock() - before:
            self._offset = found
        return self._offset


wall_clock: Final = WallClock()
