"""A recording in order of time: the lines of all its activities in one list, both ends in it.

A `Timeline` knows of each block of chunks how many lines come before it (see `tables`); the lines
of a block are put in order when they are read.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Iterator, Sequence

from netlib.recording.reader import Recording
from netlib.recording.row_index import SLICE, Placed, RowIndex, first_at, in_slices
from netlib.recording.tables import Blocks, Finder, Heads, Span

CHUNKS = 32
"""Chunks that are read at once."""


CLOCK_STEP = 0.000_002
"""Seconds: a moment is rounded by no more."""

NEAR = 4096
"""Lines of about the same time, among which one is looked for."""


class Timeline:
    """The lines of a recording that is complete. Any number of threads may use it."""

    def __init__(self, recording: Recording, activities: Collection[int] | None = None) -> None:
        """Look through a recording once; `activities`: only these. Raises RecordingError."""
        self.activities = activities
        self._blocks = Blocks(activities)
        recording.tables.extend(self._blocks)
        self.total = self._blocks.total
        """Positions there are: 0 to `total` - 1."""
        self._known: tuple[int, Heads] | None = None
        """The block that was read last."""

    def frozen(self) -> Timeline:
        """Return what stays as it is while others are extended: this does."""
        return self

    def extend(self, _lines: Iterable[tuple[int, int]]) -> bool:
        """Return that there is nothing new: the recording is complete."""
        return False

    def lines(
        self, recording: Recording, positions: Sequence[int], limit: int | None = None
    ) -> Iterator[Placed]:
        """Yield the lines at ascending positions; what is missing is left out.

        `limit`: see `Recording.read`.
        """
        begin = 0
        while begin < len(positions):
            block = bisect_right(self._blocks.starts, positions[begin]) - 1
            end = bisect_left(positions, self._blocks.until(block), begin)
            yield from self._read(recording, block, positions[begin:end], limit)
            begin = end

    def find(self, recording: Recording, finder: Finder, first: int) -> Iterator[list[int]]:
        """Yield, slice by slice from block to block, the positions from `first` on that match.

        The first item of a list is up to where was looked.
        """
        starts = self._blocks.starts
        block = bisect_right(starts, first) - 1 if self.total else 0
        while block < len(starts):
            after = block + 1
            while after < len(starts) and self._blocks.until(after) <= starts[block] + SLICE:
                after += 1
            hits = finder.hits(self._blocks, block, after)
            places = (self._places(recording, one, hits[one]) for one in sorted(hits))
            found = (place for some in places for place in some if place >= first)
            yield from in_slices(found, self._blocks.until(after - 1))
            block = after

    def at(self, recording: Recording, wall: float) -> int:
        """Return the position of the first line at or after `wall` (seconds since 1970).

        After all of them: the last position; 0 where there is none. Raises RecordingError.
        """
        found = first_at(
            range(self.total), wall, lambda place: self.lines(recording, (place,), limit=1)
        )
        return max(min(found, self.total - 1), 0)

    def place(self, recording: Recording, activity: int, line: int, wall: float) -> int | None:
        """Return the position of a line that was at `wall`; None: it is none of these.

        It is looked for among those at about that time. Raises RecordingError.
        """
        first = self.at(recording, wall - CLOCK_STEP)
        for begin in range(first, min(first + NEAR, self.total), CHUNKS):
            positions = range(begin, min(begin + CHUNKS, self.total))
            for placed in self.lines(recording, positions, limit=1):
                if (placed.activity, placed.line.number) == (activity, line):
                    return placed.position
        return None

    # -- inside ----------------------------------------------------------------------------------

    def _heads(self, recording: Recording, block: int) -> Heads:
        known = self._known
        if known is None or known[0] != block:
            known = (block, recording.tables.heads(self._blocks, block))
            self._known = known  # at once: other threads read it
        return known[1]

    def _read(
        self, recording: Recording, block: int, positions: Sequence[int], limit: int | None
    ) -> Iterator[Placed]:
        heads, start = self._heads(recording, block), self._blocks.starts[block]
        wanted = [*_within(heads, _shifted(positions, -start))]
        for begin in range(0, len(wanted), CHUNKS):
            some = wanted[begin : begin + CHUNKS]
            keys = [heads.keys[chunk] for chunk, _lines in some]
            cuts = recording.tables.cuts(self._blocks, block, keys, limit)
            for (chunk, lines), key in zip(some, keys, strict=True):
                if (cut := cuts.get(key)) is not None:
                    before = start + (heads.ends[chunk - 1] if chunk else 0)
                    for index, line in cut.pick(lines, limit):
                        yield Placed(before + index, heads.activities[chunk], line)

    def _places(
        self, recording: Recording, block: int, hits: dict[int, Sequence[int]]
    ) -> Iterator[int]:
        """Yield where matches of a block stand."""
        heads, start = self._heads(recording, block), self._blocks.starts[block]
        before, until = 0, self._blocks.until(block) - start
        for key, end in zip(heads.keys, heads.ends, strict=True):
            for hit in hits.get(key, ()):
                if before + hit < min(end, until):
                    yield start + before + hit
            before = end


def _within(heads: Heads, lines: Sequence[int]) -> Iterator[tuple[int, Sequence[int]]]:
    """Yield each chunk in which there are some lines of a block, and these, counted in it.

    A damaged file may have fewer than it had when they were counted.
    """
    begin, there = 0, heads.ends[-1] if heads.ends else 0
    while begin < len(lines) and lines[begin] < there:
        chunk = bisect_right(heads.ends, lines[begin])
        before = heads.ends[chunk - 1] if chunk else 0
        end = bisect_left(lines, heads.ends[chunk], begin)
        yield chunk, _shifted(lines[begin:end], -before)
        begin = end


def _shifted(numbers: Sequence[int], by: int) -> Sequence[int]:
    """Return ascending numbers with another added: a chunk may have millions of lines, all read."""
    if isinstance(numbers, range):
        return range(numbers.start + by, numbers.stop + by, numbers.step)
    return [number + by for number in numbers]


Order = RowIndex | Timeline
"""Which line stands where: spans as they grow, or all of a recording by time."""


def in_order(lines: Order | Iterable[Span]) -> Order:
    """Return an order that nobody else extends; spans are one after the other."""
    return lines.frozen() if isinstance(lines, Order) else RowIndex(lines)
