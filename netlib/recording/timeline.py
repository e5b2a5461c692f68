"""A recording in order of time: the lines of all its activities in one list, both ends in it.

Chunks are numbered as they happened, so what stands near by number stands near in time. A
`Timeline` knows of each *block* of chunks how many lines come before it; the lines of a block are
put in order when they are read. That is a number for some hundred lines, however long the
recording is, and a page anywhere costs one block.

The order is that of the clock that recorded (`at`), of chunks with the same time that in which they
were written; the lines of one activity always keep theirs.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Iterator, Sequence
from operator import attrgetter
from typing import Final, NamedTuple

from netlib.recording.reader import LINES, Recording
from netlib.recording.row_index import SLICE, Finder, Placed, RowIndex, Span

BLOCK: Final = 32
"""Chunks of a block."""

LOOK_BACK: Final = 4
"""Blocks before, in which a character may have begun that goes on in one."""

_AT: Final = "coalesce(CAST(at AS REAL), 0.0)"

_SCAN: Final = """
SELECT max(id), sum(lines), min(at), max(at) FROM (
  SELECT id, {lines} AS lines, {at} AS at FROM chunk WHERE id > ? AND {only} ORDER BY id LIMIT ?)"""

_HEADS: Final = """
SELECT id, {at}, wall, activity, {lines} FROM chunk WHERE id > ? AND id <= ? AND {only}
ORDER BY id"""

_WALL: Final = "SELECT wall FROM chunk WHERE id = ?"


class _Head(NamedTuple):
    """A chunk without its bytes."""

    start: int
    """Position of its first line."""
    id: int
    activity: int
    lines: int
    wall: float


class Timeline:
    """The lines of a recording that is complete. Any number of threads may use it."""

    def __init__(self, recording: Recording, activities: Collection[int] | None = None) -> None:
        """Look through a recording once; `activities`: only these. Raises RecordingError."""
        self.total = 0
        """Positions there are: 0 to `total` - 1."""
        self._ids = array("q", [-(1 << 63)])
        """Of each block the number of its last chunk, after one before them all."""
        self._starts = array("q")
        """Of each block the position of its first line."""
        only = "typeof(activity) = 'integer'"
        if activities is not None:  # + : the index by activity is no help
            only = f"+activity IN ({', '.join(str(int(number)) for number in activities)})"
        self.only = only
        """In SQL, which chunks these are."""
        self._heads = _HEADS.format(at=_AT, lines=LINES, only=only)
        self._known: tuple[int, list[_Head]] = (-1, [])
        """The block that was read last."""
        self._scan(recording)

    def _scan(self, recording: Recording) -> None:
        statement = _SCAN.format(at=_AT, lines=LINES, only=self.only)
        latest = array("d")
        while True:
            ((last, lines, earliest, at),) = recording.select(statement, (self._ids[-1], BLOCK))
            if last is None:
                return
            start = self.total
            while latest and latest[-1] > earliest:  # not in order: one block, put in order whole
                at = max(at, latest.pop())
                start = self._starts.pop()
                self._ids.pop()
            latest.append(at)
            self._starts.append(start)
            self._ids.append(last)
            self.total += lines

    def frozen(self) -> Timeline:
        """Return what stays as it is while others are extended: this does."""
        return self

    def extend(self, _lines: Iterable[tuple[int, int]]) -> bool:
        """Return that there is nothing new: the recording is complete."""
        return False

    def lines(self, recording: Recording, positions: Sequence[int]) -> Iterator[Placed]:
        """Yield the lines at ascending positions; what is missing is left out."""
        begin = 0
        while begin < len(positions):
            block = bisect_right(self._starts, positions[begin]) - 1
            end = bisect_left(positions, self._end(block), begin)
            yield from self._read(recording, block, positions[begin:end])
            begin = end

    def find(self, recording: Recording, scanner: Finder, first: int) -> Iterator[list[int]]:
        """Yield, slice by slice from block to block, the positions from `first` on that match.

        The first item of a list is up to where was looked.
        """
        block = bisect_right(self._starts, first) - 1 if self.total else 0
        while block < len(self._starts):
            after = block + 1
            while after < len(self._starts) and self._end(after) <= self._starts[block] + SLICE:
                after += 1
            found = self._find(recording, scanner, block, after)
            yield [self._end(after - 1), *(place for place in found if place >= first)]
            block = after

    def at(self, recording: Recording, wall: float) -> int:
        """Return the position of the first line at or after `wall` (seconds since 1970).

        After all of them: the last position; 0 where there is none. Raises RecordingError.
        """

        def latest(block: int) -> float:
            ((told,),) = recording.select(_WALL, (self._ids[block + 1],))
            return told if isinstance(told, float) else 0.0

        block = bisect_left(range(len(self._starts)), wall, key=latest)
        if block < len(self._starts):
            for head in self._block(recording, block):
                if head.wall >= wall:
                    return head.start
        return max(min(self._end(block), self.total) - 1, 0)

    # -- inside ----------------------------------------------------------------------------------

    def _end(self, block: int) -> int:
        """Return the position after the last line of a block."""
        return self._starts[block + 1] if block + 1 < len(self._starts) else self.total

    def _block(self, recording: Recording, block: int) -> list[_Head]:
        """Return the chunks of a block in order of time."""
        known, heads = self._known
        if known == block:
            return heads
        latest: dict[int, float] = {}
        rows = []
        between = (self._ids[block], self._ids[block + 1])
        for id, at, wall, activity, lines in recording.select(self._heads, between):
            latest[activity] = max(at, latest.get(activity, at))
            told = wall if isinstance(wall, float) else 0.0
            rows.append((latest[activity], id, activity, lines, told))
        rows.sort()
        heads, start = [], self._starts[block]
        for _at, id, activity, lines, wall in rows:
            heads.append(_Head(start, id, activity, lines, wall))
            start += lines
        self._known = (block, heads)  # at once: other threads read it
        return heads

    def _read(self, recording: Recording, block: int, positions: Sequence[int]) -> Iterator[Placed]:
        wanted = list(_within(self._block(recording, block), positions))
        before = self._ids[max(block - LOOK_BACK, 0)]
        for begin in range(0, len(wanted), BLOCK):
            some = wanted[begin : begin + BLOCK]
            cuts = recording.cuts([head.id for head, _places in some], before)
            for head, places in some:
                if (cut := cuts.get(head.id)) is not None:
                    for place in places:
                        if place - head.start < len(cut.pieces):
                            yield Placed(place, head.activity, cut.line(place - head.start))

    def _find(self, recording: Recording, scanner: Finder, block: int, after: int) -> list[int]:
        """Return where in some blocks there are matches."""
        hits = scanner.in_order(self._ids[block], self._ids[after], self.only)
        found: list[int] = []
        if hits:
            for number in range(block, after):
                for head in self._block(recording, number):
                    found += (head.start + hit for hit in hits.get(head.id, ()) if hit < head.lines)
        return found


def _within(heads: list[_Head], positions: Sequence[int]) -> Iterator[tuple[_Head, Sequence[int]]]:
    """Yield each chunk in which there are some of the positions, and these."""
    begin = 0
    while begin < len(positions):
        head = heads[bisect_right(heads, positions[begin], key=attrgetter("start")) - 1]
        end = bisect_left(positions, head.start + head.lines, begin)
        yield head, positions[begin:end]
        begin = end


Order = RowIndex | Timeline
"""Which line stands where: spans as they grow, or all of a recording by time."""


def in_order(lines: Order | Iterable[Span]) -> Order:
    """Return an order that nobody else extends; spans are one after the other."""
    return lines.frozen() if isinstance(lines, Order) else RowIndex(lines)
