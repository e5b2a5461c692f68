"""The line at the foot of the window: counts that never jump."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Sequence
from tkinter import ttk
from typing import NamedTuple

from gui.theme.theme import Theme
from gui.translated import Message, set_text

DIGITS = 10
"""Characters kept free for a count: 99,999,999."""


class Count(NamedTuple):
    """A counted thing: its key, its words, and the sign that stands before it."""

    key: str
    words: Message
    sign: str = ""
    digits: int = DIGITS


class StatusLine(ttk.Frame):
    """A sentence on the left, counts on the right in cells of fixed width."""

    def __init__(self, parent: tk.Misc, theme: Theme, counts: Sequence[Count]) -> None:
        """Show every count as 0."""
        super().__init__(parent, padding=(theme.px(12), theme.px(4)))
        self._sentence = ttk.Label(self, style="Muted.TLabel")
        self._numbers: dict[str, ttk.Label] = {}
        self._shown: dict[str, int] = {}
        cells = ttk.Frame(self)
        cells.pack(side="right")
        self._sentence.pack(side="left", fill="x", expand=True)
        for count in counts:
            words = ttk.Label(cells, style="Muted.TLabel")
            number = ttk.Label(cells, width=count.digits, text="0")
            ttk.Label(cells, style="Muted.TLabel", text=count.sign).pack(side="left")
            words.pack(side="left", padx=(theme.px(8), 0))
            number.pack(side="left", padx=(theme.px(6), 0))
            set_text(words, count.words)
            self._numbers[count.key] = number

    def set_text(self, message: Message, **values: object) -> None:
        """Set the sentence on the left."""
        set_text(self._sentence, message, **values)

    def set(self, key: str, value: int) -> None:
        """Show a count; costs nothing when it is what is shown."""
        if self._shown.get(key) != value:
            self._shown[key] = value
            self._numbers[key].configure(text=f"{value:,}")
