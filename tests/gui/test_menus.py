"""Context menus: what there is to do, by mouse and by keyboard."""

from __future__ import annotations

import subprocess
import sys
import tkinter as tk
from tkinter import font as tkfont
from tkinter import ttk

import pytest

from gui.theme.theme import Theme
from gui.widgets.menus import MENU_KEYS, Entry, Group, Menu, context_menu
from tests.gui.conftest import Pump
from tests.test_architecture import HOUSE


def test_an_entry_does_what_it_says_and_one_with_nothing_to_do_is_left_out(
    root: tk.Tk, theme: Theme
) -> None:
    done = list[str]()
    label = ttk.Label(root, text="row")
    menu = context_menu(
        label,
        ("Copy", lambda: done.append("copied")),
        ("Save", None),
        ("Clear", lambda: done.append("cleared")),
    )
    assert menu.index("end") == 1
    assert [menu.entrycget(entry, "label") for entry in (0, 1)] == ["Copy", "Clear"]
    menu.invoke(1)
    menu.invoke(0)
    assert done == ["cleared", "copied"]


@pytest.mark.parametrize("key", [*MENU_KEYS, "<<ContextMenu>>"])
def test_it_opens_by_mouse_and_by_keyboard(
    root: tk.Tk, theme: Theme, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    button = ttk.Button(root, text="row")
    button.pack()
    root.update()
    menu = context_menu(button, ("Copy", root.bell))
    opened = list[tuple[int, int]]()
    monkeypatch.setattr(menu, "tk_popup", lambda x, y: opened.append((x, y)))
    button.focus_force()
    button.event_generate(key)
    assert len(opened) == 1


def test_groups_are_divided_and_keys_stand_beside_the_words(root: tk.Tk, theme: Theme) -> None:
    menu = Menu(root)
    menu.fill(Entry("Open", root.bell, "Ctrl+O"), None, ("Quit", root.bell))
    assert [menu.type(row) for row in range(3)] == ["command", "separator", "command"]
    assert str(menu.entrycget(0, "accelerator")).strip() == "Ctrl+O"
    menu.fill(("Only", root.bell))
    assert menu.index("end") == 0


def test_the_frame_can_be_seen_and_the_rows_grow_with_the_text(
    root: tk.Tk, theme: Theme, pump: Pump
) -> None:
    menu = Menu(root)
    menu.fill(("Open", root.bell))

    def looks() -> tuple[str, str]:
        return str(menu.cget("background")), str(menu.entrycget(0, "background"))

    assert looks() == (theme.palette.edge, theme.palette.field)
    high = menu.winfo_reqheight()
    menu.unbind("<<ThemeChanged>>")  # Windows' own menus hear nothing
    theme.dress(dark=True, size=22)
    root.tk.eval(str(menu.cget("postcommand")))  # as Tk does before it shows it
    pump(lambda: looks() == (theme.palette.edge, theme.palette.field))
    pump(lambda: menu.winfo_reqheight() > 1.6 * high)


def test_every_menu_has_the_font_that_zoom_reaches(root: tk.Tk) -> None:
    """Windows gives menus a font of their own, as a default that is weaker than a choice."""
    root.option_add("*Menu.font", "Courier 7", "widgetDefault")
    theme = Theme(root)
    assert str(Menu(root).cget("font")) == str(tk.Menu(root).cget("font")) == "TkMenuFont"
    theme.zoom(1)
    assert tkfont.nametofont("TkMenuFont", root=root).cget("size") == theme.size == 12


@pytest.mark.parametrize(("system", "key"), [("win32", "<App>"), ("linux", "<Menu>")])
def test_the_menu_key_is_called_as_its_system_calls_it(system: str, key: str) -> None:
    """In a program of its own: what is bound is decided once."""
    code = (
        f"import sys, tkinter; sys.platform = {system!r}\n"
        "from gui.widgets.menus import MENU_KEYS; print(*MENU_KEYS)"
    )
    command = [sys.executable, "-c", code]
    result = subprocess.run(command, cwd=HOUSE, capture_output=True, text=True, check=True)
    assert result.stdout.split() == ["<Shift-F10>", key]


def test_a_group_opens_a_menu_of_its_own_with_the_same_looks(root: tk.Tk, theme: Theme) -> None:
    done = list[str]()
    menu = Menu(root)
    menu.fill(
        Entry("Open", root.bell),
        Group("Cases", (Entry("One", lambda: done.append("one")), Entry("Two", root.bell))),
    )
    assert [menu.type(row) for row in range(2)] == ["command", "cascade"]
    beside = root.nametowidget(menu.entrycget(1, "menu"))
    assert [beside.entrycget(row, "label") for row in range(2)] == ["One", "Two"]
    assert beside.entrycget(0, "background") == menu.entrycget(1, "background")
    beside.invoke(0)
    assert done == ["one"]
