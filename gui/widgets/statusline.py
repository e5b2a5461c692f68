"""The line at the foot of the window: a sentence, and counts that are never cut."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Sequence
from tkinter import ttk

from gui.theme.theme import Theme
from gui.translated import Message, set_text
from gui.widgets.fit import Fitted
from netlib.value import NamedTuple

DIGITS = 10
"""Characters kept free for a count: 99,999,999."""
GAP, LINE = 16, 4
"""Logical pixels between two parts, and above and below them."""


class Count(NamedTuple):
    """A counted thing: its key, its words, and the characters kept free for its number."""

    key: str
    words: Message
    digits: int = DIGITS


class StatusLine(Fitted):
    """A sentence on the left, counts on the right; where there is no room the words go first."""

    def __init__(self, parent: tk.Misc, theme: Theme, counts: Sequence[Count]) -> None:
        """Show every count as 0."""
        super().__init__(parent, theme)
        self._sentence = ttk.Label(self, style="Muted.TLabel")
        self._numbers: dict[str, ttk.Label] = {}
        self._words: list[ttk.Label] = []
        self._shown: dict[str, int] = {}
        for count in counts:
            words = ttk.Label(self, style="Muted.TLabel")
            number = ttk.Label(self, width=count.digits, text="0")
            set_text(words, count.words)
            self._words.append(words)
            self._numbers[count.key] = number
        for part in (self._sentence, *self._words, *self._numbers.values()):
            self.hold(part)

    def set_text(self, message: Message, **values: object) -> None:
        """Set the sentence on the left."""
        set_text(self._sentence, message, **values)

    def set(self, key: str, value: int) -> None:
        """Show a count; costs nothing when it is what is shown."""
        if self._shown.get(key) != value:
            self._shown[key] = value
            text, number = f"{value:,}", self._numbers[key]
            if len(text) > int(str(number.cget("width"))):  # grows, and never jumps back
                number.configure(width=len(text))
            number.configure(text=text)

    def arrange(self, width: int) -> int:
        """Place the counts from the right; the sentence has what they leave."""
        px, sentence = self._theme.px, self._sentence
        edge, gap, top = px(12), px(GAP), px(LINE)
        left = width - edge
        counts = list(zip(self._words, self._numbers.values(), strict=True))
        for number, (words, figure) in reversed([*enumerate(counts)]):
            room = left - edge - sum(one.winfo_reqwidth() + gap for _words, one in counts[:number])
            left -= figure.winfo_reqwidth()
            figure.place(x=left, y=top)
            if words.winfo_reqwidth() + figure.winfo_reqwidth() + px(6) <= room:
                left -= words.winfo_reqwidth() + px(6)
                words.place(x=left, y=top)
            else:
                words.place_forget()
            left -= gap
        if left > edge:
            sentence.place(x=edge, y=top, width=left - edge)
        else:
            sentence.place_forget()
        return sentence.winfo_reqheight() + 2 * top
