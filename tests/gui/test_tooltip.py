"""Words that come up beside a control."""

from __future__ import annotations

import tkinter as tk
from tkinter import ttk

from gui.theme.theme import Theme
from gui.widgets.tooltip import Tooltips, enable, tip, words_of
from tests.gui.conftest import Pump


def test_the_tooltip_says_why_a_button_is_disabled(root: tk.Tk, theme: Theme, pump: Pump) -> None:
    Tooltips(theme)
    button = ttk.Button(root, text="Send")
    button.pack()
    tip(button, "Send the line.")
    assert words_of(button) == "Send the line."
    enable(button, False, "Connect first.")
    assert words_of(button) == "Connect first."
    root.update()
    button.event_generate("<Enter>")
    pump(lambda: any(isinstance(child, tk.Toplevel) for child in root.winfo_children()))
    button.event_generate("<Leave>")
    pump(lambda: not any(isinstance(child, tk.Toplevel) for child in root.winfo_children()))
