"""The settings of the experiment: what is sent, how it is sent, and how it is received."""

from __future__ import annotations

import tkinter as tk
from tkinter import ttk
from typing import Final

from gui.models.boundaries import DIVIDER, typed_messages
from gui.theme.theme import Theme
from gui.translated import Message, set_text
from gui.widgets.choice import Segments
from gui.widgets.field import Limits
from gui.widgets.slider import Slider
from gui.widgets.tooltip import tip
from netlib import BOUNDARY_LIMITS, BOUNDARY_NAMES, N_, BoundarySettings, least_size

KINDS: Final[dict[str, Message]] = {"typed": N_("typed"), "numbered": N_("numbered")}
NAGLE: Final[dict[str, Message]] = {"on": N_("on"), "off": N_("off")}
FRAMINGS: Final[dict[str, Message]] = {
    "none": N_("none"),
    "line": "LF",
    "length2": N_("length 2"),
    "length4": N_("length 4"),
    "fixed": N_("fixed"),
}
UNITS: Final[dict[str, Message]] = {"sends": "", "pause": "ms", "delay": "ms"}
"""Bytes, unless it is said here."""
FIRST_TEXT: Final = f"hello class!{DIVIDER}你好"
FIRST_NUMBERS: Final = {"sends": 4, "size": 6, "pause": 0, "recv": 7, "delay": 10, "buffer": 0}
_HINTS: Final[dict[str, Message]] = {
    "size": N_("Each message is sent in pieces of this size. 0: in one piece, where it is typed."),
    "delay": N_("What was sent by then waits in the receive buffer."),
    "buffer": N_("SO_RCVBUF. 0: as large as the system makes it."),
}
_NAGLE_HINT: Final = N_(
    "On: a small piece waits until what was sent before is acknowledged. On loopback an ACK hardly "
    "takes time, so it seldom shows."
)


class BoundariesForm(ttk.Frame):
    """Reads the settings; what is wrong is told beside its field."""

    def __init__(self, parent: tk.Misc, theme: Theme) -> None:
        """Show settings that show something."""
        super().__init__(parent)
        self._theme = theme
        self.kind = self._segments(N_("Messages"), KINDS)
        self.typed = ttk.Entry(self, font="TkTextFont", width=8)
        self.typed.insert(0, FIRST_TEXT)
        tip(self.typed, N_("Messages, with | between them; \\n means LF."))
        self.typed.pack(fill="x", pady=(theme.px(4), theme.px(8)))
        self.sliders = {name: self._slider(name) for name in BOUNDARY_LIMITS}
        self.nagle = self._segments(N_("Nagle's algorithm"), NAGLE, _NAGLE_HINT)
        self.framing = self._segments(N_("Framing"), FRAMINGS)
        self.framing.key = "line"
        self._settle()

    def _segments(
        self, words: Message, options: dict[str, Message], hint: Message = ""
    ) -> Segments[str]:
        label = ttk.Label(self)
        set_text(label, words)
        label.pack(anchor="w")
        if hint:
            tip(label, hint)
        segments = Segments(self, options, lambda _key: self._settle())
        segments.pack(anchor="w", pady=(self._theme.px(2), self._theme.px(8)))
        return segments

    def _slider(self, name: str) -> Slider:
        low, high = BOUNDARY_LIMITS[name]
        slider = Slider(
            self,
            self._theme,
            BOUNDARY_NAMES[name],
            Limits(low=low, high=high),
            unit=UNITS.get(name, "B"),
            logarithmic=high > 1000,
        )
        slider.number = FIRST_NUMBERS[name]
        if name in _HINTS:
            tip(slider.field.entry, _HINTS[name])
        slider.pack(fill="x", pady=(0, self._theme.px(4)))
        return slider

    def _settle(self) -> None:
        """Accept what goes with the kind of messages and with the framing."""
        typed = self.kind.key == "typed"
        self.typed.state(["!disabled" if typed else "disabled"])
        why = N_("Typed messages are as many as they are.")
        self.sliders["sends"].enable(not typed, why if typed else "")
        least = least_size(self.framing.key, given=typed)
        self.sliders["size"].limit(Limits(low=least, high=BOUNDARY_LIMITS["size"][1]))

    def accept(self) -> bool:
        """Whether each number is right; if not, it is said beside the first that is wrong."""
        return all(slider.field.accept() for slider in self._wanted().values())

    def settings(self) -> BoundarySettings:
        """Return the settings; ValueError with a translated sentence: they cannot be."""
        typed = self.kind.key == "typed"
        numbers = {name: slider.number for name, slider in self._wanted().items()}
        return BoundarySettings(
            messages=typed_messages(self.typed.get()) if typed else (),
            nagle=self.nagle.key == "on",
            framing=self.framing.key,
            **numbers,
        )

    def _wanted(self) -> dict[str, Slider]:
        """Return the numbers that count."""
        typed = self.kind.key == "typed"
        return {name: one for name, one in self.sliders.items() if name != "sends" or not typed}
