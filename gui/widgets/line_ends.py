"""Marks behind the lines of an editor, where a line end is sent: seen, but no part of the text."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from tkinter import font as tkfont
from typing import Final

from gui.theme.theme import Theme

SMALL: Final = 0.75
"""Their size beside the text's."""


class LineEnds:
    """Small grey labels over a Text: they are never copied, sent, undone or counted."""

    def __init__(self, text: tk.Text, theme: Theme, mark: Callable[[], str]) -> None:
        r"""Mark the line ends of `text`; `mark` tells as what: \r\n; "" for not at all."""
        self._text, self._theme, self._mark = text, theme, mark
        self._labels: list[tk.Label] = []
        self._font = tkfont.nametofont("TkFixedFont", root=text).copy()
        self._waiting = ""
        text.configure(xscrollcommand=self._moved, yscrollcommand=self._moved)
        for event in ("<<ThemeChanged>>", "<<Modified>>"):
            text.bind(event, lambda _event: self.show(), add=True)

    def show(self) -> None:
        """Put the marks where the line ends are by now, once there is nothing else to do."""
        if self._text.edit_modified():  # otherwise Tk does not tell of the next change
            self._text.edit_modified(False)
        if not self._waiting:
            self._waiting = self._text.after_idle(self._place)

    @property
    def shown(self) -> list[str]:
        """The marks in sight, from above."""
        there = [label for label in self._labels if label.winfo_manager()]
        return [str(label.cget("text")) for label in there]

    def _moved(self, _first: float, _last: float) -> None:
        self.show()

    def _place(self) -> None:
        self._waiting = ""
        places = self._ends() if self._mark() else []
        while len(self._labels) < len(places):
            self._labels.append(self._label())
        for label in self._labels[len(places) :]:
            label.place_forget()
        palette = self._theme.palette
        gap = self._theme.px(2)
        size = round(self._theme.size * SMALL)
        if self._font.cget("size") != size:  # Tk lays everything out anew when a font changes
            self._font.configure(size=size)
        ascent = self._font.metrics("ascent")
        for label, (left, baseline) in zip(self._labels, places, strict=False):
            label.configure(text=self._mark(), foreground=palette.muted, background=palette.field)
            label.place(x=left + gap, y=baseline - ascent, bordermode="outside")

    def _ends(self) -> list[tuple[int, int]]:
        """Return the feet of the line ends in sight, x and y; behind the last line is none."""
        text = self._text
        first = int(text.index("@0,0").partition(".")[0])
        below = int(text.index(f"@0,{text.winfo_height()}").partition(".")[0])
        last = int(text.index("end-1c").partition(".")[0])
        places = []
        for line in range(first, min(below + 1, last)):
            box, whole = text.bbox(f"{line}.end"), text.dlineinfo(f"{line}.end")
            if box and whole:
                places.append((box[0], whole[1] + whole[4]))
        return places

    def _label(self) -> tk.Label:
        """Return a mark; a click or the wheel on it is for the text below."""
        label = tk.Label(self._text, font=self._font, cursor="xterm", borderwidth=0, padx=0)
        label.configure(pady=0, highlightthickness=0)
        for event in ("<Button-1>", "<MouseWheel>", "<Button-4>", "<Button-5>"):
            label.bind(event, lambda event, name=event: self._pass_on(event, name))
        return label

    def _pass_on(self, event: tk.Event[tk.Misc], name: str) -> None:
        x, y = event.widget.winfo_x() + event.x, event.widget.winfo_y() + event.y
        if "Wheel" in name:
            self._text.event_generate(name, x=x, y=y, delta=event.delta)
        else:
            self._text.event_generate(name, x=x, y=y)
