"""Two panes with a sash between them that keep their proportion, whatever the window's size."""

from __future__ import annotations

import tkinter as tk
from tkinter import ttk
from typing import Literal

from gui.widgets.fit import fixed_request

Pane = ttk.Frame | ttk.Panedwindow


class Split(ttk.Panedwindow):
    """Divides its room between two panes, whatever they hold; the user may drag the sash."""

    def __init__(
        self, parent: tk.Misc, *, orient: Literal["vertical", "horizontal"], share: float
    ) -> None:
        """Give the first pane `share` (0 to 1) of the room."""
        super().__init__(parent, orient=orient)
        fixed_request(self)
        self._length = "winfo_height" if orient == "vertical" else "winfo_width"
        self._share = share
        for event in ("<Configure>", "<<ThemeChanged>>"):
            self.bind(event, lambda _event: self._place())
        self.bind("<ButtonRelease-1>", lambda _event: self._take_over(), add=True)

    def _place(self) -> None:
        if (length := self._room()) > 1:
            self.sashpos(0, round(length * self._share))  # type: ignore[no-untyped-call]

    def _take_over(self) -> None:
        if (length := self._room()) > 1:
            self._share = self.sashpos(0) / length  # type: ignore[no-untyped-call]

    def _room(self) -> int:
        """Return the length to be divided; 0 while there is one pane only."""
        both = len(self.panes()) == 2  # type: ignore[no-untyped-call]
        return int(getattr(self, self._length)()) if both else 0

    def only(self, pane: Pane) -> None:
        """Give all the room to one pane."""
        for name in self.panes():  # type: ignore[no-untyped-call]
            self.forget(name)
        self._insert("end", pane)

    def both(self, first: Pane, second: Pane) -> None:
        """Put two panes in, or bring back the first."""
        self._insert("end", second)
        self._insert(0, first)
        self._place()

    def _insert(self, position: int | Literal["end"], pane: Pane) -> None:
        if str(pane) not in self.panes():  # type: ignore[no-untyped-call]
            fixed_request(pane)
            self.insert(position, pane, weight=1)
