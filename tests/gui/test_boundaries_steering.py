"""Scrolling, zooming and choosing pieces: never past the ends, whatever is asked for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gui.views.boundaries_layout import Axis
from gui.views.boundaries_steering import Measures, Steering
from netlib.teaching.boundaries import Boundaries, Lane

MEASURES = Measures(left=100, room=600, written=20, usual=30, largest=60, least=6)


def steering(*ends: int, receives: tuple[int, ...] = ()) -> Steering:
    """Return one that looks at sends that end there, and at receives, if any are given."""
    found = Steering()
    found.begin(
        Boundaries(lambda a, b: bytes(b - a), Lane(ends), Lane(receives) if receives else None)
    )
    found.measure(MEASURES)
    return found


def chosen(found: Steering) -> tuple[str, int]:
    """Return in which lane, and with which number, a piece is chosen."""
    assert found.chosen is not None
    return found.chosen.lane, found.chosen.piece.number


def test_few_bytes_are_all_in_sight_and_no_wider_than_they_need() -> None:
    assert steering(4, 5).axis == Axis(100, 600, 60, 0)
    assert steering(20).axis == Axis(100, 600, 30, 0)


def test_of_many_bytes_the_first_are_shown_so_that_one_can_read_them() -> None:
    assert steering(5000).axis == Axis(100, 600, 30, 0)


def test_all_of_them_can_be_shown_and_one_alone() -> None:
    many = steering(5000)
    many.zoom(0)
    assert (many.axis.first, many.axis.last) == (0, 5000)
    many.zoom(1e6)
    assert many.axis.cell == 60
    many.zoom(1e-6)
    assert many.axis.last - many.axis.first == 5000


def test_what_is_chosen_stays_where_it_is_when_bytes_get_wider() -> None:
    few = steering(5, 10, 15, 20, 25, 30)
    few.go_to(12)
    before = few.axis.x(10)
    few.zoom(1.5)
    assert few.axis.x(10) == pytest.approx(before, abs=1)


def test_steps_go_from_piece_to_piece_and_stop_at_the_ends() -> None:
    few = steering(5, 11, 13, receives=(7, 13))
    for expected in (1, 2, 3, 3):
        few.step(1)
        assert chosen(few) == ("sends", expected)
    few.change_lane(1)
    few.change_lane(1)
    assert chosen(few) == ("receives", 2)
    few.change_lane(1)
    assert chosen(few) == ("receives", 2)


def test_what_is_chosen_is_brought_into_sight() -> None:
    many = steering(*range(5, 5001, 5))
    many.go_to(4000)
    assert many.axis.first <= 4000 < many.axis.last
    many.go_to(0)
    assert many.axis.first == 0


def test_a_place_out_of_sight_is_never_far_away() -> None:
    axis = Axis(100, 600, 30, 0)
    assert 700 < axis.x(10**9) < 1000
    assert -100 < Axis(100, 600, 30, 10**9).x(0) < 100


@given(
    st.lists(st.integers(1, 500), max_size=50),
    st.lists(
        st.tuples(
            st.sampled_from(["zoom", "scroll", "step", "change_lane", "go_to"]),
            st.integers(-2000, 2000),
        ),
        max_size=12,
    ),
)
def test_one_never_gets_past_the_ends(sizes: list[int], asked: list[tuple[str, int]]) -> None:
    ends = tuple(sum(sizes[: number + 1]) for number in range(len(sizes)))
    found = steering(*ends, receives=ends[-1:])
    for name, amount in asked:
        getattr(found, name)(abs(amount) / 100 if name == "zoom" else amount)
        axis = found.axis
        shown = axis.room / axis.cell
        assert 0 <= axis.begin <= max(found.size - shown, 0)
        assert axis.cell <= MEASURES.largest
        if found.chosen is not None:
            piece = found.chosen.piece
            assert 0 <= piece.start < piece.end <= found.size
