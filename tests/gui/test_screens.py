"""Small windows come where the eyes are, and whole."""

from __future__ import annotations

import tkinter as tk

import pytest

from gui.theme.screens import desktop, show_over
from tests.gui.conftest import Pump

FRAME = 60
"""Pixels that a title and a frame may take: nobody knows them before the window is there."""


def shown_over(root: tk.Tk, pump: Pump, size: tuple[int, int] | None = None) -> tk.Toplevel:
    """Show a window of 200 by 100 pixels, or of another size, over the test's root."""
    window = tk.Toplevel(root)
    inside = tk.Frame(window, width=200, height=100)
    inside.pack()
    show_over(window, root, inside, size)
    pump(window.winfo_viewable)
    return window


@pytest.mark.parametrize("size", [None, (300, 150)], ids=["its own size", "another size"])
def test_a_window_is_shown_in_the_middle_of_its_owner(
    root: tk.Tk, pump: Pump, size: tuple[int, int] | None
) -> None:
    root.wm_geometry("700x500+400+200")
    pump(lambda: root.winfo_width() == 700 and root.winfo_rootx() >= 400)
    window = shown_over(root, pump, size)
    pump(lambda: (window.winfo_width(), window.winfo_height()) == (size or (200, 100)))

    def off() -> tuple[int, int]:
        x = window.winfo_rootx() + window.winfo_width() // 2
        y = window.winfo_rooty() + window.winfo_height() // 2
        return x - root.winfo_rootx() - 350, y - root.winfo_rooty() - 250

    pump(lambda: all(abs(by) <= FRAME for by in off()))


def test_over_an_owner_that_lies_half_outside_a_window_is_whole_on_the_screen(
    root: tk.Tk, pump: Pump
) -> None:
    whole = desktop(root)
    root.wm_geometry(f"700x500+{whole.right - 80}+{whole.bottom - 80}")
    pump(lambda: root.winfo_rootx() >= whole.right - 200)
    window = shown_over(root, pump)
    assert whole.left <= window.winfo_rootx() <= whole.right - 200 + FRAME
    assert whole.top <= window.winfo_rooty() <= whole.bottom - 100 + FRAME


def test_what_was_chosen_has_the_keyboard(root: tk.Tk, pump: Pump) -> None:
    window = tk.Toplevel(root)
    window.transient(root)
    first, second = (tk.Button(window, text=text) for text in ("first", "second"))
    first.pack()
    second.pack()
    show_over(window, root, second)
    pump(lambda: root.focus_get() is second)
