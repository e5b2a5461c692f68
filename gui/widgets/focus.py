"""Who has the keyboard; asked by name, because the open list of a combobox is no widget of ours."""

from __future__ import annotations

import tkinter as tk


def focused(window: tk.Misc) -> str:
    """Return the path of the widget of this program that has the focus, or "".

    `focus_get` raises KeyError for what Tk itself has made.
    """
    return str(window.tk.call("focus"))
