"""Draws the shapes of `netlib.teaching.shapes` on a Canvas, in the colours of the theme."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Sequence
from functools import lru_cache
from tkinter import font as tkfont
from typing import Final

from gui.theme.theme import Theme
from netlib import broken
from netlib.teaching.shapes import Dot, Font, Label, Plate, Shape, Stroke

FONTS: Final[dict[Font, str]] = {
    "text": "TkDefaultFont",
    "mono": "TkFixedFont",
    "small": "TkDefaultFont",
}
"""Which of Tk's fonts stands for one of a picture; bold is made."""
REMEMBERED: Final = 128
"""Sentences whose lines are remembered: the rows in sight are drawn thirty times a second."""
MEASURED: Final = 4000
"""Characters of a font whose widths are remembered."""
_REPLACE: Final = """
    $canvas delete all
    foreach item $items {
        lassign $item kind where look
        $canvas create $kind $where {*}$look
    }
"""

_Item = tuple[str, tuple[int, ...], tuple[object, ...]]
"""A kind of Tk's, where it is, and its options."""


class Brush:
    """Fonts and colours for one Canvas."""

    def __init__(self, canvas: tk.Canvas, theme: Theme) -> None:
        self.canvas, self._theme = canvas, theme
        self._fonts: dict[Font, tkfont.Font] = {}
        self._widths: dict[Font, _Widths] = {}
        self._arrow = (theme.px(10), theme.px(12), theme.px(4))
        self.line = 1
        """Height of a line of text."""
        self._drawn: tuple[Sequence[Shape], int] | None = None
        """What is on the Canvas, and how far down."""
        self.broken: Callable[[str, int], Sequence[str]] = self._broken
        """Breaks small text into lines no wider than some pixels."""
        self.dress()

    def dress(self) -> None:
        """Take fonts and colours from the theme."""
        self._fonts = {
            font: tkfont.nametofont(name, root=self.canvas) for font, name in FONTS.items()
        }
        bold = self._fonts["text"].copy()
        bold.configure(weight="bold")
        self._fonts["bold"] = bold
        self._widths = {name: _Widths(font) for name, font in self._fonts.items()}
        self.broken = lru_cache(REMEMBERED)(self._broken)
        self.line = self._fonts["text"].metrics("linespace") + self._theme.px(1)
        px = self._theme.px
        self._arrow = (px(10), px(12), px(4))
        self._drawn = None
        self.canvas.configure(background=self._theme.palette.field)

    def measure(self, text: str, font: Font) -> int:
        """Return how many pixels a text takes."""
        return sum(map(self._widths[font].__getitem__, text))

    def _broken(self, text: str, room: int) -> Sequence[str]:
        return broken(text, lambda piece: self.measure(piece, "small"), room)

    def draw(self, shapes: Sequence[Shape], down: int = 0) -> None:
        """Draw shapes in place of those there are, moved down by some pixels."""
        if (shapes, down) == self._drawn:
            return
        self._drawn = shapes, down
        items = [self._item(shape, down) for shape in shapes]
        # In one call: one of tkinter's for each item takes longer than Tk takes to draw it.
        self.canvas.tk.call("apply", ("canvas items", _REPLACE), self.canvas, items)

    def _item(self, shape: Shape, down: int) -> _Item:
        palette, px = self._theme.palette, self._theme.px
        look: tuple[object, ...]
        match shape:
            case Stroke(x1=x1, y1=y1, x2=x2, y2=y2, role=role, wide=wide):
                dash = ("-dash", (6, 4)) if shape.dashed else ()
                head = ("-arrow", "last", "-arrowshape", self._arrow) if shape.head else ()
                look = ("-fill", getattr(palette, role), "-width", px(wide), *dash, *head)
                return "line", (x1, y1 + down, x2, y2 + down), look
            case Label(x=x, y=y, text=text, anchor=anchor, role=role, font=font):
                look = ("-text", text, "-anchor", anchor, "-font", self._fonts[font].name)
                return "text", (x, y + down), (*look, "-fill", getattr(palette, role))
            case Plate(x1=x1, y1=y1, x2=x2, y2=y2, fill=fill, edge=edge):
                line = ("-outline", getattr(palette, edge)) if edge else ("-width", 0)
                look = ("-fill", getattr(palette, fill), *line)
                return "rectangle", (x1, y1 + down, x2, y2 + down), look
            case Dot(x=x, y=y, radius=r, role=role, filled=filled):
                colour = getattr(palette, role)
                ground = colour if filled else palette.field
                look = ("-fill", ground, "-outline", colour, "-width", px(2))
                return "oval", (x - r, y - r + down, x + r, y + r + down), look


class _Widths(dict[str, int]):
    """How wide the characters of a font are; each is asked for once."""

    def __init__(self, font: tkfont.Font) -> None:
        super().__init__()
        self._font = font

    def __missing__(self, character: str) -> int:
        if len(self) >= MEASURED:
            self.clear()
        self[character] = wide = self._font.measure(character)
        return wide
