"""What is packed into pages is what was put, in its order, whoever it belongs to."""

from __future__ import annotations

import sqlite3
import tempfile
from contextlib import closing
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from hypothesis import given, settings
from hypothesis import strategies as st

from netlib.address import Endpoint
from netlib.engine.records import (
    EVENT,
    FLOW_BITS,
    KIND_MASK,
    NEW_FLOW,
    PLAIN_RECEIVED,
    PLAIN_SENT,
    RECEIVED,
    SENT,
    WIRE_RECEIVED,
    WIRE_SENT,
    Record,
    new_flow,
)
from netlib.events import ActivityStopped, Closed, CloseReason, Event, Named
from netlib.recording.event_json import to_json
from netlib.recording.excerpt import EDGE
from netlib.recording.journal import Journal
from netlib.recording.packer import Packer
from netlib.recording.page import PAGE_BYTES, PAGE_CHUNKS, Page, columns, read_column
from netlib.recording.schema import segment_path

WIRE = (WIRE_RECEIVED, WIRE_SENT)
PLAIN = (PLAIN_RECEIVED, PLAIN_SENT)

data = st.one_of(
    st.binary(max_size=20),
    st.sampled_from([b"", b"\n", b"a\n", b"a\nb\n", b"a\nb", "你好\n".encode()]),
    st.builds(
        lambda size, one: one * size, st.integers(1500, 70_000), st.sampled_from([b"x", b"\n"])
    ),
)


class Put(NamedTuple):
    """Something that happens to one of the peers."""

    who: int
    kind: int
    data: bytes
    later: int
    """Microseconds after what happened before; less than 0: by another engine's clock."""


puts = st.lists(
    st.builds(
        Put,
        st.integers(0, 4),
        st.sampled_from([EVENT, RECEIVED, SENT, *WIRE, *PLAIN]),
        data,
        st.integers(-5, 100_000),
    ),
    max_size=60,
)


class Stage:
    """Five peers of three activities: what is put of them, and what must be recorded then."""

    def __init__(self) -> None:
        self.now = 1_000_000
        self.flows = [
            new_flow(
                1 + who % 3, 10 + who if who else 0, Endpoint("10.0.0.1", who), layered=who > 2
            )
            for who in range(5)
        ]
        self.records: list[Record] = [(0, NEW_FLOW, flow) for flow in self.flows]
        self.wanted: list[tuple[int, int, bytes]] = []
        """Flow or (events) activity, kind, bytes."""

    def put(self, one: Put) -> None:
        """Let something happen."""
        flow = self.flows[one.who]
        self.now += one.later
        if one.kind == EVENT:
            event: Event = Named(
                at=self.now / 1e6, activity=flow.activity, connection=flow.connection, name="x"
            )
            self.records.append((0, EVENT, event))
            self.wanted.append((flow.activity, EVENT, to_json(event).encode()))
            return
        kind = one.kind if one.who > 2 or one.kind <= SENT else one.kind % 2 or 2
        self.records.append((self.now, flow.number << FLOW_BITS | kind, one.data))
        self.wanted.append((flow.number, kind, one.data))


def staged(happened: list[Put]) -> Stage:
    stage = Stage()
    for one in happened:
        stage.put(one)
    return stage


Found = tuple[int, int, int, int, int, int, bytes]
"""Number, time, activity, code, line, lines, bytes."""


def found(page: Page, payload: bytes) -> list[Found]:
    """Return what a page holds, read by its description alone."""
    columns(page)  # nothing contradicts itself
    count = page.chunks
    ends, codes, times = (read_column(one, count) for one in (page.ends, page.codes, page.times))
    line_ends = (
        range(1, count + 1) if page.line_ends is None else read_column(page.line_ends, count)
    )
    numbers = range(count) if page.numbers is None else read_column(page.numbers, count)
    rows, start, line = [], 0, 0
    for end, code, at, until, number in zip(ends, codes, times, line_ends, numbers, strict=True):
        where = (page.number + number, page.at + at, page.activity, code, page.line + line)
        rows.append((*where, until - line, payload[start:end]))
        start, line = end, until
    return rows


def check(rows: list[Found], stage: Stage) -> None:
    """Compare what is in pages with what was put."""
    rows.sort()
    assert [row[0] for row in rows] == list(range(len(stage.wanted)))
    assert all(before[1] <= after[1] for before, after in pairwise(rows))
    for row, (whose, kind, payload) in zip(rows, stage.wanted, strict=True):
        assert (row[3] & KIND_MASK, row[6]) == (kind, payload)
        assert whose == (row[2] if kind == EVENT else row[3] >> FLOW_BITS)
        one_line = kind == EVENT or kind in WIRE
        assert row[5] == (1 if one_line else payload.count(b"\n") + (payload[-1:] != b"\n"))
    for activity in {row[2] for row in rows}:
        next_line = 0
        for row in rows:
            if row[2] == activity:
                assert row[4] == next_line
                next_line += row[5]


