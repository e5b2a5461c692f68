"""How far something has come that has a few stages: a bar and a word for each."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Mapping
from tkinter import ttk
from typing import Final, Generic, TypeVar

from gui.theme.theme import Theme
from gui.translated import Message, set_text, translate
from gui.widgets.fit import Fitted

Key = TypeVar("Key", bound=str)
GAP: Final = 8
BAR: Final = 4
"""Logical pixels between two stages, and of a bar."""


class Stages(Fitted, Generic[Key]):
    """Bars in a row; those that are done have a tick, and the one that is reached is in bold."""

    def __init__(self, parent: tk.Misc, theme: Theme, stages: Mapping[Key, Message]) -> None:
        """Be at the first stage."""
        super().__init__(parent, theme)
        self._stages = dict(stages)
        self._reached: Key = next(iter(stages))
        self._bars = [ttk.Frame(self) for _stage in stages]
        self.labels = [ttk.Label(self) for _stage in stages]
        for label in self.labels:
            self.hold(label)
        self.show(self._reached)

    def show(self, reached: Key) -> None:
        """Show which stage is reached."""
        self._reached = reached
        place = [*self._stages].index(reached)
        pairs = zip(self.labels, self._bars, self._stages.values(), strict=True)
        for number, (label, bar, words) in enumerate(pairs):
            sign = "✓" if number < place else str(number + 1)
            set_text(label, lambda sign=sign, words=words: f"{sign} {translate(words)}")  # type: ignore[misc]
            label.configure(style="Bold.TLabel" if number == place else "Muted.TLabel")
            bar.configure(style="Reached.TFrame" if number <= place else "Ahead.TFrame")
        self.fit(again=True)

    def arrange(self, width: int) -> int:
        """Place bars and words; words that have no room are left out, but for the one reached."""
        px, count = self._theme.px, len(self.labels)
        step = (width + px(GAP)) // count
        room, high = step - px(GAP), self.labels[0].winfo_reqheight()
        fits = max(label.winfo_reqwidth() for label in self.labels) <= room
        place = [*self._stages].index(self._reached)
        for number, (bar, label) in enumerate(zip(self._bars, self.labels, strict=True)):
            bar.place(x=number * step, y=0, width=max(room, 1), height=px(BAR))
            label.place_forget()
            if fits:
                label.place(x=number * step, y=2 * px(BAR))
            elif number == place:
                left = min(number * step, max(width - label.winfo_reqwidth(), 0))
                label.place(x=left, y=2 * px(BAR))
        return 2 * px(BAR) + high
