"""Menus: a frame, room round the words, keys on the right, separators; by mouse and by keyboard."""

from __future__ import annotations

import sys
import tkinter as tk
from collections.abc import Callable
from tkinter import font as tkfont
from tkinter import ttk
from typing import Final

from gui.translated import Message, set_entry_label
from netlib.value import NamedTuple

_MENU_KEY: Final = {"win32": "<App>"}
"""What Tk calls the menu key where that is not `<Menu>`; it refuses names of other systems."""
MENU_KEYS: Final = ("<Shift-F10>", _MENU_KEY.get(sys.platform, "<Menu>"))
"""What opens a context menu."""
ROW_LINES: Final = 1.5
"""Height of an entry in lines of text."""


Plain = tuple[Message, Callable[[], object] | None]
"""An entry without a key."""


class Entry(NamedTuple):
    """Words, what to do, and the key that does the same; with nothing to do it is left out."""

    words: Message
    does: Callable[[], object] | None
    key: str = ""


class Group(NamedTuple):
    """Words, and the entries of the menu that opens beside them."""

    words: Message
    entries: tuple[Entry | Group, ...]


class Menu(tk.Menu):
    """A menu that looks like the rest of the window.

    Tk gives a menu no frame in a colour of ours and its entries no height: the ground of the menu
    shows as its frame, and each entry has its own; an empty picture makes it high.
    """

    def __init__(self, parent: tk.Misc) -> None:
        """Hold nothing yet."""
        super().__init__(parent, tearoff=False, borderwidth=1, activeborderwidth=0)
        self._room = tk.PhotoImage(master=self)
        self.bind("<<ThemeChanged>>", lambda _event: self._dress())
        self.configure(postcommand=self._dress)  # Windows' own menus hear of no change of theme

    def fill(self, *entries: Plain | Entry | Group | None, more: bool = False) -> None:
        """Put entries in place of those there are, or behind; None is a line between two."""
        if not more:
            self.delete(0, "end")
        for entry in entries:
            if entry is None:
                self.add_separator()
            elif isinstance(entry, Group):
                beside = Menu(self)
                beside.fill(*entry.entries)
                self.add_cascade(menu=beside, compound="left")
                set_entry_label(self, self.index("end") or 0, entry.words)
            elif (full := Entry(*entry)).does is not None:
                key = f"{full.key} " if full.key else ""  # Tk leaves no room behind it
                self.add_command(command=full.does, accelerator=key, compound="left")
                set_entry_label(self, self.index("end") or 0, full.words)
        self._dress()

    def dim(self, number: int) -> None:
        """Show an entry as one with nothing to do now.

        Not by `state="disabled"`: Tk draws a pattern over the picture that makes it high.
        """
        style = ttk.Style(self)
        grey = style.lookup(".", "foreground", ["disabled"])
        ground = style.lookup(".", "fieldbackground")
        self.entryconfigure(number, command="", foreground=grey)
        self.entryconfigure(number, activeforeground=grey, activebackground=ground)

    def _dress(self) -> None:
        style = ttk.Style(self)
        line = tkfont.nametofont("TkMenuFont", root=self).metrics("linespace")
        self._room.configure(width=line // 3, height=round(line * ROW_LINES))
        if frame := style.lookup("ComboboxPopdownFrame", "bordercolor"):  # none without our theme
            self.configure(background=frame)
        ground = style.lookup(".", "fieldbackground")
        last = self.index("end")
        for number in range(0 if last is None else last + 1):
            high = {} if self.type(number) == "separator" else {"image": self._room}
            self.entryconfigure(number, {"background": ground, **high})


def context_menu(widget: tk.Misc, *entries: Plain | Entry | None) -> Menu:
    """Give a widget a menu that opens under the mouse or, from the keyboard, at its corner."""
    menu = Menu(widget)
    menu.fill(*entries)
    widget.bind("<<ContextMenu>>", lambda event: menu.tk_popup(event.x_root, event.y_root))
    for key in MENU_KEYS:
        widget.bind(key, lambda _event: _at_corner(menu, widget))
    return menu


def _at_corner(menu: Menu, widget: tk.Misc) -> str:
    """Open at the corner of a widget; "break": the window has a menu of its own on F10."""
    menu.tk_popup(widget.winfo_rootx(), widget.winfo_rooty())
    return "break"
