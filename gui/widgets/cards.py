"""Large choices: side by side where there is room for them, else each in a line of its own."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from tkinter import font as tkfont
from tkinter import ttk
from typing import Final

from gui.theme.theme import Theme
from gui.translated import LANGUAGE_CHANGED, Message, set_text, translate
from gui.widgets.fit import Fitted
from netlib import broken
from netlib.value import NamedTuple

GAP: Final = 16
"""Logical pixels between two cards; half of it where they lie below each other."""
PADDING, SENTENCE_PADDING, FLAT_PADDING = 20, 8, 5
"""Logical pixels inside a card; above and below in one that lies, with a sentence and without."""
SIGN: Final = 44
"""Logical pixels of the square in which a sign stands."""
LEAST_FIELD: Final = 150
"""Logical pixels of a field beside its button."""


class Words(NamedTuple):
    """What stands on a card."""

    sign: str
    title: Message
    sentence: Message


class Card(ttk.Frame):
    """A sign, a title, a sentence, and a button, before which there may be a field."""

    def __init__(self, parent: tk.Misc, theme: Theme, words: Words, *, first: bool = False) -> None:
        """Offer no button yet; `first`: the one that is offered above all, tinted and filled."""
        kind = "First." if first else ""
        super().__init__(parent, style=f"{kind}Card.TFrame", width=1, height=1)
        self._theme, self._words = theme, words
        self._sign = ttk.Label(self, style=f"{kind}Sign.Card.TLabel", text=words.sign)
        self._title = ttk.Label(self, style=f"{kind}Result.Card.TLabel")
        set_text(self._title, words.title)
        self._sentence = ttk.Label(self, style=f"{kind}Card.TLabel")
        self.button = ttk.Button(self, style="Card.Accent.TButton" if first else "Card.TButton")
        self.field: ttk.Frame | None = None

    def press(self, words: Message, command: Callable[[], object]) -> None:
        """Say what the button is called and does; so does a click anywhere on the card."""
        set_text(self.button, words)
        self.button.configure(command=command)
        self.click(command)

    def click(self, does: Callable[[], object]) -> None:
        """Say what a click beside the controls does."""
        for part in (self, self._sign, self._title, self._sentence):
            part.configure(cursor="hand2")
            part.bind("<Button-1>", lambda _event: does())

    @property
    def parts(self) -> list[tk.Widget]:
        """What asks for room by itself; the sentence is broken into the room there is."""
        return [self._title, self.button, *([self.field] if self.field else [])]

    def least_width(self) -> int:
        """Return how wide a card must be to stand."""
        inside = max(self._title.winfo_reqwidth(), self._controls_width())
        return inside + 2 * self._theme.px(PADDING)

    def stand(self, width: int) -> int:
        """Put everything below each other, the controls at the foot; return the height needed."""
        px, pad = self._theme.px, self._theme.px(PADDING)
        self._sign.place(x=pad, y=pad, width=px(SIGN), height=px(SIGN))
        top = pad + px(SIGN) + px(12)
        self._title.place(x=pad, y=top, anchor="nw")
        top += self._title.winfo_reqheight() + px(2)
        lines = broken(self._said(), self._measure(), width - 2 * pad)
        self._sentence.configure(text="\n".join(lines))
        self._sentence.place(x=pad, y=top)
        top += self._sentence.winfo_reqheight() + px(16)
        high = self.button.winfo_reqheight()
        self._place_controls(pad, self._field_room(width - 2 * pad), -pad - high // 2)
        return top + high + pad

    def lie(self, width: int) -> int:
        """Put the controls behind the title, or in its place; return the height needed."""
        px, pad = self._theme.px, self._theme.px(PADDING)
        self._sign.place_forget()
        self._sentence.place_forget()
        controls, high = self._controls_width(), self.button.winfo_reqheight()
        title, above = self._title.winfo_reqheight(), 0
        beside = width - 2 * pad - controls - px(8)
        if self._title.winfo_reqwidth() > beside:
            return self._lie_narrow(width - 2 * pad)
        if self._measure()(self._said()) <= beside:
            self._sentence.configure(text=self._said())
            above = self._sentence.winfo_reqheight()
        inside = max(title + above, high)
        whole = inside + 2 * px(SENTENCE_PADDING if above else FLAT_PADDING)
        top = (whole - title - above) // 2
        self._title.place(x=pad, y=top, anchor="nw")
        if above:
            self._sentence.place(x=pad, y=top + title)
        self._place_controls(width - pad - controls, px(LEAST_FIELD), whole // 2)
        return whole

    def _lie_narrow(self, room: int) -> int:
        """Do without the title if there is a field beside the button, else put it above."""
        px, pad = self._theme.px, self._theme.px(PADDING)
        top, high = px(FLAT_PADDING), self.button.winfo_reqheight()
        if self.field is None:
            self._title.place(x=pad, y=top, anchor="nw")
            top += self._title.winfo_reqheight() + px(4)
        else:
            self._title.place_forget()
        self._place_controls(pad, self._field_room(room), top + high // 2)
        return top + high + px(FLAT_PADDING)

    def _field_room(self, room: int) -> int:
        return room - self.button.winfo_reqwidth() - self._theme.px(8)

    def _controls_width(self) -> int:
        field = self._theme.px(LEAST_FIELD) + self._theme.px(8) if self.field else 0
        return field + self.button.winfo_reqwidth()

    def _place_controls(self, left: int, field: int, middle: int) -> None:
        """Place the field, as wide as told, and the button; `middle` < 0: counted from the foot."""
        rely = 1 if middle < 0 else 0
        if self.field is not None:
            self.field.place(x=left, y=middle, rely=rely, width=field, anchor="w")
            left += field + self._theme.px(8)
        self.button.place(x=left, y=middle, rely=rely, anchor="w")

    def _said(self) -> str:
        return translate(self._words.sentence)

    def _measure(self) -> Callable[[str], int]:
        return tkfont.nametofont("TkDefaultFont", root=self).measure


class Cards(Fitted):
    """Cards of one size in a row, or one below the other."""

    def __init__(self, parent: tk.Misc, theme: Theme) -> None:
        """Hold no card yet."""
        super().__init__(parent, theme)
        self._cards: list[Card] = []
        self.bind(LANGUAGE_CHANGED, lambda _event: self.fit(again=True))

    def add(self, *cards: Card) -> None:
        """Append cards, with all they hold."""
        self._cards += cards
        for card in cards:
            for part in card.parts:
                self.hold(part)

    def arrange(self, width: int) -> int:
        """Place the cards."""
        cards, gap = self._cards, self._theme.px(GAP)
        column = (width - gap * (len(cards) - 1)) // len(cards)
        if column >= max(card.least_width() for card in cards):
            high = max([card.stand(column) for card in cards])
            for number, card in enumerate(cards):
                card.place(x=number * (column + gap), y=gap, width=column, height=high)
            return gap + high
        top = 0
        for card in cards:
            high = card.lie(width)
            card.place(x=0, y=top, width=width, height=high)
            top += high + gap // 2
        return top - gap // 2
