"""Looking for a query in pages: the columns say where, `bytes.find` looks through the payload."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise
from operator import itemgetter
from typing import Final

from netlib.engine.records import FLOW_BITS, KIND_MASK
from netlib.recording.event_json import EVENT
from netlib.recording.matching import Matcher
from netlib.recording.page import Columns, Page, read_column
from netlib.recording.page_table import KINDS, MOST_CHUNKS, NO_FLOW, OpenPage, PageTable
from netlib.recording.payload import MissingError
from netlib.recording.query import Query
from netlib.recording.tables import Blocks, Read, Span
from netlib.teaching.lines import WIRE

_KINDS: Final = bytes(KINDS[byte & KIND_MASK] for byte in range(256))
"""The kind that the lowest byte of a code stands for."""


class PageFinder:
    """Finds the lines of a recording in pages that a query asks for."""

    def __init__(self, table: PageTable, query: Query, read: Read) -> None:
        self._table, self._matcher, self._read = table, Matcher(query), read

    def lines(self, span: Span) -> Iterator[int]:
        """Yield the numbers of the lines that match, ascending."""
        for id, page in self._table.pages(span, whole=self._matcher.needs_bytes):
            for _chunk, line, hits in self._matches(id, page):
                first = page.line + line
                yield from (at for hit in hits if span.first <= (at := first + hit) < span.last)

    def hits(self, blocks: Blocks, first: int, last: int) -> dict[int, dict[int, Sequence[int]]]:
        """Return matches by block and by chunk."""
        rows = {
            id: (block, slot, lines)
            for block in range(first, last)
            for slot, (id, lines) in enumerate(blocks.rows_of(block))
        }
        found: dict[int, dict[int, Sequence[int]]] = {}
        for id, page in self._table.whole([*rows]):
            block, slot, lines = rows[id]
            for chunk, _line, hits in self._matches(id, page) if page.lines == lines else ():
                found.setdefault(block, {})[slot * MOST_CHUNKS + chunk] = hits
        return found

    def _matches(self, id: int, page: Page) -> list[tuple[int, int, Sequence[int]]]:
        """Return of each chunk with matches its place in the page, its first line, and they.

        A page that cannot be read has none.
        """
        try:
            return _PageMatches(self._table, self._matcher, self._read, (id, page)).found()
        except (ValueError, MissingError):  # the row in its place says so
            return []


class _PageMatches:
    """What one page has of a query."""

    def __init__(
        self, table: PageTable, matcher: Matcher, read: Read, found: tuple[int, Page]
    ) -> None:
        self._table, self._matcher, self._query = table, matcher, matcher.query
        self._read = read
        self._id, self._page = found
        self._opened: OpenPage | None = None
        self._codes: set[int] | None = None
        """The codes that are asked for; None: all."""

    def found(self) -> list[tuple[int, int, Sequence[int]]]:
        """Return what `PageFinder` does. Raises ValueError or MissingError."""
        if not self._is_of_then() or not self._has_fields():
            return []
        if not self._matcher.needles:
            line_ends = self._columns.line_ends
            hits: dict[int, Sequence[int]] = {
                chunk: range(end - start)
                for chunk, (start, end) in enumerate(pairwise((0, *line_ends)))
            }
        else:
            hits = self._hits()
        if not hits:
            return []
        if (
            self._codes is not None
            or self._query.since is not None
            or self._query.until is not None
        ):
            hits = {chunk: lines for chunk, lines in hits.items() if self._is_wanted(chunk)}
        if self._matcher.across:
            hits = {chunk: self._readable(chunk, lines) for chunk, lines in hits.items()}
        line = self._open().line
        return [(chunk, line(chunk), hits[chunk]) for chunk in sorted(hits)]

    def _hits(self) -> dict[int, Sequence[int]]:
        """Return the lines of each chunk whose bytes, or whose sentence, has what is looked for."""
        page, matcher = self._page, self._matcher
        payload = self._table.payload(self._id, page)
        kinds = page.codes[:: len(page.codes) // page.chunks].translate(_KINDS)
        hits: dict[int, Sequence[int]] = {}
        for chunk, found in groupby(matcher.hits(payload.whole(), self._ends), itemgetter(0)):
            if kinds[chunk] > WIRE:  # one line, whatever bytes are in it
                hits |= {chunk: (0,)} if not matcher.text else {}
            elif kinds[chunk] > EVENT:
                hits[chunk] = [line for _chunk, line in found]
        chunk = kinds.find(EVENT) if not self._query.hex else -1
        while chunk >= 0:
            start, stop = self._open().start(chunk), self._columns.ends[chunk]
            if matcher.tells(payload.part(start, stop)):
                hits[chunk] = (0,)
            chunk = kinds.find(EVENT, chunk + 1)
        return hits

    def _readable(self, chunk: int, hits: Sequence[int]) -> Sequence[int]:
        if KINDS[self._columns.codes[chunk] & KIND_MASK] == EVENT:
            return hits
        line = self._page.line + self._open().line(chunk)
        return self._matcher.readable(self._read, self._page.activity, line, hits)

    def _is_of_then(self) -> bool:
        """Tell whether some of the page may be of the time asked for."""
        query, page = self._query, self._page
        return (query.since is None or (page.until + page.wall) / 1e6 >= query.since) and (
            query.until is None or (page.at + page.wall) / 1e6 < query.until
        )

    def _has_fields(self) -> bool:
        """Find out which codes are asked for; tell whether there are any."""
        query = self._query
        if not (query.connection or query.kinds or query.peer):
            return True
        codes = {*read_column(self._page.codes, self._page.chunks)}
        flows = self._table.flows(codes)
        self._codes = set()
        for code in codes:
            connection, peer = flows.get(code >> FLOW_BITS, NO_FLOW)
            if self._matcher.is_wanted(connection, KINDS[code & KIND_MASK], peer):
                self._codes.add(code)
        return bool(self._codes)

    def _is_wanted(self, chunk: int) -> bool:
        """Tell whether a chunk is of the time, and has the fields asked for."""
        query, columns = self._query, self._columns
        if self._codes is not None and columns.codes[chunk] not in self._codes:
            return False
        if query.since is None and query.until is None:
            return True
        wall = (self._page.at + columns.times[chunk] + self._page.wall) / 1e6
        return (query.since is None or wall >= query.since) and (
            query.until is None or wall < query.until
        )

    def _ends(self) -> Sequence[int]:
        return self._columns.ends

    @property
    def _columns(self) -> Columns:
        return self._open().columns

    def _open(self) -> OpenPage:
        """Return the columns, which most pages can do without."""
        if self._opened is None:
            self._opened = self._table.open(self._id, self._page)
        return self._opened
