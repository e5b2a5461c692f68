"""A Text that can be read, chosen and copied, but not written in."""

from __future__ import annotations

import tkinter as tk

_HARMLESS = {
    *("Left", "Right", "Up", "Down", "Prior", "Next", "Home", "End"),
    *("Tab", "ISO_Left_Tab", "Escape", "Shift_L", "Shift_R", "Control_L", "Control_R"),
    *("Alt_L", "Alt_R", "Meta_L", "Meta_R", "Super_L", "Super_R", "Win_L", "Win_R"),
    *("Menu", "App", "Caps_Lock", "Num_Lock", "Scroll_Lock"),
    *(f"F{number}" for number in range(1, 13)),
}
_CONTROL = 0x4 | 0x8
"""Control, and Command on macOS."""
_WITH_CONTROL = {"c", "C", "a", "A", "Insert", "plus", "minus", "equal", "0", "1", "2", "3", "4"}


def read_only(text: tk.Text) -> None:
    """Refuse every key that would change the text.

    Not by `state="disabled"`: that also refuses our own inserts and, on some systems, the focus.
    """

    def judge(event: tk.Event[tk.Misc]) -> str | None:
        if event.keysym == "Tab":
            following = text.tk_focusNext()
            if following is not None:
                following.focus_set()
            return "break"
        if event.keysym in _HARMLESS:
            return None
        if not int(event.state) & _CONTROL:
            return "break"
        key = f"<Control-{event.keysym}>"
        of_window = text.winfo_toplevel().bind(key) or text.bind_all(key)  # Tk edits by it no more
        return None if of_window or event.keysym in _WITH_CONTROL else "break"

    text.bind("<Key>", judge)
    for virtual in ("<<Paste>>", "<<Cut>>", "<<PasteSelection>>", "<<Clear>>", "<<Undo>>"):
        text.bind(virtual, lambda _event: "break")
