"""The rows of `page` and `flow` as they may be believed, and what was read of them last."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from netlib.engine.records import FLOW_BITS, KIND_MASK
from netlib.i18n import _
from netlib.recording.cut import Row, calendar
from netlib.recording.database import CELL_BYTES, Database, RecordingError
from netlib.recording.event_json import EVENT
from netlib.recording.newest import Newest
from netlib.recording.page import SHOWN_KINDS, Columns, Page, columns
from netlib.recording.payload import MissingError, Payload, Segments
from netlib.recording.tables import Flow, Span
from netlib.value import NamedTuple

TABLES: Final = {"flow": ("id", "activity", "connection", "peer"), "page": ("id", *Page._fields)}

MOST_CHUNKS: Final = 1 << 16
"""More chunks than a page of ours has; a page that claims more is not believed."""

KEPT_CHUNKS: Final = 1 << 17
"""Columns of the pages read last are kept up to so many chunks together."""

PAGE_COST: Final = 64
"""So many chunks take as much memory as what a page has besides them."""

KEPT_FLOWS: Final = 10_000
PEER_CHARACTERS: Final = 400

KINDS: Final = (*SHOWN_KINDS, EVENT)
"""What each kind is to a reader; the last one a page never has."""

LARGEST: Final = 1 << 53
_NUMBERS: Final = ("activity", "line", "lines", "chunks", "number", "last", "at", "until", "wall",
                   "received", "sent", "size", "offset")  # fmt: skip

_CHECKS: Final = [
    *(
        f"typeof({name}) = 'integer' AND {name} BETWEEN -{LARGEST} AND {LARGEST}"
        for name in _NUMBERS
    ),
    "activity >= 0 AND line >= 0 AND number >= 0 AND at >= 0",
    f"chunks BETWEEN 1 AND {MOST_CHUNKS}",
    f"size BETWEEN 0 AND {CELL_BYTES} AND lines BETWEEN chunks AND size + chunks",
    "last - number >= chunks - 1 AND until >= at AND offset >= 0",
    "received BETWEEN 0 AND size AND sent BETWEEN 0 AND size",
    *(
        f"typeof({name}) = 'blob' AND length({name}) IN (chunks * 4, chunks * 8)"
        for name in ("times", "codes", "ends")
    ),
    *(
        f"(typeof({name}) = 'null' OR "
        f"typeof({name}) = 'blob' AND length({name}) IN (chunks * 4, chunks * 8))"
        for name in ("line_ends", "numbers")
    ),
    "(line_ends IS NOT NULL OR lines = chunks)",
    "CASE typeof(segment) WHEN 'null' THEN typeof(data) = 'blob' AND length(data) = size "
    "WHEN 'integer' THEN segment BETWEEN 1 AND 1000000000 ELSE 0 END",
]
SOUND: Final = f"({' AND '.join(_CHECKS)}) IS 1"
"""Whether a row is a page, as far as that is seen without a look into its columns.

IS: one condition, which SQLite need not take apart each time."""

_HEAD: Final = ", ".join(name for name in Page._fields if name != "data")

_SPAN: Final = f"""
SELECT id, {_HEAD} FROM page WHERE activity = ?1 AND line < ?3 AND {SOUND}
  AND line >= coalesce((SELECT line FROM page WHERE activity = ?1 AND line <= ?2 AND {SOUND}
    ORDER BY line DESC LIMIT 1), ?2)
