"""Paddings that follow the zoom."""

from __future__ import annotations

import tkinter as tk
from tkinter import ttk

from gui.theme.theme import Theme


def test_zooming_makes_text_and_space_larger_and_comes_back_exactly(root: tk.Tk) -> None:
    theme = Theme(root)
    frame = ttk.Frame(root, padding=theme.px(10))
    label = ttk.Label(frame, text="text")
    frame.pack(padx=(3, theme.px(7)))
    label.grid(padx=theme.px(5), pady=theme.px(1))
    first = label.winfo_reqwidth()
    for _step in range(5):
        theme.zoom(1)
    root.update()
    assert label.winfo_reqwidth() > first
    assert label.grid_info()["padx"] > 5  # type: ignore[operator]
    for _step in range(12):
        theme.zoom(-1)
    theme.zoom(0)
    root.update()
    assert label.winfo_reqwidth() == first
    assert label.grid_info()["padx"] == theme.px(5)
    assert frame.pack_info()["padx"] == (3, theme.px(7))
    assert str(frame.cget("padding")[0]) == str(theme.px(10))


def test_what_has_gone_meanwhile_is_left_out(root: tk.Tk, theme: Theme) -> None:
    gone = ttk.Label(root)
    stays = ttk.Frame(root, padding=10)
    root.tk.call("destroy", str(gone))  # tkinter still names it
    theme.dress(size=theme.size * 2)
    assert "20" in str(stays.cget("padding"))
