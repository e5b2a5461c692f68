"""What is set is written soon after it has changed, not only when the window closes."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from typing import Final

from gui.settings import Settings
from gui.tabs.registry import Tabs
from gui.theme.screens import is_maximised
from gui.theme.theme import Theme
from netlib import _, visible_text

EVERY: Final = 8
"""Calls of `tick` between two looks: two seconds, so that not each letter typed is written."""


class Remembering:
    """Brings window and tabs into the settings, and the settings into their file."""

    def __init__(
        self,
        root: tk.Tk,
        theme: Theme,
        settings: Settings,
        tabs: Tabs,
        complain: Callable[[], Callable[[str], object]],
    ) -> None:
        """Write nothing yet; `complain`: who is told, once, that nothing can be."""
        self._root, self._theme, self._settings = root, theme, settings
        self._tabs, self._complain = tabs, complain
        self._ticks, self._complained = 0, False
        self._usual_look = True

    def look_is_usual(self, usual: bool) -> None:
        """Tell whether size and place of the window are those to come back to."""
        self._usual_look = usual

    def tick(self) -> None:
        """Write what has changed, now and then; called four times a second."""
        self._ticks += 1
        if self._ticks % EVERY == 0 and not self.save() and not self._complained:
            self._complained = True
            self._complain()(
                _("The settings cannot be written: {path}").format(
                    path=visible_text(str(self._settings.path), 200)
                )
            )

    def save(self) -> bool:
        """Write what has changed; False: it cannot be written."""
        for page in self._tabs.built():
            page.remember()
        self._settings.set("window.dark", self._theme.dark)
        self._settings.set("window.tab", self._tabs.shown_key)
        if self._usual_look:
            self._settings.set("window.size", self._theme.size)
            maximised = is_maximised(self._root)
            self._settings.set("window.maximised", maximised)
            if not maximised:  # what it comes back to
                self._settings.set("window.geometry", self._root.geometry())
        return self._settings.save()
