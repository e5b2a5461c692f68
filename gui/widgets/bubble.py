"""A sentence beside a control, above the page: nothing jumps, nothing loses the focus."""

from __future__ import annotations

import tkinter as tk

from gui.theme.theme import Theme
from gui.translated import LANGUAGE_CHANGED

WIDEST = 460
"""Logical pixels, then the text wraps."""


class Bubble:
    """Says what is wrong with a control, next to it, until it is hidden."""

    def __init__(self, control: tk.Misc, theme: Theme) -> None:
        """Belong to `control`; nothing is shown yet."""
        self._control = control
        self._theme = theme
        self._label: tk.Label | None = None
        for change in ("<Unmap>", "<Configure>", "<<ThemeChanged>>", LANGUAGE_CHANGED):
            control.bind(change, lambda _event: self.hide(), add=True)

    @property
    def text(self) -> str:
        """What is being said, or ""."""
        return str(self._label.cget("text")) if self._label else ""

    def show(self, text: str) -> None:
        """Say a sentence below the control, or above it where the window ends."""
        self.hide()
        px, palette = self._theme.px, self._theme.palette
        window = self._control.winfo_toplevel()
        label = self._label = tk.Label(window, text=f"✗ {text}", justify="left", anchor="w")
        label.configure(background=palette.bad_ground, foreground=palette.bad, padx=px(9))
        label.configure(font="TkDefaultFont", pady=px(5), wraplength=px(WIDEST))
        label.configure(highlightthickness=1, highlightbackground=palette.bad)
        x, y = self._corner(window, label)
        label.place(x=x, y=y)
        label.lift()
        label.bind("<Button-1>", lambda _event: self.hide())

    def hide(self) -> None:
        """Say no more."""
        if self._label:
            self._label.destroy()
            self._label = None

    def _corner(self, window: tk.Misc, label: tk.Label) -> tuple[int, int]:
        gap = self._theme.px(3)
        x = self._control.winfo_rootx() - window.winfo_rootx()
        y = self._control.winfo_rooty() - window.winfo_rooty()
        below = y + self._control.winfo_height() + gap
        fits = below + label.winfo_reqheight() <= window.winfo_height()
        right = window.winfo_width() - label.winfo_reqwidth() - gap
        return max(min(x, right), 0), below if fits else y - label.winfo_reqheight() - gap
