"""The help window: the keys, and where to begin."""

from __future__ import annotations

import tkinter as tk
from tkinter import ttk

from gui.theme.theme import Theme
from gui.translated import set_text, set_title
from netlib import N_, __version__

BEGIN = N_(
    "Server tab: press Start. Chat tab: press Connect, type a line, press Enter.\n"
    "Connect tab: type an address, press Connect, send a line; or choose HTTP or UDP.\n"
    "Time tab: press Start, then Query."
)
KEYS = (
    ("Ctrl+1 … Ctrl+4", N_("go to a tab")),
    ("Tab, Shift+Tab", N_("go from control to control")),
    ("Enter", N_("the main action: connect, start, send, query")),
    ("Esc", N_("cancel, close a message")),
    ("↑ ↓", N_("in an input line: earlier lines; in a list: other rows")),
    ("Ctrl+C, Ctrl+A", N_("copy, select all rows")),
    ("End", N_("in a list: follow the newest row")),
    ("Ctrl +, Ctrl −, Ctrl 0", N_("larger, smaller, usual size")),
    ("Ctrl+L, Ctrl+D", N_("language, light or dark")),
    ("Ctrl+Q", N_("quit")),
)
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
    window.resizable(False, False)
    window.bind("<Escape>", lambda _event: window.destroy())
    _fill(window, theme)
    window.focus_set()


def _fill(window: tk.Toplevel, theme: Theme) -> None:
    px = theme.px
    inside = ttk.Frame(window, padding=px(18))
    inside.pack()
    title = ttk.Label(inside, style="Title.TLabel", text=f"Socketboard 插座板 {__version__}")
    title.grid(row=0, column=0, columnspan=2, sticky="w")
    begin = ttk.Label(inside, justify="left")
    set_text(begin, BEGIN)
    begin.grid(row=1, column=0, columnspan=2, sticky="w", pady=px(12))
    for row, (key, words) in enumerate(KEYS, 2):
        ttk.Label(inside, style="Bold.TLabel", text=key).grid(row=row, column=0, sticky="w")
        label = ttk.Label(inside)
        set_text(label, words)
        label.grid(row=row, column=1, sticky="w", padx=(px(16), 0), pady=px(2))
    close = ttk.Button(inside, command=window.destroy)
    set_text(close, N_("Close"))
    close.grid(row=len(KEYS) + 2, column=1, sticky="e", pady=(px(14), 0))
    close.focus_set()
