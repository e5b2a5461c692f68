"""Words in an empty entry that say what may be typed there; gone with the first character."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from tkinter import ttk

from gui.theme.theme import Theme
from gui.translated import Message, set_text


class Placeholder(ttk.Label):
    """Lies over the entry while that is empty; a click on it goes to the entry."""

    def __init__(
        self,
        entry: ttk.Entry,
        theme: Theme,
        words: Message,
        changed: Callable[[], object] = lambda: None,
    ) -> None:
        """Watch what stands in `entry` by a variable of its own, `text`; tell when it changes."""
        super().__init__(entry, style="Empty.TLabel", cursor="xterm", takefocus=False)
        set_text(self, words)
        self._entry, self._theme = entry, theme
        self.text = tk.StringVar(entry, entry.get())
        """What stands in the entry."""
        entry.configure(textvariable=self.text)
        self._changed = changed
        self._trace = self.text.trace_add("write", lambda *_names: self._written())
        self.bind("<Button-1>", lambda _event: entry.focus_set())
        self._show()

    def destroy(self) -> None:
        """Go, and stop watching: a trace, which Tcl holds, would keep the whole window."""
        self.text.trace_remove("write", self._trace)
        super().destroy()

    def _written(self) -> None:
        self._show()
        self._changed()

    def _show(self) -> None:
        if self.text.get():
            self.place_forget()
        else:  # right of the caret, which stays in sight; cut where the entry ends
            self.place(x=self._theme.px(10), rely=0.5, anchor="w")
