"""Context menus: what there is to do, by mouse and by keyboard."""

from __future__ import annotations

import tkinter as tk
from tkinter import ttk

import pytest

from gui.widgets.menus import context_menu


def test_an_entry_does_what_it_says_and_one_with_nothing_to_do_is_left_out(root: tk.Tk) -> None:
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
    root: tk.Tk, key: str, monkeypatch: pytest.MonkeyPatch
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
