"""The calls of a recording in order of time, and which of them belong together.

A `CallIndex` goes through a recording once, a block at a time, and keeps of each call some numbers;
its bytes are read when somebody looks at it. Both ends of a connection in one recording are
*partners*: what one sent, the other received, and the place in the stream says in which calls.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Final

from netlib.i18n import N_
from netlib.recording.call_columns import CallColumns
from netlib.recording.pairing import Pairing
from netlib.recording.tables import UNREADABLE, Blocks, CallHeads, Finder
from netlib.teaching.calls import EVENT, Call

if TYPE_CHECKING:
    from netlib.recording.cut import Cut
    from netlib.recording.reader import Recording

MOST_CALLS: Final = 4_000_000
"""Calls that are known at most: each takes some 33 bytes of memory."""

FOUND_AT_ONCE: Final = 64
"""Blocks that are searched in one go."""

GONE: Final = N_("removed: the recording had reached its quota")


class CallIndex:
    """Which calls there are. One thread advances it, any may ask; numbers stay true."""

    def __init__(self, activities: Collection[int] | None = None) -> None:
        """`activities`: only these, or all."""
        self.total = 0
        """Calls there are by now: 0 to `total` - 1."""
        self.pairing = Pairing()
        """Which ends there are, and which two are one connection."""
        self._blocks = Blocks(activities)
        self._seen = 0
        """Blocks that were gone through."""
        self._starts = array("q")
        """Of each block its first call."""
        self.columns = CallColumns()

    # -- taking in -------------------------------------------------------------------------------

    @property
    def full(self) -> bool:
        """Whether no more calls are taken in: there are too many."""
        return self.total >= MOST_CALLS

    def advance(self, recording: Recording) -> bool:
        """Go through the next block; False: there is none by now. Raises RecordingError."""
        blocks, block = self._blocks, self._seen
        if self.full or (block == len(blocks.starts) and not recording.tables.extend(blocks)):
            return False
        heads = recording.tables.call_heads(blocks, block)
        unknown = self._take(recording, heads)
        if unknown:
            found = recording.tables.cuts(blocks, block, sorted(unknown), None)
            self.pairing.learn((end, found[key]) for key, end in unknown.items() if key in found)
        if block in blocks.gaps or UNREADABLE in heads.flows:
            self.pairing.forget()
        self._starts.append(self.total)
        # Last: who asks goes by it, and finds all that is said of the calls below.
        self.total = len(self.columns.keys)
        self._seen += 1
        return True

    def _take(self, recording: Recording, heads: CallHeads) -> dict[int, int]:
        """Take in the calls of a block; return which tell more of an end, by key, and of which."""
        pairing, flow = self.pairing, recording.tables.flow
        unknown: dict[int, int] = {}
        for key, activity, number, kind, size in zip(*heads, strict=True):
            end = pairing.end(activity, number, flow)
            self.columns.append(key, end, kind, size)
            if pairing.wants(end, kind):
                unknown[key] = end
        return unknown

    # -- reading ---------------------------------------------------------------------------------

    def read(self, recording: Recording, numbers: Sequence[int], limit: int) -> list[Call]:
        """Return calls by ascending numbers, of each at most `limit` bytes. Raises RecordingError.

        One that is gone, or cannot be read, says so. ValueError for numbers that there are not.
        """
        if len(numbers) and not 0 <= numbers[0] <= numbers[-1] < self.total:
            raise ValueError(f"{numbers[0]} to {numbers[-1]} of {self.total} calls")
        found: list[Call] = []
        begin = 0
        while begin < len(numbers):
            block = bisect_right(self._starts, numbers[begin]) - 1
            end = bisect_left(numbers, self._until(block), begin)
            some = numbers[begin:end]
            keys = [self.columns.keys[number] for number in some]
            cuts = recording.tables.cuts(self._blocks, block, keys, limit)
            found += [
                self._call(number, cuts.get(key), limit)
                for number, key in zip(some, keys, strict=True)
            ]
            begin = end
        return found

    def _call(self, number: int, found: Cut | None, limit: int) -> Call:
        end, kind = self.columns.end(number), self.columns.kind(number)
        if found is None:
            return Call(number, 0.0, 0.0, end, EVENT, 0, lost=GONE)
        row = found.row
        name = (row.peer or "").partition(" ")[2]
        if row.lost or (kind == EVENT and found.event is None):
            why = row.lost or N_("an entry that cannot be read")
            return Call(number, row.wall, row.at, end, EVENT, row.line, name=name, lost=why)
        return Call(
            number=number,
            wall=row.wall,
            at=row.at,
            end=end,
            kind=kind,
            line=row.line,
            offset=self.columns.offset(number),
            size=row.size,
            data=row.data[:limit],
            name=name,
            event=found.event,
        )

    def of_lines(self, recording: Recording, positions: Sequence[int]) -> Iterator[int]:
        """Yield the calls that lines are part of, by ascending positions in order of time.

        See `Timeline`, of the same activities. Raises RecordingError.
        """
        blocks, begin = self._blocks, 0
        while begin < len(positions):
            block = bisect_right(blocks.starts, positions[begin]) - 1
            end = bisect_left(positions, blocks.until(block), begin)
            ends = recording.tables.heads(blocks, block).ends
            places = (position - blocks.starts[block] for position in positions[begin:end])
            last = ends[-1] if ends else 0
            # A damaged file may have fewer lines than it had when they were counted.
            calls = (bisect_right(ends, place) for place in places if place < last)
            yield from (self._starts[block] + call for call, _same in groupby(calls))
            begin = end

    # -- as an order of what is searched ---------------------------------------------------------

    def frozen(self) -> CallIndex:
        """Return what another thread may search while this is advanced: itself."""
        return self

    def extend(self, _lines: Iterable[tuple[int, int]]) -> bool:
        """Return that there may be more: `advance` takes it in."""
        return True

    def find(self, recording: Recording, finder: Finder, first: int) -> Iterator[list[int]]:
        """Yield, some blocks at a time, the calls from `first` on in which something matches.

        The first item of a list is up to where was looked. Raises RecordingError.
        """
        seen = self._seen
        block = bisect_right(self._starts, first, hi=seen) - 1 if seen else 0
        while block < seen and first < self.total:
            after = min(block + FOUND_AT_ONCE, seen)
            found = finder.hits(self._blocks, block, after)
            numbers = [
                number
                for one in sorted(found)
                for number in range(self._starts[one], self._until(one))
                if number >= first and found[one].get(self.columns.keys[number])
            ]
            yield [self._until(after - 1), *numbers]
            block = after

    def _until(self, block: int) -> int:
        """Return how many calls there are up to the end of a block."""
        return self._starts[block + 1] if block + 1 < len(self._starts) else self.total
