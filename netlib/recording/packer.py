"""From records to pages: the engine's turn packs what it has put, in loops that run in C.

The hot path of a recording: some hundred nanoseconds a chunk. What is said of single chunks here
runs for events and new flows only, of which there are few.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import accumulate, compress, repeat
from operator import and_, itemgetter, rshift, sub
from typing import Any, Final

from netlib.engine.records import (
    EVENT,
    FLOW_BITS,
    KIND_MASK,
    NEW_FLOW,
    NO_CHUNK,
    RECEIVED,
    SENT,
    WIRE_RECEIVED,
    WIRE_SENT,
    Flow,
    new_flow,
)
from netlib.events import ActivityStopped, Closed, Event
from netlib.recording.event_json import to_json
from netlib.recording.page import PAGE_BYTES, PAGE_CHUNKS, Page, column
from netlib.system.clock import wall_clock
from netlib.text import count_lf
from netlib.value import NamedTuple

SPARSE_BYTES: Final = 2048
"""Chunks longer than this on average are not joined: they are written as they lie in memory."""

LF: Final = b"\n"

_ENDS: Final = frozenset({Closed, ActivityStopped})

FlowRow = tuple[int, int, int, str | None]
"""A row of the table `flow`."""

_last_byte = itemgetter(-1)


class Packed(NamedTuple):
    """A page and its payload, not in it yet."""

    page: Page
    pieces: Sequence[bytes]
    joined: bool
    """Its chunks are short: they have become one piece."""


class _Chunks(NamedTuple):
    """Columns of what is to be packed."""

    times: list[int]
    codes: list[int]
    datas: list[Any]
    numbers: Sequence[int]
    """Places in the order of all that is packed at once."""


class Pack(NamedTuple):
    """What became of the records of one go."""

    pages: list[Packed]
    flows: list[FlowRow]
    """Flows that come in these pages first."""
    ended: list[int]
    """Flows that come in no later pages."""


class _Flows:
    """Which flows there are, and whose events belong to which."""

    def __init__(self) -> None:
        self.activities: dict[int, int] = {}
        """The activity of each flow that may still be used."""
        self.layered = False
        """Whether any has TLS: then not every byte crossed the wire as it is."""
        self.rows: list[FlowRow] = []
        self.ended: list[int] = []
        self._of_connection: dict[tuple[int, int], list[int]] = {}
        """The flows of each connection, the last one being that in use; of 0 the activity's own."""

    def hear(self, flow: Flow) -> None:
        """Take in what was told of a flow."""
        number, activity, connection, where, name, layered, ended = flow
        if ended:
            self.ended.append(number)
            return
        if layered:
            self.layered = True
        self.activities[number] = activity
        peer = None if where is None else str(where)
        if name:
            peer = f"{peer or ''} {name}"
        self.rows.append((number, activity, connection, peer))
        if connection:
            self._of_connection.setdefault((activity, connection), []).append(number)

    def of(self, event: Event) -> int:
        """Return the flow of an event; it ends with what ends a connection or an activity."""
        whose = (event.activity, getattr(event, "connection", 0))
        flows = self._of_connection.get(whose)
        if flows is None:
            flow = new_flow(*whose, None)
            self.activities[flow.number] = event.activity
            self.rows.append((flow.number, *whose, None))
            flows = self._of_connection[whose] = [flow.number]
        if type(event) in _ENDS:
            self.ended += self._of_connection.pop(whose)
        return flows[-1]

    def forget_ended(self) -> list[int]:
        """Return the flows that have ended, and know them no longer."""
        ended, self.ended = self.ended, []
        for number in ended:
            self.activities.pop(number, None)
        return ended


