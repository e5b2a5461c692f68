"""The button beside a composer that sends messages with names, and keeps what is typed."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from functools import partial
from tkinter import ttk

from gui.models.repeat import Sending
from gui.models.saved_messages import SavedMessage, SavedMessages
from gui.translated import set_text
from gui.widgets.menus import Menu
from gui.widgets.tooltip import tip
from netlib import N_, _, visible_text
from netlib.value import NamedTuple

SHOWN = 20
"""Messages in the menu; the others are in the list."""
NAME_SHOWN = 40


class Hooks(NamedTuple):
    """What the tab does for its button."""

    send: Callable[[SavedMessage], None]
    keep: Callable[[], None]
    """Begin to keep what is typed."""
    manage: Callable[[], object]
    """Open the list."""


class SavedButton(ttk.Button):
    """Opens the menu of saved messages."""

    def __init__(self, parent: tk.Misc, kept: SavedMessages, sending: Sending, does: Hooks) -> None:
        """Ask `kept` for the messages whenever the menu is opened."""
        super().__init__(parent, command=self.open)
        self._kept, self._sending, self._does = kept, sending, does
        set_text(self, N_("Saved"))
        tip(self, N_("Messages with names: send one, or keep what is typed."))
        self.menu = Menu(self)

    def open(self) -> None:
        """Show the menu over the button."""
        self.fill()
        self.menu.tk_popup(self.winfo_rootx(), self.winfo_rooty())

    def fill(self) -> None:
        """Offer what there is now."""
        messages = self._kept.messages[:SHOWN]
        entries = [(partial(_label, one), partial(self._does.send, one)) for one in messages]
        repeated = self._sending.repeated
        stop = (N_("Stop repeating"), self._sending.stop if repeated else None)
        own = (N_("Save what is typed…"), self._does.keep), (N_("Manage…"), self._does.manage)
        self.menu.fill(*entries, *([None] if entries else []), stop, *own)


def _label(message: SavedMessage) -> str:
    name = visible_text(message.name, NAME_SHOWN)
    if not message.every:
        return name
    return _("{name} (every {seconds:g} s)").format(name=name, seconds=message.every)
