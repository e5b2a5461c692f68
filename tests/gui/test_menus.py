"""Context menus: what there is to do, by mouse and by keyboard."""

from __future__ import annotations

import tkinter as tk
from tkinter import ttk

import pytest

from gui.theme.theme import Theme
from gui.widgets.menus import Entry, Menu, context_menu
from tests.gui.conftest import Pump


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


@pytest.mark.parametrize("key", ["<Shift-F10>", "<Menu>", "<<ContextMenu>>"])
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
    theme.dress(dark=True, size=22)
    pump(lambda: looks() == (theme.palette.edge, theme.palette.field))
    pump(lambda: menu.winfo_reqheight() > 1.6 * high)
