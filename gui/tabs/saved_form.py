"""The form in which one saved message is written."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from tkinter import ttk

from gui.models.saved_messages import EVERY_SECONDS, NOTHING, SavedMessage
from gui.models.typed import Typed
from gui.theme.theme import Theme
from gui.widgets.choice import Choice, Segments
from gui.widgets.composer import EOLS, MODES
from gui.widgets.field import Field
from gui.widgets.flow import Flow
from netlib import ENCODINGS, N_, _


class MessageForm(Flow):
    """Name, target, bytes or a file, and how often."""

    def __init__(self, parent: tk.Misc, theme: Theme, on_enter: Callable[[], None]) -> None:
        """Stand empty; Enter in a field calls `on_enter`."""
        super().__init__(parent, theme, gap=8)
        self.name = Field(self, theme, N_("Message name"), width=18)
        self.target = Field(self, theme, N_("Target"), width=24)
        self.every = Field(self, theme, N_("Repeat every"), width=6, unit=N_("s"))
        self.mode = Segments(self, MODES, lambda _mode: None)
        self.line = Field(self, theme, N_("Message"), width=30)
        self.eol = Choice(self, EOLS)
        self.encoding = ttk.Combobox(self, values=list(ENCODINGS), width=9, font="TkTextFont")
        self.file = Field(self, theme, N_("or file"), width=18)
        self.add(self.name, self.target, self.every)
        self.add(self.mode, self.line, self.eol, self.encoding, self.file, elastic=self.line)
        for field in (self.name, self.target, self.line, self.file, self.every):
            field.entry.bind("<Return>", lambda _event: on_enter())
        self.fill("", Typed(""))

    def put(self, message: SavedMessage) -> None:
        """Show a message."""
        self.fill(message.name, message.typed, message.target)
        self.file.text = message.file
        self.every.text = f"{message.every:g}" if message.every else ""

    def fill(self, name: str, typed: Typed, target: str = "") -> None:
        """Begin a message with what is known of it."""
        self.name.text, self.target.text = name, target
        self.mode.key, self.line.text, self.eol.key = typed.mode, typed.text, typed.eol
        self.encoding.set(typed.encoding)
        self.file.text = self.every.text = ""

    def message(self) -> SavedMessage:
        """Return what stands here. ValueError with a translated sentence: it is no message."""
        try:
            every = float(self.every.text or 0)
        except ValueError:
            low, high = EVERY_SECONDS
            words = _("repeat: from {low} to {high} seconds")
            raise ValueError(words.format(low=low, high=high)) from None
        typed = Typed(self.line.text, "text", self.eol.key, self.encoding.get())
        if self.file.text:
            typed = NOTHING
        elif self.mode.key == "hex":
            typed = Typed(self.line.text, "hex")
        return SavedMessage(
            name=self.name.text,
            typed=typed,
            file=self.file.text,
            target=self.target.text.strip(),
            every=every,
        )
