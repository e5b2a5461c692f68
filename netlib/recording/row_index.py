"""Several activities as one list of lines: which line of which activity stands at a position.

A `RowIndex` only ever grows at its end, so that a position once given stays true: rows that a first
activity gets late, after those of a second one, stand behind them.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING

from netlib.recording.tables import Span
from netlib.value import NamedTuple

if TYPE_CHECKING:
    from netlib.recording.reader import Recording
    from netlib.recording.tables import Finder
    from netlib.teaching.lines import Line

__all__ = ["SLICE", "Batch", "Placed", "RowIndex", "Span", "first_at", "in_slices"]

SLICE = 8192
"""Lines that are searched in one go."""

BATCH_LINES = 65_536
"""Most lines of one look into the file; they are handed on chunk by chunk."""

NEAR = 16
"""Lines not asked for that are read along when that saves another look into the file."""


class Placed(NamedTuple):
    """A line and where it stands."""

    position: int
    activity: int
    line: Line


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

    def frozen(self) -> RowIndex:
        """Return the spans there are by now, for another thread to extend or not."""
        return RowIndex(self._spans)

    def lines(
        self, recording: Recording, positions: Sequence[int], limit: int | None = None
    ) -> Iterator[Placed]:
        """Yield the lines at ascending positions; what is missing is left out.

        `limit`: see `Recording.read`. Raises RecordingError.
        """
        for batch in self.batches(positions, BATCH_LINES):
            wanted: Collection[int] = batch.positions
            wanted = wanted if isinstance(wanted, range) else set(wanted)
            for line in recording.read(*batch.span, limit):
                position = line.number + batch.shift
                if position in wanted:
                    yield Placed(position, batch.span.activity, line)

    def find(self, _recording: Recording, finder: Finder, first: int) -> Iterator[list[int]]:
        """Yield, slice by slice, the positions from `first` on that match.

        The first item of a list is up to where was looked. Raises RecordingError.
        """
        for batch in self.batches(range(first, self.total), SLICE):
            found = (line + batch.shift for line in finder.lines(batch.span))
            yield from in_slices(found, batch.span.last + batch.shift)

    def at(self, recording: Recording, wall: float) -> int:
        """Return the position of the first line at or after `wall` (seconds since 1970).

        After all of them: the last position; 0 where there is none. Raises RecordingError.
        """
        for start, span in zip(self._starts, self._spans, strict=True):
            lines = range(span.first, span.last)

            def read(line: int, span: Span = span) -> Iterator[Line]:
                return recording.read(span.activity, line, line + 1, limit=1)

            if not first_at(lines[-1:], wall, read):  # its last line is late enough
                return start + first_at(lines, wall, read)
        return max(self.total - 1, 0)

    def place(self, _recording: Recording, activity: int, line: int, _wall: float) -> int | None:
        """Return the position of a line of an activity; None: it is none of these."""
        for start, span in zip(self._starts, self._spans, strict=True):
            if span.activity == activity and span.first <= line < span.last:
                return start + line - span.first
        return None

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


def in_slices(positions: Iterator[int], until: int) -> Iterator[list[int]]:
    """Yield what `find` does, of ascending positions below `until`, not too many at once."""
    while len(found := list(islice(positions, SLICE))) == SLICE:
        yield [found[-1] + 1, *found]
    yield [until, *found]


def first_at(
    places: Sequence[int], wall: float, read: Callable[[int], Iterator[Line | Placed]]
) -> int:
    """Return which of some places is the first at or after `wall`, by halving; or their number.

    `read` returns the line at a place, or none: it was trimmed, long ago.
    """

    def told(place: int) -> float:
        for found in read(place):
            return found.line.wall if isinstance(found, Placed) else found.wall
        return 0.0

    return bisect_left(places, wall, key=told)


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
