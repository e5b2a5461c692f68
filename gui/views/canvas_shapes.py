"""Draws the shapes of `netlib.teaching.shapes` on a Canvas, in the colours of the theme."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Iterable
from functools import lru_cache
from tkinter import font as tkfont
from typing import Any, Final

from gui.theme.theme import Theme
from netlib.teaching.shapes import Dot, Font, Label, Plate, Shape, Stroke

FONTS: Final[dict[Font, str]] = {
    "text": "TkDefaultFont",
    "mono": "TkFixedFont",
    "small": "TkDefaultFont",
}
"""Which of Tk's fonts stands for one of a picture; bold is made."""
_HEADS: Final[dict[bool, Any]] = {True: "last", False: "none"}
MEASURED: Final = 4000
"""Widths of texts that are remembered."""


class Brush:
    """Fonts and colours for one Canvas."""

    def __init__(self, canvas: tk.Canvas, theme: Theme) -> None:
        self.canvas, self._theme = canvas, theme
        self._fonts: dict[Font, tkfont.Font] = {}
        self.measure = lru_cache(MEASURED)(self._measure)
        """Return how many pixels a text takes."""
        self._arrow = (theme.px(10), theme.px(12), theme.px(4))
        self.line = 1
        """Height of a line of text."""
        self.dress()

    def dress(self) -> None:
        """Take fonts and colours from the theme."""
        self._fonts = {
            font: tkfont.nametofont(name, root=self.canvas) for font, name in FONTS.items()
        }
        bold = self._fonts["text"].copy()
        bold.configure(weight="bold")
        self._fonts["bold"] = bold
        self.measure.cache_clear()
        self.line = self._fonts["text"].metrics("linespace") + self._theme.px(1)
        px = self._theme.px
        self._arrow = (px(10), px(12), px(4))
        self.canvas.configure(background=self._theme.palette.field)

    def draw(self, shapes: Iterable[Shape], down: int = 0) -> None:
        """Draw shapes in place of those there are, moved down by some pixels."""
        canvas, palette = self.canvas, self._theme.palette
        canvas.delete("all")
        for shape in shapes:
            match shape:
                case Stroke(x1=x1, y1=y1, x2=x2, y2=y2, role=role, wide=wide):
                    canvas.create_line(
                        (x1, y1 + down, x2, y2 + down),
                        fill=getattr(palette, role),
                        width=self._theme.px(wide),
                        dash=(6, 4) if shape.dashed else (),
                        arrow=_HEADS[shape.head],
                        arrowshape=self._arrow,
                    )
                case Label(x=x, y=y, text=text, anchor=anchor, role=role, font=font):
                    canvas.create_text(
                        (x, y + down),
                        text=text,
                        anchor=anchor,
                        fill=getattr(palette, role),
                        font=self._fonts[font],
                    )
                case Plate(x1=x1, y1=y1, x2=x2, y2=y2, fill=fill, edge=edge):
                    outline = getattr(palette, edge) if edge else ""
                    canvas.create_rectangle(
                        (x1, y1 + down, x2, y2 + down),
                        fill=getattr(palette, fill),
                        outline=outline,
                        width=self._theme.px(1) if edge else 0,
                    )
                case Dot(x=x, y=y, radius=r, role=role, filled=filled):
                    canvas.create_oval(
                        (x - r, y - r + down, x + r, y + r + down),
                        fill=getattr(palette, role if filled else "field"),
                        outline=getattr(palette, role),
                        width=self._theme.px(2),
                    )

    def _measure(self, text: str, font: Font) -> int:
        return self._fonts[font].measure(text)
