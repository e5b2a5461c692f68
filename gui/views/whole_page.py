"""A picture has its page to itself where the window is low for its text.

What stands above, below and beside it goes; a button of the pane, or its key, brings that back.
"""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from typing import Final

from gui.context import Context
from gui.theme.theme import Theme
from gui.widgets.flow import Flow
from gui.widgets.focus import focused
from gui.widgets.fold import Fold
from netlib import N_

LOW: Final = 500
"""Logical pixels of height: in a lower window a picture has no room beside the rest of its page."""


class WholePage:
    """Whether a pane has its page to itself."""

    def __init__(self, pane: tk.Misc, context: Context, bar: Flow) -> None:
        """Share the page, until `give` says how it is given to the pane."""
        self._pane, self._theme = pane, context.theme
        self._give: Callable[[bool], object] | None = None
        self._picture = self._is_given = False
        self.fold = Fold(
            bar,
            context.settings,
            "page",
            N_("Controls"),
            lambda _open: self._settle(),
            key="F5",
            is_open=False,
        )
        self._bar = bar
        bar.add(self.fold)
        bar.show(self.fold, False)
        for event in ("<Configure>", "<Map>", "<Unmap>", "<<ThemeChanged>>"):
            pane.bind(event, lambda _event: self._settle(), add=True)

    def give(self, give: Callable[[bool], object]) -> None:
        """Call `give` whenever the pane shall have its page to itself (True), or shares it."""
        self._give = give

    def show(self, *, picture: bool) -> None:
        """A picture is shown now, or rows, which need less room."""
        self._picture = picture
        self._settle()

    def _settle(self) -> None:
        if self._give is None or self._pane.winfo_toplevel().winfo_height() <= 1:
            return
        shown = self._picture and bool(self._pane.winfo_manager())  # else another part is
        crowded = shown and is_low(self._pane, self._theme)
        self._bar.show(self.fold, crowded)
        wanted = crowded and not self.fold.is_open
        if wanted != self._is_given:
            self._is_given = wanted
            self._give(wanted)
            if wanted and not self._has_keyboard():
                self._pane.focus_set()  # what had the keyboard may be out of sight now

    def _has_keyboard(self) -> bool:
        return not self._pane.winfo_viewable() or focused(self._pane).startswith(f"{self._pane}.")


def is_low(part: tk.Misc, theme: Theme) -> bool:
    """Tell whether the window of a part is low for its text."""
    return part.winfo_toplevel().winfo_height() < theme.px(LOW)
