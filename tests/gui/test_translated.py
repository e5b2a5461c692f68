"""Every kind of text follows the language."""

from __future__ import annotations

import gc
import gettext
import tkinter as tk
import weakref
from collections.abc import Callable
from tkinter import ttk

import pytest

from gui.translated import (
    remembered,
    retranslate,
    set_heading,
    set_tab_text,
    set_text,
    set_title,
    translate,
)
from gui.widgets.choice import Choice
from gui.widgets.menus import context_menu
from gui.widgets.tooltip import tip
from netlib import i18n


class Shouting(gettext.NullTranslations):
    """A language of capitals, so that no catalogue is needed."""

    def gettext(self, message: str) -> str:
        return message.upper().replace("{COUNT}", "{count}")


@pytest.fixture
def shout(monkeypatch: pytest.MonkeyPatch, root: tk.Tk) -> Callable[[], None]:
    def change() -> None:
        monkeypatch.setattr(i18n._speech, "catalogue", Shouting())
        retranslate(root)

    return change


def test_every_kind_of_text_follows_the_language(root: tk.Tk, shout: Callable[[], None]) -> None:
    label, notebook = ttk.Label(root), ttk.Notebook(root)
    page, table = ttk.Frame(notebook), ttk.Treeview(root, columns=["who"])
    notebook.add(page)
    set_text(label, "{count} clients", count=3)
    set_tab_text(notebook, page, "Server")
    set_heading(table, "who", "Address")
    set_title(root, "Window")
    menu = context_menu(label, ("Copy", root.bell), ("Save", None), ("Clear", root.bell))
    choice = Choice(root, {"auto": "Automatic"})
    tip(label, "How many are there.")
    shout()
    assert label.cget("text") == "3 CLIENTS"
    assert root.tk.call(notebook, "tab", 0, "-text") == "SERVER"
    assert table.heading("who", "text") == "ADDRESS"
    assert root.title() == "WINDOW"
    assert [menu.entrycget(n, "label") for n in (0, 1)] == ["COPY", "CLEAR"]
    assert (choice.get(), choice.key) == ("AUTOMATIC", "auto")
    assert remembered(label, "tip") == "HOW MANY ARE THERE."


def test_a_sentence_made_elsewhere_is_made_again(root: tk.Tk) -> None:
    spoken = iter(["one", "two"])
    label = ttk.Label(root)
    set_text(label, lambda: next(spoken))
    retranslate(root)
    assert label.cget("text") == "two"


def test_a_percent_sign_in_a_sentence_without_places_is_harmless() -> None:
    assert translate("100 % of the rows") == "100 % of the rows"


def test_the_text_of_a_destroyed_widget_is_forgotten_and_that_of_its_window_is_not(
    root: tk.Tk, shout: Callable[[], None]
) -> None:
    window = tk.Toplevel(root)
    set_title(window, "Window")
    label = ttk.Label(window)
    set_text(label, label.winfo_name)  # a message that holds its widget
    gone = weakref.ref(label)
    label.destroy()
    del label
    gc.collect()
    assert gone() is None
    shout()
    assert window.title() == "WINDOW"
