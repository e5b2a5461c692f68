"""Columns of a page: any number, at any place."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from netlib.recording.page import column, read_column


@given(st.lists(st.integers(0, 2**64 - 1)))
def test_a_column_reads_as_it_was_written(numbers: list[int]) -> None:
    assert list(read_column(column(numbers), len(numbers))) == numbers
