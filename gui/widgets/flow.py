"""A toolbar whose controls go on in a new line where the window is too narrow for one."""

from __future__ import annotations

import tkinter as tk
from tkinter import ttk

from gui.theme.theme import Theme


class Flow(ttk.Frame):
    """Lays its children out left to right, wrapping; as high as its lines need."""

    def __init__(self, parent: tk.Misc, theme: Theme, *, gap: int = 10) -> None:
        """Keep ``gap`` logical pixels between controls."""
        super().__init__(parent, height=1)
        self._theme, self._gap = theme, gap
        self._controls: list[tk.Widget] = []
        self._elastic: tk.Widget | None = None
        self.bind("<Configure>", lambda _event: self._arrange())
        self.bind("<<ThemeChanged>>", lambda _event: self._arrange())

    def add(self, *controls: tk.Widget, elastic: tk.Widget | None = None) -> None:
        """Append controls; what room its line has left goes to the `elastic` one."""
        self._elastic = elastic or self._elastic
        for control in controls:
            self._controls.append(control)
            control.bind("<Configure>", lambda _event: self._arrange(), add=True)
        self._arrange()

    def _arrange(self) -> None:
        gap, room = self._theme.px(self._gap), self.winfo_width()
        if room == 1:  # not laid out yet
            return
        top = 0
        for line in self._lines(gap, room):
            high = max(control.winfo_reqheight() for control in line)
            wide = [control.winfo_reqwidth() for control in line]
            spare = max(0, room - sum(wide) - gap * (len(line) - 1))
            left = 0
            for control, width in zip(line, wide, strict=True):
                space = (high - control.winfo_reqheight()) // 2
                stretch = spare if control is self._elastic else 0
                control.place(x=left, y=top + space, width=width + stretch if stretch else "")
                left += width + stretch + gap
            top += high + gap // 2
        self._rise(max(top - gap // 2, 1))

    def _lines(self, gap: int, room: int) -> list[list[tk.Widget]]:
        lines: list[list[tk.Widget]] = [[]]
        left = 0
        for control in self._controls:
            wide = control.winfo_reqwidth()
            if lines[-1] and left + wide > room:
                lines.append([])
                left = 0
            lines[-1].append(control)
            left += wide + gap
        return lines if lines[0] else []

    def _rise(self, height: int) -> None:
        if height != self.winfo_reqheight():
            self.configure(height=height)
