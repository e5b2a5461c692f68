"""Projector mode: a big line of state and the rows of the tab in sight, for the last row of seats.

It lies over the window, which goes on behind it unchanged, and shows the same rows: only the size
of the text has to be brought back.
"""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from tkinter import ttk
from typing import Final

from gui.models.row_format import Room
from gui.models.rows import RowSource
from gui.models.traffic import TrafficRows
from gui.tabs.page import Page
from gui.theme.theme import LARGEST_SIZE, SMALLEST_SIZE, Theme
from gui.translated import set_text
from gui.views.row_list import Traffic
from gui.widgets.fit import Fitted
from gui.widgets.focus import focused
from netlib import N_

LINES: Final = 32
"""The size of the text is this part of the window's height: 25 points at 800 pixels."""
_FOOT: Final = N_("F11 or Esc ends this · End follows the newest row")


class StateLine(Fitted):
    """A lamp and an address, what it is, and a count at the right end; never cut in the middle."""

    def __init__(self, parent: tk.Misc, theme: Theme) -> None:
        """Say nothing yet."""
        super().__init__(parent, theme)
        self.lamp = ttk.Label(self, style="Lamp.TLabel", text="●", font="ResultFont")
        self.address = ttk.Label(self, style="Result.TLabel")
        self.what = ttk.Label(self, style="Title.TLabel")
        self.count = ttk.Label(self, style="Result.TLabel")
        for part in (self.lamp, self.address, self.what, self.count):
            self.hold(part)

    def arrange(self, width: int) -> int:
        """Place address and count; the words between them go where there is no room for them."""
        gap, left = self._theme.px(10), 0
        high = self.address.winfo_reqheight()
        right = width - self.count.winfo_reqwidth()
        for part in (self.lamp, self.address, self.what):
            if part is self.what and left + part.winfo_reqwidth() > right - gap:
                part.place_forget()
                continue
            part.place(x=left, y=(high - part.winfo_reqheight()) // 2)
            left += part.winfo_reqwidth() + gap
        if left <= right:
            self.count.place(x=right, y=0)
        else:
            self.count.place_forget()
        return high


class Projector:
    """Covers the window with what a class shall see, and gives it back."""

    def __init__(
        self,
        root: tk.Tk,
        theme: Theme,
        page: Callable[[], Page],
        usual_look: Callable[[bool], object],
    ) -> None:
        """Be off; `usual_look` is told whether size and place of the window are the usual ones."""
        self._root, self._theme, self._page, self._usual_look = root, theme, page, usual_look
        self._cover: ttk.Frame | None = None
        self._view: Traffic | None = None
        self._rows: RowSource | None = None
        self._size = theme.size
        self._keyboard = ""
        """Path of the widget that had the keyboard before."""
        self._room: Room = "wide"
        root.bind("<Configure>", self._resized, add=True)

    @property
    def on(self) -> bool:
        """Whether the window is covered."""
        return self._cover is not None

    def toggle(self) -> None:
        """Cover the window, or give it back; a page without rows has nothing to show."""
        from gui.projected import projected

        if self.on:
            self.end()
        elif projected(self._page()) is not None:
            self._begin()

    def _begin(self) -> None:
        px = self._theme.px
        self._size, self._keyboard = self._theme.size, focused(self._root)
        self._usual_look(False)
        self._cover = cover = ttk.Frame(self._root, padding=(px(12), px(8), px(12), px(4)))
        self._line = StateLine(cover, self._theme)
        self._line.pack(side="top", fill="x", pady=(0, px(6)))
        foot = ttk.Label(cover, style="Small.TLabel")
        set_text(foot, _FOOT)
        foot.pack(side="bottom", anchor="w", pady=(px(2), 0))
        self._root.attributes("-fullscreen", True)
        cover.place(relwidth=1, relheight=1)
        cover.lift()
        self._fit_text()
        self.slow_tick()
        self.tick()

    def end(self) -> None:
        """Give the window back as it was."""
        if self._cover is None:
            return
        self._narrow(False)
        self._cover.destroy()
        self._cover = self._view = self._rows = None
        self._root.attributes("-fullscreen", False)
        self._theme.dress(size=self._size)
        self._usual_look(True)
        page, call = str(self._page()), self._root.tk.call
        stays = self._keyboard.startswith(f"{page}.") and call("winfo", "exists", self._keyboard)
        call("focus", self._keyboard if stays else page)

    def tick(self) -> None:
        """Show the newest rows."""
        if self._view is not None:
            self._view.refresh()

    def slow_tick(self) -> None:
        """Renew the line of state; another tab, or another server: show its rows."""
        if self._cover is None:
            return
        from gui.projected import projected

        shown = projected(self._page())
        if shown is None:
            self.end()
            return
        line = self._line
        line.lamp.configure(style="Lamp.TLabel" if shown.running else "Muted.TLabel")
        line.lamp.configure(text="●" if shown.running else "○")
        line.address.configure(text=shown.address)
        line.what.configure(text=shown.what)
        line.count.configure(text=shown.number)
        if shown.rows is not self._rows:
            self._show(self._cover, shown.rows)

    def _show(self, cover: ttk.Frame, rows: RowSource) -> None:
        if self._view is not None:
            self._narrow(False)
            self._view.destroy()
        self._rows = rows
        self._narrow(True)
        self._view = Traffic(cover, self._theme, rows, empty=N_("Nothing yet."))
        self._view.pack(fill="both", expand=True)
        self._view.text.focus_set()

    def _narrow(self, narrow: bool) -> None:
        """Leave time and size of each row out, or say again what was said before."""
        rows = self._rows
        if isinstance(rows, TrafficRows):
            before = rows.format.room
            rows.format.room, self._room = ("narrow", before) if narrow else (self._room, before)
            rows.changes += 1

    def _resized(self, event: tk.Event[tk.Misc]) -> None:
        if event.widget is self._root and self.on:
            self._fit_text()

    def _fit_text(self) -> None:
        """Choose the size of the text by the height of the window."""
        points = round(self._root.winfo_height() / LINES)
        points = min(max(points, SMALLEST_SIZE), LARGEST_SIZE)
        if points != self._theme.size:
            self._theme.dress(size=points)
