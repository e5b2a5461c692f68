"""A search finds exactly what one finds who reads every line."""

from __future__ import annotations

from contextlib import closing

from hypothesis import given
from hypothesis import strategies as st

from netlib.events import Chunk, Direction
from netlib.recording.query import Query
from netlib.recording.reader import Recording
from netlib.recording.row_index import RowIndex, Span
from netlib.recording.search import find
from tests.recordings import all_lines, chunk, recorded, spans

LETTERS = "aAbK好你é\n"
words = st.text(LETTERS, max_size=8)
needles = st.text(LETTERS.replace("\n", ""), min_size=1, max_size=2)
chunks = st.lists(
    st.builds(
        chunk,
        words.map(str.encode) | st.binary(max_size=6),
        st.sampled_from(Direction),
        activity=st.integers(1, 2),
        connection=st.integers(0, 2),
    ),
    max_size=12,
)


def small(text: str) -> bytes:
    return text.encode().lower()


@given(chunks, needles, st.frozensets(st.sampled_from(Direction)), st.integers(0, 2))
def test_a_search_finds_what_reading_everything_finds(
    items: list[Chunk], text: str, kinds: frozenset[int], connection: int
) -> None:
    with recorded(items) as path:
        query = Query(text=text, kinds=kinds, connection=connection)
        with closing(Recording(path)) as recording:
            found = list(find(recording, spans(path), query))
        expected = [
            position
            for position, line in enumerate(all_lines(path))
            if small(text) in line.data.lower()
            and (not kinds or line.kind in kinds)
            and connection in (0, line.connection)
        ]
    assert found == expected


pieces = st.lists(st.tuples(st.integers(1, 3), st.integers(0, 5)), max_size=10)


@given(pieces, st.data(), st.integers(1, 7))
def test_positions_are_read_in_runs_that_miss_none(
    grown: list[tuple[int, int]], data: st.DataObject, size: int
) -> None:
    index, known, places = RowIndex(), dict[int, int](), list[tuple[int, int]]()
    for activity, more in grown:
        first = known.get(activity, 0)
        known[activity] = first + more
        places += [(activity, line) for line in range(first, first + more)]
        index.extend(known.items())
    every = range(index.total)
    assert len(every) == len(places)
    some = data.draw(st.lists(st.sampled_from(every), unique=True).map(sorted)) if places else []
    for positions in (every, some):
        read = []
        for span, shift, wanted in index.batches(positions, size):
            assert span.last - span.first <= size
            read += [(position, span.activity, position - shift) for position in wanted]
            assert all(span.first <= position - shift < span.last for position in wanted)
        assert read == [(position, *places[position]) for position in positions]
    assert sum(span.last - span.first for span in index.spans()) == index.total
    assert all(isinstance(span, Span) for span in index.spans())
