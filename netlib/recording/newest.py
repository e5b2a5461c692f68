"""What was recorded last, in memory: a window that follows it asks neither SQLite nor the disk.

The journal's thread puts it there, and others read it meanwhile: all that is found is whole.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from typing import Final

from netlib.recording.packer import FlowRow
from netlib.recording.page import Page
from netlib.recording.tables import Flow

LINES: Final = 100
ACTIVITIES: Final = 16
"""Of so many activities pages with so many lines."""

FLOWS: Final = 1000
"""So many flows at least, twice as many at most."""


class Newest:
    """The newest pages of the activities that were busy last, and the newest flows."""

    def __init__(self) -> None:
        self.flows: dict[int, Flow] = {}
        self._pages: dict[int, tuple[Page, ...]] = {}

    def pages(self, activity: int) -> tuple[Page, ...]:
        """Return pages of an activity, ascending, without gaps, to the one written last."""
        return self._pages.get(activity, ())

    def put(self, pages: Iterable[Page]) -> None:
        """Add pages with their bytes, or an excerpt of them; the oldest go."""
        added: dict[int, list[Page]] = {}
        for page in pages:
            added.setdefault(page.activity, []).append(page)
        for activity, some in added.items():
            self._pages[activity] = _last([*self._pages.pop(activity, ()), *some])
        while len(self._pages) > ACTIVITIES:
            del self._pages[next(iter(self._pages))]

    def put_flows(self, rows: Iterable[FlowRow]) -> None:
        """Add flows; the oldest go."""
        self.flows |= {number: (connection, peer) for number, _activity, connection, peer in rows}
        if len(self.flows) > 2 * FLOWS:  # one by one each would look past all that went before
            self.flows = dict(islice(self.flows.items(), len(self.flows) - FLOWS, None))


def _last(pages: list[Page]) -> tuple[Page, ...]:
    """Return the last pages that have enough lines together, or all."""
    first, lines = len(pages), 0
    while first and lines < LINES:
        first -= 1
        lines += pages[first].lines
    return tuple(pages[first:])
