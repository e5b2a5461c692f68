"""What one says: an input line with line ending, encoding, text or hex, and a Send button.

Return sends, and so does the button, because an input method may swallow Return. What cannot be
sent (the encoding lacks a character, bad hex, no connection) is said beside the line and stays
typed; Up and Down bring back older lines without losing the one begun.
"""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Sequence
from tkinter import ttk

from gui.models.typed import Eol, Mode, Typed
from gui.theme.theme import Theme
from gui.translated import Message, set_text
from gui.widgets.bubble import Bubble
from gui.widgets.choice import Choice, Segments
from gui.widgets.flow import Flow
from gui.widgets.history import History
from gui.widgets.tooltip import enable, tip, words_of
from netlib import N_

OnSend = Callable[[Typed], str | None]
"""Returns a translated sentence saying why not, or None when it was sent."""

EOLS: dict[Eol, Message] = {"lf": "LF", "crlf": "CRLF", "none": N_("none")}
MODES: dict[Mode, Message] = {"text": N_("Text"), "hex": N_("Hex")}


class Composer(Flow):
    """The input line of a tab."""

    def __init__(
        self, parent: tk.Misc, theme: Theme, on_send: OnSend, encodings: Sequence[str]
    ) -> None:
        """Offer the `encodings`, the first chosen; others may be typed."""
        super().__init__(parent, theme, gap=6)
        self._on_send = on_send
        self._history = History()
        self.entry = ttk.Entry(self, font="TkTextFont", width=12)
        self.mode = Segments(self, MODES, self._mode_changed)
        self.eol = Choice(self, EOLS)
        self.encoding = ttk.Combobox(self, values=list(encodings), width=9, font="TkTextFont")
        self.encoding.set(encodings[0])
        self.send_button = ttk.Button(self, command=self.submit)
        set_text(self.send_button, N_("Send"))
        self.bubble = Bubble(self.entry, theme)
        self._tips()
        controls = self.mode, self.entry, self.eol, self.encoding, self.send_button
        self.add(*controls, elastic=self.entry)
        self.fold(1, self.mode, self.eol, self.encoding)
        self._listen()

    @property
    def text(self) -> str:
        """What is typed and not yet sent."""
        return self.entry.get()

    @text.setter
    def text(self, text: str) -> None:
        self.entry.delete(0, "end")
        self.entry.insert(0, text)
        self.entry.icursor("end")

    @property
    def typed(self) -> Typed:
        """The same, with the choices made for it."""
        if self.mode.key == "hex":
            return Typed(self.text, "hex")
        return Typed(self.text, "text", self.eol.key, self.encoding.get())

    @property
    def wrong(self) -> str:
        """Why the last attempt to send failed, or ""."""
        return self.bubble.text

    def submit(self) -> None:
        """Send what is typed, or say why not and leave it typed."""
        if self.deliver(self.typed):
            self.entry.state(["invalid"])
        else:
            self._history.add(self.text)
            self.text = ""
            self._typed()

    def deliver(self, typed: Typed) -> str | None:
        """Send this; or return why not, and say it beside the line."""
        disabled = self.send_button.instate(["disabled"])
        wrong = words_of(self.send_button) if disabled else self._on_send(typed)
        if wrong:
            self.bubble.show(wrong)
        return wrong

    def enable(self, on: bool, why_not: Message = "") -> None:
        """Allow sending, or say what would; typing is always allowed.

        What was wrong is no longer said when that changes.
        """
        if on == self.send_button.instate(["disabled"]):
            self._typed()
        enable(self.send_button, on, why_not)

    def _tips(self) -> None:
        tip(self.entry, N_("Enter sends; Up and Down bring back earlier lines."))
        tip(self.eol, N_("What is added after the text: LF, CRLF or nothing."))
        tip(self.encoding, N_("Text encoding."))
        tip(self.send_button, N_("Send the line (Enter)."))

    def _listen(self) -> None:
        self.entry.bind("<Return>", self._returned)
        self.entry.bind("<KP_Enter>", self._returned)
        self.entry.bind("<KeyRelease>", self._released)
        self.entry.bind("<Up>", lambda _event: self._recall(self._history.older))
        self.entry.bind("<Down>", lambda _event: self._recall(self._history.newer))

    def _returned(self, _event: tk.Event[tk.Misc]) -> str:
        self.submit()
        return "break"

    def _released(self, event: tk.Event[tk.Misc]) -> None:
        if event.keysym not in {"Return", "KP_Enter"}:
            self._typed()

    def _recall(self, move: Callable[[str], str]) -> str:
        self.text = move(self.text)
        return "break"

    def _typed(self) -> None:
        self.entry.state(["!invalid"])
        self.bubble.hide()

    def _mode_changed(self, mode: Mode) -> None:
        """Hex is read in columns and carries no line ending nor encoding."""
        self.entry.configure(font="TkFixedFont" if mode == "hex" else "TkTextFont")
        for control in (self.eol, self.encoding):
            enable(control, mode == "text", N_("Hex is sent as it stands."))
