"""What the tables of a recording are to those who read it, whatever their format.

Chunks that stand near each other in time are a *block*; of each block it is known how many lines
come before it. That is a few numbers for some hundred lines, however long the recording is, and a
page anywhere costs one block.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import NamedTuple, Protocol

from netlib.recording.cut import Cut
from netlib.recording.query import Query
from netlib.teaching.lines import Line


class Span(NamedTuple):
    """Lines `first` to `last` - 1 of an activity."""

    activity: int
    first: int
    last: int


Read = Callable[[Span, int | None], Iterator[Line]]
"""`Tables.read`."""


class Blocks:
    """The blocks of a recording that is complete, in order of time. Any thread may read them."""

    def __init__(self, activities: Collection[int] | None) -> None:
        """`activities`: only these, or all."""
        self.activities = activities
        self.total = 0
        """Lines of all blocks."""
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

    def blocks(self, activities: Collection[int] | None) -> Blocks:
        """Look through the whole recording, once."""

    def heads(self, blocks: Blocks, block: int) -> Heads:
        """Return the chunks of a block."""

    def cuts(
        self, blocks: Blocks, block: int, keys: Sequence[int], limit: int | None
    ) -> dict[int, Cut]:
        """Return chunks of a block by their keys; what is gone is missing."""

    def finder(self, query: Query) -> Finder:
        """Return what looks for a query here."""

    def close(self) -> None:
        """Let files go that stand beside the recording."""
