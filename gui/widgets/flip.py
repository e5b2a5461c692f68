"""A button whose meaning flips: the second click of a double click is not meant for the new one.

Connect becomes Disconnect within a millisecond, Start becomes Stop: who clicks twice, as on a desk,
or presses Enter twice, would undo at once what he has done.
"""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from tkinter import ttk
from typing import Any, Final

from gui.translated import Message, set_text, translate
from netlib import now

DOUBLE_CLICK: Final = 0.5
"""Seconds within which two clicks are one double click, as most systems have it."""


class FlipButton(ttk.Button):
    """Ignores clicks and keys for one double-click time after it was used or changed its words."""

    def __init__(self, parent: tk.Misc, command: Callable[[], object], **look: Any) -> None:
        """Call `command`; `look` is given to `ttk.Button`."""
        super().__init__(parent, command=self._use, **look)
        self._does = command
        self._rests_until = 0.0
        self._swallows = False
        """The button of the mouse is down, and its click does not count."""
        self.bind("<Button-1>", lambda _event: self._down(counts=self.ready))
        self.bind("<Double-Button-1>", lambda _event: self._down(counts=False))
        self.bind("<ButtonRelease-1>", lambda _event: self._up())
        self.bind("<Key-space>", lambda _event: None if self.ready else "break")
        for event in ("<Return>", "<KP_Enter>"):
            self.bind(event, lambda _event: self.press())

    @property
    def ready(self) -> bool:
        """Whether a click counts by now."""
        return now() >= self._rests_until

    def say(self, words: Message) -> None:
        """Show what a press does from now on."""
        if str(self.cget("text")) not in {"", translate(words)}:  # its first words change none
            self._rest()
        set_text(self, words)

    def press(self) -> str:
        """Do what a click does, for Enter in a field beside it; "break": the key is used up."""
        if self.ready:
            self.invoke()
        return "break"

    def _down(self, *, counts: bool) -> str | None:
        """Take a press of the mouse, or swallow it: a double click however long the first took."""
        self._swallows = not counts
        return None if counts else "break"

    def _up(self) -> str | None:
        """Swallow the release as well: a window manager that grabs the mouse makes a crossing of
        the press, and what crosses a button with the mouse down counts as pressed to ttk.
        """
        if not self._swallows:
            return None
        self.state(["!pressed"])
        return "break"

    def _use(self) -> None:
        self._rest()
        self._does()

    def _rest(self) -> None:
        self._rests_until = now() + DOUBLE_CLICK
