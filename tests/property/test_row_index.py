"""Several activities as one list: no position is lost, none comes twice."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netlib.recording.row_index import RowIndex, Span

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


def test_what_is_read_along_is_little() -> None:
    index = RowIndex([Span(1, 0, 1000)])
    read = [batch.span for batch in index.batches([0, 5, 900], 1000)]
    assert read == [Span(1, 0, 6), Span(1, 900, 901)]


def test_late_rows_of_a_first_activity_stand_behind_those_of_a_second() -> None:
    index = RowIndex()
    assert index.extend([(1, 2)])
    assert index.extend([(1, 2), (2, 1)])
    assert index.extend([(1, 3), (2, 1)])
    assert not index.extend([(1, 3), (2, 1)])
    assert index.spans() == (Span(1, 0, 2), Span(2, 0, 1), Span(1, 2, 3))


@pytest.mark.parametrize("positions", [range(3, 9), [-1], [4]])
def test_positions_that_there_are_not_are_refused(positions: range | list[int]) -> None:
    with pytest.raises(ValueError, match="of 4 lines"):
        list(RowIndex([Span(1, 0, 4)]).batches(positions, 10))
