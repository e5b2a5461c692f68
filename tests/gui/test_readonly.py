"""A Text that can be read and copied, and not written in."""

from __future__ import annotations

import re
import tkinter as tk
from tkinter import ttk

import pytest

from gui.widgets.readonly import read_only
from tests.gui.conftest import Pump


@pytest.fixture
def text(root: tk.Tk, pump: Pump) -> tk.Text:
    made = tk.Text(root)
    made.pack()
    made.insert("1.0", "to be read")
    read_only(made)
    made.focus_force()
    pump(lambda: root.focus_get() is made)
    return made


@pytest.mark.parametrize(
    "key", ["x", "<Return>", "<BackSpace>", "<Delete>", "<Control-v>", "<Control-d>", "<<Paste>>"]
)
def test_no_key_changes_what_stands_there(text: tk.Text, key: str) -> None:
    text.clipboard_clear()
    text.clipboard_append("pasted")
    text.mark_set("insert", "1.2")
    text.event_generate(key)
    text.update()
    assert text.get("1.0", "end-1c") == "to be read"


def pressed(text: tk.Text, key: str) -> str:
    """Return what the binding of a text answers to a key."""
    call = re.search(r"\[(.*)\]", text.bind("<Key>"))
    assert call
    values = {"K": key, "W": str(text)}
    return str(text.tk.eval(re.sub("%(.)", lambda code: values.get(code[1], "0"), call[1])))


@pytest.mark.parametrize("key", ["Menu", "App", "Win_L", "Win_R", "Caps_Lock", "F1", "Escape"])
def test_a_key_that_writes_nothing_goes_on_to_the_window(text: tk.Text, key: str) -> None:
    """Called as Tk calls it: the keys of Windows cannot be pressed on other systems."""
    assert pressed(text, key) != "break"
    assert pressed(text, "x") == "break"


def test_all_of_it_can_be_chosen_and_copied(text: tk.Text) -> None:
    text.clipboard_clear()
    text.event_generate("<<SelectAll>>")
    text.event_generate("<<Copy>>")
    text.update()
    assert text.clipboard_get().strip() == "to be read"


def test_tab_leads_on(text: tk.Text, root: tk.Tk, pump: Pump) -> None:
    button = ttk.Button(root, text="next")
    button.pack()
    root.update()
    text.event_generate("<Tab>")
    pump(lambda: root.focus_get() is button)
    assert text.get("1.0", "end-1c") == "to be read"