class Packer:
    """Turns records into pages; one thread at a time."""

    def __init__(self) -> None:
        self._flows = _Flows()
        self._next_line: dict[int, int] = {}
        self._number = 0
        """Place of the next chunk in the order of all that happened."""
        self._latest = 0
        """Time of the last one."""
        self._has_events = False

    def pack(self, log: list[Any]) -> Pack:
        """Return pages of records; in the log time, code and data stand one after the other."""
        times, codes, datas = log[0::3], log[1::3], log[2::3]
        self._has_events = EVENT in codes
        if self._has_events or NEW_FLOW in codes:
            times, codes, datas = self._resolve(times, codes, datas)
        pages = list(self._pages(times, codes, datas)) if codes else []
        self._number += len(codes)
        flows, self._flows.rows = self._flows.rows, []
        return Pack(pages, flows, self._flows.forget_ended())

    def _resolve(self, times: list[int], codes: list[int], datas: list[Any]) -> list[list[Any]]:
        """Give events their flow, time and text; take in flows, and take them out of the list."""
        flow_of, hear = self._flows.of, self._flows.hear
        for index in list(compress(range(len(codes)), map(NO_CHUNK.__contains__, codes))):
            what = datas[index]
            if codes[index] == NEW_FLOW:
                hear(what)
            else:
                codes[index] = flow_of(what) << FLOW_BITS
                times[index] = round(what.at * 1e6)
                datas[index] = to_json(what).encode()
        if NEW_FLOW not in codes:
            return [times, codes, datas]
        kept = list(map(NEW_FLOW.__ne__, codes))
        return [list(compress(column, kept)) for column in (times, codes, datas)]

    def _pages(self, times: list[int], codes: list[int], datas: list[Any]) -> Iterable[Packed]:
        # Time never goes back: not from one engine to the other, nor where an event tells its own.
        if times[0] < self._latest or times != sorted(times):
            times = list(accumulate(times, max, initial=self._latest))[1:]
        self._latest = times[-1]
        activities = self._flows.activities
        owners = set(map(activities.__getitem__, map(rshift, set(codes), repeat(FLOW_BITS))))
        if len(owners) == 1:
            everything = _Chunks(times, codes, datas, range(len(codes)))
            yield from self._cut(owners.pop(), everything)
            return
        sorted_out = {owner: ([], [], [], []) for owner in owners}  # type: ignore[var-annotated]
        for number, (at, code, data) in enumerate(zip(times, codes, datas, strict=True)):
            own = sorted_out[activities[code >> FLOW_BITS]]
            own[0].append(at)
            own[1].append(code)
            own[2].append(data)
            own[3].append(number)
        for owner, columns in sorted_out.items():
            yield from self._cut(owner, _Chunks._make(columns))

    def _cut(self, activity: int, chunks: _Chunks) -> Iterable[Packed]:
        """Yield pages of what came in one activity."""
        sizes = list(map(len, chunks.datas))
        for start, stop in _cuts(sizes):
            part = slice(start, stop)
            page = _Chunks._make(column[part] for column in chunks)
            yield self._page(activity, page, sizes[part])

    def _page(self, activity: int, chunks: _Chunks, sizes: list[int]) -> Packed:
        times, codes, datas, numbers = chunks
        count, ends = len(codes), list(accumulate(sizes))
        joined = ends[-1] <= SPARSE_BYTES * count
        pieces = [b"".join(datas)] if joined else datas
        line_ends = self._line_ends(chunks, sizes, pieces)
        lines = count if line_ends is None else line_ends[-1]
        line = self._next_line.get(activity, 0)
        self._next_line[activity] = line + lines
        received, sent = self._crossed(codes, sizes, ends[-1])
        at, number = times[0], numbers[0]
        in_a_row = numbers[-1] - number == count - 1
        page = Page(
            activity=activity,
            line=line,
            lines=lines,
            chunks=count,
            number=self._number + number,
            last=self._number + numbers[-1],
            at=at,
            until=times[-1],
            wall=round(wall_clock.offset() * 1e6),
            received=received,
            sent=sent,
            size=ends[-1],
            segment=None,
            offset=0,
            times=column(list(map(sub, times, repeat(at)))),
            codes=column(codes),
            ends=column(ends),
            line_ends=None if line_ends is None else column(line_ends),
            numbers=None if in_a_row else column([place - number for place in numbers]),
        )
        return Packed(page, pieces, joined)

    def _line_ends(
        self, chunks: _Chunks, sizes: list[int], pieces: Sequence[bytes]
    ) -> list[int] | None:
        """Return how many lines there are up to the end of each chunk; None: each is one."""
        if len(pieces) == 1 and 0 not in sizes and not self._flows.layered:
            unended = len(sizes) - bytes(map(_last_byte, chunks.datas)).count(LF)
            if pieces[0].count(LF) + unended == len(sizes):  # and no chunk has less than one
                return None
        lines = _lines_in_layers if self._flows.layered else _lines
        return list(accumulate(map(lines, chunks.datas, chunks.codes)))

    def _crossed(self, codes: list[int], sizes: list[int], total: int) -> tuple[int, int]:
        """Return how many bytes crossed the wire to us, and from us."""
        if self._flows.layered:
            both = [0] * (KIND_MASK + 1)
            for code, size in zip(codes, sizes, strict=True):
                both[code & KIND_MASK] += size
            return both[RECEIVED] + both[WIRE_RECEIVED], both[SENT] + both[WIRE_SENT]
        received = sum(compress(sizes, map(and_, codes, repeat(RECEIVED))))
        if not self._has_events:
            return received, total - received
        return received, sum(compress(sizes, map(and_, codes, repeat(SENT))))


def _cuts(sizes: list[int]) -> Iterable[tuple[int, int]]:
    """Yield from where to where to cut chunks of these sizes into pages."""
    if len(sizes) <= PAGE_CHUNKS and sum(sizes) <= PAGE_BYTES:
        yield 0, len(sizes)
        return
    start = size = 0
    for index, one in enumerate(sizes):
        if index > start and (size + one > PAGE_BYTES or index - start == PAGE_CHUNKS):
            yield start, index
            start, size = index, 0
        size += one
    yield start, len(sizes)


def _lines(data: bytes, _code: int) -> int:
    """Return how many lines a chunk has: one for every LF, and one for what follows the last."""
    return count_lf(data) + (data[-1:] != LF)


def _lines_in_layers(data: bytes, code: int) -> int:
    """Return the same where there is ciphertext, too, which is one line whatever is in it."""
    return 1 if code & KIND_MASK in (WIRE_RECEIVED, WIRE_SENT) else _lines(data, code)
