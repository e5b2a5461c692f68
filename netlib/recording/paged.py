"""Recordings of format `socketboard-2`: pages of many chunks; see `page` and `schema`."""

from __future__ import annotations

import contextlib
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate
from pathlib import Path
from typing import Final

from netlib.engine.records import FLOW_BITS, KIND_MASK
from netlib.i18n import N_, _
from netlib.recording.cut import Cut, Row, Tails, calendar
from netlib.recording.database import Database, RecordingError
from netlib.recording.event_json import EVENT
from netlib.recording.newest import Newest
from netlib.recording.page import Page
from netlib.recording.page_reader import PageReader
from netlib.recording.page_table import (
    LARGEST,
    MOST_CHUNKS,
    NO_FLOW,
    SOUND,
    OpenPage,
    PageTable,
    listed,
)
from netlib.recording.paged_search import PageFinder
from netlib.recording.payload import MissingError
from netlib.recording.query import Query
from netlib.recording.tables import UNREADABLE, Blocks, CallHeads, Finder, Flow, Heads, Span
from netlib.teaching.lines import Line

BLOCK_CHUNKS: Final = 1 << 16
"""Chunks that are put in order together at most: more than are ever written at once."""

DAMAGED: Final = N_("rows that cannot be read: the recording contradicts itself here")
MISSING: Final = N_("rows that cannot be read: their bytes are no longer beside the recording")

_ACTIVITIES: Final = f"""
WITH RECURSIVE one(activity) AS (
  SELECT min(activity) FROM page WHERE typeof(activity) = 'integer'
  UNION ALL
  SELECT (SELECT min(activity) FROM page WHERE activity > one.activity AND activity < {LARGEST})
  FROM one WHERE one.activity IS NOT NULL)
SELECT activity, (
  SELECT line + lines FROM page WHERE activity = one.activity AND {SOUND}
  ORDER BY line DESC LIMIT 1)
FROM one WHERE activity IS NOT NULL"""  # noqa: S608
"""From one activity to the next by the index, which is quick in a file of any size."""

_SIZES: Final = f"""
SELECT coalesce(sum(received), 0), coalesce(sum(sent), 0)
FROM page WHERE activity = ? AND {SOUND}"""  # noqa: S608

_SCAN: Final = f"""
WITH seen AS MATERIALIZED (
  SELECT id, activity, line, lines, chunks, number, last, {SOUND} AS sound
  FROM page NOT INDEXED WHERE (?1 IS NULL OR +activity IN (SELECT value FROM json_each(?1))))
SELECT id, sound, CASE WHEN sound THEN lines ELSE 1 END, CASE WHEN sound THEN chunks ELSE 1 END,
  CASE typeof(number) WHEN 'integer' THEN number ELSE 9e18 END AS first,
  CASE WHEN sound THEN last END, activity, line
FROM seen ORDER BY first, id"""  # noqa: S608
"""A row that is no page is one line."""

_SCAN_AFTER: Final = _SCAN.replace("WHERE (", "WHERE id > ?2 AND (", 1)

_IDS: Final = "SELECT id FROM page NOT INDEXED ORDER BY id"
_IDS_AFTER: Final = "SELECT id FROM page NOT INDEXED WHERE id > ? ORDER BY id"
"""In the order of the table itself; an index of a damaged file may have others."""

_LOST_CODE: Final = UNREADABLE << FLOW_BITS


