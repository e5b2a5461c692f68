"""Emphasis: at most one button of a page is filled, and it is the next thing to do."""

from __future__ import annotations

from tkinter import ttk

PRIMARY, PLAIN = "Accent.TButton", "TButton"


def emphasise(following: ttk.Button | None, *buttons: ttk.Button) -> None:
    """Fill the button that is the next thing to do, if there is one, and no other of these."""
    for button in buttons:
        style = PRIMARY if button is following else PLAIN
        if str(button.cget("style")) != style:
            button.configure(style=style)
