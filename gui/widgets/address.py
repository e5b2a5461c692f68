"""The address entry: a field that remembers where one has been."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Iterable, Mapping
from tkinter import ttk

from gui.theme.theme import Theme
from gui.translated import LANGUAGE_CHANGED, Message
from gui.widgets.field import Check, Field
from gui.widgets.focus import focused

HISTORY_LIMIT = 20
"""Addresses remembered."""


WRITTEN = "<<AddressWritten>>"
"""Sent to the entry when an address was written there by itself."""


class AddressField(Field):
    """An address with its history in a drop-down list, newest first."""

    entry: ttk.Combobox

    def __init__(
        self, parent: tk.Misc, theme: Theme, label: Message, check: Check, *, width: int = 26
    ) -> None:
        """Show an empty entry; `check` judges what is typed."""
        super().__init__(parent, theme, label, check, width=width)
        self._history: tuple[str, ...] = ()
        self._offered: Callable[[], Mapping[str, str]] = dict
        self._usual = self._written = ""
        self.entry.configure(postcommand=self._fill)
        self.entry.bind("<<ComboboxSelected>>", lambda _event: self._chosen(), add=True)
        self.bind(LANGUAGE_CHANGED, lambda _event: self._fill(), add=True)

    def offer(self, offered: Callable[[], Mapping[str, str]], usual: str) -> None:
        """Show what is offered (words → address) above the history whenever the list is opened.

        `usual`: what stands in the entry as long as nobody has typed anything.
        """
        self._offered, self._usual = offered, usual

    def write(self, address: str) -> None:
        """Write an address, unless somebody has typed or is typing another one."""
        untouched = self.text in {self._usual, self._written}
        if untouched and focused(self) != str(self.entry):
            self.text = self._written = address
            self.entry.event_generate(WRITTEN)

    @property
    def typed(self) -> str:
        """What somebody has typed; the usual address where it was written by itself."""
        return self._usual if self._written and self.text == self._written else self.text

    @property
    def history(self) -> tuple[str, ...]:
        """Addresses used before, newest first."""
        return self._history

    @history.setter
    def history(self, addresses: Iterable[str]) -> None:
        self._history = tuple(dict.fromkeys(addresses))[:HISTORY_LIMIT]
        self._fill()

    def remember(self, address: str) -> None:
        """Put an address that was reached at the head of the history."""
        self.history = (address, *self.history)

    def _fill(self) -> None:
        """Fill the list: what is offered now, then where one has been."""
        offered = self._offered()
        known = [one for one in self._history if one not in offered.values()]
        self.entry.configure(values=[*offered, *known])

    def _chosen(self) -> None:
        """Take the address out of what was chosen."""
        self.text = self._offered().get(self.text, self.text)

    def _make_entry(self, width: int) -> ttk.Combobox:
        return ttk.Combobox(self, width=width, font="TkTextFont")
