"""Context menus, by mouse and by keyboard."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable

from gui.translated import Message, set_entry_label

Entry = tuple[Message, Callable[[], None] | None]
"""Words and what to do; an entry with nothing to do is left out."""


def context_menu(widget: tk.Misc, *entries: Entry) -> tk.Menu:
    """Give a widget a menu that opens under the mouse or, from the keyboard, at its corner."""
    menu = tk.Menu(widget, tearoff=False)
    for number, (words, command) in enumerate(entry for entry in entries if entry[1]):
        menu.add_command(command=command or "")
        set_entry_label(menu, number, words)
    widget.bind("<<ContextMenu>>", lambda event: menu.tk_popup(event.x_root, event.y_root))
    for key in ("<Shift-F10>", "<Menu>"):
        widget.bind(key, lambda _event: menu.tk_popup(widget.winfo_rootx(), widget.winfo_rooty()))
    return menu
