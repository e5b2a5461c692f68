"""Two panes with a sash between them that keep their proportion, whatever the window's size."""

from __future__ import annotations

import tkinter as tk
from tkinter import ttk
from typing import Literal

SETTLE_MILLISECONDS = 20


class Split(ttk.Panedwindow):
    """Divides its room between two panes; the user may drag the sash."""

    def __init__(
        self, parent: tk.Misc, *, orient: Literal["vertical", "horizontal"], share: float
    ) -> None:
        """Give the first pane `share` (0 to 1) of the room."""
        super().__init__(parent, orient=orient)
        self._length = "winfo_height" if orient == "vertical" else "winfo_width"
        self._share = share
        self._soon = ""
        self.bind("<Configure>", lambda _event: self._place())
        for event in ("<Map>", "<<ThemeChanged>>"):  # ttk then goes by what the panes ask for
            self.bind(event, lambda _event: self._place_soon(), add=True)
        self.bind("<Destroy>", lambda _event: self._forget(), add=True)
        self.bind("<ButtonRelease-1>", lambda _event: self._take_over(), add=True)

    def _place_soon(self) -> None:
        """Place the sash when ttk has done its own."""
        self._forget()
        self._soon = self.after(SETTLE_MILLISECONDS, self._place)

    def _forget(self) -> None:
        if self._soon:
            self.after_cancel(self._soon)
            self._soon = ""

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

    def both(self, first: tk.Widget, second: tk.Widget) -> None:
        """Put two panes in, or bring back the first."""
        if str(second) not in self.panes():  # type: ignore[no-untyped-call]
            self.add(second, weight=1)
        if str(first) not in self.panes():  # type: ignore[no-untyped-call]
            self.insert(0, first, weight=1)
        self.event_generate("<Configure>", when="tail")
