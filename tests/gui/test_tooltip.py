"""Words that come up beside a control."""

from __future__ import annotations

import tkinter as tk
from tkinter import ttk

import pytest

from gui.theme.theme import Theme
from gui.widgets.tooltip import Tooltips, enable, tip, words_of
from tests.gui.conftest import Pump


def test_after_a_click_nothing_covers_what_it_did(root: tk.Tk, theme: Theme, pump: Pump) -> None:
    tips = Tooltips(theme)
    button = ttk.Button(root, text="Send")
    button.pack()
    tip(button, "Send the line.")
    root.update()
    button.event_generate("<Motion>")
    button.event_generate("<ButtonPress-1>")
    button.event_generate("<ButtonRelease-1>")
    for event in ("<Motion>", "<FocusIn>"):
        button.event_generate(event)
        assert tips._waiting is None
    button.event_generate("<Leave>")
    button.event_generate("<Motion>")
    assert tips._waiting is not None
    button.event_generate("<Leave>")


def test_only_a_key_that_leads_to_a_control_shows_its_tip(
    root: tk.Tk, theme: Theme, pump: Pump
) -> None:
    tips = Tooltips(theme)
    first, second = ttk.Button(root, text="1"), ttk.Button(root, text="2")
    for button in (first, second):
        button.pack()
        tip(button, "Send the line.")
    first.focus_force()
    pump(lambda: root.focus_get() is first)
    root.update()
    assert tips._waiting is None
    first.event_generate("<Tab>")
    pump(lambda: root.focus_get() is second)
    assert tips._waiting is not None
    tips.hide()


def test_what_comes_to_lie_under_a_mouse_at_rest_says_nothing(
    root: tk.Tk, theme: Theme, pump: Pump
) -> None:
    tips = Tooltips(theme)
    button = ttk.Button(root, text="Send")
    button.pack()
    tip(button, "Send the line.")
    root.update()
    button.event_generate("<Enter>")
    assert tips._waiting is None
    button.event_generate("<Motion>")
    waiting = tips._waiting
    assert waiting is not None
    button.event_generate("<Motion>")
    assert tips._waiting == waiting
    tips.hide()


def test_the_tooltip_says_why_a_button_is_disabled(root: tk.Tk, theme: Theme, pump: Pump) -> None:
    Tooltips(theme)
    button = ttk.Button(root, text="Send")
    button.pack()
    tip(button, "Send the line.")
    assert words_of(button) == "Send the line."
    enable(button, False, "Connect first.")
    assert words_of(button) == "Connect first."
    root.update()
    button.event_generate("<Motion>")
    pump(lambda: any(isinstance(child, tk.Toplevel) for child in root.winfo_children()))
    button.event_generate("<Leave>")
    pump(lambda: not any(isinstance(child, tk.Toplevel) for child in root.winfo_children()))


@pytest.mark.parametrize(
    ("across", "left"),
    [((0, 3286), 1500), ((-1920, 3286), -1200), ((0, 1600), 1600 - 204), ((-1920, 1920), -300)],
)
def test_a_tip_stays_on_the_screen_of_its_window(
    root: tk.Tk, theme: Theme, monkeypatch: pytest.MonkeyPatch, across: tuple[int, int], left: int
) -> None:
    """Of a second screen to the right, or to the left of the first: there left is negative."""
    button = ttk.Button(root)
    label = tk.Label(root)
    wished = {(0, 3286): 1500, (-1920, 3286): -1200, (0, 1600): 1590, (-1920, 1920): -300}[across]
    for name, value in (
        *(("winfo_vrootx", across[0]), ("winfo_vrooty", 0)),
        *(("winfo_vrootwidth", across[1]), ("winfo_vrootheight", 900)),
        *(("winfo_screenwidth", 1366), ("winfo_screenheight", 768)),
    ):
        monkeypatch.setattr(tk.Misc, name, lambda _widget, value=value: value)
    monkeypatch.setattr(button, "winfo_rootx", lambda: wished)
    monkeypatch.setattr(label, "winfo_reqwidth", lambda: 200)
    assert Tooltips(theme)._corner(label, button)[0] == left
