"""The help window: where to begin, and every key."""

from __future__ import annotations

import tkinter as tk
from tkinter import font as tkfont
from tkinter import ttk
from typing import Final

from gui.keys import KEYS
from gui.theme.screens import show_over
from gui.theme.theme import Theme
from gui.translated import LANGUAGE_CHANGED, set_text, set_title, translate
from gui.widgets.readonly import read_only
from netlib import N_, __version__

BEGIN: Final = N_(
    "Server tab: press Start. Chat tab: press Connect, type a line, press Enter.\n"
    "Connect tab: type an address, press Connect, send a line; or choose HTTP or UDP.\n"
    "Time tab: press Start, then Query.\n"
    "Lessons tab: choose a lesson and press Enter; it asks, runs on real sockets, and explains."
)
SIZE: Final = (720, 700)
"""Logical pixels; never more than the screen has."""
_NAME = ".help"


def show_help(root: tk.Tk, theme: Theme) -> None:
    """Show the help window, or bring it to the front."""
    if root.tk.call("winfo", "exists", _NAME):
        window = root.nametowidget(_NAME)
        window.lift()
        window.focus_set()
        return
    window = tk.Toplevel(root, name=_NAME[1:])
    set_title(window, N_("Socketboard: help"))
    window.transient(root)
    window.bind("<Escape>", lambda _event: window.destroy())
    screen = root.winfo_screenwidth(), root.winfo_screenheight() - theme.px(60)
    wide, high = (min(theme.px(side), room) for side, room in zip(SIZE, screen, strict=True))
    show_over(window, root, _fill(window, theme), (wide, high))


def _fill(window: tk.Toplevel, theme: Theme) -> ttk.Button:
    """Make what is in it; return the button that closes it."""
    px = theme.px
    close = ttk.Button(window, command=window.destroy)
    set_text(close, N_("Close"))
    close.pack(side="bottom", anchor="e", padx=px(16), pady=px(12))
    inside = ttk.Frame(window, style="Field.TFrame", padding=px(3))
    inside.pack(fill="both", expand=True, padx=px(16), pady=(px(16), 0))
    text = tk.Text(inside, wrap="word", font="TkTextFont", height=1, padx=px(14), pady=px(10))
    read_only(text)
    bar = ttk.Scrollbar(inside, command=text.yview, takefocus=False)
    text.configure(yscrollcommand=bar.set)
    bar.pack(side="right", fill="y")
    text.pack(fill="both", expand=True)
    for event in (LANGUAGE_CHANGED, "<<ThemeChanged>>"):
        text.bind(event, lambda _event: _write(text, theme), add=True)
    _write(text, theme)
    return close


def _write(text: tk.Text, theme: Theme) -> None:
    """Write titles and keys anew, in the language and the size of the moment."""
    bold = tkfont.nametofont("TkHeadingFont", root=text)
    column = max(bold.measure(key.shown) for key in KEYS) + theme.px(24)
    text.tag_configure("title", font="TkCaptionFont", spacing3=theme.px(8))
    text.tag_configure("begin", spacing3=theme.px(4))
    text.tag_configure("key", tabs=(column,), lmargin2=column, spacing1=theme.px(3))
    text.tag_configure("bold", font=bold)
    text.replace("1.0", "end", f"Socketboard 插座板 {__version__}\n", "title")
    text.insert("end", translate(BEGIN) + "\n\n", "begin")
    for key in KEYS:
        text.insert("end", key.shown, ("key", "bold"), f"\t{translate(key.words)}\n", "key")
    text.delete("end-1c")
