"""The look and the language of the window change live and reach every widget."""

from __future__ import annotations

import gettext
import tkinter as tk
from collections.abc import Callable
from tkinter import font as tkfont
from tkinter import ttk

import pytest

from gui.theme.palette import DARK, LIGHT
from gui.theme.theme import LARGEST_SIZE, SMALLEST_SIZE, Theme, has_cjk_font
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
from tests.gui.conftest import Pump


class Shouting(gettext.NullTranslations):
    """A language of capitals, so that no catalogue is needed."""

    def gettext(self, message: str) -> str:
        return message.upper().replace("%(COUNT)S", "%(count)s")


@pytest.fixture
def shout(monkeypatch: pytest.MonkeyPatch, root: tk.Tk) -> Callable[[], None]:
    def change() -> None:
        monkeypatch.setattr(i18n._speech, "catalogue", Shouting())
        retranslate(root)

    return change


def test_dark_reaches_plain_widgets_that_exist_and_those_to_come(root: tk.Tk) -> None:
    theme = Theme(root)
    before = tk.Text(root)
    theme.toggle_dark()
    after = tk.Text(root)
    assert before.cget("background") == after.cget("background") == DARK.field
    assert before.cget("foreground") == after.cget("foreground") == DARK.text
    theme.toggle_dark()
    assert before.cget("background") == after.cget("background") == LIGHT.field


def test_dark_reaches_the_drop_down_list_of_a_combobox(root: tk.Tk, pump: Pump) -> None:
    theme = Theme(root)
    combobox = ttk.Combobox(root, values=["one", "two"])
    combobox.pack()
    root.update()
    popdown = root.tk.call("ttk::combobox::PopdownWindow", combobox)
    theme.toggle_dark()
    pump(lambda: True)
    assert root.tk.call(f"{popdown}.f.l", "cget", "-background") == DARK.field
    assert root.tk.call(f"{popdown}.f.l", "cget", "-selectbackground") == DARK.selection


def test_an_opened_drop_down_list_hinders_neither_zoom_nor_language(root: tk.Tk) -> None:
    theme = Theme(root)
    combobox = ttk.Combobox(root, values=["one"])
    combobox.pack()
    root.update()
    root.tk.call("ttk::combobox::PopdownWindow", combobox)
    theme.zoom(1)
    retranslate(root)
    assert theme.size == 12


def test_control_a_selects_all_that_is_typed(root: tk.Tk, pump: Pump) -> None:
    Theme(root)
    entry = ttk.Entry(root)
    entry.pack()
    entry.insert(0, "你好 hello")
    root.update()
    entry.focus_force()
    entry.event_generate("<Control-a>")
    pump(entry.selection_present)


def test_zooming_makes_text_and_space_larger_and_comes_back_exactly(root: tk.Tk) -> None:
    theme = Theme(root)
    frame = ttk.Frame(root, padding=theme.px(10))
    label = ttk.Label(frame, text="text")
    frame.pack(padx=(3, theme.px(7)))
    label.grid(padx=theme.px(5), pady=theme.px(1))
    first = label.winfo_reqwidth()
    for _step in range(5):
        theme.zoom(1)
    root.update()
    assert label.winfo_reqwidth() > first
    assert label.grid_info()["padx"] > 5  # type: ignore[operator]
    for _step in range(12):
        theme.zoom(-1)
    theme.zoom(0)
    root.update()
    assert label.winfo_reqwidth() == first
    assert label.grid_info()["padx"] == theme.px(5)
    assert frame.pack_info()["padx"] == (3, theme.px(7))
    assert str(frame.cget("padding")[0]) == str(theme.px(10))


@pytest.mark.parametrize(("asked", "given"), [(1, SMALLEST_SIZE), (999, LARGEST_SIZE), (20, 20)])
def test_text_is_never_smaller_or_larger_than_can_be_used(
    root: tk.Tk, asked: int, given: int
) -> None:
    theme = Theme(root, scale_font=asked)
    assert theme.size == given
    assert tkfont.nametofont("TkDefaultFont", root=root).actual("size") == given


def test_control_plus_and_minus_zoom_and_zero_comes_back(root: tk.Tk) -> None:
    theme = Theme(root)
    theme.bind_zoom_keys()
    before = theme.size
    root.focus_force()
    root.update()
    root.event_generate("<Control-plus>")
    assert theme.size == before + 1
    root.event_generate("<Control-minus>")
    root.event_generate("<Control-minus>")
    assert theme.size == before - 1
    root.event_generate("<Control-Key-0>")
    assert theme.size == before


@pytest.mark.parametrize(("dpi", "pixels"), [(96, 100), (144, 150), (192, 200)])
def test_pixels_follow_the_density_of_the_screen(root: tk.Tk, dpi: int, pixels: int) -> None:
    root.tk.call("tk", "scaling", dpi / 72)
    assert Theme(root).px(100) == pixels


def test_a_machine_for_these_tests_can_show_chinese(root: tk.Tk) -> None:
    assert has_cjk_font(root)


def test_every_kind_of_text_follows_the_language(root: tk.Tk, shout: Callable[[], None]) -> None:
    label, notebook = ttk.Label(root), ttk.Notebook(root)
    page, table = ttk.Frame(notebook), ttk.Treeview(root, columns=["who"])
    notebook.add(page)
    set_text(label, "%(count)s clients", count=3)
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
