"""The field for an address."""

from __future__ import annotations

import tkinter as tk

from gui.theme.theme import Theme
from gui.widgets.address import AddressField
from gui.widgets.tooltip import words_of


def needs_colon(text: str) -> str | None:
    return None if ":" in text else f"{text}: the port is missing"


def test_a_wrong_address_is_kept_marked_and_explained(root: tk.Tk, theme: Theme) -> None:
    field = AddressField(root, theme, "Address", needs_colon)
    field.pack()
    root.update()
    field.text = "localhost"
    assert not field.accept()
    assert field.text == "localhost"
    assert field.entry.instate(["invalid"])
    assert words_of(field.entry) == "localhost: the port is missing"
    field.text = "localhost:80"
    assert field.accept()
    assert not field.entry.instate(["invalid"])
    assert words_of(field.entry) == ""


def test_addresses_used_are_offered_newest_first_and_once(root: tk.Tk, theme: Theme) -> None:
    field = AddressField(root, theme, "Address", needs_colon)
    for address in ("a:1", "b:2", "a:1"):
        field.remember(address)
    assert field.history == ("a:1", "b:2")
