"""How every entry and text of the window is edited: bound once to their classes, not per widget.

The wheel scrolls, and never changes a value. Control keys mean what they mean everywhere, not what
they mean in Emacs.
"""

from __future__ import annotations

import tkinter as tk
from typing import Final

_WHEEL: Final = ("<MouseWheel>", "<Button-4>", "<Button-5>")
_WITH_VALUES: Final = ("TCombobox", "TSpinbox")
_EMACS: Final = (
    ("<<NextChar>>", "<Control-f>"),
    ("<<Paste>>", "<Control-y>"),
)
"""What Tk binds to these keys on X11; here Ctrl+F finds, and Ctrl+Y does again."""


class Editing:
    """The bindings of one window."""

    def __init__(self, root: tk.Tk) -> None:
        """Bind the classes."""
        for kind in _WITH_VALUES:
            for event in _WHEEL:
                root.unbind_class(kind, event)
        for virtual, key in _EMACS:
            root.event_delete(virtual, key)
        root.event_add("<<Redo>>", "<Control-y>")
