"""Which lines a view shows: all that came since it was cleared, or only what a search found.

A *position* is a line's place among all lines of the view's activities; once given it stays true.
A *row* is its place among those that are shown.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from gui.models.rows import Progress
from netlib.recording.row_index import RowIndex
from netlib.value import replace

if TYPE_CHECKING:
    from netlib.recording.query import Query
    from netlib.recording.search import Search, Searchable


class RowFilter:
    """Positions and rows of one view, and the search in it."""

    def __init__(self) -> None:
        self.index: Searchable = RowIndex()
        self.changes = 0
        """Grows when rows already shown may look different, or stand elsewhere."""
        self.only_matches = False
        """Whether rows are what a search found, and may stand far apart."""
        self.connection = 0
        """The only connection whose rows are shown; 0: those of all are."""
        self._skipped = 0
        """Up to which position the view was cleared."""
        self._before: list[int] = []
        """The same before each clear."""
        self._search: Search | None = None
        self._finds = False
        """Whether the search is for something typed, not for a connection alone."""

    def extend(self, lines: list[tuple[int, int]]) -> None:
        """Take in what is new, told how many lines each activity has by now."""
        if self.index.extend(lines) and self._search is not None:
            self._search.extend(lines)

    def clear(self) -> int:
        """Begin anew with what comes next; return how many rows that takes away."""
        count = self.total()
        if count:
            self._before.append(self._skipped)
            self._skipped = self.index.total
            self.changes += 1
        return count

    def restore(self) -> None:
        """Bring back what was cleared last."""
        if self._before:
            self._skipped = self._before.pop()
            self.changes += 1

    def reset(self, index: Searchable | None = None) -> None:
        """Forget every line, and the search; go on with those of `index`."""
        self.connection = 0
        self.end_search()
        self.index, self._skipped, self._before = index or RowIndex(), 0, []
        self.changes += 1

    def count(self) -> int:
        """Return the number of rows."""
        shown, start = self._shown()
        return len(shown) - start

    def total(self) -> int:
        """Return the number of rows there were without a search."""
        return self.index.total - self._skipped

    def positions(self, first: int, last: int) -> Sequence[int]:
        """Return the positions of rows `first` to `last` - 1; fewer where there are fewer."""
        shown, start = self._shown()
        return shown[start + first : start + last]

    def row_of(self, position: int) -> int:
        """Return the row at or after a position; the last one after all of them."""
        shown, start = self._shown()
        row = min(bisect_left(shown, position), len(shown) - 1)
        return max(row - start, 0)

    # -- searching -------------------------------------------------------------------------------

    def begin_search(self, recording: Path, query: Query, *, finds: bool = True) -> None:
        """Search all lines there are, and those that come; of one connection, if that is chosen.

        Not `finds`: for nothing but the connection.
        """
        from netlib.recording.search import Search

        if self._search is not None:
            self._search.cancel()
        query = replace(query, connection=query.connection or self.connection)
        self._search = Search(recording, query, self.index)
        self._finds = finds
        self.only_matches = not finds
        self.changes += 1

    def end_search(self, row: int | None = None) -> int | None:
        """Search no more and show everything; return where the line of `row` stands then.

        Everything: of the one connection, where one is chosen.
        """
        chosen = () if row is None else self.positions(row, row + 1)
        if self._search is not None and self.connection:
            self.begin_search(self._search.path, type(self._search.query)(), finds=False)
        elif self._search is not None:
            self._search.cancel()
            self._search, self.only_matches = None, False
            self.changes += 1
        return self.row_of(chosen[0]) if chosen else None

    def show_matches_only(self, only: bool) -> None:
        """Show what was found and nothing else; or every row, as without a search."""
        self.only_matches = (only or self.connection > 0) and self._search is not None
        self.changes += 1

    def next_match(self, row: int | None, way: int) -> int | None:
        """Return the row of the next (1) or previous (-1) match, round the end; None: no match."""
        if self._search is None or not self._search.matches:
            return None
        found = self._search.matches
        start = self._skipped - 1
        if row is not None and row < self.count():  # chosen before the search, or before a clear
            start = self.positions(row, row + 1)[0]
        index = bisect_right(found, start) if way > 0 else bisect_left(found, start) - 1
        return self.row_of(found[index % len(found)])

    def progress(self) -> Progress | None:
        """Tell how far the search is; None: there is none."""
        search = self._search
        if search is None or not self._finds:
            return None
        return Progress(len(search.matches), search.scanned, search.total, search.outcome or "")

    # -- inside ----------------------------------------------------------------------------------

    def _shown(self) -> tuple[Sequence[int], int]:
        """Return all positions that may be shown, and how many of them were cleared away."""
        shown: Sequence[int] = range(self.index.total)
        if self.only_matches and self._search is not None:
            shown = self._search.matches
        return shown, bisect_left(shown, self._skipped) if self._skipped else 0
