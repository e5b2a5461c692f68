"""The line at the foot of the window."""

from __future__ import annotations

import tkinter as tk
from tkinter import ttk

from gui.theme.theme import Theme
from gui.widgets.statusline import Count, StatusLine


def test_counts_are_readable_and_never_change_the_width(root: tk.Tk, theme: Theme) -> None:
    line = StatusLine(
        root, theme, [Count("received", "received"), Count("dropped", "dropped", "+")]
    )
    line.pack(fill="x")
    root.update()
    before = line.winfo_reqwidth()
    line.set("received", 12_345_678)
    root.update()
    assert line.winfo_reqwidth() == before
    assert "12,345,678" in [
        str(label.cget("text"))
        for label in line.winfo_children()[0].winfo_children()
        if isinstance(label, ttk.Label)
    ] + [
        str(child.cget("text"))
        for frame in line.winfo_children()
        for child in frame.winfo_children()
    ]
