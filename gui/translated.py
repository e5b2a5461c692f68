"""Text that follows the language: said once, said again after the language has changed.

`say` and its siblings put a translated sentence somewhere and remember, on the widget, what was
said; `retranslate` walks the tree and says it again, then sends every widget the virtual event
``<<LanguageChanged>>``. A message is an English sentence (its own catalogue key) with ``%(name)s``
places, or a function that gives the sentence in the language of the moment.
"""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from typing import Any, NamedTuple

from netlib.i18n import _

Message = str | Callable[[], str]
"""An English sentence to be translated, or a function that gives one already translated."""
LANGUAGE_CHANGED = "<<LanguageChanged>>"
_ATTRIBUTE = "_socketboard_said"


class _Place(NamedTuple):
    """Where on a widget a text stands: the kind of place, and which one of its kind."""

    kind: str
    key: str | int


class _Said(NamedTuple):
    message: Message
    values: dict[str, object]


_PUT: dict[str, Callable[[Any, Any, str], object]] = {
    "option": lambda widget, option, text: widget.configure({option: text}),
    "title": lambda window, _key, text: window.title(text),
    "tab": lambda notebook, page, text: notebook.tab(page, text=text),
    "heading": lambda table, column, text: table.heading(column, text=text),
    "entry": lambda menu, index, text: menu.entryconfigure(index, label=text),
    "kept": lambda _widget, _key, _text: None,
}
"""How a text is put in each kind of place; "kept" is read by whoever shows it (tooltips)."""


def sentence(message: Message, **values: object) -> str:
    """Give a message in the language of the moment, its places filled in."""
    text = _(message) if isinstance(message, str) else message()
    return text % values if values else text


def say(widget: tk.Misc, message: Message, **values: object) -> None:
    """Set a widget's text."""
    _say(widget, _Place("option", "text"), message, values)


def say_title(window: tk.Wm, message: Message, **values: object) -> None:
    """Set a window's title."""
    _say(window, _Place("title", ""), message, values)


def say_tab(notebook: tk.Misc, page: tk.Misc, message: Message) -> None:
    """Set the title of a notebook's page."""
    _say(notebook, _Place("tab", str(page)), message, {})


def say_heading(table: tk.Misc, column: str, message: Message) -> None:
    """Set the heading of a Treeview's column."""
    _say(table, _Place("heading", column), message, {})


def say_entry(menu: tk.Menu, index: int, message: Message) -> None:
    """Set the label of a menu's entry, by its number."""
    _say(menu, _Place("entry", index), message, {})


def keep(widget: tk.Misc, key: str, message: Message, **values: object) -> None:
    """Remember a sentence on a widget without showing it; `kept` gives it later."""
    _say(widget, _Place("kept", key), message, values)


def kept(widget: tk.Misc, key: str) -> str:
    """Give the sentence remembered under ``key`` in the language of the moment, or ""."""
    said = _said(widget).get(_Place("kept", key))
    return sentence(said.message, **said.values) if said else ""


def retranslate(root: tk.Misc) -> None:
    """Say everything below ``root`` again, in the language of the moment."""
    for (kind, key), said in _said(root).items():
        _PUT[kind](root, key, sentence(said.message, **said.values))
    for child in [*root.children.values()]:
        if child.winfo_exists():  # a word about an error goes when its control is told
            retranslate(child)
    root.event_generate(LANGUAGE_CHANGED)


def _say(widget: object, place: _Place, message: Message, values: dict[str, object]) -> None:
    _said(widget)[place] = _Said(message, values)
    _PUT[place.kind](widget, place.key, sentence(message, **values))


def _said(widget: object) -> dict[_Place, _Said]:
    said: dict[_Place, _Said] = vars(widget).setdefault(_ATTRIBUTE, {})
    return said
