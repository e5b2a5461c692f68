"""Choosing rows: one, a run, all."""

from __future__ import annotations

import pytest

from gui.views.selection import RowSelection


def test_nothing_is_chosen_at_first() -> None:
    selection = RowSelection()
    assert len(selection) == 0
    assert selection.range == (0, 0)
    assert 0 not in selection


def test_extending_upwards_chooses_everything_between_both_ends() -> None:
    selection = RowSelection()
    selection.choose(900_000)
    selection.choose(100, extend=True)
    assert selection.range == (100, 900_001)
    assert 500_000 in selection
    assert 99 not in selection


def test_extending_again_turns_around_the_first_row() -> None:
    selection = RowSelection()
    selection.choose(10)
    selection.choose(20, extend=True)
    selection.choose(5, extend=True)
    assert selection.range == (5, 11)


def test_extending_from_nothing_chooses_one_row() -> None:
    selection = RowSelection()
    selection.choose(7, extend=True)
    assert selection.range == (7, 8)


@pytest.mark.parametrize(("count", "expected"), [(0, 0), (1, 1), (1_000_000, 1_000_000)])
def test_all_rows_can_be_chosen(count: int, expected: int) -> None:
    selection = RowSelection()
    selection.choose_all(count)
    assert len(selection) == expected


def test_rows_that_were_cleared_are_no_longer_chosen() -> None:
    selection = RowSelection()
    selection.choose(10)
    selection.limit(11)
    assert len(selection) == 1
    selection.limit(10)
    assert len(selection) == 0
