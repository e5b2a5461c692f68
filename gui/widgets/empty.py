"""What stands in a list while there are no rows: which button would make some."""

from __future__ import annotations

import tkinter as tk
from tkinter import font as tkfont
from tkinter import ttk
from typing import Final

from gui.translated import LANGUAGE_CHANGED, Message, translate
from netlib import N_, broken

NO_MATCH: Final = N_("None of the rows matches.")
"""There are rows, but a search leaves none of them."""


class Empty(ttk.Label):
    """Words that are broken where their room ends; its owner places it."""

    def __init__(self, parent: tk.Misc, words: Message = "") -> None:
        """Say `words`, in one line until the room is known."""
        super().__init__(parent, style="Empty.TLabel", justify="center", anchor="center")
        self._words, self._room = words, 0
        for event in (LANGUAGE_CHANGED, "<<ThemeChanged>>"):
            self.bind(event, lambda _event: self._show(), add=True)
        self._show()

    def say(self, words: Message) -> None:
        """Say something else."""
        self._words = words
        self._show()

    def fit(self, room: int) -> None:
        """Be no wider than `room` pixels."""
        if room != self._room:
            self._room = room
            self._show()

    def _show(self) -> None:
        text = translate(self._words)
        if self._room > 1:
            measure = tkfont.nametofont("TkDefaultFont", root=self).measure
            text = "\n".join(broken(text, measure, self._room))
        if text != self.cget("text"):
            self.configure(text=text)
