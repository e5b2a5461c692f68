"""The words of a message: a sentence, and its parts with their headings and numbers."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Sequence
from functools import cache
from tkinter import font as tkfont
from tkinter import ttk

from gui.models.notice import Notice, Part
from gui.theme.style_data import MESSAGE_GROUNDS
from gui.theme.theme import Theme
from gui.widgets.readonly import read_only
from netlib import Measure, broken
from netlib.value import NamedTuple

COLUMN = 640
"""Logical pixels: words wider than that have their headings in a column of their own."""
SPACING = 4
"""Logical pixels above each part."""


class Line(NamedTuple):
    """A line as it is drawn: "sentence", "head" of a part, or "more"; its bold and plain text."""

    kind: str
    bold: str
    text: str


class Block(NamedTuple):
    """Lines, and the pixels at which the tabs in them stand."""

    lines: list[Line]
    tabs: tuple[int, ...] = ()


class Fonts(NamedTuple):
    """How wide plain and bold text is."""

    plain: Measure
    bold: Measure


def lay_out(sentence: str, parts: Sequence[Part], fonts: Fonts, room: int, column: bool) -> Block:
    """Break a message into lines of `room` pixels; `column`: headings stand left of their text."""
    lines = [Line("sentence", text, "") for text in broken(sentence, fonts.bold, room)]
    if not parts:
        return Block(lines)
    blank = fonts.plain("  ")
    number = fonts.plain("0") + blank
    indent = max(fonts.bold(part.title) + 2 * blank for part in parts) if column else 0
    for part in parts:
        rows = _rows(part, fonts.plain, room - indent, number)
        rows = [f"\t{row}" for row in rows] if column else ["", *rows]
        lines.append(Line("head", part.title, rows[0]))
        lines += [Line("more", "", row) for row in rows[1:]]
    return Block(lines, (indent, indent + number) if column else (number,))


def _rows(part: Part, measure: Measure, room: int, number: int) -> list[str]:
    """Return the lines of a part; of several points each has a number, and hangs on it."""
    if len(part.points) == 1:
        return broken(part.points[0], measure, room)
    return [
        f"{'' if at else point}\t{text}"
        for point, words in enumerate(part.points, 1)
        for at, text in enumerate(broken(words, measure, room - number))
    ]


class Explained(ttk.Frame):
    """Shows the words of a notice in the room it is given; what does not fit is scrolled."""

    def __init__(self, parent: tk.Misc, theme: Theme) -> None:
        """Show nothing yet."""
        super().__init__(parent)
        self._theme = theme
        self.text = tk.Text(self, wrap="none", width=1, height=1, takefocus=False)
        self.text.configure(cursor="arrow", insertwidth=0, padx=0, pady=0, font="TkDefaultFont")
        read_only(self.text)
        self.bar = ttk.Scrollbar(self, command=self.text.yview, takefocus=False)
        self.text.configure(yscrollcommand=self.bar.set)
        self.text.place(relwidth=1, relheight=1)

    def dress(self, severity: str) -> None:
        """Take colours and sizes from the theme."""
        palette, text = self._theme.palette, self.text
        text.configure(background=getattr(palette, MESSAGE_GROUNDS[severity]))
        text.tag_configure("head", spacing1=self._theme.px(SPACING))
        text.tag_configure("bold", font="TkHeadingFont")
        text.tag_configure("sentence", foreground=getattr(palette, severity))

    def words(self, notice: Notice, parts: Sequence[Part], room: int) -> Block:
        """Break the words of a notice, with these of its parts, into lines of `room` pixels."""
        column = room >= self._theme.px(COLUMN)
        plain, bold = (
            cache(tkfont.nametofont(name, root=self).measure)
            for name in ("TkDefaultFont", "TkHeadingFont")
        )
        return lay_out(notice.sentence(), parts, Fonts(plain, bold), room, column)

    def height(self, words: Block) -> int:
        """Return the pixels that lines need."""
        line = max(
            tkfont.nametofont(name, root=self).metrics("linespace")
            for name in ("TkDefaultFont", "TkHeadingFont")
        )
        heads = sum(one.kind == "head" for one in words.lines)
        return line * len(words.lines) + self._theme.px(SPACING) * heads

    def draw(self, words: Block, high: int) -> None:
        """Show lines in a place `high` pixels high."""
        runs: list[object] = []
        for kind, bold, text in words.lines:
            runs += [bold, ("bold", kind), f"{text}\n", kind]
        if runs:
            runs[-2] = words.lines[-1].text
        self.text.configure(tabs=words.tabs or "")
        self.text.replace("1.0", "end", *runs)  # type: ignore[arg-type]
        if self.height(words) > high:
            self.bar.place(relx=1, relheight=1, anchor="ne")
        else:
            self.bar.place_forget()
