"""Small anti-aliased pictures for the widgets, drawn from the palette at the right scale.

Pure: no tkinter. Every picture is a PPM, which Tk reads ten times as fast as a PNG: ninety are
drawn before the window is seen. Coverage comes from the signed distance of a pixel's centre to the
shape, so edges are smooth at any scale. Boxes are drawn as one quadrant and mirrored; their middle
is wide because Tk fills a stretched middle by laying it out as tiles.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import groupby, pairwise

from gui.theme.palette import rgb
from netlib.value import NamedTuple

Point = tuple[float, float]
Run = tuple[int, int, float]
"""From which pixel of a row, up to which, and how much of each is covered."""
Mask = tuple[tuple[Run, ...], ...]
"""For each row the runs of pixels that a shape covers, wholly or in part."""


class Layer(NamedTuple):
    """One filled box of a stack of boxes: how far inside the picture, and its colour."""

    inset: float
    colour: str


class Mark(NamedTuple):
    """A round-ended line through points of the unit square, and its colour."""

    path: tuple[Point, ...]
    colour: str


def box(corner: int, middle: tuple[int, int], ground: str, layers: Sequence[Layer]) -> bytes:
    """Draw concentric round-cornered boxes on a ground, outermost first.

    The picture is `2 * corner + middle` pixels wide and high; everything that bends lies within
    `corner` pixels of a corner, so `corner` is the border of a nine-part image.
    """
    rows = [[_pixel(ground)] * (corner + 1) for _ in range(corner + 1)]
    for inset, colour in layers:
        _paint(rows, _quadrant(corner, inset), _pixel(colour))
    wide, high = middle
    lines = [_mirrored_row(row, wide) for row in rows]
    return _ppm(2 * corner + wide, [*lines[:-1], *[lines[-1]] * high, *lines[-2::-1]])


def plate(size: tuple[int, int], ground: str, bar: tuple[int, str] | None = None) -> bytes:
    """Draw a plain rectangle with, if asked, a bar of `(height, colour)` along its foot."""
    width, height = size
    foot, colour = bar or (0, ground)
    top, bottom = _pixel(ground) * width, _pixel(colour) * width
    return _ppm(width, [top] * (height - foot) + [bottom] * foot)


def stroke(size: int, ground: str, mark: Mark) -> bytes:
    """Draw a mark alone on a square picture."""
    return _picture(size, ground, [(_stroke_mask(size, mark.path), mark.colour)])


def check(size: int, ground: str, layers: Sequence[Layer], mark: Mark | None = None) -> bytes:
    """Draw a check box on a ground: its boxes, outermost first, then the mark inside."""
    masks = [(_box_mask(size, layer.inset, size * 0.22), layer.colour) for layer in layers]
    if mark:
        masks.append((_stroke_mask(size, mark.path), mark.colour))
    return _picture(size, ground, masks)


def disc(size: int, ground: str, layers: Sequence[Layer]) -> bytes:
    """Draw concentric discs on a ground, outermost first."""
    masks = [(_box_mask(size, layer.inset, size / 2), layer.colour) for layer in layers]
    return _picture(size, ground, masks)


TICK: tuple[Point, ...] = ((0.24, 0.53), (0.42, 0.71), (0.76, 0.32))
CHEVRON: tuple[Point, ...] = ((0.22, 0.37), (0.5, 0.65), (0.78, 0.37))


@lru_cache(maxsize=256)
def _quadrant(corner: int, inset: float) -> Mask:
    """Return what a box covers of its top left quadrant; the last row and pixel are its middle."""
    radius = max(corner - inset, 0.01)
    pixels = range(corner + 1)
    return tuple(_runs(_inside(corner, radius, x, y) for x in pixels) for y in pixels)


def _runs(shares: Iterable[float]) -> tuple[Run, ...]:
    """Gather the pixels of a row; what is not covered is left out."""
    runs, start = [], 0
    for share, pixels in groupby(shares):
        end = start + len(list(pixels))
        if share:
            runs.append((start, end, share))
        start = end
    return tuple(runs)


def _inside(centre: int, radius: float, x: int, y: int) -> float:
    across, down = max(centre - x - 0.5, 0.0), max(centre - y - 0.5, 0.0)
    return _coverage(math.hypot(across, down) - radius)


def _coverage(distance: float) -> float:
    return min(1.0, max(0.0, 0.5 - distance))


@lru_cache(maxsize=64)
def _box_mask(size: int, inset: float, radius: float) -> Mask:
    half = size / 2 - inset
    bend = max(min(radius - inset, half), 0.01)
    line = [abs(n + 0.5 - size / 2) - (half - bend) for n in range(size)]
    return tuple(_runs(_box_coverage(x, y, bend) for x in line) for y in line)


def _box_coverage(x: float, y: float, bend: float) -> float:
    outside = math.hypot(max(x, 0.0), max(y, 0.0)) + min(max(x, y), 0.0)
    return _coverage(outside - bend)


@lru_cache(maxsize=64)
def _stroke_mask(size: int, path: tuple[Point, ...]) -> Mask:
    points = [(x * size, y * size) for x, y in path]
    half = max(size * 0.065, 0.75)
    cells = [n + 0.5 for n in range(size)]
    return tuple(_runs(_coverage(_distance((x, y), points) - half) for x in cells) for y in cells)


def _distance(point: Point, path: Sequence[Point]) -> float:
    return min(_to_segment(point, one, other) for one, other in pairwise(path))


def _to_segment(point: Point, start: Point, end: Point) -> float:
    along = (end[0] - start[0], end[1] - start[1])
    offset = (point[0] - start[0], point[1] - start[1])
    dot = offset[0] * along[0] + offset[1] * along[1]
    share = min(1.0, max(0.0, dot / (along[0] ** 2 + along[1] ** 2)))
    return math.hypot(offset[0] - share * along[0], offset[1] - share * along[1])


Pixel = bytes
"""Red, green, blue: three bytes, so that a row of pixels is one join."""


def _pixel(colour: str) -> Pixel:
    return bytes(rgb(colour))


def _paint(rows: list[list[Pixel]], mask: Mask, colour: Pixel) -> None:
    for row, runs in zip(rows, mask, strict=True):
        for start, end, share in runs:
            if share == 1:
                row[start:end] = [colour] * (end - start)
            else:
                row[start:end] = [_mix(under, colour, share) for under in row[start:end]]


@lru_cache(maxsize=4096)
def _mix(under: Pixel, over: Pixel, share: float) -> Pixel:
    return bytes(round(a + (b - a) * share) for a, b in zip(under, over, strict=True))


def _mirrored_row(row: list[Pixel], middle: int) -> bytes:
    return b"".join([*row[:-1], row[-1] * middle, *row[-2::-1]])


def _picture(size: int, ground: str, masks: Sequence[tuple[Mask, str]]) -> bytes:
    rows = [[_pixel(ground)] * size for _ in range(size)]
    for mask, colour in masks:
        _paint(rows, mask, _pixel(colour))
    return _ppm(size, [b"".join(row) for row in rows])


def _ppm(width: int, rows: Sequence[bytes]) -> bytes:
    """Pack rows of pixels as a portable pixmap (netpbm's ppm(5)): 8 bits a channel."""
    return b"P6 %d %d 255\n" % (width, len(rows)) + b"".join(rows)
