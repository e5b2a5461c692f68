"""The address entry: a field that remembers where one has been."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Iterable
from tkinter import ttk

from gui.theme.theme import Theme
from gui.translated import Message
from gui.widgets.field import Check, Field

HISTORY_LIMIT = 20
"""Addresses remembered."""


class AddressField(Field):
    """An address with its history in a drop-down list, newest first."""

    entry: ttk.Combobox

    def __init__(
        self, parent: tk.Misc, theme: Theme, label: Message, check: Check, *, width: int = 26
    ) -> None:
        """Show an empty entry; `check` judges what is typed."""
        super().__init__(parent, theme, label, check, width=width)

    @property
    def history(self) -> tuple[str, ...]:
        """Addresses used before, newest first."""
        return tuple(str(text) for text in self.entry.cget("values"))

    @history.setter
    def history(self, addresses: Iterable[str]) -> None:
        newest = [*dict.fromkeys(addresses)][:HISTORY_LIMIT]
        self.entry.configure(values=newest)

    def remember(self, address: str) -> None:
        """Put an address that was reached at the head of the history."""
        self.history = (address, *self.history)

    def _make_entry(self, width: int) -> ttk.Combobox:
        return ttk.Combobox(self, width=width, font="TkTextFont")
