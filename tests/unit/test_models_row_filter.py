"""Rows of a view: all that came since it was cleared, or only what a search found."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from gui.models.row_filter import RowFilter
from netlib.recording.query import Query
from tests.helpers import wait_until
from tests.recordings import chunk, record

LINES = b"yes 0\nno 1\nyes 2\nno 3\nyes 4\n"


@pytest.fixture
def rows() -> Iterator[RowFilter]:
    made = RowFilter()
    made.extend([(1, 5)])
    yield made
    made.end_search()


def search(rows: RowFilter, folder: Path) -> None:
    """Search for the lines that say yes: 0, 2, 4."""
    rows.begin_search(record(folder / "lesson.sqlite", [chunk(LINES)]), Query(text="yes"))
    wait_until(lambda: (told := rows.progress()) and told.found == 3)


def test_rows_are_what_came_since_the_view_was_cleared(rows: RowFilter) -> None:
    rows.clear()
    assert rows.count() == rows.total() == 0
    rows.extend([(1, 7)])
    assert list(rows.positions(0, rows.count())) == [5, 6]
    assert rows.row_of(0) == 0


def test_what_was_cleared_comes_back_step_by_step(rows: RowFilter) -> None:
    assert rows.clear() == 5
    rows.extend([(1, 7)])
    assert rows.clear() == 2
    assert rows.clear() == 0  # nothing more to take away, and no step to undo
    rows.restore()
    assert list(rows.positions(0, rows.count())) == [5, 6]
    rows.restore()
    assert rows.count() == 7
    rows.restore()
    assert rows.count() == 7


def test_without_a_search_there_are_no_matches_to_show_alone(rows: RowFilter) -> None:
    rows.show_matches_only(True)
    assert not rows.only_matches
    assert rows.count() == 5
    assert rows.next_match(None, 1) is None
    assert rows.progress() is None


def test_matches_stand_alone_and_the_total_stays(rows: RowFilter, tmp_path: Path) -> None:
    search(rows, tmp_path)
    assert rows.count() == 5
    rows.show_matches_only(True)
    assert list(rows.positions(0, rows.count())) == [0, 2, 4]
    assert rows.total() == 5


def test_steps_go_round_the_end(rows: RowFilter, tmp_path: Path) -> None:
    search(rows, tmp_path)
    assert [rows.next_match(row, 1) for row in (None, 0, 1, 4)] == [0, 2, 2, 0]
    assert [rows.next_match(row, -1) for row in (None, 0, 1, 4)] == [4, 4, 0, 2]


def test_a_chosen_match_is_found_again_among_all_rows(rows: RowFilter, tmp_path: Path) -> None:
    search(rows, tmp_path)
    rows.show_matches_only(True)
    assert rows.end_search(1) == 2
    assert rows.end_search(99) is None


def test_clearing_hides_matches_too(rows: RowFilter, tmp_path: Path) -> None:
    search(rows, tmp_path)
    rows.show_matches_only(True)
    rows.clear()
    assert rows.count() == 0


def test_whoever_draws_is_told_that_rows_stand_elsewhere(rows: RowFilter) -> None:
    before = rows.changes
    rows.reset()
    assert rows.changes > before
    assert rows.count() == rows.total() == 0


def test_a_row_chosen_before_the_search_may_be_none_of_its_rows(
    rows: RowFilter, tmp_path: Path
) -> None:
    search(rows, tmp_path)
    rows.show_matches_only(True)
    assert rows.next_match(0, 1) == 1
    assert rows.next_match(6, 1) == 0
    assert rows.end_search(6) is None
