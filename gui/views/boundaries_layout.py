"""Where the boundaries are drawn: bytes from left to right, lanes from above to below."""

from __future__ import annotations

from math import ceil
from typing import Final

from gui.translated import translate
from gui.views.ink import BOLD, MONO, SMALL, Ink
from netlib.teaching.boundaries import Boundaries, LaneName, Piece
from netlib.teaching.boundary_words import TITLES, note
from netlib.value import NamedTuple

MARGIN: Final = 10
"""Logical pixels round the lanes."""
GAPS: Final = (12, 110)
"""Logical pixels between two lanes, at least and at most."""
PADDINGS: Final = (28, 16, 4)
"""Logical pixels of a lane that are not text: as many as there is room for."""
LEAST: Final = 9
"""Logical pixels of a piece; shorter ones are drawn together."""
NAMES_SHARE: Final = 0.25
"""The part of the width that the names of the lanes have at most."""
_OUT_OF_SIGHT: Final = 100
"""Pixels beside what is in sight; a canvas counts no further than 32,767 of them on X11."""


class Axis(NamedTuple):
    """Where bytes are: pixels of a canvas, from `left` on."""

    left: int
    room: int
    """Pixels of the bytes in sight."""
    cell: float
    """Pixels of a byte."""
    begin: float = 0.0
    """The offset at the left edge."""

    def x(self, offset: float) -> int:
        """Return where a byte begins; for one that is far away, a place out of sight."""
        x = self.left + (offset - self.begin) * self.cell
        most = self.left + self.room + _OUT_OF_SIGHT
        return round(min(max(x, self.left - _OUT_OF_SIGHT), most))

    def offset(self, x: float) -> int:
        """Return the byte at a place."""
        return int(self.begin + (x - self.left) / self.cell)

    def least(self, pixels: int) -> int:
        """Return how many bytes are that wide."""
        return max(ceil(pixels / self.cell), 1)

    @property
    def first(self) -> int:
        """The first byte in sight."""
        return int(self.begin)

    @property
    def last(self) -> int:
        """The offset after the last byte in sight."""
        return ceil(self.begin + self.room / self.cell)


class Chosen(NamedTuple):
    """The piece that is looked at."""

    lane: LaneName
    piece: Piece


class Rows(NamedTuple):
    """Where the lanes are: the top of each, and how high they all are."""

    tops: dict[LaneName, int]
    high: int

    def lane(self, y: float) -> LaneName | None:
        """Return the lane at a height; None: it lies between two."""
        return next((name for name, top in self.tops.items() if top <= y < top + self.high), None)


def lanes_of(boundaries: Boundaries) -> list[LaneName]:
    """Return the lanes there are, from above to below."""
    return [name for name in TITLES if boundaries.lane(name) is not None]


def names_width(ink: Ink, boundaries: Boundaries) -> int:
    """Return the pixels left of the bytes, where the lanes have their names."""
    widest = max(
        max(ink.wide(translate(TITLES[name]), BOLD), ink.wide(note(boundaries, name), SMALL))
        for name in lanes_of(boundaries)
    )
    most = round(ink.canvas.winfo_width() * NAMES_SHARE)
    return min(widest + ink.px(2 * MARGIN), most)


def byte_width(ink: Ink) -> int:
    """Return the pixels of a byte that can be written."""
    return ink.wide("e4", "MonoSmallFont") + ink.px(4)


def divide(ink: Ink, boundaries: Boundaries) -> Rows:
    """Divide the height of the canvas between the lanes; characters stand over the stream."""
    px, names = ink.px, lanes_of(boundaries)
    lines, gaps = ink.line(MONO) + ink.line(SMALL), max(len(names) - 1, 1)
    margin, heads = px(MARGIN), ink.line(BOLD) + px(4)
    height = ink.canvas.winfo_height() - 2 * margin - heads
    enough = (height - gaps * px(GAPS[0])) // len(names)
    least = ink.line(MONO) + px(2)
    high = next((high for padding in PADDINGS if (high := lines + px(padding)) <= enough), least)
    if len(names) * least + gaps * px(2) > height:  # at very large text the lanes come first
        margin, heads, height = px(2), px(2), ink.canvas.winfo_height() - px(6)
    gap = (height - len(names) * high) // gaps
    gap = min(max(gap, 0), px(GAPS[1]))
    spare = height - len(names) * high - gaps * gap
    tops, top = dict[LaneName, int](), margin + max(spare // 2, 0)
    for name in names:
        top += heads if name == "stream" else 0
        tops[name] = top
        top += high + gap
    return Rows(tops, high)
