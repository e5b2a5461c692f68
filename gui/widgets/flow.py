"""A toolbar whose controls go on in a new line where the window is too narrow for one."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Sequence
from tkinter import ttk
from typing import TypeVar

from gui.theme.theme import Theme
from gui.widgets.fit import Fitted
from gui.widgets.tooltip import tip
from netlib import N_

T = TypeVar("T", bound=tk.Widget)


def in_lines(controls: Sequence[T], gap: int, room: int) -> list[list[T]]:
    """Return controls in lines of `room` pixels, `gap` pixels between two."""
    lines: list[list[T]] = []
    left = 0
    for control in controls:
        wide = control.winfo_reqwidth()
        if not lines or left + wide > room:
            lines.append([])
            left = 0
        lines[-1].append(control)
        left += wide + gap
    return lines


class Flow(Fitted):
    """Lays its children out left to right, wrapping; as high as its lines need."""

    def __init__(self, parent: tk.Misc, theme: Theme, *, gap: int = 10) -> None:
        """Keep `gap` logical pixels between controls."""
        super().__init__(parent, theme)
        self._gap = gap
        self._elastic: tk.Widget | None = None
        self._optional: list[tk.Widget] = []
        self._away: list[tk.Widget] = []
        self._foldable: list[tk.Widget] = []
        self._narrow: dict[tk.Widget, tk.Widget] = {}
        self._most = 0
        self._unfolded = False

    def add(
        self, *controls: tk.Widget, elastic: tk.Widget | None = None, optional: bool = False
    ) -> None:
        """Append controls; what room its line has left goes to the `elastic` one.

        Optional ones are shown only where one line holds everything; the last gives way first.
        """
        self._elastic = elastic or self._elastic
        self._optional += controls if optional else ()
        for control in controls:
            control.lift()  # the Tab key goes through siblings from the lowest to the topmost
            self.hold(control)
        self.fit()

    def spread(self) -> None:
        """Let what is added from now on stand at the right end of its line."""
        between = ttk.Frame(self)
        self.add(between, elastic=between)

    def fold(self, lines: int, *controls: tk.Widget) -> None:
        """Let controls go behind a button where there would be more lines; the last goes first."""
        self._most, self._foldable = lines, [*controls]
        self._more = ttk.Button(self, style="Tool.TButton", text="⋯", command=self._toggle)
        tip(self._more, N_("Show or hide the further controls."))
        self.hold(self._more)
        self._away.append(self._more)

    def replace(self, control: tk.Widget, narrow: tk.Widget) -> None:
        """Let `narrow` stand for a control where folding leaves too little room for that."""
        self._narrow[control] = narrow
        self._away.append(narrow)
        narrow.lift()
        self.hold(narrow)

    def fold_last(self, control: tk.Widget) -> None:
        """Let one more control go where that is not enough, after all the others."""
        self._foldable.insert(0, control)

    def _toggle(self) -> None:
        self._unfolded = not self._unfolded
        self.fit(again=True)

    def show(self, control: tk.Widget, on: bool) -> None:
        """Take a control out of its line, or bring it back."""
        if on == (control in self._away):
            (self._away.remove if on else self._away.append)(control)
            self.fit(again=True)

    def arrange(self, width: int) -> int:
        """Place the controls in lines."""
        gap, top = self._theme.px(self._gap), 0
        shown = self._shown(gap, width)
        for line in in_lines(shown, gap, width):
            high = max(control.winfo_reqheight() for control in line)
            self._place(line, gap, width, (top, high))
            top += high + gap // 2
        for control in self._contents:
            if control not in shown:
                control.place_forget()
        return top - gap // 2

    def height(self, width: int, *controls: tk.Widget) -> int:
        """Return how high it would be in a width of pixels if it held just these controls."""
        gap = self._theme.px(self._gap)
        lines = in_lines([*controls], gap, width)
        high = sum(max(control.winfo_reqheight() for control in line) for line in lines)
        return high + (len(lines) - 1) * (gap // 2)

    def _shown(self, gap: int, room: int) -> list[tk.Widget]:
        shown = [one for one in self._contents if one not in self._away]
        optional = [one for one in self._optional if one in shown]
        while optional and sum(one.winfo_reqwidth() + gap for one in shown) - gap > room:
            shown.remove(optional.pop())
        return self._folded(shown, gap, room) if self._foldable else shown

    def _folded(self, shown: list[tk.Widget], gap: int, room: int) -> list[tk.Widget]:
        """Leave out what can go until there are few enough lines; a button stands in its place."""
        kept = [one for one in shown if one not in self._foldable]
        if len(in_lines([*kept, self._more], gap, room)) > self._most:
            shown = [self._narrow.get(one, one) for one in shown]
        left = shown
        foldable = [one for one in self._foldable if one in shown]
        while foldable and len(in_lines(left, gap, room)) > self._most:
            going = foldable.pop()
            place = left.index(going)
            left = [one for one in left if one not in {going, self._more}]
            left.insert(min(place, len(left)), self._more)
            self._more.lower(going)  # the Tab key comes to it where it stands
        if self._unfolded and self._more in left:
            shown = [*shown]
            shown.insert(shown.index(self._foldable[-1]) + 1, self._more)
            return shown
        return left

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
