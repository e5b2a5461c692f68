"""A toolbar whose controls go on in a new line where the window is too narrow for one."""

from __future__ import annotations

import tkinter as tk
from tkinter import ttk

from gui.theme.theme import Theme
from gui.widgets.fit import Fitted


class Flow(Fitted):
    """Lays its children out left to right, wrapping; as high as its lines need."""

    def __init__(self, parent: tk.Misc, theme: Theme, *, gap: int = 10) -> None:
        """Keep `gap` logical pixels between controls."""
        super().__init__(parent, theme)
        self._gap = gap
        self._elastic: tk.Widget | None = None
        self._optional: list[tk.Widget] = []
        self._away: list[tk.Widget] = []

    def add(
        self, *controls: tk.Widget, elastic: tk.Widget | None = None, optional: bool = False
    ) -> None:
        """Append controls; what room its line has left goes to the `elastic` one.

        Optional ones are shown only where one line holds everything; the last gives way first.
        """
        self._elastic = elastic or self._elastic
        self._optional += controls if optional else ()
        for control in controls:
            self.hold(control)
        self.fit()

    def give_way(self, *controls: tk.Widget) -> None:
        """Make controls optional, behind those that are; the last gives way first."""
        self._optional += controls
        self.fit(again=True)

    def spread(self) -> None:
        """Let what is added from now on stand at the right end of its line."""
        between = ttk.Frame(self)
        self.add(between, elastic=between)

    def show(self, control: tk.Widget, on: bool) -> None:
        """Take a control out of its line, or bring it back."""
        if on == (control in self._away):
            (self._away.remove if on else self._away.append)(control)
            self.fit(again=True)

    def arrange(self, width: int) -> int:
        """Place the controls in lines."""
        gap, top = self._theme.px(self._gap), 0
        shown = self._shown(gap, width)
        for line in self._lines(shown, gap, width):
            high = max(control.winfo_reqheight() for control in line)
            self._place(line, gap, width, (top, high))
            top += high + gap // 2
        for control in self._contents:
            if control not in shown:
                control.place_forget()
        return top - gap // 2

    def _shown(self, gap: int, room: int) -> list[tk.Widget]:
        shown = [one for one in self._contents if one not in self._away]
        optional = [one for one in self._optional if one in shown]
        while optional and sum(one.winfo_reqwidth() + gap for one in shown) - gap > room:
            shown.remove(optional.pop())
        return shown

    def _lines(self, shown: list[tk.Widget], gap: int, room: int) -> list[list[tk.Widget]]:
        lines: list[list[tk.Widget]] = []
        left = 0
        for control in shown:
            wide = control.winfo_reqwidth()
            if not lines or left + wide > room:
                lines.append([])
                left = 0
            lines[-1].append(control)
            left += wide + gap
        return lines

    def _place(self, line: list[tk.Widget], gap: int, room: int, band: tuple[int, int]) -> None:
        """Place a line in a band (its top and height); no control is wider than the room."""
        top, high = band
        asked = [control.winfo_reqwidth() for control in line]
        spare = room - sum(asked) - gap * (len(line) - 1)
        left = 0
        for control, width in zip(line, asked, strict=True):
            stretch = spare if control is self._elastic or spare < 0 else 0
            control.place(
                x=left,
                y=top + (high - control.winfo_reqheight()) // 2,
                width=width + stretch if stretch else "",
            )
            left += width + stretch + gap
