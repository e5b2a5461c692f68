"""A label, its entry and its error: the same look and behaviour in every tab."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from tkinter import ttk

from gui.theme.theme import Theme
from gui.translated import Message, remember, remembered, set_text, translate
from gui.widgets.bubble import Bubble
from gui.widgets.tooltip import enable
from netlib import N_
from netlib.value import value

Check = Callable[[str], str | None]
"""Returns a translated sentence saying what is wrong with a text, or None."""
_WHOLE = N_("{name}: please type a whole number from {low} to {high}.")
_DECIMAL = N_("{name}: please type a number from {low} to {high}.")


class Field(ttk.Frame):
    """A label left of an entry; wrong text reddens the entry and says why, beside it."""

    def __init__(
        self,
        parent: tk.Misc,
        theme: Theme,
        label: Message,
        check: Check = lambda _text: None,
        *,
        width: int = 8,
        unit: Message = "",
    ) -> None:
        """Show an empty entry `width` characters wide, with a unit behind it if given."""
        super().__init__(parent)
        self._check, self._words = check, label
        self._label = ttk.Label(self)
        set_text(self._label, label)
        self.entry = self._make_entry(width)
        self._bubble = Bubble(self.entry, theme)
        self._label.pack(side="left", padx=(0, theme.px(6)))
        self.entry.pack(side="left", fill="x", expand=True)
        if unit:
            behind = ttk.Label(self, style="Muted.TLabel")
            set_text(behind, unit)
            behind.pack(side="left", padx=(theme.px(4), 0))
        self.entry.bind("<FocusOut>", lambda _event: self._left(), add=True)
        self.entry.bind("<KeyRelease>", lambda _event: self._typed(), add=True)

    @property
    def text(self) -> str:
        """What stands in the entry."""
        return self.entry.get()

    @text.setter
    def text(self, text: str) -> None:
        self.entry.delete(0, "end")
        self.entry.insert(0, text)
        self._typed()

    @property
    def wrong(self) -> str:
        """What is wrong with the text, or ""."""
        return self._check(self.text) or ""

    def accept(self) -> bool:
        """Whether the text is right; if not, say why, keep the text, and go there."""
        wrong = self.wrong
        self.mark(wrong)
        if wrong:
            self._bubble.show(wrong)
            self.entry.focus_set()
            self.entry.selection_range(0, "end")
        return not wrong

    def hide_label(self) -> None:
        """Show the entry alone, where a title over it says what it is."""
        self._label.pack_forget()

    def mark(self, wrong: str) -> None:
        """Show the entry as wrong, the sentence in its tooltip; "" shows it as right."""
        remember(self.entry, "wrong", lambda: wrong)
        self.entry.state(["invalid" if wrong else "!invalid"])
        if not wrong:
            self._bubble.hide()

    def enable(self, on: bool, why_not: Message = "") -> None:
        """Let the text be edited, or say what would allow it."""
        enable(self.entry, on, why_not)

    def _make_entry(self, width: int) -> ttk.Entry:
        return ttk.Entry(self, width=width, font="TkTextFont")

    def _left(self) -> None:
        self._bubble.hide()
        self.mark(self.wrong)

    def _typed(self) -> None:
        if remembered(self.entry, "wrong"):
            self.mark(self.wrong)


@value()
class Limits:
    """The numbers a field accepts."""

    low: float
    high: float
    whole: bool = True


class NumberField(Field):
    """A field for a whole number or for seconds."""

    def __init__(
        self,
        parent: tk.Misc,
        theme: Theme,
        label: Message,
        limits: Limits,
        *,
        width: int = 6,
        unit: Message = "",
    ) -> None:
        """Accept numbers within `limits`, both ends included."""
        self.limits = limits
        """What is accepted from now on."""
        super().__init__(parent, theme, label, self._explain, width=width, unit=unit)

    @property
    def number(self) -> float:
        """The number; ValueError with a translated sentence when the text is none."""
        number = self._read(self.text)
        if number is None:
            raise ValueError(self.wrong)
        return number

    def _read(self, text: str) -> float | None:
        try:
            number = int(text) if self.limits.whole else float(text)
        except ValueError:
            return None
        return number if self.limits.low <= number <= self.limits.high else None

    def _explain(self, text: str) -> str | None:
        if self._read(text) is not None:
            return None
        limits = {"low": f"{self.limits.low:.10g}", "high": f"{self.limits.high:.10g}"}
        message = _WHOLE if self.limits.whole else _DECIMAL
        return translate(message, name=translate(self._words), **limits)
