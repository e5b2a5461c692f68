"""Drawing on a canvas in the colours, fonts and sizes of the theme."""

from __future__ import annotations

import tkinter as tk
from bisect import bisect_right
from collections.abc import Sequence
from tkinter import font as tkfont
from typing import Final, Literal

from gui.theme import shapes
from gui.theme.shapes import Layer
from gui.theme.theme import Theme

Font = Literal["TkHeadingFont", "TkFixedFont", "MonoSmallFont", "TkSmallCaptionFont"]
Point = tuple[int, int]
Area = tuple[int, int, int, int]
"""Left, top, right, bottom."""

SMALL: Final[Font] = "TkSmallCaptionFont"
MONO: Final[Font] = "TkFixedFont"
BOLD: Final[Font] = "TkHeadingFont"
CORNER: Final = 6
"""Logical pixels of a box's round corners."""
_KEPT: Final = 300
"""Pictures of boxes that are kept for the next drawing."""
_KEPT_TEXTS: Final = 4000
"""Widths of texts that are kept: to measure one takes as long as to write it."""


class Ink:
    """What is drawn with; colours are names of the palette."""

    def __init__(self, canvas: tk.Canvas, theme: Theme) -> None:
        """Draw nothing yet."""
        self.canvas, self._theme = canvas, theme
        self.px = theme.px
        self._boxes: dict[tuple[object, ...], tk.PhotoImage] = {}
        self._wide: dict[tuple[str, Font], int] = {}
        self._line: dict[Font, int] = {}
        self._size = 0.0

    def clear(self) -> None:
        """Begin a new drawing."""
        self.canvas.delete("all")
        if len(self._boxes) > _KEPT:
            self._boxes.clear()
        if self._size != self._theme.scale or len(self._wide) > _KEPT_TEXTS:
            self._size = self._theme.scale
            self._wide.clear()
            self._line.clear()

    def colour(self, name: str) -> str:
        """Return a colour of the palette."""
        return str(getattr(self._theme.palette, name))

    def wide(self, text: str, font: Font) -> int:
        """Return the pixels that a text takes."""
        if (found := self._wide.get((text, font))) is None:
            found = tkfont.nametofont(font, root=self.canvas).measure(text)
            self._wide[text, font] = found
        return found

    def line(self, font: Font) -> int:
        """Return the pixels from one line of text to the next."""
        if font not in self._line:
            metrics = tkfont.nametofont(font, root=self.canvas).metrics("linespace")
            self._line[font] = int(metrics)
        return self._line[font]

    def fit(self, text: str, font: Font, room: int) -> str:
        """Cut a text where its room ends, which … tells; empty: there is room for none."""
        if self.wide(text, font) <= room:
            return text
        room -= self.wide("…", font)
        kept = bisect_right(range(len(text)), room, key=lambda size: self.wide(text[:size], font))
        return f"{text[: kept - 1]}…" if kept > 1 else ""

    def text(
        self, point: Point, text: str, font: Font, colour: str, anchor: Literal["n", "nw", "s"]
    ) -> None:
        """Write below a point ("n": in the middle under it), or above it ("s")."""
        fill = self.colour(colour)
        self.canvas.create_text(*point, text=text, font=font, fill=fill, anchor=anchor)

    def rule(self, start: Point, end: Point, colour: str, dash: tuple[int, ...] = ()) -> None:
        """Draw a line, thin and crisp."""
        self.canvas.create_line(*start, *end, fill=self.colour(colour), dash=dash)

    def fill(self, area: Area, colour: str) -> None:
        """Colour an area."""
        self.canvas.create_rectangle(*area, width=0, fill=self.colour(colour))

    def frame(self, area: Area, colour: str, width: float = 1, dash: tuple[int, ...] = ()) -> None:
        """Draw the edge of an area, `width` in logical pixels."""
        thick = max(self.px(width), 1)
        self.canvas.create_rectangle(*area, outline=self.colour(colour), width=thick, dash=dash)

    def band(self, area: Area, cuts: Sequence[int], ground: str, edge: str) -> None:
        """Draw pieces too narrow for boxes all in one; `cuts`: where each begins or ends."""
        left, top, right, bottom = area
        self.fill(area, ground)
        for y in (top, bottom - 1):
            self.rule((left, y), (right, y), edge)
        for x in cuts:
            self.rule((x, top), (x, bottom), edge)

    def box(self, area: Area, ground: str, edge: str) -> None:
        """Draw a box with round corners; a smaller one than its corners is drawn without."""
        left, top, right, bottom = area
        wide, high, corner = right - left, bottom - top, self.px(CORNER)
        if min(wide, high) <= 2 * corner:
            self.fill(area, ground)
            return
        key = (wide, high, corner, ground, edge, self._theme.palette.name)
        if key not in self._boxes:
            layers = [Layer(0, self.colour(edge)), Layer(self.px(1.5), self.colour(ground))]
            middle = wide - 2 * corner, high - 2 * corner
            data = shapes.box(corner, middle, self.colour("field"), layers)
            self._boxes[key] = tk.PhotoImage(master=self.canvas, data=data, format="ppm")
        self.canvas.create_image(left, top, image=self._boxes[key], anchor="nw")
