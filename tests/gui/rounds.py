"""How many rounds a layout takes to come to rest, counted, never timed."""

from __future__ import annotations

import _tkinter
import tkinter as tk
from collections import Counter

LIMIT = 10
"""Sizes that one widget may be told for one change of the window."""
_TURNS = 5_000
"""Turns of the event loop for one change: far beyond any layout that ends."""


class Rounds:
    """Counts the sizes that every widget is told until nothing is left to do."""

    def __init__(self, root: tk.Tk) -> None:
        self.worst = 0
        self._root = root
        root.tk.eval("array set told {}; bind all <Configure> {+incr told(%W)}")

    def rest(self, what: object) -> None:
        """Lay everything out; fail when a widget is told more than `LIMIT` sizes for that."""
        for _server_has_answered in range(2):
            self._root.winfo_pointerxy()
            resting = self._turn()
        told = self._told()
        rounds = max(told.values(), default=0)
        self.worst = max(self.worst, rounds)
        assert resting, f"{what}: no rest, {told.most_common(5)}"
        assert rounds <= LIMIT, f"{what}: {told.most_common(5)}"

    def _turn(self) -> bool:
        """Handle events one turn at a time: `update` would never return from an endless layout."""
        return any(not self._root.dooneevent(_tkinter.DONT_WAIT) for _turn in range(_TURNS))

    def _told(self) -> Counter[str]:
        parts = self._root.tk.splitlist(self._root.tk.eval("array get told"))
        self._root.tk.eval("array unset told")
        return Counter({path: int(count) for path, count in zip(*[iter(parts)] * 2, strict=True)})
