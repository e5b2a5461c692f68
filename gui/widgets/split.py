"""Two panes with a sash between them that keep their proportion, whatever the window's size."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from functools import partial
from tkinter import ttk
from typing import Final, Literal

from gui.widgets.fit import fixed_request

Pane = ttk.Frame | ttk.Panedwindow

LEAST: Final = 0.08
"""Smallest share of a pane: what is hidden by a drag must still be found again."""
STEP: Final = 0.04
"""Share by which an arrow key moves the sash."""
_KEYS: Final = {
    "vertical": (("<Up>", -STEP), ("<Down>", STEP)),
    "horizontal": (("<Left>", -STEP), ("<Right>", STEP)),
}


class Split(ttk.Panedwindow):
    """Divides its room between two panes, whatever they hold.

    The sash is moved by the mouse or, with the focus on it, by the arrow keys; a double click or
    Home gives the first division back.
    """

    def __init__(
        self, parent: tk.Misc, *, orient: Literal["vertical", "horizontal"], share: float
    ) -> None:
        """Give the first pane `share` (0 to 1) of the room."""
        super().__init__(parent, orient=orient, takefocus=False)
        fixed_request(self)
        self._length = "winfo_height" if orient == "vertical" else "winfo_width"
        self._first = self.share = share
        """The part of the room that the first pane has."""
        self._save: Callable[[float], None] = lambda _share: None
        for event in ("<Configure>", "<<ThemeChanged>>"):
            self.bind(event, lambda _event: self._place())
        self.bind("<ButtonRelease-1>", lambda _event: self._take_over(), add=True)
        for key, step in _KEYS[orient]:
            self.bind(key, partial(self._step, step))
        for event in ("<Double-Button-1>", "<Home>"):
            self.bind(event, self._give_back)

    def keep(self, share: float, save: Callable[[float], None]) -> None:
        """Divide as last time, and `save` each share that the user chooses."""
        self._save = save
        self.share = _bounded(share)
        self._place()

    def _place(self) -> None:
        if (length := self._room()) > 1:
            self.sashpos(0, round(length * self.share))  # type: ignore[no-untyped-call]

    def _take_over(self) -> None:
        if (length := self._room()) > 1:
            share = self.sashpos(0) / length  # type: ignore[no-untyped-call]
            if abs(share - self.share) * length >= 1:  # a click that moved nothing chose nothing
                self._divide(share)

    def _step(self, step: float, _event: object) -> str:
        self._divide(self.share + step)
        return "break"

    def _give_back(self, _event: object) -> str:
        self._divide(self._first)
        return "break"

    def _divide(self, share: float) -> None:
        self.share = _bounded(share)
        self._place()
        self._save(self.share)

    def _room(self) -> int:
        """Return the length to be divided; 0 while there is one pane only."""
        both = len(self.panes()) == 2  # type: ignore[no-untyped-call]
        return int(getattr(self, self._length)()) if both else 0

    def only(self, pane: Pane) -> None:
        """Give all the room to one pane."""
        for name in self.panes():  # type: ignore[no-untyped-call]
            if str(name) != str(pane):  # it stays as it is: it may have the keyboard
                self.forget(name)
        self._insert("end", pane)
        self.configure(takefocus=False)

    def both(self, first: Pane, second: Pane) -> None:
        """Put two panes in, or bring back the first."""
        self._insert("end", second)
        self._insert(0, first)
        self.configure(takefocus=True)
        self._place()

    @property
    def parts(self) -> list[tk.Misc]:
        """The panes that are shown."""
        return [self.nametowidget(name) for name in self.panes()]  # type: ignore[no-untyped-call]

    def _insert(self, position: int | Literal["end"], pane: Pane) -> None:
        if str(pane) not in self.panes():  # type: ignore[no-untyped-call]
            fixed_request(pane)
            self.insert(position, pane, weight=1)


def _bounded(share: float) -> float:
    return min(1 - LEAST, max(LEAST, share))
