"""Where a window may lie: on any of the screens of a desktop, and as large as one of them."""

from __future__ import annotations

import tkinter as tk
from typing import NamedTuple


class Desktop(NamedTuple):
    """The rectangle round all screens, in pixels; left and top may be negative."""

    left: int
    top: int
    right: int
    bottom: int


def desktop(widget: tk.Misc) -> Desktop:
    """Return the rectangle round all screens: what `winfo_screenwidth` tells is the first one's."""
    left, top = widget.winfo_vrootx(), widget.winfo_vrooty()
    return Desktop(left, top, left + widget.winfo_vrootwidth(), top + widget.winfo_vrootheight())


def is_maximised(root: tk.Tk) -> bool:
    """Tell whether a window fills its screen."""
    if _on_x11(root):
        return bool(root.wm_attributes("-zoomed"))
    return root.wm_state() == "zoomed"


def show(root: tk.Tk, *, maximised: bool) -> None:
    """Show a window that was withdrawn."""
    if maximised and not _on_x11(root):
        root.wm_state("zoomed")
        return
    root.wm_deiconify()
    if maximised:
        root.wm_attributes("-zoomed", True)


def _on_x11(root: tk.Tk) -> bool:
    return str(root.tk.call("tk", "windowingsystem")) == "x11"
