"""Searching in one view of a pane: the log, or the ladder."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from gui.models.row_filter import RowFilter
from gui.models.rows import Progress


class Searched(Protocol):
    """A view whose rows can be searched."""

    def refresh(self) -> None:
        """Show what is new."""

    def go_to(self, row: int) -> None:
        """Bring a row into sight and choose it."""

    def chosen(self) -> tuple[int, int]:
        """Return the first chosen row and the one after the last; equal when there is none."""


class Finding:
    """What a `FindBar` works on."""

    def __init__(self, rows: RowFilter, find: Callable[[str], int | None], view: Searched) -> None:
        """`find` begins a search among `rows`, which `view` shows."""
        self._rows, self._find, self._view = rows, find, view

    def find(self, typed: str) -> str | None:
        """Begin to search, or go to a time; a sentence says what is wrong with the words."""
        try:
            row = self._find(typed)
        except ValueError as wrong:
            return str(wrong)
        if row is not None:
            self._view.go_to(row)
        return None

    def end(self) -> None:
        """Search no more; show everything, with the row that was chosen still in sight."""
        first, last = self._view.chosen()
        row = self._rows.end_search(first if last > first else None)
        if row is not None:
            self._view.refresh()
            self._view.go_to(row)

    def step(self, way: int) -> None:
        """Go to the next (1) or the previous (-1) match."""
        first, last = self._view.chosen()
        row = self._rows.next_match(first if last > first else None, way)
        if row is not None:
            self._view.go_to(row)

    def show_only(self, matches: bool) -> None:
        """Show the matches only, or every row."""
        self._rows.show_matches_only(matches)

    def progress(self) -> Progress | None:
        """Tell how far the search is; None: there is none."""
        return self._rows.progress()
