"""What a traffic view shows: rows of text from a source that may hold millions of them."""

from __future__ import annotations

from typing import Protocol

from netlib.value import NamedTuple


class Row(NamedTuple):
    """One row as it is drawn."""

    tag: str
    """"sent", "received", "good", "info", "warn" or "bad"."""
    text: str
    """The complete visible line or lines, already through `netlib.text.visible`."""
    client: int = 0
    """The number of the client whose row it is: it has its colour; 0: nobody's."""
    tab: int = 0
    """Where a tab in the text leads to, in characters; 0: there is none."""
    speaker: str = ""
    """Who says it; the name stands before a colon, and stands out."""


class RowSource(Protocol):
    """Where rows come from; asked in the main thread, answers at once."""

    def count(self) -> int:
        """Return the number of rows there are now."""

    def rows(self, first: int, last: int) -> list[Row]:
        """Format rows `first` to `last` - 1."""

    def version(self) -> int:
        """Return a number that changes when rows already shown may look different."""


class Progress(NamedTuple):
    """How far a search is, in rows."""

    found: int
    scanned: int
    total: int
    error: str = ""
    """Why it cannot go on, in a translated sentence; empty: it can."""
