"""The parts of the widgets that need no screen: choosing rows, history, drawn pictures."""

from __future__ import annotations

import struct
import zlib

import pytest

from gui.theme.shapes import CHEVRON, TICK, Layer, Mark, box, check, disc, plate, stroke
from gui.views.selection import RowSelection
from gui.widgets.history import History


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


def test_up_and_down_walk_the_lines_sent_before() -> None:
    history = History()
    history.add("one")
    history.add("two")
    assert history.older("") == "two"
    assert history.older("two") == "one"
    assert history.older("one") == "one"
    assert history.newer("one") == "two"


def test_a_line_begun_is_not_lost_by_looking_back() -> None:
    history = History()
    history.add("one")
    assert history.older("half a tho") == "one"
    assert history.newer("one") == "half a tho"


def test_an_edited_old_line_keeps_its_edit_until_something_is_sent() -> None:
    history = History()
    history.add("one")
    history.older("draft")
    assert history.newer("one, edited") == "draft"
    assert history.older("draft") == "one, edited"
    history.add("draft")
    assert history.older("") == "draft"
    assert history.older("draft") == "one"


def test_the_same_line_twice_is_remembered_once_and_an_empty_one_never() -> None:
    history = History()
    for line in ("same", "same", ""):
        history.add(line)
    assert history.older("") == "same"
    assert history.older("same") == "same"
    assert history.newer("same") == ""


def test_only_the_newest_lines_are_kept() -> None:
    history = History(limit=2)
    for line in ("one", "two", "three"):
        history.add(line)
    assert [history.older(""), history.older("three"), history.older("two")] == [
        "three",
        "two",
        "two",
    ]


GROUND, EDGE, FILL = "#ffffff", "#808080", "#0000ff"


def pixels(png: bytes) -> list[list[tuple[int, ...]]]:
    """Read our own PNGs: one IDAT, RGB, no filters."""
    width, height = struct.unpack(">II", png[16:24])
    start = png.index(b"IDAT") + 4
    raw = zlib.decompress(png[start : png.index(b"IEND") - 8])
    rows = [raw[y * (1 + 3 * width) + 1 : (y + 1) * (1 + 3 * width)] for y in range(height)]
    return [[tuple(row[x : x + 3]) for x in range(0, 3 * width, 3)] for row in rows]


def test_a_box_has_round_corners_an_edge_and_a_fill() -> None:
    rows = pixels(box(5, (8, 4), GROUND, [Layer(0, EDGE), Layer(1, FILL)]))
    assert (len(rows[0]), len(rows)) == (18, 14)
    assert rows[0][0] == (255, 255, 255)
    assert rows[0][9] == rows[7][0] == (128, 128, 128)
    assert rows[7][9] == (0, 0, 255)


def test_a_box_is_the_same_from_all_four_corners() -> None:
    rows = pixels(box(6, (3, 5), GROUND, [Layer(0, EDGE), Layer(2, FILL)]))
    assert rows == rows[::-1]
    assert rows == [row[::-1] for row in rows]


def test_a_plate_may_have_a_bar_along_its_foot() -> None:
    rows = pixels(plate((4, 6), GROUND, (2, FILL)))
    assert {rows[y][0] for y in range(4)} == {(255, 255, 255)}
    assert {rows[y][0] for y in (4, 5)} == {(0, 0, 255)}


@pytest.mark.parametrize("size", [9, 16, 32, 93])
def test_a_tick_can_be_told_from_an_empty_box_at_every_size(size: int) -> None:
    layers = [Layer(0, EDGE), Layer(1, GROUND)]
    empty, ticked = (pixels(check(size, GROUND, layers, mark)) for mark in (None, Mark(TICK, FILL)))
    changed = sum(
        a != b
        for one, two in zip(empty, ticked, strict=True)
        for a, b in zip(one, two, strict=True)
    )
    assert changed > size


def test_a_disc_leaves_its_corners_free() -> None:
    rows = pixels(disc(16, GROUND, [Layer(0, FILL)]))
    assert rows[0][0] == rows[15][15] == (255, 255, 255)
    assert rows[8][8] == (0, 0, 255)


def test_an_arrow_points_down() -> None:
    rows = pixels(stroke(20, GROUND, Mark(CHEVRON, FILL)))
    lowest = max(y for y, row in enumerate(rows) if any(p != (255, 255, 255) for p in row))
    dark = [x for x, pixel in enumerate(rows[lowest - 1]) if pixel != (255, 255, 255)]
    assert abs(sum(dark) / len(dark) - 9.5) < 1
