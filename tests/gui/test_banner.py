"""The banner: said over the page, which stays where it is."""

from __future__ import annotations

import tkinter as tk
from tkinter import ttk

from gui.theme.theme import Theme
from gui.widgets.banner import Banner
from tests.gui.conftest import Pump


def test_the_banner_covers_the_page_without_moving_it_or_taking_the_focus(
    root: tk.Tk, theme: Theme, pump: Pump
) -> None:
    entry, page = ttk.Entry(root), ttk.Frame(root)
    entry.pack()
    page.pack(fill="both", expand=True)
    banner = Banner(page, theme)
    entry.focus_force()
    pump(lambda: root.focus_get() is entry)
    before = page.winfo_height()
    banner.show("bad", "Connection refused.", "Start a server.")
    pump(banner.winfo_ismapped)
    assert root.focus_get() is entry
    assert page.winfo_height() == before
    banner.clear()
    pump(lambda: not banner.winfo_ismapped())
