"""Which calls of a recording are shown: those of some activities, and those at their other ends."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from netlib.recording.calls import CallIndex

CALLS_A_TICK = 20_000
"""Calls that are looked at in one go to find out whether they are shown."""


class ShownCalls:
    """The numbers of the calls that are shown, ascending."""

    def __init__(self, activities: Sequence[int], connection: int) -> None:
        """`connection`: only this one of these activities; 0: all."""
        self.numbers = array("q")
        # Of what cannot be read it is not known whose it is: its activity is 0.
        self._activities, self._connection = {*activities, 0}, connection
        self._ends: set[int] = set()
        self._ends_known = self._joined_known = self._seen = 0
        self._found, self._found_seen = array("q"), 0
        """The matches of a search that are shown, and how many matches were looked at."""
        self._found_of: Sequence[int] | None = None

    def sync(self, index: CallIndex) -> bool:
        """Take in what has come; True: some stand before what was shown already."""
        late = self._take_ends(index)
        until = min(index.total, self._seen + CALLS_A_TICK)
        end, ends = index.columns.end, self._ends
        self.numbers.extend([call for call in range(self._seen, until) if end(call) in ends])
        self._seen = until
        return late

    def found(self, matches: Sequence[int]) -> Sequence[int]:
        """Return what a search found among the calls that are shown; each is looked at once."""
        if self._found_of is not matches:
            self._found_of, self._found, self._found_seen = matches, array("q"), 0
        until = bisect_left(matches, self._seen, lo=self._found_seen)
        some = matches[self._found_seen : until]
        self._found.extend([call for call in some if place(self.numbers, call) is not None])
        self._found_seen = until
        return self._found

    def _take_ends(self, index: CallIndex) -> bool:
        """Find out which of the ends that have come are shown; an other end may come later."""
        pairing = index.pairing
        ends, joined = len(pairing.ends), len(pairing.joined)
        new = {number for number in range(self._ends_known, ends) if self._is_shown(index, number)}
        for both in pairing.joined[self._joined_known : joined]:
            if any(self._is_shown(index, one) for one in both):
                new |= {*both}
        self._ends_known, self._joined_known = ends, joined
        new -= self._ends
        self._ends |= new
        late = [
            call
            for number in new
            for calls in index.columns.of(number)
            for call in calls[: bisect_left(calls, self._seen)]
        ]
        if late:
            self.numbers = array("q", sorted({*self.numbers, *late}))
            self._found_of = None
        return bool(late)

    def _is_shown(self, index: CallIndex, number: int) -> bool:
        end = index.pairing.ends[number]
        return end.activity in self._activities and self._connection in (0, end.connection)


def place(numbers: Sequence[int], number: int) -> int | None:
    """Return where a number stands among ascending ones; None: it does not."""
    at = bisect_left(numbers, number)
    return at if at < len(numbers) and numbers[at] == number else None
