"""Where a window may lie: on any of the screens of a desktop, and as large as one of them."""

from __future__ import annotations

import tkinter as tk

from netlib.value import NamedTuple


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


def show_over(
    window: tk.Toplevel, owner: tk.Misc, first: tk.Misc, size: tuple[int, int] | None = None
) -> None:
    """Show a new window in the middle of its owner, where the eyes are, but all on the screens.

    `first` has the keyboard then. `size`: width and height in pixels; None: what is in it decides.
    """
    window.wm_withdraw()  # before it is shown for the first time, wherever the system likes
    window.update_idletasks()
    width, height = size or (window.winfo_reqwidth(), window.winfo_reqheight())
    whole = desktop(owner)
    left = owner.winfo_rootx() + (owner.winfo_width() - width) // 2
    top = owner.winfo_rooty() + (owner.winfo_height() - height) // 2
    left = max(whole.left, min(left, whole.right - width))
    top = max(whole.top, min(top, whole.bottom - height))
    window.wm_geometry(f"{width}x{height}+{left}+{top}" if size else f"+{left}+{top}")
    window.wm_deiconify()
    first.focus_set()  # last: on Windows a window that comes into sight has the keyboard itself


def _on_x11(root: tk.Tk) -> bool:
    return str(root.tk.call("tk", "windowingsystem")) == "x11"