ORDER BY line, id"""  # noqa: S608

_AFTER: Final = f"""
SELECT id, {_HEAD} FROM page WHERE activity = ? AND line >= ? AND {SOUND}
ORDER BY line LIMIT 1"""  # noqa: S608

_BEFORE: Final = f"""
SELECT id, {_HEAD} FROM page WHERE activity = ? AND line < ? AND {SOUND}
ORDER BY line DESC LIMIT 1"""  # noqa: S608

_BY_ID: Final = f"""
SELECT id, {_HEAD} FROM page
WHERE id IN (SELECT value FROM json_each(?)) AND {SOUND}"""  # noqa: S608

_SPAN_WHOLE: Final = _SPAN.replace(_HEAD, f"{_HEAD}, data", 1)

_WHOLE: Final = f"""
SELECT id, {_HEAD}, data FROM page
WHERE id IN (SELECT value FROM json_each(?)) AND {SOUND}"""  # noqa: S608

_DATA: Final = """
SELECT data FROM page WHERE id = ? AND typeof(data) = 'blob' AND length(data) = ?"""

_FLOWS: Final = f"""
SELECT id, connection, substr(peer, 1, {PEER_CHARACTERS}) FROM flow
WHERE id IN (SELECT value FROM json_each(?)) AND typeof(connection) = 'integer'
  AND typeof(peer) IN ('text', 'null')"""  # noqa: S608

NO_FLOW: Final[Flow] = (0, None)


class OpenPage(NamedTuple):
    """A page and its columns."""

    id: int
    """Of its row; 0: it is in memory."""
    page: Page
    columns: Columns

    def start(self, chunk: int) -> int:
        """Return where in the payload a chunk begins."""
        return self.columns.ends[chunk - 1] if chunk else 0

    def line(self, chunk: int) -> int:
        """Return how many lines of the page come before a chunk."""
        return self.columns.line_ends[chunk - 1] if chunk else 0

    def code_and_size(self, chunk: int) -> tuple[int, int]:
        """Return flow and kind of a chunk, in one number, and how many bytes it has."""
        return self.columns.codes[chunk], self.columns.ends[chunk] - self.start(chunk)

    def row(self, chunk: int, flow: Flow, data: bytes) -> Row:
        """Return a chunk with its bytes, or the first of them."""
        page, columns = self.page, self.columns
        at = page.at + columns.times[chunk]
        start, line = (columns.ends[chunk - 1], columns.line_ends[chunk - 1]) if chunk else (0, 0)
        wall, size = calendar((at + page.wall) / 1e6), columns.ends[chunk] - start
        kind = KINDS[columns.codes[chunk] & KIND_MASK]
        return Row(wall, at / 1e6, flow[0], kind, flow[1], page.line + line, data, size)


class PageTable:
    """Finds pages, opens them, and says what their codes stand for."""

    def __init__(self, db: Database, path: Path, newest: Newest | None = None) -> None:
        """`newest`: what is in memory, too, of a recording that is being written."""
        self.db = db
        self._newest = newest or Newest()
        self._segments = Segments(path)
        self._flows: dict[int, Flow] = {}
        self._kept: dict[int, OpenPage] = {}
        self._kept_chunks = 0

    def close(self) -> None:
        """Let the segments go."""
        self._segments.close()

    def pages(self, span: Span, *, whole: bool = False) -> Iterable[tuple[int, Page]]:
        """Return the pages with some lines: from memory, if all of them are there.

        `whole`: with the bytes that stand in their rows.
        """
        newest = self._newest.pages(span.activity)
        if newest and newest[0].line <= span.first:
            end = newest[-1].line + newest[-1].lines
            if span.last <= end:
                return [
                    (0, page)
                    for page in newest
                    if page.line < span.last and page.line + page.lines > span.first
                ]
        return self._pages(span, _SPAN_WHOLE if whole else _SPAN)

    def _pages(self, span: Span, statement: str) -> Iterator[tuple[int, Page]]:
        before = (-1, 0)
        for row in self.db.rows(statement, span):
            id, page = _page(row)
            if (page.line, id) <= before:  # by the index of a damaged file, without end
                raise RecordingError(_("its rows are not in order"))
            before = (page.line, id)
            yield id, page

    def after(self, activity: int, line: int) -> Page | None:
        """Return the first page of an activity from a line on."""
        for row in self.db.select(_AFTER, (activity, line)):
            return _page(row)[1]
        return None

    def by_number(self, ids: Sequence[int]) -> dict[int, Page]:
        """Return pages by the numbers of their rows; what is damaged or gone is missing."""
        asked = [id for id in ids if id not in self._kept]
        found = dict(map(_page, self.db.select(_BY_ID, (listed(asked),)))) if asked else {}
        return found | {id: self._kept[id].page for id in ids if id in self._kept}

    def whole(self, ids: Sequence[int]) -> Iterator[tuple[int, Page]]:
        """Yield the same pages with the bytes that stand in their rows, in any order."""
        return map(_page, self.db.rows(_WHOLE, (listed(ids),)))

    def open(self, id: int, page: Page) -> OpenPage:
        """Return a page with its columns. ValueError: it contradicts itself."""
        opened = self._kept.get(id)
        if opened is None:
            opened = OpenPage(id, page, columns(page))
            if id:
                while self._kept and self._kept_chunks + page.chunks > KEPT_CHUNKS:
                    gone = self._kept.pop(next(iter(self._kept))).page
                    self._kept_chunks -= gone.chunks + PAGE_COST
                self._kept[id] = opened
                self._kept_chunks += page.chunks + PAGE_COST
        return opened

    def payload(self, id: int, page: Page) -> Payload:
        """Return what gives the bytes of a page. Raises MissingError."""
        if isinstance(page.data, bytes):
            data = page.data
        elif page.segment is not None:
            return self._segments.payload(page)
        else:
            found = self.db.select(_DATA, (id, page.size))
            if not found:  # in a damaged file two rows may have one number
                raise MissingError
            data = found[0][0]
        return Payload(page.size, lambda start, stop: data[start:stop])

    def before(self, opened: OpenPage) -> OpenPage | None:
        """Return the page before one of the same activity; None: there is none to be read."""
        page = opened.page
        if not page.line:
            return None
        for one in self._newest.pages(page.activity):
            if one.line + one.lines == page.line:
                return self.open(0, one)
        for row in self.db.select(_BEFORE, (page.activity, page.line)):
            id, found = _page(row)
            try:
                return self.open(id, found) if found.line + found.lines == page.line else None
            except ValueError:
                return None
        return None

    def flows(self, codes: Iterable[int]) -> dict[int, Flow]:
        """Return what the codes of chunks stand for, at least."""
        ids = {code >> FLOW_BITS for code in codes}
        if asked := [id for id in ids if id not in self._flows]:
            if len(self._flows) > KEPT_FLOWS:
                self._flows = {}
                asked = [*ids]
            newest = {id: flow for id in asked if (flow := self._newest.flows.get(id)) is not None}
            if len(newest) < len(asked):
                found = self.db.select(_FLOWS, (listed(asked),))
                self._flows |= {id: (connection, peer) for id, connection, peer in found}
            self._flows |= newest
        return self._flows


def _page(row: Sequence[Any]) -> tuple[int, Page]:
    return row[0], Page(*row[1:])


def listed(numbers: Collection[int] | None) -> str | None:
    """Return what stands for numbers, or for all of them, in a statement."""
    return None if numbers is None else json.dumps([*numbers])
