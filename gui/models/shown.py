"""Which lines a view shows: all that came since it was cleared, or only what a search found.

A *position* is a line's place among all lines of the view's activities; once given it stays true.
A *row* is its place among those that are shown.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from gui.widgets.rows import Progress
from netlib.spans import Layout

if TYPE_CHECKING:
    from netlib.query import Query
    from netlib.search import Search


class Shown:
    """Positions and rows of one view, and the search in it."""

    def __init__(self) -> None:
        self.layout = Layout()
        self.changes = 0
        """Grows when rows already shown stand elsewhere."""
        self._skipped = 0
        self._search: Search | None = None
        self._only = False

    def extend(self, lines: list[tuple[int, int]]) -> None:
        """Take in what is new, told how many lines each activity has by now."""
        if self.layout.extend(lines) and self._search is not None:
            self._search.extend(lines)

    def clear(self) -> None:
        """Begin anew with what comes next."""
        self._skipped = self.layout.total
        self.changes += 1

    def count(self) -> int:
        """Return the number of rows."""
        return len(self._all()) - self._start()

    def total(self) -> int:
        """Return the number of rows there were without a search."""
        return self.layout.total - self._skipped

    def positions(self, first: int, last: int) -> Sequence[int]:
        """Return the positions of rows `first` to `last` - 1."""
        start = self._start()
        return self._all()[start + first : start + last]

    def row_of(self, position: int) -> int:
        """Return the row at or after a position; the last one after all of them."""
        row = bisect_left(self._all(), position) - self._start()
        return max(min(row, self.count() - 1), 0)

    # -- searching -------------------------------------------------------------------------------

    def begin_search(self, recording: Path, query: Query) -> None:
        """Search all lines there are, and those that come."""
        from netlib.search import Search

        self.end_search()
        self._search = Search(recording, query, self.layout.spans())
        self.changes += 1

    def end_search(self, row: int | None = None) -> int | None:
        """Search no more and show everything; return where the line of `row` stands then."""
        position = None
        if row is not None and row < self.count():
            position = self.positions(row, row + 1)[0]
        if self._search is not None:
            self._search.cancel()
            self._search, self._only = None, False
            self.changes += 1
        return None if position is None else self.row_of(position)

    @property
    def only_matches(self) -> bool:
        """Whether rows are matches that may stand far apart."""
        return self._only and self._search is not None

    def show_matches_only(self, only: bool) -> None:
        """Show what was found and nothing else; or every row."""
        self._only = only
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
        if search is None:
            return None
        return Progress(len(search.matches), search.scanned, search.total, search.error or "")

    # -- inside ----------------------------------------------------------------------------------

    def _all(self) -> Sequence[int]:
        """Return all positions that may be shown, also those that were cleared away."""
        if self._only and self._search is not None:
            return self._search.matches
        return range(self.layout.total)

    def _start(self) -> int:
        """Return how many of them were cleared away."""
        return bisect_left(self._all(), self._skipped) if self._skipped else 0
