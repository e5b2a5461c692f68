"""Tooltips: what a control does and, when it is disabled, what would enable it.

`tip` and `enable` only leave words on a widget; one `Tooltips` per window shows them, when the
mouse rests on a widget or the keyboard has come to it. The bubble never takes the focus.
"""

from __future__ import annotations

import sys
import tkinter as tk
from tkinter import ttk

from gui.theme.screens import desktop
from gui.theme.theme import Theme
from gui.translated import LANGUAGE_CHANGED, Message, remember, remembered

MOUSE_DELAY, KEYBOARD_DELAY = 500, 900
"""Milliseconds until a tip is shown."""
WIDEST = 380
"""Logical pixels, then the text wraps."""
_BINDTAG = "SocketboardTip"
_ENOUGH = ("<FocusOut>", "<KeyPress>", "<Destroy>")
"""What ends a tip, as leaving the widget and pressing a button do."""


def tip(widget: tk.Misc, message: Message, **values: object) -> None:
    """Say what a control does."""
    remember(widget, "tip", message, **values)
    _watch(widget)


def enable(widget: ttk.Widget, on: bool, why_not: Message = "") -> None:
    """Enable a control, or disable it and say what would enable it."""
    widget.state(["!disabled" if on else "disabled"])
    remember(widget, "why_not", why_not)
    _watch(widget)


def _watch(widget: tk.Misc) -> None:
    tags = widget.bindtags()
    if _BINDTAG not in tags:
        widget.bindtags((_BINDTAG, *tags))


def words_of(widget: tk.Misc) -> str:
    """Return what the tooltip of a widget says now: an error, why not, or what it does."""
    disabled = isinstance(widget, ttk.Widget) and widget.instate(["disabled"])
    sayings = [remembered(widget, "wrong"), remembered(widget, "why_not") if disabled else ""]
    return next((said for said in sayings if said), remembered(widget, "tip"))


class Tooltips:
    """The one bubble of a window and when to show it."""

    def __init__(self, theme: Theme) -> None:
        """Watch every widget of the window that has something to say."""
        self._theme = theme
        self._root = theme.root
        self._waiting: str | None = None
        self._bubble: tk.Toplevel | None = None
        self._pointed: tk.Misc | None = None
        """What the mouse moves over. What comes to lie under a mouse at rest has nothing to say."""
        self._pressed: tk.Misc | None = None
        """What was pressed and is still under the pointer: what it did is not to be covered."""
        self._commands = [
            self._root.bind_class(_BINDTAG, sequence, does)
            for sequence, does in (
                ("<Motion>", lambda event: self._moved(event.widget)),
                ("<<TraverseIn>>", lambda event: self.wait(event.widget, KEYBOARD_DELAY)),
                ("<ButtonPress>", lambda event: self._used(event.widget)),
                ("<Leave>", lambda event: self._left(event.widget)),
                *((sequence, lambda _event: self.hide()) for sequence in _ENOUGH),
            )
        ]
        self._root.bind("<Destroy>", self._destroyed, add=True)
        self._root.bind(LANGUAGE_CHANGED, lambda _event: self.hide(), add=True)

    def _destroyed(self, event: tk.Event[tk.Misc]) -> None:
        """The window is gone: delete what `bind_class` made, which nobody else does.

        Until Python 3.11.3 those commands would keep the window's objects for ever.
        """
        if event.widget is self._root:
            for command in self._commands:
                self._root.deletecommand(command)
            self._commands = []

    def hide(self) -> None:
        """Take the bubble away and forget what was about to be shown."""
        if self._waiting:
            self._root.after_cancel(self._waiting)
        if self._bubble:
            self._bubble.destroy()
        self._waiting = self._bubble = None

    def _moved(self, widget: tk.Misc) -> None:
        if widget is not self._pointed:
            self._pointed = widget
            self.wait(widget, MOUSE_DELAY)

    def _used(self, widget: tk.Misc) -> None:
        self._pressed = widget
        self.hide()

    def _left(self, widget: tk.Misc) -> None:
        """Hide, and tell again when the pointer comes back; a grab also tells of leaving."""
        self.hide()
        self._pointed = None
        if widget.winfo_containing(*widget.winfo_pointerxy()) is not widget:
            self._pressed = None

    def wait(self, widget: tk.Misc, milliseconds: int) -> None:
        """Show what a widget has to say after a while."""
        self.hide()
        if widget is self._pressed:
            return
        self._waiting = self._root.after(milliseconds, self._show, widget)

    def _show(self, widget: tk.Misc) -> None:
        self._waiting = None
        words = words_of(widget) if widget.winfo_exists() else ""
        if not words:
            return
        bubble = self._bubble = tk.Toplevel(self._root)
        bubble.withdraw()
        bubble.wm_overrideredirect(True)
        if sys.platform == "linux":
            bubble.wm_attributes("-type", "tooltip")
        label = self._fill(bubble, words)
        bubble.wm_geometry("+{}+{}".format(*self._corner(label, widget)))
        bubble.deiconify()
        bubble.lift()

    def _fill(self, bubble: tk.Toplevel, words: str) -> tk.Label:
        px, palette = self._theme.px, self._theme.palette
        label = tk.Label(bubble, text=words, justify="left", wraplength=px(WIDEST))
        label.configure(background=palette.tip, foreground=palette.on_tip, font="TkTooltipFont")
        label.configure(padx=px(9), pady=px(5))
        label.pack()
        return label

    def _corner(self, label: tk.Label, widget: tk.Misc) -> tuple[int, int]:
        """Below the widget, or above it where the screen ends."""
        gap = self._theme.px(4)
        wide, high = label.winfo_reqwidth(), label.winfo_reqheight()
        screens = desktop(widget)
        x = min(widget.winfo_rootx(), screens.right - wide - gap)
        below = widget.winfo_rooty() + widget.winfo_height() + gap
        above = widget.winfo_rooty() - high - gap
        return max(x, screens.left), below if below + high <= screens.bottom else above
