"""A search finds exactly what one finds who reads every line."""

from __future__ import annotations

from contextlib import closing

from hypothesis import given
from hypothesis import strategies as st

from netlib.events import Chunk, Direction
from netlib.recording.query import Query
from netlib.recording.reader import Recording
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
