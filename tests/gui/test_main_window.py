"""Where the window comes up: where it was, if there is still a screen."""

from __future__ import annotations

import tkinter as tk

import pytest

from gui import main_window
from tests.gui.window import Window


@pytest.mark.parametrize(
    ("geometry", "comes_back"),
    [
        ("1000x700+1500+40", True),  # on a projector right of the first screen
        ("1000x700+-1800+40", True),  # left of it
        ("1000x700+-1800+-200", True),  # and higher
        ("1000x700+3000+40", False),  # where a screen was once
        ("1000x700+-3000+40", False),
        ("1000x700+100+-400", False),  # its title line could not be reached
    ],
)
def test_a_window_comes_back_on_whichever_screen_it_was(
    window: Window, monkeypatch: pytest.MonkeyPatch, geometry: str, comes_back: bool
) -> None:
    placed = list[str]()
    for name, value in (
        *(("winfo_vrootx", -1920), ("winfo_vrooty", -300)),
        *(("winfo_vrootwidth", 1920 + 1366 + 1280), ("winfo_vrootheight", 1380)),
        *(("winfo_screenwidth", 1366), ("winfo_screenheight", 768)),
    ):
        monkeypatch.setattr(tk.Misc, name, lambda _widget, value=value: value)
    monkeypatch.setattr(window.root, "geometry", placed.append)
    window.app.main_window.place_window(geometry)
    monkeypatch.undo()
    assert (placed == [geometry]) is comes_back


def test_the_icon_of_an_executable_is_enough(
    window: Window, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = list[object]()
    monkeypatch.setattr(window.root, "iconphoto", lambda *pictures: drawn.append(pictures))
    window.app.main_window.set_icon()
    assert drawn == []  # it was shown already, once
    window.app.main_window._icons = []
    monkeypatch.setattr(main_window, "take_own_icon", lambda _root: True)
    window.app.main_window.set_icon()
    assert drawn == []
    monkeypatch.setattr(main_window, "take_own_icon", lambda _root: False)
    window.app.main_window.set_icon()
    assert len(drawn) == 1


def test_no_timer_outlives_the_window(window: Window) -> None:
    window.app.main_window.tell("Saving…")
    window.app.close()
    tcl = window.root.tk
    planned = [
        tcl.call("after", "info", timer) for timer in tcl.splitlist(tcl.call("after", "info"))
    ]
    assert planned == []


def test_the_dialogs_of_tk_speak_the_language_of_the_window(window: Window) -> None:
    def button() -> str:
        return str(window.root.tk.eval("namespace eval ::tk {mc &Open}"))

    assert button() == "&Open"
    window.app.switch_language()
    assert button() == "&打开"
    window.app.switch_language()
    assert button() == "&Open"
