"""A view of a traffic pane that shows no rows: a picture of the same traffic."""

from __future__ import annotations

import tkinter as tk
from abc import ABC, abstractmethod
from collections.abc import Callable
from tkinter import ttk

from gui.translated import Message
from netlib.value import NamedTuple


class OtherView(ttk.Frame, ABC):
    """Kept up to date while it is in sight."""

    @abstractmethod
    def refresh(self) -> None:
        """Show what is new; called at every tick."""


class Offer(NamedTuple):
    """A view that can be chosen; it is made when it is first wanted."""

    words: Message
    make: Callable[[tk.Misc], OtherView]
