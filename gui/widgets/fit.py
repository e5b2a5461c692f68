"""The one way in which anything adapts to the width it is given.

Layout must never react to itself. A `Fitted` asks for no width, and what it shows follows from the
width it was told and from what its controls ask for, never from what was shown before: the only
thing it changes is its own height. Panes and pages, which share their room by proportion, are given
`fixed_request`; otherwise what is inside would move their borders, and be told another width.
"""

from __future__ import annotations

import tkinter as tk
from abc import ABC, abstractmethod
from tkinter import ttk
from typing import Final

from gui.theme.theme import Theme

_EDGES: Final = 4
"""Logical pixels that a label takes beside its text: a line as wide as the label would be cut."""


def fixed_request(widget: ttk.Frame | ttk.Panedwindow) -> None:
    """Let a widget ask for next to nothing, whatever it holds."""
    widget.configure(width=2, height=2)  # at 1 Tk's grid takes it for not yet known, and waits
    widget.pack_propagate(False)
    widget.grid_propagate(False)


class Fitted(ttk.Frame, ABC):
    """A frame that takes the width it is given, and as much height as its contents need in it."""

    def __init__(self, parent: tk.Misc, theme: Theme) -> None:
        """Hold nothing yet."""
        super().__init__(parent, width=1, height=1)
        self._theme = theme
        self._contents: list[tk.Widget] = []
        self._known: tuple[float, ...] = ()
        self.bind("<Configure>", lambda _event: self.fit())

    def hold(self, content: tk.Widget) -> None:
        """Fit again whenever a child asks for another size: its own or its parts' size changes."""
        self._contents.append(content)
        for part in (content, *content.winfo_children()):
            part.bind("<Configure>", lambda _event: self.fit(), add=True)

    def fit(self, *, again: bool = False) -> None:
        """Arrange the contents, if anything that matters has changed or it is to be done again."""
        asked = [
            size
            for content in self._contents
            for size in (content.winfo_reqwidth(), content.winfo_reqheight())
        ]
        known = (self.winfo_width(), self._theme.scale, *asked)
        if (known == self._known and not again) or known[0] <= 1:  # not laid out yet
            return
        self._known = known
        height = max(self.arrange(self.winfo_width()), 1)
        if height != self.winfo_reqheight():
            self.configure(height=height)

    @abstractmethod
    def arrange(self, width: int) -> int:
        """Place the contents within a width; return the height they take."""


class Paragraph(Fitted):
    """Text that is broken into lines where its room ends."""

    def __init__(self, parent: tk.Misc, theme: Theme, style: str = "TLabel") -> None:
        """Say nothing yet; what is to be said is given to `label`."""
        super().__init__(parent, theme)
        self.label = ttk.Label(self, style=style)
        self.label.place(relwidth=1)
        self.hold(self.label)

    def arrange(self, width: int) -> int:
        """Break the text at the edge."""
        self.label.configure(wraplength=max(width - self._theme.px(_EDGES), 1))
        return self.label.winfo_reqheight()
