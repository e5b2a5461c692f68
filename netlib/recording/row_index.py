"""Several activities as one list of lines: which line of which activity stands at a position.

A `RowIndex` only ever grows at its end, so that a position once given stays true: rows that a first
activity gets late, after those of a second one, stand behind them.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

NEAR = 16
"""Lines not asked for that are read along when that saves another look into the file."""


class Span(NamedTuple):
    """Lines `first` to `last` - 1 of an activity."""

    activity: int
    first: int
    last: int


class Batch(NamedTuple):
    """Positions close together in one activity, to be read at once."""

    span: Span
    """From the first line wanted to the last, and some between that are not."""
    shift: int
    """Position minus line number."""
    positions: Sequence[int]


class RowIndex:
    """Spans one after the other. One thread extends it while others read."""

    def __init__(self, spans: Iterable[Span] = ()) -> None:
        self.total = 0
        """Positions there are: 0 to `total` - 1."""
        self._spans: list[Span] = []
        self._starts: list[int] = []
        self._known: dict[int, int] = {}
        for span in spans:
            self._append(span)

    def extend(self, lines: Iterable[tuple[int, int]]) -> bool:
        """Append what is new, told how many lines each activity has by now; True: there is."""
        before = self.total
        for activity, last in lines:
            first = self._known.get(activity, 0)
            if last > first:
                self._append(Span(activity, first, last))
        return self.total > before

    def spans(self) -> tuple[Span, ...]:
        """Return the spans there are by now."""
        return tuple(self._spans)

    def batches(self, positions: Sequence[int], size: int) -> Iterator[Batch]:
        """Cut ascending positions into batches of at most `size` lines, read or skipped.

        A range has no gaps. ValueError for positions that there are not.
        """
        if positions and not 0 <= positions[0] <= positions[-1] < self.total:
            raise ValueError(f"{positions[0]} to {positions[-1]} of {self.total} lines")
        begin = 0
        while begin < len(positions):
            start = positions[begin]
            index = bisect_right(self._starts, start) - 1
            shift = self._starts[index] - self._spans[index].first
            limit = min(start + size, self._spans[index].last + shift)
            end = _near_end(positions, begin, limit)
            span = Span(self._spans[index].activity, start - shift, positions[end - 1] + 1 - shift)
            yield Batch(span, shift, positions[begin:end])
            begin = end

    def _append(self, span: Span) -> None:
        """Append a span, or let the last one grow."""
        self._known[span.activity] = span.last
        before = self._spans[-1] if self._spans else None
        if before is not None and (before.activity, before.last) == (span.activity, span.first):
            self._spans[-1] = before._replace(last=span.last)
        else:
            self._spans.append(span)
            self._starts.append(self.total)
        # Last: threads that read go by it, and find the span of every position below.
        self.total += span.last - span.first


def _near_end(positions: Sequence[int], begin: int, limit: int) -> int:
    """Return where, after `begin`, a position is not below `limit` or far from the one before."""
    if isinstance(positions, range):  # without gaps, as views are
        return min(len(positions), begin + limit - positions[begin])
    end = begin + 1
    while (
        end < len(positions)
        and positions[end] < limit
        and positions[end] - positions[end - 1] <= NEAR
    ):
        end += 1
    return end
