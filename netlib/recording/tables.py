"""What the tables of a recording are to those who read it, whatever their format.

Chunks that stand near each other in time are a *block*; of each block it is known how many lines
come before it. That is a few numbers for some hundred lines, however long the recording is, and a
page anywhere costs one block.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Final, Protocol

from netlib.recording.cut import Cut
from netlib.recording.query import Query
from netlib.teaching.lines import Line
from netlib.value import NamedTuple


class Span(NamedTuple):
    """Lines `first` to `last` - 1 of an activity."""

    activity: int
    first: int
    last: int


Read = Callable[[Span, int | None], Iterator[Line]]
"""`Tables.read`."""


class Blocks:
    """The blocks of a recording, in order of time. One thread extends them while others read."""

    def __init__(self, activities: Collection[int] | None) -> None:
        """`activities`: only these, or all."""
        self.activities = activities
        self.after: int | None = None
        """The last row of the table that was looked at."""
        self.total = 0
        """Lines of all blocks."""
        self.next_lines: dict[int, int] = {}
        """Of each activity the line after its last one."""
        self.gaps: set[int] = set()
        """Blocks before which, or in which, lines of an activity are missing."""
        self.starts = array("q")
        """Of each block how many lines come before it."""
        self.ends = array("q")
        """Of each block where it ends: which row of the table (version 1), which of `rows` (2)."""
        self.rows = array("q")
        """Version 2: the pages, in order of time."""
        self.lines = array("q")
        """Version 2: how many lines each has."""

    def until(self, block: int) -> int:
        """Return how many lines there are up to the end of a block."""
        return self.starts[block + 1] if block + 1 < len(self.starts) else self.total

    def rows_of(self, block: int) -> list[tuple[int, int]]:
        """Return the pages of a block, and how many lines each has."""
        first, last = self.ends[block - 1] if block else 0, self.ends[block]
        return [*zip(self.rows[first:last], self.lines[first:last], strict=True)]


class Heads(NamedTuple):
    """The chunks of a block, in order of time."""

    ends: Sequence[int]
    """Lines of the block up to the end of each."""
    keys: Sequence[int]
    """What `cuts` and `hits` call each."""
    activities: Sequence[int]


UNREADABLE: Final = -1
"""The flow of what cannot be read."""


class CallHeads(NamedTuple):
    """The chunks and events of a block, in order of time, without their bytes."""

    keys: Sequence[int]
    """What `cuts` calls each."""
    activities: Sequence[int]
    flows: array[int]
    """See `Tables.flow`, or `UNREADABLE`."""
    kinds: array[int]
    """See `netlib.engine.records`."""
    sizes: array[int]


Flow = tuple[int, str | None]
"""Connection and peer; connection 0 and no peer: what happened to an activity itself."""


class Finder(Protocol):
    """What looks for the lines that a query asks for. Raises RecordingError."""

    def lines(self, span: Span) -> Iterator[int]:
        """Yield the numbers of the lines that match, ascending."""

    def hits(self, blocks: Blocks, first: int, last: int) -> dict[int, dict[int, Sequence[int]]]:
        """Return, of each block from `first` to `last` - 1 in which there are any, matches.

        They are lines of a chunk, counted from 0, by its key.
        """


class Tables(Protocol):
    """The tables of one format. What they cannot read raises RecordingError."""

    def activities(self) -> Iterator[tuple[int, int]]:
        """Yield each activity and how many lines it has."""

    def sizes(self, activity: int) -> tuple[int, int]:
        """Return how many bytes an activity received, and sent."""

    def read(self, span: Span, limit: int | None) -> Iterator[Line]:
        """Yield lines; what is trimmed is missing. `limit`: see `Cut.pick`."""

    def extend(self, blocks: Blocks) -> bool:
        """Append the blocks that have come since; True: there are such."""

    def heads(self, blocks: Blocks, block: int) -> Heads:
        """Return the chunks of a block."""

    def call_heads(self, blocks: Blocks, block: int) -> CallHeads:
        """Return what is known of the chunks of a block without a look at their bytes."""

    def flow(self, number: int) -> Flow:
        """Return whose chunks they are; what is not in the file is an activity's own."""

    def cuts(
        self, blocks: Blocks, block: int, keys: Sequence[int], limit: int | None
    ) -> dict[int, Cut]:
        """Return chunks of a block by their keys; what is gone is missing."""

    def finder(self, query: Query) -> Finder:
        """Return what looks for a query here."""

    def close(self) -> None:
        """Let files go that stand beside the recording."""
