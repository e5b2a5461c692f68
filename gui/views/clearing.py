"""Emptying a view: it says that the recording keeps everything, and can be undone."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from tkinter import ttk

from gui.theme.theme import Theme
from gui.translated import Message, set_text
from gui.widgets.flow import Flow
from gui.widgets.tooltip import tip
from netlib import N_

_EMPTIED = N_("View emptied; the recording keeps these {count} rows.")


class Clearing(Flow):
    """A line that is there while what was cleared can be brought back."""

    def __init__(
        self,
        parent: tk.Misc,
        theme: Theme,
        clear: Callable[[], int],
        restore: Callable[[], None],
        changed: Callable[[], None],
    ) -> None:
        """`clear` tells how many rows it took away; `changed` is called after either."""
        super().__init__(parent, theme, gap=6)
        self._clear, self._restore, self._changed = clear, restore, changed
        self._label: ttk.Label | None = None
        self.can_undo = False
        """Whether there is something to bring back."""

    def _say(self, count: int) -> None:
        """Show the line; made when it is first needed."""
        if self._label is None:
            self._label = self._fill()
        set_text(self._label, _EMPTIED, count=f"{count:,}")
        self.grid()

    def _fill(self) -> ttk.Label:
        label = ttk.Label(self, style="Muted.TLabel")
        self.add(label)
        for words, does, hint in (
            (N_("Undo"), self.restore, N_("Bring the rows back (Ctrl+Z in the list).")),
            (lambda: "✕", self.grid_remove, N_("Close this message.")),
        ):
            self.add(self._button(words, does, hint))
        return label

    def _button(self, words: Message, does: Callable[[], None], hint: str) -> ttk.Button:
        button = ttk.Button(self, style="Tool.TButton", command=does)
        set_text(button, words)
        tip(button, hint)
        return button

    def clear(self) -> None:
        """Empty the view."""
        if count := self._clear():
            self.can_undo = True
            self._say(count)
        self._changed()

    def restore(self) -> None:
        """Bring back what was cleared last, if anything was."""
        self.can_undo = False
        self.grid_remove()
        self._restore()
        self._changed()
