"""Pictures drawn for the widgets, read back pixel by pixel."""

from __future__ import annotations

import math

import pytest

from gui.theme.shapes import CHEVRON, TICK, Layer, Mark, box, check, disc, plate, stroke

GROUND, EDGE, FILL = "#ffffff", "#808080", "#0000ff"


def pixels(ppm: bytes) -> list[list[tuple[int, ...]]]:
    """Read our own pictures: one line of head, then red, green and blue of every pixel."""
    head, _, raw = ppm.partition(b"\n")
    kind, width, height, most = head.split()
    assert (kind, most, len(raw)) == (b"P6", b"255", 3 * int(width) * int(height))
    every = [tuple(raw[at : at + 3]) for at in range(0, len(raw), 3)]
    return [every[at : at + int(width)] for at in range(0, len(every), int(width))]


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


@pytest.mark.parametrize("size", [10, 16, 33])
def test_a_disc_is_as_large_as_a_disc_is_and_smooth_at_its_edge(size: int) -> None:
    shades = [
        pixel[0] for row in pixels(disc(size, GROUND, [Layer(0, "#000000")])) for pixel in row
    ]
    covered = sum(1 - shade / 255 for shade in shades)
    assert covered == pytest.approx(math.pi * size**2 / 4, rel=0.02)
    assert any(0 < shade < 128 for shade in shades)
    assert any(128 < shade < 255 for shade in shades)
