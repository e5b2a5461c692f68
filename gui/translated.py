"""Text that follows the language: set once, set again after the language has changed.

`set_text` and its siblings put a translated sentence somewhere and remember it until the widget is
destroyed; `retranslate` walks the tree and says it again, then sends every widget the virtual event
`<<LanguageChanged>>`. A message is an English sentence (its own catalogue key) with
`{name}` places, or a function that gives the sentence in the language of the moment.
"""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from functools import partial
from typing import Any

from netlib import _
from netlib.value import NamedTuple

Message = str | Callable[[], str]
"""An English sentence to be translated, or a function that gives one already translated."""
LANGUAGE_CHANGED = "<<LanguageChanged>>"


class _Place(NamedTuple):
    """Where on a widget a text stands: the kind of place, and which one of its kind."""

    kind: str
    key: str | int


class _Text(NamedTuple):
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


_TEXTS: dict[tk.Misc, dict[_Place, _Text]] = {}
"""What stands where on the widgets there are."""


def translate(message: Message, **values: object) -> str:
    """Return a message in the language of the moment, its places filled in."""
    text = _(message) if isinstance(message, str) else message()
    return text.format(**values) if values else text


def set_text(widget: tk.Misc, message: Message, **values: object) -> None:
    """Set a widget's text."""
    _put(widget, _Place("option", "text"), message, values)


def set_title(window: tk.Tk | tk.Toplevel, message: Message, **values: object) -> None:
    """Set a window's title."""
    _put(window, _Place("title", ""), message, values)


def set_tab_text(notebook: tk.Misc, page: tk.Misc, message: Message) -> None:
    """Set the title of a notebook's page."""
    _put(notebook, _Place("tab", str(page)), message, {})


def set_heading(table: tk.Misc, column: str, message: Message) -> None:
    """Set the heading of a Treeview's column."""
    _put(table, _Place("heading", column), message, {})


def set_entry_label(menu: tk.Menu, index: int, message: Message) -> None:
    """Set the label of a menu's entry, by its number."""
    _put(menu, _Place("entry", index), message, {})


def remember(widget: tk.Misc, key: str, message: Message, **values: object) -> None:
    """Remember a sentence on a widget without showing it; `remembered` gives it later."""
    _put(widget, _Place("kept", key), message, values)


def remembered(widget: tk.Misc, key: str) -> str:
    """Return the sentence remembered under `key` in the language of the moment, or ""."""
    text = _texts(widget).get(_Place("kept", key))
    return translate(text.message, **text.values) if text else ""


def retranslate(root: tk.Misc) -> None:
    """Show everything below `root` again, in the language of the moment."""
    for (kind, key), text in _TEXTS.get(root, {}).items():
        _PUT[kind](root, key, translate(text.message, **text.values))
    for child in [*root.children.values()]:
        if child.winfo_exists():  # a word about an error goes when its control is told
            retranslate(child)
    root.event_generate(LANGUAGE_CHANGED)


def _put(widget: tk.Misc, place: _Place, message: Message, values: dict[str, object]) -> None:
    _texts(widget)[place] = _Text(message, values)
    _PUT[place.kind](widget, place.key, translate(message, **values))


def _texts(widget: tk.Misc) -> dict[_Place, _Text]:
    if widget not in _TEXTS:
        _TEXTS[widget] = {}
        widget.bind("<Destroy>", partial(_forget, widget), add=True)
    return _TEXTS[widget]


def _forget(widget: tk.Misc, event: tk.Event[tk.Misc]) -> None:
    if event.widget is widget:  # a window is told of each of its widgets as well
        _TEXTS.pop(widget, None)
