"""A button whose meaning flips: the second click of a double click is not meant for the new one.

Connect becomes Disconnect within a millisecond, Start becomes Stop: who clicks twice, as on a desk,
or presses Enter twice, would undo at once what he has done.
"""

from __future__ import annotations

import time
import tkinter as tk
from collections.abc import Callable
from tkinter import ttk
from typing import Any, Final

from gui.translated import Message, set_text, translate

DOUBLE_CLICK: Final = 0.5
"""Seconds within which two clicks are one double click, as most systems have it."""


class FlipButton(ttk.Button):
    """Ignores clicks and keys for one double-click time after it was used or changed its words."""

    def __init__(self, parent: tk.Misc, command: Callable[[], object], **look: Any) -> None:
        """Call `command`; `look` is given to `ttk.Button`."""
        super().__init__(parent, command=self._use, **look)
        self._does = command
        self._rests_until = 0.0
        for event in ("<Button-1>", "<Key-space>"):
            self.bind(event, lambda _event: None if self.ready else "break")
        self.bind("<Double-Button-1>", lambda _event: "break")  # however long the first one took
        for event in ("<Return>", "<KP_Enter>"):
            self.bind(event, lambda _event: self.press())

    @property
    def ready(self) -> bool:
        """Whether a click counts by now."""
        return time.monotonic() >= self._rests_until

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

    def _use(self) -> None:
        self._rest()
        self._does()

    def _rest(self) -> None:
        self._rests_until = time.monotonic() + DOUBLE_CLICK