@given(puts, st.lists(st.integers(0, 60), max_size=4))
def test_pages_hold_what_was_put_in_its_order(happened: list[Put], cuts: list[int]) -> None:
    stage, packer = staged(happened), Packer()
    places = sorted({0, *(min(cut, len(stage.records)) for cut in cuts), len(stage.records)})
    rows: list[Found] = []
    flows: dict[int, tuple[int, int, str | None]] = {}
    for start, stop in pairwise(places):
        pack = packer.pack([part for record in stage.records[start:stop] for part in record])
        flows |= {number: rest for number, *rest in pack.flows}  # type: ignore[misc]
        for page, pieces, *_rest in pack.pages:
            payload = b"".join(pieces)
            assert page.size == len(payload)
            assert page.chunks <= PAGE_CHUNKS
            assert page.size <= PAGE_BYTES or page.chunks == 1
            some = found(page, payload)
            by_kind = [(row[3] & KIND_MASK, len(row[6])) for row in some]
            assert page.received == sum(n for kind, n in by_kind if kind in (1, WIRE_RECEIVED))
            assert page.sent == sum(n for kind, n in by_kind if kind in (2, WIRE_SENT))
            assert all(flows[row[3] >> FLOW_BITS][0] == page.activity for row in some)
            rows += some
    check(rows, stage)


@given(puts, st.sets(st.integers(0, 60)), st.booleans())
@settings(max_examples=40)
def test_a_journal_writes_it_all_whatever_is_packed_when(
    happened: list[Put], turns: set[int], segmented: bool
) -> None:
    stage = staged(happened)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "r")
        journal = Journal(path, segmented=segmented)
        size = 0
        for number, (at, code, payload) in enumerate(stage.records):
            journal.put((at, code, payload))
            size += len(payload) if isinstance(payload, bytes) else 0
            if number in turns:
                assert not journal.end_turn(size)
                size = 0
        assert journal.flush()
        totals = dict(journal.lines), dict(journal.recorded)
        assert journal.close()
        rows = read_back(
            path, [one for activity in totals[0] for one in journal.newest.pages(activity)]
        )
    check(rows, stage)
    crossed = {1: 0, 2: 0}
    for _whose, kind, payload in stage.wanted:
        if kind in (RECEIVED, SENT, *WIRE):
            crossed[2 - kind % 2] += len(payload)
    lines = {activity: max(r[4] + r[5] for r in rows if r[2] == activity) for activity in totals[0]}
    assert totals == (lines, crossed)
    assert journal.dropped == {1: 0, 2: 0}


def read_back(path: Path, newest: list[Page]) -> list[Found]:
    """Return what is in a file; what is in memory must be the same."""
    rows: list[Found] = []
    with closing(sqlite3.connect(path)) as db:
        known = {number for (number,) in db.execute("SELECT id FROM flow")}
        for _id, *row in db.execute("SELECT * FROM page"):
            page = Page._make(row)
            some = found(page, payload_of(path, page))
            for one in newest:
                if (one.activity, one.line) == (page.activity, page.line):
                    assert found(one, payload_of(path, one)) == some
            rows += some
    assert {row[3] >> FLOW_BITS for row in rows} <= known
    return rows


def payload_of(path: Path, page: Page) -> bytes:
    if isinstance(page.data, bytes):
        return page.data
    assert page.segment is not None
    file = segment_path(path, page.segment).read_bytes()
    assert len(file) >= page.offset + page.size
    payload = file[page.offset : page.offset + page.size]
    if page.data is not None:
        for start, end in pairwise([0, *columns(page).ends]):
            for part in ((start, min(start + EDGE, end)), (max(start, end - EDGE), end)):
                assert page.data.part(*part) == payload[slice(*part)]
    return payload


@given(puts)
def test_flows_that_have_ended_are_told_once_and_come_in_no_later_page(happened: list[Put]) -> None:
    stage, packer = staged(happened), Packer()
    for flow in stage.flows[1:]:
        reason = CloseReason.BY_PEER
        where = {"at": stage.now / 1e6, "activity": flow.activity}
        closed = Closed(**where, connection=flow.connection, reason=reason)  # type: ignore[arg-type]
        stage.records.append((0, EVENT, closed))
    stage.records += [(0, EVENT, ActivityStopped(at=2.0, activity=number)) for number in (1, 2, 3)]
    stage.records.append((0, NEW_FLOW, stage.flows[0]._replace(ended=True)))
    pack = packer.pack([part for record in stage.records for part in record])
    assert sorted(pack.ended) == sorted(number for number, *_rest in pack.flows)
