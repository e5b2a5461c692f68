"""The chunks of a page, with what was left unfinished before each, in this page and before it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from netlib.engine.records import FLOW_BITS, KIND_MASK
from netlib.recording.cut import CARRY_BYTES, CARRY_LINES, Cut, Tails, Way, cut, is_stream
from netlib.recording.event_json import EVENT
from netlib.recording.page_table import KINDS, NO_FLOW, OpenPage, PageTable
from netlib.recording.payload import Payload
from netlib.recording.tables import Flow

KNOWN_STREAMS: Final = 64
"""Of so many streams is remembered from page to page what they left unfinished."""


class PageReader:
    """Cuts the chunks of one page."""

    def __init__(
        self, table: PageTable, opened: OpenPage, payload: Payload, known: Tails | None = None
    ) -> None:
        """`known`: what some streams left unfinished before this page, then what at its end."""
        self._table, self.opened, self._payload = table, opened, payload
        self._known: Tails = {} if known is None else known

    def cuts(self, chunks: Sequence[int], limit: int | None) -> Iterator[tuple[int, Cut]]:
        """Yield some chunks, ascending."""
        codes, ends = self.opened.columns.codes, self.opened.columns.ends
        first, last = chunks[0], chunks[-1]
        start, stop = self.opened.start(first), ends[last]
        if limit is None or stop - start <= 2 * limit * len(chunks):
            self._payload.hold(start, stop)
        among = {*codes[first : last + 1]}
        flows = self._table.flows(among)
        ways = {code: _way(code, flows) for code in among}
        streams = {way for chunk in chunks if (way := ways[codes[chunk]]) is not None}
        tails: Tails | None = None
        wanted = chunks if isinstance(chunks, range) else {*chunks}
        for chunk in range(first, last + 1):
            way = ways[codes[chunk]]
            if chunk not in wanted and (tails is None or way not in streams):
                continue
            if way is not None and tails is None:  # one look back; now they follow the chunks
                tails = self._tails(chunk, streams, {} if first else self._known)
            found = self._cut(chunk, flows, tails, limit)
            if chunk in wanted:
                yield chunk, found
        if len(self._known) > KNOWN_STREAMS:
            self._known.clear()
        self._known |= tails or {}

    def _cut(
        self, chunk: int, flows: Mapping[int, Flow], tails: Tails | None, limit: int | None
    ) -> Cut:
        opened, columns = self.opened, self.opened.columns
        flow = flows.get(columns.codes[chunk] >> FLOW_BITS, NO_FLOW)
        start, stop = columns.ends[chunk - 1] if chunk else 0, columns.ends[chunk]
        if limit is None or stop - start <= limit or not self._may_be_short(chunk):
            data = self._payload.part(start, stop)
            return cut(opened.row(chunk, flow, data), {} if tails is None else tails)
        row = opened.row(chunk, flow, self._payload.part(start, start + limit))
        if not row.in_stream or tails is None:
            return Cut(row)
        return cut(row, tails, self._payload.part(max(start, stop - CARRY_BYTES), stop))

    def _may_be_short(self, chunk: int) -> bool:
        """Tell whether its beginning is enough of a chunk: it is one line, and no event."""
        columns = self.opened.columns
        one = columns.line_ends[chunk] - self.opened.line(chunk) == 1
        return one and KINDS[columns.codes[chunk] & KIND_MASK] != EVENT

    def _tails(self, chunk: int, streams: set[Way], known: Tails) -> Tails:
        """Return what streams had left unfinished before a chunk, in this page and before it."""
        tails: Tails = dict.fromkeys(streams, b"")
        tails |= {way: known[way] for way in streams & known.keys()}
        asked = streams - known.keys()
        oldest = self.opened.page.line + self.opened.line(chunk) - CARRY_LINES
        reader: PageReader | None = self
        while reader is not None and asked:
            chunk = reader.look_back(chunk, oldest, asked, tails)
            opened = None if chunk or not asked else self._table.before(reader.opened)
            if opened is None or opened.page.line + opened.page.lines <= oldest:
                break
            payload = self._table.payload(opened.id, opened.page)
            reader, chunk = PageReader(self._table, opened, payload), opened.page.chunks
        return tails

    def look_back(self, chunk: int, oldest: int, asked: set[Way], tails: Tails) -> int:
        """Put before `tails` what chunks before one had; return the chunk where that ended."""
        opened, columns = self.opened, self.opened.columns
        first = bisect_right(columns.line_ends, oldest - opened.page.line)
        codes = columns.codes[first:chunk]
        flows = self._table.flows(codes)
        whose = {connection for connection, _kind in asked}
        theirs = {
            number
            for number in {code >> FLOW_BITS for code in codes}
            if flows.get(number, NO_FLOW)[0] in whose
        }
        while chunk > first and asked:
            chunk -= 1
            code = codes[chunk - first]
            if code >> FLOW_BITS not in theirs:  # most are others': one look at each is enough
                continue
            way = _way(code, flows)
            if way is None or way not in asked:
                continue
            stop = columns.ends[chunk]
            start = max(opened.start(chunk), stop - CARRY_BYTES)
            data = self._payload.part(start, stop)
            tails[way] = _joined(data, tails[way])
            if b"\n" in data or len(tails[way]) >= CARRY_BYTES:
                asked.discard(way)
        return chunk


def _joined(data: bytes, tail: bytes) -> bytes:
    """Return the unfinished line of a stream that goes on with `tail`, which has no line feed."""
    return (data[data.rfind(b"\n") + 1 :] + tail)[-CARRY_BYTES:]


def _way(code: int, flows: Mapping[int, Flow]) -> Way | None:
    """Return the stream that a chunk is part of; None: of none."""
    connection, kind = flows.get(code >> FLOW_BITS, NO_FLOW)[0], KINDS[code & KIND_MASK]
    return (connection, kind) if is_stream(connection, kind) else None
