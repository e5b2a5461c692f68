"""A strip of words under a picture: what is known of the piece that is looked at; and buttons."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from tkinter import font as tkfont
from tkinter import ttk
from typing import Any, Final

from gui.theme.theme import Theme
from gui.translated import Message
from gui.widgets.fit import Fitted
from gui.widgets.tooltip import tip
from netlib import broken

_LINES: Final = 2


class Strip(Fitted):
    """What is known of the piece that is looked at, in a place of its own; and the zoom."""

    def __init__(self, parent: tk.Misc, theme: Theme) -> None:
        """Say nothing yet."""
        super().__init__(parent, theme)
        self._words = ""
        self._label = ttk.Label(self, anchor="nw", justify="left")
        self.buttons: list[ttk.Button] = []
        self.hold(self._label)

    def add(self, sign: str, hint: Message, does: Callable[[], Any]) -> None:
        """Put a button at the right end."""
        button = ttk.Button(self, style="Tool.TButton", text=sign, command=does)
        tip(button, hint)
        self.buttons.append(button)
        self.hold(button)

    def say(self, words: str) -> None:
        """Say it, in as many lines as there is room for."""
        if words != self._words:
            self._words = words
            self.fit(again=True)

    def arrange(self, width: int) -> int:
        """Keep the height of the lines, whatever is said."""
        font = tkfont.nametofont("TkDefaultFont", root=self)
        high = font.metrics("linespace") * _LINES + self._theme.px(4)
        right = width
        for button in reversed(self.buttons):
            right -= button.winfo_reqwidth()
            button.place(x=right, y=(high - button.winfo_reqheight()) // 2)
        room = right - self._theme.px(12)
        lines = broken(self._words, font.measure, room)
        self._label.configure(text="\n".join(lines[:_LINES]) + "…" * (len(lines) > _LINES))
        self._label.place(x=0, y=0, width=max(room, 1), height=high)
        return max([high, *(button.winfo_reqheight() for button in self.buttons)])
