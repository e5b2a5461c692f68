"""Every key of the window, as data: what is bound, what menus show, and what F1 lists.

A key with an intent is the window's: it works wherever the focus is. The others belong to the part
that has the focus; they stand here so that F1 lists them, and a test compares both ways.
"""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Mapping
from functools import partial
from typing import Final

from gui.translated import Message
from gui.widgets.menus import MENU_KEYS
from netlib import N_
from netlib.value import NamedTuple

Intents = Mapping[str, Callable[[], object]]
"""What the window does, by the names used in this table."""


class Key(NamedTuple):
    """A key: how it is written, what it does, Tk's events, and the window's intent, if any."""

    shown: str
    words: Message
    events: tuple[str, ...]
    intent: str = ""


KEYS: Final = (
    Key("Ctrl+1, Ctrl+2 …", N_("go to a tab"), ("<Control-Key-1>",), "tab"),
    Key(
        "Ctrl+PgUp, Ctrl+PgDn",
        N_("the tab before, the next one; also Ctrl+Shift+Tab, Ctrl+Tab"),
        (
            *("<Control-Prior>", "<Control-Next>"),
            *("<Control-Shift-Tab>", "<Control-ISO_Left_Tab>", "<Control-Tab>"),
        ),
    ),
    Key(
        "Tab, Shift+Tab",
        N_("go from control to control"),
        ("<Tab>", "<Shift-Tab>", "<ISO_Left_Tab>"),
    ),
    Key(
        "Enter",
        N_("the main action: connect, start, send, query"),
        ("<Return>", "<KP_Enter>"),
    ),
    Key("Ctrl+Enter", N_("in an HTTP request: send it"), ("<Control-Return>",)),
    Key("Space", N_("press the button that has the focus"), ("<space>",)),
    Key("Esc", N_("cancel, close a message, end a search"), ("<Escape>",), "cancel"),
    Key(
        "↑ ↓",
        N_("in an input line: earlier lines; in a list: other rows; in a picture: other lanes"),
        ("<Up>", "<Down>"),
    ),
    Key(
        "← →",
        N_(
            "in a list: sideways; between two panes: move the border; in a picture: the piece "
            "before, the next one; on a slider: less, more"
        ),
        ("<Left>", "<Right>"),
    ),
    Key(
        "PgUp, PgDn, Home",
        N_("in a list: a page up, a page down, the first row"),
        ("<Prior>", "<Next>", "<Home>"),
    ),
    Key("End", N_("in a list: follow the newest row"), ("<End>",)),
    Key("Ctrl+F", N_("search and filter the rows of this tab"), ("<Control-f>",), "find"),
    Key("F3, Shift+F3", N_("the next match, the one before"), ("<F3>", "<Shift-F3>")),
    Key("Ctrl+A", N_("select everything"), ("<Control-a>",)),
    Key("Ctrl+C", N_("copy what is selected"), ("<Control-c>",)),
    Key("Ctrl+X, Ctrl+V", N_("cut, paste"), ("<Control-x>", "<Control-v>")),
    Key("Ctrl+Z, Ctrl+Y", N_("take back what was typed, do it again"), ("<Control-z>",)),
    Key("Shift+F10", N_("the menu of what has the focus"), MENU_KEYS),
    Key(
        "F6, F7, F8",
        N_("Server tab: show or hide the form, the list of servers, the clients"),
        ("<F6>", "<F7>", "<F8>"),
    ),
    Key("F9", N_("Server tab: the address of this class in huge letters"), ("<F9>",)),
    Key(
        "+, −, 0",
        N_("in the picture of the boundaries: bytes wider, narrower, all of them"),
        (
            *("<plus>", "<equal>", "<KP_Add>", "<minus>", "<KP_Subtract>"),
            *("<Key-0>", "<KP_0>", "<KP_Insert>"),
        ),
    ),
    Key("F5", N_("beside a picture in a low window: show or hide the controls"), ("<F5>",)),
    Key("F11", N_("projector mode: only the rows, in large text"), ("<F11>",), "projector"),
    Key(
        "Ctrl++", N_("larger"), ("<Control-plus>", "<Control-equal>", "<Control-KP_Add>"), "larger"
    ),
    Key(
        "Ctrl+−",
        N_("smaller"),
        ("<Control-minus>", "<Control-underscore>", "<Control-KP_Subtract>"),
        "smaller",
    ),
    Key(
        "Ctrl+0",
        N_("the usual size"),
        ("<Control-Key-0>", "<Control-KP_0>", "<Control-KP_Insert>"),
        "usual size",
    ),
    Key("Ctrl+L", N_("Chinese or English"), ("<Control-l>",), "language"),
    Key("Ctrl+D", N_("light or dark"), ("<Control-d>",), "dark"),
    Key("Ctrl+O", N_("open a recording"), ("<Control-o>",), "open"),
    Key("Ctrl+S", N_("save the recording"), ("<Control-s>",), "save"),
    Key("F1", N_("this list"), ("<F1>",), "help"),
    Key("F6", N_("Time tab: show or hide the time server"), ("<F6>",)),
    Key("F10", N_("the menu of the window"), ("<F10>",), "menu"),
    Key("Ctrl+Q", N_("quit"), ("<Control-q>",), "quit"),
)

_LOOKS: Final = ("larger", "smaller", "usual size", "dark", "language", "help")
_EDITED: Final = ("Text", "Entry", "TEntry", "TCombobox", "TSpinbox")


def shown_key(intent: str) -> str:
    """Return how the key of an intent is written, or "": it has none."""
    return next((key.shown for key in KEYS if key.intent == intent), "")


def bind_keys(root: tk.Tk, intents: Intents) -> None:
    """Let each key of the window do what the table says, and nothing that Tk has learnt of Emacs.

    Those for looks and help work in every window of the program. Shift+F10 is not F10: without a
    binding of its own it would open the menu of the window.
    """
    for key in KEYS:
        for event in key.events if key.intent in intents else ():
            bind = root.bind_all if key.intent in _LOOKS else root.bind
            bind(event, partial(_do, intents[key.intent]))
            for kind in _EDITED if "Control" in event else ():
                root.unbind_class(kind, event)
    root.bind("<Shift-F10>", lambda _event: "break")


def _do(does: Callable[[], object], _event: object) -> str:
    """Do it; "break": nothing else does."""
    does()
    return "break"
