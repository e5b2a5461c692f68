"""One of a few things: a drop-down list, or a row of segments; keys inside, words outside."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Iterable, Mapping
from tkinter import font as tkfont
from tkinter import ttk
from typing import Generic, TypeVar

from gui.translated import LANGUAGE_CHANGED, Message, set_text, translate
from gui.widgets.tooltip import enable

Key = TypeVar("Key", bound=str)


class Choice(ttk.Combobox, Generic[Key]):
    """A drop-down list of a fixed set: `key` is what was chosen, whatever the language."""

    def __init__(self, parent: tk.Misc, options: Mapping[Key, Message]) -> None:
        """Offer `options` (key → words) and choose the first."""
        super().__init__(parent, state="readonly", font="TkTextFont")
        self._offered = dict(options)
        self._relabel()
        self.current(0)
        self.bind(LANGUAGE_CHANGED, lambda _event: self._relabel())
        self.bind("<<ComboboxSelected>>", lambda _event: self.selection_clear())

    def offer(self, options: Mapping[Key, Message]) -> None:
        """Offer other options; what is chosen stays chosen, or the first is."""
        chosen = self.key
        self._offered = dict(options)
        self._relabel()
        self.key = chosen if chosen in self._offered else next(iter(self._offered))

    @property
    def key(self) -> Key:
        """The key of the chosen option."""
        return [*self._offered][self.current()]

    @key.setter
    def key(self, key: Key) -> None:
        self.current([*self._offered].index(key))

    def _relabel(self) -> None:
        chosen = self.current()
        labels = [translate(words) for words in self._offered.values()]
        self.configure(values=labels, width=_characters(self, labels))
        if 0 <= chosen < len(labels):
            self.current(chosen)


def _characters(widget: tk.Misc, labels: Iterable[str]) -> int:
    """Return the width that holds every label, in characters as Tk counts them."""
    font = tkfont.nametofont("TkTextFont", root=widget)
    return -(-max(font.measure(label) for label in labels) // font.measure("0"))


class Segments(ttk.Frame, Generic[Key]):
    """A row of buttons in one frame, of which one is down: views, modes."""

    def __init__(
        self,
        parent: tk.Misc,
        options: Mapping[Key, Message],
        on_change: Callable[[Key], None] = lambda _key: None,
    ) -> None:
        """Offer `options` (key → words), choose the first; a change calls `on_change(key)`."""
        style = "Segments.TFrame"
        super().__init__(parent, style=style, padding=ttk.Style(parent).lookup(style, "padding"))
        self._on_change = on_change
        self._keys: dict[str, Key] = {key: key for key in options}
        self._chosen = tk.StringVar(self, next(iter(options)))
        self._buttons: dict[Key, ttk.Radiobutton] = {}
        for key, words in options.items():
            self._buttons[key] = button = ttk.Radiobutton(
                self,
                style="Segment.TRadiobutton",
                value=key,
                variable=self._chosen,
                command=lambda: on_change(self.key),
            )
            set_text(button, words)
            button.pack(side="left")

    @property
    def key(self) -> Key:
        """The key of the segment that is down."""
        return self._keys[self._chosen.get()]

    @key.setter
    def key(self, key: Key) -> None:
        self._chosen.set(key)

    @property
    def offered(self) -> tuple[Key, ...]:
        """The keys of all segments, from left to right."""
        return tuple(self._keys.values())

    def enable(self, key: Key, on: bool, why_not: Message = "") -> None:
        """Let a segment be chosen, or say what would allow it."""
        enable(self._buttons[key], on, why_not)

    def is_offered(self, key: Key) -> bool:
        """Tell whether a segment can be chosen now."""
        return bool(self._buttons[key].instate(["!disabled"]))

    def choose(self, key: Key) -> None:
        """Press a segment down and tell, as a click does."""
        self._chosen.set(key)
        self._on_change(key)
