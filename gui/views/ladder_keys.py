"""Mouse and keyboard of a ladder: scrolling it, choosing its rows."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from functools import partial
from typing import Final

from gui.views.ladder_canvas import LadderCanvas

PAGE: Final = 10
"""Rows to the next page."""
WHEEL_ROWS: Final = 3
ZOOM_KEYS: Final = {"plus": 1, "equal": 1, "KP_Add": 1, "minus": -1, "KP_Subtract": -1}
_STEPS: Final = {"Up": -1, "Down": 1, "Home": -(1 << 40), "Prior": -PAGE, "Next": PAGE}
_SHIFT: Final = 0x1


class LadderKeys:
    """Turns events on the canvas of a ladder into moves and choices."""

    def __init__(
        self,
        ladder: LadderCanvas,
        count: Callable[[], int],
        open_log: Callable[[], object],
        tell: Callable[[int | None], None],
    ) -> None:
        """Bind the events once; `count` returns how many rows there are.

        `open_log` shows the chosen row in the log; `tell` says what a row is, or the chosen one.
        """
        self._ladder, self._count = ladder, count
        canvas = ladder.canvas
        for key, rows in _STEPS.items():
            canvas.bind(f"<{key}>", partial(self._step, rows))
        for key, step in ZOOM_KEYS.items():
            canvas.bind(f"<{key}>", partial(self._zoom, step))
        canvas.bind("<End>", lambda _event: self._ladder.follow())
        canvas.bind("<Return>", lambda _event: open_log())
        canvas.bind("<KP_Enter>", lambda _event: open_log())
        canvas.bind("<<SelectAll>>", lambda _event: self._choose_all())
        canvas.bind("<Button-4>", lambda _event: self._wheel(-1))
        canvas.bind("<Button-5>", lambda _event: self._wheel(1))
        canvas.bind("<MouseWheel>", lambda event: self._wheel(-1 if event.delta > 0 else 1))
        canvas.bind("<Button-1>", self._press)
        canvas.bind("<Double-Button-1>", lambda _event: open_log())
        canvas.bind("<Motion>", lambda event: tell(self._ladder.row_at(event.y)))
        canvas.bind("<Leave>", lambda _event: tell(None))

    def _step(self, rows: int, event: tk.Event[tk.Misc]) -> str:
        """Move the cursor row; the first step starts from the edge of what is in sight."""
        cursor = self._ladder.selection.cursor
        first, last = self._ladder.in_sight
        start = cursor if cursor is not None else (last if rows < 0 else first - 1)
        self._ladder.choose(start + rows, extend=bool(int(event.state) & _SHIFT))
        return "break"

    def _zoom(self, step: int, _event: object) -> None:
        self._ladder.zoom(step)

    def _press(self, event: tk.Event[tk.Misc]) -> str:
        self._ladder.canvas.focus_set()
        row = self._ladder.row_at(event.y)
        if row is not None:
            self._ladder.choose(row, extend=bool(int(event.state) & _SHIFT))
        return "break"

    def _choose_all(self) -> str:
        self._ladder.selection.choose_all(self._count())
        self._ladder.draw()
        return "break"

    def _wheel(self, way: int) -> str:
        self._ladder.move(way * WHEEL_ROWS)
        return "break"
