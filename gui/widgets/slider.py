"""A number that is typed or slid: a field, and under it a track with a knob, kept in step."""

from __future__ import annotations

import tkinter as tk
from math import log
from tkinter import ttk
from typing import Final

from gui.theme import shapes
from gui.theme.shapes import Layer
from gui.theme.theme import Theme
from gui.translated import Message, set_text
from gui.widgets.field import Limits, NumberField
from gui.widgets.focus import focused

HEIGHT: Final = 22
TRACK: Final = 6
KNOB: Final = 18
"""Logical pixels."""
STEP: Final = 0.02
LEAP: Final = 0.1
"""Shares of the track by which an arrow key, and PgUp or PgDn, moves the knob."""
_DIGITS: Final = 2
"""Significant digits of a number that was slid on a long track."""
_KEYS: Final = {
    **dict.fromkeys(("<Left>", "<Down>"), -STEP),
    **dict.fromkeys(("<Right>", "<Up>"), STEP),
    "<Next>": -LEAP,
    "<Prior>": LEAP,
    "<Home>": -1.0,
    "<End>": 1.0,
}


class Slider(ttk.Frame):
    """A whole number; `field` is where it is typed, and says what is wrong with it."""

    def __init__(
        self,
        parent: tk.Misc,
        theme: Theme,
        label: Message,
        limits: Limits,
        *,
        unit: Message = "",
        logarithmic: bool = False,
    ) -> None:
        """Show the smallest number. `logarithmic`: as far from 1 to 10 as from 1000 to 10000."""
        super().__init__(parent)
        self._theme, self._logarithmic = theme, logarithmic
        self._pictures: list[tk.PhotoImage] = []
        self._enabled = True
        words = ttk.Label(self)
        set_text(words, label)
        self.field = NumberField(self, theme, label, limits, unit=unit)
        self.field.hide_label()
        self._track = tk.Canvas(self, width=10, height=theme.px(HEIGHT), takefocus=True)
        words.grid(row=0, column=0, sticky="w")
        self.field.grid(row=0, column=1, sticky="e")
        self._track.grid(row=1, column=0, columnspan=2, sticky="we")
        self.columnconfigure(0, weight=1)
        self._typed = tk.StringVar(self, f"{limits.low:g}")
        self.field.entry.configure(textvariable=self._typed, justify="right")
        self._watching = self._typed.trace_add("write", lambda *_names: self._draw())
        self._listen()

    def _listen(self) -> None:
        track = self._track
        for event in ("<Configure>", "<FocusIn>", "<FocusOut>"):
            track.bind(event, lambda _event: self._draw())
        self.bind("<<ThemeChanged>>", lambda _event: self._dress())
        for event in ("<Button-1>", "<B1-Motion>"):
            track.bind(event, lambda event: self._slid(event.x))
        for key, share in _KEYS.items():
            track.bind(key, lambda _event, share=share: self._step(share))  # type: ignore[misc]

    def destroy(self) -> None:
        """Go, and stop watching: a trace, which Tcl holds, would keep the whole window."""
        self._typed.trace_remove("write", self._watching)
        super().destroy()

    @property
    def number(self) -> int:
        """The number; ValueError with a translated sentence when what was typed is none."""
        return int(self.field.number)

    @number.setter
    def number(self, number: int) -> None:
        self.field.text = str(number)

    def enable(self, on: bool, why_not: Message = "") -> None:
        """Let the number be changed, or say what would allow it."""
        self._enabled = on
        self.field.enable(on, why_not)
        self._track.configure(takefocus=on)
        self._draw()

    def limit(self, limits: Limits) -> None:
        """Accept other numbers from now on."""
        self.field.limits = limits
        self._draw()

    def _share(self) -> float:
        """Return where on the track the number lies; 0 where what was typed is none."""
        low, high = self.field.limits.low, self.field.limits.high
        if self.field.wrong:
            return 0.0
        if not self._logarithmic:
            return (self.number - low) / (high - low)
        return log(max(self.number, 1)) / log(high) if self.number else 0.0

    def _at(self, share: float) -> int:
        """Return the number that lies there on the track; on a long one it is a round one."""
        low, high = self.field.limits.low, self.field.limits.high
        if share <= 0 or share >= 1:
            return int(low if share <= 0 else high)
        number = high**share if self._logarithmic else low + share * (high - low)
        digits = len(str(int(number))) - _DIGITS
        rounded = round(number, -digits) if self._logarithmic and digits > 0 else round(number)
        return int(min(max(rounded, low), high))

    def _step(self, share: float) -> str:
        """Move the knob, at least to the next number."""
        if self._enabled:
            before = 0 if self.field.wrong else self.number
            found = self._at(self._share() + share)
            if found == before:
                found = int(before + (1 if share > 0 else -1))
            self._set(found)
        return "break"

    def _slid(self, x: int) -> None:
        if self._enabled:
            self._track.focus_set()
            ends = self._theme.px(KNOB)
            self._set(self._at((x - ends / 2) / max(self._track.winfo_width() - ends, 1)))

    def _set(self, number: int) -> None:
        self.number = int(min(max(number, self.field.limits.low), self.field.limits.high))

    def _dress(self) -> None:
        self._track.configure(height=self._theme.px(HEIGHT))
        self._draw()

    def _draw(self) -> None:
        """Draw the track, as far as the knob in the accent colour, and the knob."""
        px, palette, track = self._theme.px, self._theme.palette, self._track
        wide, high, knob = track.winfo_width(), px(HEIGHT), px(KNOB)
        if wide <= knob:
            return
        middle = knob // 2 + round(self._share() * (wide - knob))
        bar, accent = px(TRACK) // 2, palette.accent if self._enabled else palette.disabled
        has_keyboard = focused(track) == str(track)
        rim = Layer(0, palette.focus if has_keyboard else palette.window)
        disc = [rim, Layer(px(1), palette.window)] if has_keyboard else [rim]
        disc += [Layer(px(2), accent), Layer(px(5), palette.field)]
        ground = palette.window
        lengths = [(wide, palette.track)]
        if middle - knob // 2 > 2 * bar:
            lengths.append((middle, accent))
        drawn = [
            (0, shapes.box(bar, (length - 2 * bar, 0), ground, [Layer(0, colour)]))
            for length, colour in lengths
        ]
        drawn.append((middle - knob // 2, shapes.disc(knob, ground, disc)))
        track.configure(background=ground)
        track.delete("all")
        self._pictures = [
            tk.PhotoImage(master=track, data=data, format="ppm") for _x, data in drawn
        ]
        for (x, _data), picture in zip(drawn, self._pictures, strict=True):
            track.create_image(x, (high - picture.height()) // 2, image=picture, anchor="nw")