class Paged:
    """The tables `page` and `flow`."""

    def __init__(self, db: Database, path: Path, newest: Newest | None = None) -> None:
        """`newest`: what is in memory, too, of a recording that is being written."""
        self._db = db
        self._table = PageTable(db, path, newest)

    def activities(self) -> Iterator[tuple[int, int]]:
        """Yield each activity and how many lines it has."""
        for activity, last in self._db.rows(_ACTIVITIES):
            if last is not None:
                yield activity, last

    def sizes(self, activity: int) -> tuple[int, int]:
        """Return how many bytes an activity received, and sent."""
        ((received, sent),) = self._db.select(_SIZES, (activity,))
        return received, sent

    def read(self, span: Span, limit: int | None) -> Iterator[Line]:
        """Yield lines; what is trimmed is missing, what is damaged is one row that says so."""
        known: int | None = None
        tails: Tails = {}
        for id, page in self._table.pages(span):
            if known is not None and max(known, span.first) < page.line:
                yield _lost(page, max(known, span.first), DAMAGED)
                tails.clear()
            first = max(span.first, page.line, known or 0)
            last = min(span.last, page.line + page.lines)
            known = page.line + page.lines
            if first < last:
                yield from self._lines(id, page, range(first, last), limit, tails)
        if known is not None and known < span.last:
            later = self._table.after(span.activity, span.last)
            if later is not None:
                yield _lost(later, max(known, span.first), DAMAGED)

    def _lines(
        self, id: int, page: Page, wanted: range, limit: int | None, tails: Tails
    ) -> Iterator[Line]:
        self._db.check_time()
        try:
            opened = self._table.open(id, page)
        except ValueError:
            yield _lost(page, wanted.start, DAMAGED)
            tails.clear()
            return
        first, last = wanted.start - page.line, wanted.stop - page.line
        line_ends = opened.columns.line_ends
        chunks = range(bisect_right(line_ends, first), bisect_left(line_ends, last) + 1)
        for chunk, found in self._page_cuts(opened, chunks, limit, tails):
            line = opened.line(chunk)
            for _index, shown in found.pick(
                range(max(first - line, 0), min(last, line_ends[chunk]) - line), limit
            ):
                yield shown

    def extend(self, blocks: Blocks) -> bool:
        """Look at the head of each page that has come."""
        end, many, before, since = -1, BLOCK_CHUNKS, len(blocks.rows), blocks.after
        self._check_order(since)
        only = listed(blocks.activities)
        new = (_SCAN, (only,)) if blocks.after is None else (_SCAN_AFTER, (only, blocks.after))
        for id, sound, lines, chunks, number, last, activity, line in self._db.rows(*new):
            if id is None or (since is not None and id <= since):  # in a damaged file: for ever
                raise RecordingError(_("its rows are not in order"))
            if not sound or number > end or many + chunks > BLOCK_CHUNKS:
                blocks.starts.append(blocks.total)
                blocks.ends.append(len(blocks.rows))
                end, many = -1, 0
            if sound:
                if blocks.next_lines.get(activity, line) != line:
                    blocks.gaps.add(len(blocks.starts) - 1)
                blocks.next_lines[activity] = line + lines
            blocks.rows.append(id)
            blocks.lines.append(lines)
            blocks.ends[-1] = len(blocks.rows)
            blocks.total += lines
            end, many = max(end, last if sound else -1), many + chunks
            blocks.after = id if blocks.after is None else max(blocks.after, id)
        return len(blocks.rows) > before

    def heads(self, blocks: Blocks, block: int) -> Heads:
        """Return the chunks of a block in their order."""
        pages = self._block_pages(blocks, block)
        if len(pages) == 1:
            opened, lines = pages[0]
            if opened is None:
                return Heads((lines,), (0,), (0,))
            ends = opened.columns.line_ends
            return Heads(ends, range(len(ends)), [opened.page.activity] * len(ends))
        rows = []
        for slot, (opened, lines) in enumerate(pages):
            if opened is None:
                rows.append((0, slot * MOST_CHUNKS, lines, 0))
                continue
            first, activity = opened.page.number, opened.page.activity
            rows += [
                (first + place, slot * MOST_CHUNKS + chunk, end - opened.line(chunk), activity)
                for chunk, (place, end) in enumerate(
                    zip(opened.columns.numbers, opened.columns.line_ends, strict=True)
                )
            ]
        rows.sort()
        return Heads(
            [*accumulate(lines for _number, _key, lines, _activity in rows)],
            [key for _number, key, _lines, _activity in rows],
            [activity for _number, _key, _lines, activity in rows],
        )

    def call_heads(self, blocks: Blocks, block: int) -> CallHeads:
        """Return the chunks of a block in their order, as their page's columns tell them."""
        heads = self.heads(blocks, block)
        pages = [opened for opened, _lines in self._block_pages(blocks, block)]
        found = CallHeads(heads.keys, heads.activities, array("q"), array("b"), array("q"))
        for key in heads.keys:
            opened, chunk = pages[key // MOST_CHUNKS], key % MOST_CHUNKS
            code, size = _LOST_CODE, 0
            if opened is not None:
                code, size = opened.code_and_size(chunk)
            found.flows.append(code >> FLOW_BITS)
            found.kinds.append(code & KIND_MASK)
            found.sizes.append(size)
        return found

    def flow(self, number: int) -> Flow:
        """Return what the table `flow` says."""
        return self._table.flows((number << FLOW_BITS,)).get(number, NO_FLOW)

    def cuts(
        self, blocks: Blocks, block: int, keys: Sequence[int], limit: int | None
    ) -> dict[int, Cut]:
        """Return chunks of a block by their keys."""
        wanted: dict[int, list[int]] = {}
        for key in sorted(keys):
            wanted.setdefault(key // MOST_CHUNKS, []).append(key % MOST_CHUNKS)
        found: dict[int, Cut] = {}
        pages = self._block_pages(blocks, block)
        for slot, chunks in wanted.items():
            opened, first = pages[slot][0], slot * MOST_CHUNKS
            if opened is None:
                found[first] = Cut(_lost_row(None, 0, DAMAGED))
            else:
                some = self._page_cuts(opened, chunks, limit)
                found |= {first + chunk: one for chunk, one in some}
        return found

    def finder(self, query: Query) -> Finder:
        """Return what looks for a query here."""
        return PageFinder(self._table, query, self.read)

    def close(self) -> None:
        """Let the segments go."""
        self._table.close()

    # -- inside ----------------------------------------------------------------------------------

    def _check_order(self, after: int | None) -> None:
        """See that rows come once. In a damaged file they may come again without end.

        To sort them, as is done next, would then take all the room there is.
        """
        ids = self._db.rows(_IDS) if after is None else self._db.rows(_IDS_AFTER, (after,))
        for (id,) in ids:
            if after is not None and id <= after:
                raise RecordingError(_("its rows are not in order"))
            after = id

    def _block_pages(self, blocks: Blocks, block: int) -> list[tuple[OpenPage | None, int]]:
        """Return the pages of a block and their lines; None: damaged, or gone."""
        pages: list[tuple[OpenPage | None, int]] = []
        rows = blocks.rows_of(block)
        found = self._table.by_number([id for id, _lines in rows])
        for id, lines in rows:
            page, opened = found.get(id), None
            if page is not None and page.lines == lines:
                with contextlib.suppress(ValueError):
                    opened = self._table.open(id, page)
            pages.append((opened, lines))
        return pages

    def _page_cuts(
        self,
        opened: OpenPage,
        chunks: Sequence[int],
        limit: int | None,
        tails: Tails | None = None,
    ) -> Iterator[tuple[int, Cut]]:
        """Yield some chunks of a page, ascending, with what was left unfinished before each.

        `tails`: what some streams left unfinished before the page, then what at its end.
        """
        try:
            payload = self._table.payload(opened.id, opened.page)
            yield from PageReader(self._table, opened, payload, tails).cuts(chunks, limit)
        except MissingError:
            row = opened.row(chunks[0], NO_FLOW, b"")
            yield chunks[0], Cut(row._replace(kind=EVENT, size=0, lost=MISSING))


def _lost_row(page: Page | None, line: int, why: str) -> Row:
    """Return the row that stands where lines cannot be read."""
    at = 0 if page is None else page.at
    wall = 0.0 if page is None else calendar((at + page.wall) / 1e6)
    return Row(wall, at / 1e6, 0, EVENT, None, line, b"", 0, why)


def _lost(page: Page | None, line: int, why: str) -> Line:
    ((_index, shown),) = Cut(_lost_row(page, line, why)).pick((0,))
    return shown
