"""Looking through a recording of a million rows while the window lives.

How the bytes are looked through is a matter of the format (see `Finder`). A match is the position
of a line in an `Order`.
"""

from __future__ import annotations

import threading
from array import array
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Final, Protocol, runtime_checkable

from netlib.i18n import _
from netlib.recording.query import Query
from netlib.recording.reader import Recording, RecordingError
from netlib.recording.row_index import RowIndex
from netlib.recording.tables import Finder, Span
from netlib.system.background import Background
from netlib.text import visible_text

MOST_MATCHES: Final = 10_000_000
"""Rows that a search finds at most: 80 MB of positions."""


@runtime_checkable
class Searchable(Protocol):
    """What can be searched: positions 0 to `total` - 1, which stay what they are while it grows."""

    @property
    def total(self) -> int:
        """The position after the last one."""

    def frozen(self) -> Searchable:
        """Return what nobody else extends, or what any thread may search while it is."""

    def extend(self, lines: Iterable[tuple[int, int]], /) -> bool:
        """Take in how many lines each activity has by now; False: there is nothing new."""

    def find(self, recording: Recording, finder: Finder, first: int) -> Iterator[list[int]]:
        """Yield lists of positions from `first` on that match, and at first up to where."""


class Search(Background):
    """A query that a thread answers, and goes on answering for rows that come later.

    What it has found may be read at any time, by any thread, without waiting. Its outcome is why it
    could not go on.
    """

    def __init__(self, path: Path, query: Query, lines: Searchable | Iterable[Span]) -> None:
        """Begin at once to look through some lines of the recording at `path`."""
        self.path, self.query = path, query
        self.matches = array("q")
        """Positions of the lines found, ascending; it only grows."""
        self.scanned = 0
        """Positions looked at."""
        self._index = _searchable(lines)
        self._news = threading.Event()
        super().__init__("search", lambda _job: self._answer())  # last: it begins at once

    @property
    def total(self) -> int:
        """Positions there are to look at."""
        return self._index.total

    @property
    def done(self) -> bool:
        """All there is so far has been looked at, or nothing more will be."""
        return self.scanned == self.total or self.outcome is not None

    def extend(self, lines: Iterable[tuple[int, int]]) -> None:
        """Go on with what is new, told how many lines each activity has by now. Costs nothing."""
        if self._index.extend(lines):
            self._news.set()

    def cancel(self, timeout: float = 1.0) -> bool:
        """Look no further; wait up to `timeout` seconds for the thread to end."""
        self._cancelled.set()  # before the news: a search that waits for them looks at this next
        self._news.set()
        return super().cancel(timeout)

    # -- the thread ------------------------------------------------------------------------------

    def _answer(self) -> str:
        """Search until nobody wants it any more, or return why it cannot go on."""
        try:
            with closing(Recording(self.path)) as recording:
                recording.give_up_when(self.cancelled)
                finder = recording.tables.finder(self.query)
                while not self.cancelled():
                    self._news.clear()  # before looking: what comes meanwhile is looked at next
                    self._look(recording, finder)
                    self._news.wait()
        except (RecordingError, ValueError) as refusal:
            if not self.cancelled():
                return _("The recording cannot be read: {reason}").format(
                    reason=visible_text(str(refusal), 200)
                )
        return ""

    def _look(self, recording: Recording, finder: Finder) -> None:
        """Look at all there is by now."""
        for until, *found in self._index.find(recording, finder, self.scanned):
            _add(self.matches, found)
            # After its matches: who sees that all is scanned has them all.
            self.scanned = until
            if self.cancelled():
                return


def find(recording: Recording, lines: Searchable | Iterable[Span], query: Query) -> array[int]:
    """Return the positions among `lines` of all that match. Raises RecordingError."""
    index, finder = _searchable(lines), recording.tables.finder(query)
    found = array("q")
    for _until, *positions in index.find(recording, finder, 0):
        _add(found, positions)
    return found


def _searchable(lines: Searchable | Iterable[Span]) -> Searchable:
    """Return what nobody else extends; spans are one after the other."""
    return lines.frozen() if isinstance(lines, Searchable) else RowIndex(lines)


def _add(matches: array[int], found: list[int]) -> None:
    """Add what was found. RecordingError: there is no room for so much."""
    if len(matches) + len(found) > MOST_MATCHES:
        raise RecordingError(_("more rows match than can be shown"))
    matches.extend(found)
