"""A search finds exactly what one finds who reads every line."""

from __future__ import annotations

import tempfile
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netlib.events import Idle
from netlib.recording import matching
from netlib.recording.event_json import EVENT, to_json
from netlib.recording.query import Query
from netlib.recording.reader import Recording
from netlib.recording.row_index import Span
from netlib.recording.search import find
from netlib.recording.timeline import Timeline
from netlib.teaching.lines import WIRE, Line, decoded
from netlib.teaching.narrate import describe
from tests.pages import Chunk, write_either

LETTERS = "aAbK好你é\n"
words = st.text(LETTERS, max_size=8)
needles = st.text(LETTERS.replace("\n", ""), min_size=1, max_size=2)
idle = to_json(Idle(at=1.0, activity=1, connection=1, seconds=60.0)).encode()
chunks = st.lists(
    st.builds(
        Chunk,
        words.map(str.encode) | words.map(lambda text: text.encode("gbk")) | st.binary(max_size=6),
        st.integers(1, 6),
        st.integers(1, 2),
        st.integers(0, 2),
        st.sampled_from([None, "[::1]:7", "10.0.0.1:8080 Ada"]),
    )
    | st.builds(Chunk, st.just(idle), st.just(EVENT), st.integers(1, 2), st.integers(0, 2)),
    max_size=12,
).map(lambda some: [chunk._replace(at=at * 1_000_000) for at, chunk in enumerate(some)])
queries = st.builds(
    Query,
    text=st.just("") | needles | st.sampled_from(["received", "60 S"]),
    encoding=st.sampled_from(["utf-8", "gbk"]),
    hex=st.just(b"") | st.binary(min_size=1, max_size=2) | st.sampled_from([b"a", b"\n"]),
    peer=st.sampled_from(["", "", "ADA", "::1"]),
    kinds=st.frozensets(st.integers(0, 2)),
    since=st.none() | st.integers(0, 9).map(lambda second: 1.7e9 + second),
    until=st.none() | st.integers(0, 9).map(lambda second: 1.7e9 + second),
    connection=st.integers(0, 2),
)


@pytest.fixture(autouse=True)
def small_slices(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(matching, "SLICE_BYTES", 5)


def small(text: str) -> str:
    return matching.small(text)


def matches(line: Line, chunk: list[Line], query: Query) -> bool:
    """Compare a line, one of those of its chunk, with a query as slowly as can be."""
    peer = f"{line.peer} {line.name}" if line.name else line.peer or ""
    if not (
        (not query.kinds or line.kind in query.kinds)
        and query.connection in (0, line.connection)
        and small(query.peer) in small(peer)
        and (query.since is None or line.wall >= query.since)
        and (query.until is None or line.wall < query.until)
    ):
        return False
    if line.event is not None:
        return not query.hex and small(query.text) in small(describe(line.event))
    data = b"".join(one.data for one in chunk[chunk.index(line) :])
    if query.hex and not 0 <= data.find(query.hex) < max(len(line.data), 1):
        return False
    if not query.text:
        return True
    encoded = query.text.encode(query.encoding).lower()
    whole = line.kind <= WIRE and encoded in line.data.lower()
    if query.encoding == "gbk" and whole:
        return small(query.text) in small(decoded(line, "gbk"))
    return whole


@given(chunks, queries, st.integers(0, 1 << 30))
def test_a_search_finds_what_reading_everything_finds(
    some: list[Chunk], query: Query, seed: int
) -> None:
    try:
        query.text.encode(query.encoding)
    except UnicodeEncodeError:
        return
    with tempfile.TemporaryDirectory() as folder:
        path = write_either(Path(folder, "recording"), some, seed)
        with closing(Recording(path)) as recording:
            spans = [Span(number, 0, rows) for number, rows in recording.activities().items()]
            order = Timeline(recording)
            by_time = [one.line for one in order.lines(recording, range(order.total))]
            for rows, lines in (
                ([line for span in spans for line in recording.read(*span)], spans),
                (by_time, order),
            ):
                wanted = []
                for position, line in enumerate(rows):
                    chunk = [
                        one
                        for one in rows
                        if (one.wall, one.connection, one.kind)
                        == (line.wall, line.connection, line.kind)
                    ]
                    if matches(line, chunk, query):
                        wanted.append(position)
                assert [*find(recording, lines, query)] == wanted
