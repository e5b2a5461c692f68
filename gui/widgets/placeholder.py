"""Words in an empty entry that say what may be typed there; gone with the first character."""

from __future__ import annotations

import tkinter as tk
from tkinter import ttk

from gui.theme.theme import Theme
from gui.translated import Message, set_text


class Placeholder(ttk.Label):
    """Lies over the entry while that is empty; a click on it goes to the entry."""

    def __init__(self, entry: ttk.Entry, theme: Theme, words: Message) -> None:
        """Watch what stands in `entry` by a variable of its own, `text`."""
        super().__init__(entry, style="Empty.TLabel", cursor="xterm", takefocus=False)
        set_text(self, words)
        self._entry, self._theme = entry, theme
        self.text = tk.StringVar(entry, entry.get())
        """What stands in the entry."""
        entry.configure(textvariable=self.text)
        self.text.trace_add("write", lambda *_names: self._show())
        self.bind("<Button-1>", lambda _event: entry.focus_set())
        self._show()

    def _show(self) -> None:
        if self.text.get():
            self.place_forget()
        else:  # right of the caret, which stays in sight; cut where the entry ends
            self.place(x=self._theme.px(10), rely=0.5, anchor="w")
