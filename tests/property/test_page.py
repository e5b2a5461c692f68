"""The columns of a page: what went in comes out, and what contradicts itself does not pass."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netlib.recording.page import Page, column, columns, read_column
from tests.pages import Chunk, Flows, pages

numbers = st.lists(st.integers(0, (1 << 32) - 1) | st.integers(0, (1 << 64) - 1), min_size=1)


@given(numbers)
def test_a_column_comes_back(some: list[int]) -> None:
    packed = column(some)
    assert [*read_column(packed, len(some))] == some
    width = 4 if max(some) < 1 << 32 else 8
    assert packed == b"".join(number.to_bytes(width, "little") for number in some)


@given(st.binary(max_size=40), st.integers(1, 5))
def test_bytes_of_another_length_are_no_column(packed: bytes, count: int) -> None:
    if len(packed) not in (4 * count, 8 * count):
        with pytest.raises(ValueError):
            read_column(packed, count)


def one_page() -> Page:
    chunks = [Chunk(b"one\ntwo\n", at=5), Chunk(b"", at=6), Chunk(b"three", at=9)]
    (page,) = pages(chunks, iter([3]), 9, Flows())
    return page


@pytest.mark.parametrize(
    "wrong",
    [
        {"chunks": 0},
        {"chunks": 2},
        {"size": 12},
        {"lines": 5},
        {"last": 3},
        {"times": column([0, 4, 1])},
        {"ends": column([8, 7, 13])},
        {"line_ends": column([2, 2, 4])},
        {"line_ends": column([0, 3, 4])},
        {"line_ends": column([9, 90, 900]), "lines": 900},
        {"numbers": column([0, 0, 2])},
        {"codes": b""},
    ],
)
def test_a_page_that_contradicts_itself_is_refused(wrong: dict[str, Any]) -> None:
    page = one_page()
    assert [*columns(page).line_ends] == [2, 3, 4]
    with pytest.raises(ValueError):
        columns(page._replace(**wrong))
