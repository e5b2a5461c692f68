"""The form in which one saved message is written."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from tkinter import ttk

from gui.models import checks
from gui.models.saved_messages import (
    EVERY_SECONDS,
    MESSAGE_BYTES,
    NAME_CHARACTERS,
    NOTHING,
    TRANSPORTS,
    SavedMessage,
)
from gui.models.typed import Typed
from gui.theme.theme import Theme
from gui.widgets.choice import Choice, Segments
from gui.widgets.composer import EOLS, MODES
from gui.widgets.field import Field, Limits, NumberField
from gui.widgets.flow import Flow
from netlib import ENCODINGS, N_, _


class MessageForm(Flow):
    """Name, target, bytes or a file, and how often."""

    def __init__(
        self,
        parent: tk.Misc,
        theme: Theme,
        on_enter: Callable[[], None],
        is_taken: Callable[[str], bool],
    ) -> None:
        """Stand empty; Enter in a field calls `on_enter`; `is_taken`: by another message."""
        super().__init__(parent, theme, gap=8)
        self._is_taken = is_taken
        self.name = Field(self, theme, N_("Message name"), self._name_wrong, width=18)
        self.target = Field(self, theme, N_("Target"), _target_wrong, width=24)
        self.every = _Repeat(
            self,
            theme,
            N_("Repeat every"),
            Limits(*EVERY_SECONDS, whole=False),
            width=6,
            unit=N_("s"),
        )
        self.mode = Segments(self, MODES, lambda _mode: None)
        self.line = Field(self, theme, N_("Message"), self._line_wrong, width=30)
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
        for field in (self.name, self.target, self.every, self.line):
            field.mark("")  # what was wrong with another message

    def accept(self) -> bool:
        """Whether this can be kept; if not, say why at the first field that is wrong."""
        fields = (self.name, self.target, self.every, self.line)
        return all(field.accept() for field in fields)

    def message(self) -> SavedMessage:
        """Return what stands here. ValueError with a translated sentence: it is no message."""
        return SavedMessage(
            name=self.name.text,
            typed=self._typed(),
            file=self.file.text,
            target=self.target.text.strip(),
            every=float(self.every.text or 0),
        )

    def _typed(self) -> Typed:
        if self.file.text:
            return NOTHING
        if self.mode.key == "hex":
            return Typed(self.line.text, "hex")
        return Typed(self.line.text, "text", self.eol.key, self.encoding.get())

    def _name_wrong(self, name: str) -> str | None:
        if not name.strip() or len(name) > NAME_CHARACTERS:
            words = _("Message name: please type 1 to {limit} characters.")
            return words.format(limit=NAME_CHARACTERS)
        return _("Another message has this name.") if self._is_taken(name) else None

    def _line_wrong(self, _text: str) -> str | None:
        try:
            data = self._typed().encode()
        except ValueError as wrong:
            return str(wrong)
        if len(data) <= MESSAGE_BYTES:
            return None
        return _("A message has at most {limit:,} bytes.").format(limit=MESSAGE_BYTES)


class _Repeat(NumberField):
    """How often, in seconds; empty: once."""

    def _explain(self, text: str) -> str | None:
        return super()._explain(text) if text else None


def _target_wrong(text: str) -> str | None:
    transport, _blank, address = text.strip().partition(" ")
    if not transport:
        return None
    if transport not in TRANSPORTS:
        return _("Target: please type tcp or udp, then an address, as in tcp localhost:8080.")
    return checks.address(address)
