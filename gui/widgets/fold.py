"""A heading that folds what stands under it away, by a click or its key; remembered."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from tkinter import ttk
from typing import Protocol

from gui.translated import LANGUAGE_CHANGED, Message, translate
from gui.widgets.tooltip import tip
from netlib import N_

_OPEN, _FOLDED = "▾", "▸"


class Memory(Protocol):
    """Where it is remembered: the settings."""

    def get(self, key: str, default: bool, /) -> bool:
        """Return what was remembered, or the default."""

    def set(self, key: str, value: bool, /) -> None:
        """Remember."""


class Fold(ttk.Button):
    """A button that tells `on_change` whether its part of the page shall be seen."""

    def __init__(
        self,
        parent: tk.Misc,
        settings: Memory,
        name: str,
        words: Message,
        on_change: Callable[[bool], None],
        *,
        key: str,
        is_open: bool = True,
    ) -> None:
        """Be as it was left last time, else `is_open`; the owner shows or hides its part itself.

        `name`: under which the settings remember it. `key`: F6 or the like; it works while the
        button is in sight.
        """
        super().__init__(parent, style="Tool.TButton", command=self.toggle)
        self._settings, self._setting = settings, f"fold.{name}"
        self._words, self._on_change = words, on_change
        self._usual = is_open
        self.is_open = self.remembered
        tip(self, lambda: translate(N_("Show or hide ({key})."), key=key))
        self.winfo_toplevel().bind(f"<{key}>", self._pressed, add=True)
        self.bind(LANGUAGE_CHANGED, lambda _event: self._show())
        self._show()

    @property
    def remembered(self) -> bool:
        """Whether the user left it open."""
        return self._settings.get(self._setting, self._usual)

    def toggle(self) -> None:
        """Open what is folded, fold what is open, and remember it."""
        self.set(not self.is_open)
        self._settings.set(self._setting, self.is_open)

    def set(self, is_open: bool) -> None:
        """Open or fold for now, without remembering it."""
        if is_open != self.is_open:
            self.is_open = is_open
            self._show()
            self._on_change(is_open)

    def name(self, words: Message) -> None:
        """Stand for something else."""
        self._words = words
        self._show()

    def _pressed(self, _event: tk.Event[tk.Misc]) -> None:
        if self.winfo_exists() and self.winfo_viewable():
            self.toggle()

    def _show(self) -> None:
        text = f"{_OPEN if self.is_open else _FOLDED} {translate(self._words)}"
        if text != self.cget("text"):
            self.configure(text=text)
