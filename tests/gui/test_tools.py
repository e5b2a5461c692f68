"""The tools beside the tabs: words where there is room, never over a tab."""

from __future__ import annotations

import tkinter as tk
from tkinter import ttk

import pytest

from gui.tools import TOOLS, Tools, tabs_width
from gui.widgets.menus import Menu
from netlib.i18n import LANGUAGES
from tests.gui.window import Window


def tools(window: Window) -> Tools:
    return next(one for one in window.root.winfo_children() if isinstance(one, Tools))


def buttons(window: Window) -> list[ttk.Button]:
    """Return the tools in sight, from left to right."""
    found = [one for one in tools(window).winfo_children() if isinstance(one, ttk.Button)]
    return sorted((one for one in found if one.winfo_ismapped()), key=tk.Misc.winfo_x)


def end_of_tabs(notebook: ttk.Notebook) -> int:
    """Return where the last tab ends, as Tk itself finds it under a point."""
    x = 0
    while notebook.identify(x + 1, 12):
        x += 1
    return x


@pytest.mark.parametrize("words", LANGUAGES)
@pytest.mark.parametrize("width", [960, 1280])
def test_no_tool_lies_over_a_tab(window: Window, width: int, words: str) -> None:
    if words == "zh":
        window.app.switch_language()
    notebook = window.app.main_window.notebook
    for size in (8, 12, 18, 24, 32):
        window.app.theme.dress(size=size)
        window.root.geometry(f"{width}x600")
        window.wait(lambda: window.root.winfo_width() == width)
        window.settle()
        end = end_of_tabs(notebook)
        assert abs(end - tabs_width(notebook)) <= 2
        shown = buttons(window)
        left = min(one.winfo_rootx() for one in shown) - notebook.winfo_rootx()
        right = max(one.winfo_rootx() + one.winfo_width() for one in shown)
        assert left >= end, size
        assert right <= window.root.winfo_rootx() + width, size
        assert "☰" in str(shown[-1].cget("text"))


def test_words_go_first_then_the_signs_go_to_the_menu(window: Window) -> None:
    seen = []
    for size in (11, 18, 32):
        window.app.theme.dress(size=size)
        window.root.geometry("1280x700")
        window.wait(lambda: window.root.winfo_width() == 1280)
        window.settle()
        seen.append([str(one.cget("text")) for one in buttons(window)])
    assert "? Help" in seen[0]
    assert seen[1] == [tool.sign or "中文" for tool in TOOLS]
    assert seen[2] == ["☰"]


def test_what_the_tools_do_is_in_the_menu_too(window: Window) -> None:
    menu = window.app.main_window.menu
    rows = range((menu.index("end") or 0) + 1)
    keys = {
        str(menu.entrycget(row, "accelerator")).strip()
        for row in rows
        if menu.type(row) == "command"
    }
    assert {"Ctrl+L", "Ctrl+D", "Ctrl++", "Ctrl+−", "F1"} <= keys


@pytest.mark.parametrize("words", LANGUAGES)
def test_the_words_of_the_tabs_have_room_in_a_small_window_at_the_largest_text(
    window: Window, words: str
) -> None:
    if words == "zh":
        window.app.switch_language()
    window.root.geometry("960x540")
    window.app.theme.dress(size=32)
    window.go("start")
    notebook = window.app.main_window.notebook
    window.wait(lambda: window.root.winfo_width() == 960)
    assert tabs_width(notebook) <= notebook.winfo_width()


def _entries(menu: tk.Menu) -> list[str]:
    """Return the words of all entries, those of the menus beside it included."""
    found: list[str] = []
    for row in range((menu.index("end") or 0) + 1):
        if menu.type(row) == "cascade":
            found += _entries(menu.nametowidget(menu.entrycget(row, "menu")))
        elif menu.type(row) == "command":
            found.append(str(menu.entrycget(row, "label")))
    return found


@pytest.mark.parametrize(("size", "high"), [(11, 540), (24, 540), (11, 400), (24, 1200)])
def test_no_menu_is_higher_than_the_screen_and_none_lacks_an_entry(
    window: Window, size: int, high: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[tk.Menu] = []
    monkeypatch.setattr(Menu, "tk_popup", lambda menu, _x, _y: opened.append(menu))
    monkeypatch.setattr(tk.Misc, "winfo_screenheight", lambda _widget: high)
    window.app.theme.dress(size=size)
    window.settle()
    window.app.main_window.open_menu()
    (menu,) = opened
    assert menu.winfo_reqheight() <= high
    assert sorted(_entries(menu)) == sorted(_entries(window.app.main_window.menu))
    assert "Quit" in _entries(menu)
