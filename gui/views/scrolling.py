"""Mouse and keyboard of a traffic view: scrolling it and choosing its rows."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from functools import partial

from gui.views.viewport import Viewport

DRAG_PERIOD = 40
"""Milliseconds between steps while rows are chosen beyond the edge of the window."""
WHEEL_LINES = 3
SIDE_PIXELS = 60
_SHIFT = 0x1
_WHEEL_NOTCH = 120
_TOP, _BOTTOM = -(1 << 60), 1 << 60
"""Steps that lead to the first and the last row from anywhere."""


class Scrolling:
    """Turns events on a viewport's Text into moves and choices."""

    def __init__(
        self,
        view: Viewport,
        count: Callable[[], int],
        moved: Callable[[], None],
        held: Callable[[], None],
    ) -> None:
        """Bind the events once; `moved` is called after every move by the user.

        `held` is called when the mouse is pressed, and whenever rows are chosen.
        """
        self._view, self._count, self._moved, self._held = view, count, moved, held
        self._waiting: str | None = None
        self._pointer = 0
        self._bind_mouse()
        self._bind_keys()

    def scroll(self, lines: int) -> None:
        """Move by display lines."""
        self._view.show(*self._view.place, lines)
        self._moved()

    def to_row(self, row: int) -> None:
        """Bring a row to the head of the window, the end if there is not a page after it."""
        self._view.show(max(0, min(row, self._count() - 1)))
        self._moved()

    def to_end(self) -> None:
        """Bring the last row to the foot of the window."""
        self._view.show_end()
        self._moved()

    def yview(self, action: str, amount: str, unit: str = "") -> None:
        """Obey a scrollbar: `moveto FRACTION` or `scroll N units|pages`."""
        if action == "scroll":
            self.scroll(int(amount) * (self._page if unit == "pages" else 1))
        else:
            self.to_row(round(float(amount) * self._count()))

    @property
    def _page(self) -> int:
        return max(self._view.page - 2, 1)

    def _bind_mouse(self) -> None:
        text = self._view.text
        text.bind("<MouseWheel>", lambda event: self._wheel(event.delta))
        text.bind("<Button-4>", lambda _event: self._wheel(_WHEEL_NOTCH))
        text.bind("<Button-5>", lambda _event: self._wheel(-_WHEEL_NOTCH))
        text.bind("<Shift-MouseWheel>", lambda event: self._sideways(-event.delta))
        text.bind("<Shift-Button-4>", lambda _event: self._sideways(-1))
        text.bind("<Shift-Button-5>", lambda _event: self._sideways(1))
        text.bind("<Button-1>", self._press)
        text.bind("<B1-Motion>", self._drag)
        text.bind("<ButtonRelease-1>", lambda _event: self._stop_dragging())

    def _bind_keys(self) -> None:
        text = self._view.text
        for key, rows in {"Up": -1, "Down": 1, "Home": _TOP, "End": _BOTTOM}.items():
            text.bind(f"<{key}>", partial(self._step, rows))
        text.bind("<Prior>", lambda event: self._step(-self._page, event))
        text.bind("<Next>", lambda event: self._step(self._page, event))
        text.bind("<Left>", lambda _event: self._sideways(-1))
        text.bind("<Right>", lambda _event: self._sideways(1))

    def _wheel(self, delta: int) -> str:
        """Scroll by notches of 120 (X11, Windows) or, on macOS, by single lines."""
        notches = delta / _WHEEL_NOTCH if abs(delta) >= _WHEEL_NOTCH else (delta > 0) - (delta < 0)
        self.scroll(-round(notches * WHEEL_LINES))
        return "break"

    def _sideways(self, way: int) -> str:
        self._view.text.xview_scroll(SIDE_PIXELS * ((way > 0) - (way < 0)), "pixels")
        return "break"

    def _press(self, event: tk.Event[tk.Misc]) -> str:
        self._view.text.focus_set()
        if self._count():
            extend = bool(int(event.state) & _SHIFT)
            self._view.selection.choose(self._view.row_at(event.y), extend=extend)
            self._view.mark_selection()
            self._held()
        return "break"

    def _drag(self, event: tk.Event[tk.Misc]) -> str:
        self._pointer = event.y
        if self._waiting is None and len(self._view.selection):
            self._drag_on()
        return "break"

    def _drag_on(self) -> None:
        """Choose up to the pointer; beyond an edge scroll and do it again a little later."""
        self._waiting = None
        height = self._view.text.winfo_height()
        beyond = min(self._pointer, 0) + max(self._pointer - height, 0)
        if beyond:
            self._view.show(*self._view.place, (beyond > 0) - (beyond < 0))
            self._waiting = self._view.text.after(DRAG_PERIOD, self._drag_on)
        row = self._view.row_at(min(max(self._pointer, 0), height - 1))
        self._view.selection.choose(row, extend=True)
        self._view.mark_selection()
        self._held()

    def _stop_dragging(self) -> None:
        if self._waiting:
            self._view.text.after_cancel(self._waiting)
        self._waiting = None

    def _step(self, rows: int, event: tk.Event[tk.Misc]) -> str:
        """Move the cursor row; the first step starts from the edge of what is in sight.

        End goes to the newest row, and stays with it.
        """
        count, cursor = self._count(), self._view.selection.cursor
        if count:
            first, last = self._view.in_sight
            start = cursor if cursor is not None else (last if rows < 0 else first - 1)
            row = max(0, min(start + rows, count - 1))
            self._view.selection.choose(row, extend=bool(int(event.state) & _SHIFT))
            self._view.reveal(row)
            (self._moved if rows == _BOTTOM else self._held)()
        return "break"
