"""Which rows of a long list are chosen, by number: one anchor, one cursor, all between. Pure."""

from __future__ import annotations


class RowSelection:
    """A run of rows from where choosing began (anchor) to where it is now (cursor)."""

    def __init__(self) -> None:
        """Choose nothing."""
        self._anchor: int | None = None
        self.cursor: int | None = None
        """The row the keyboard is on, if any."""

    @property
    def range(self) -> tuple[int, int]:
        """First chosen row and the one after the last; equal when nothing is chosen."""
        if self._anchor is None or self.cursor is None:
            return 0, 0
        return min(self._anchor, self.cursor), max(self._anchor, self.cursor) + 1

    def __len__(self) -> int:
        first, last = self.range
        return last - first

    def __contains__(self, row: int) -> bool:
        first, last = self.range
        return first <= row < last

    def clear(self) -> None:
        """Choose nothing."""
        self._anchor = self.cursor = None

    def choose(self, row: int, *, extend: bool = False) -> None:
        """Choose one row, or with `extend` all from the anchor to it."""
        if not extend or self._anchor is None:
            self._anchor = row
        self.cursor = row

    def choose_all(self, count: int) -> None:
        """Choose every row there is."""
        self._anchor, self.cursor = (0, count - 1) if count else (None, None)

    def limit(self, count: int) -> None:
        """Forget what lies beyond `count` rows (they were cleared)."""
        if len(self) and self.range[1] > count:
            self.clear()
