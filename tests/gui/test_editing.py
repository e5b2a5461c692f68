"""Entries and editors: the wheel scrolls, keys mean what they mean elsewhere."""

from __future__ import annotations

import ctypes
import sys
import tkinter as tk
from tkinter import ttk

import pytest

from gui.widgets.editing import LONGEST
from gui.widgets.menus import MENU_KEYS
from tests.gui.window import Window, drawn, words_in

WHEEL = ["<Button-4>", "<Button-5>", "<MouseWheel>"]


@pytest.mark.parametrize("notch", WHEEL)
def test_the_wheel_changes_no_value(window: Window, notch: str) -> None:
    window.go("server")
    form, composer = window.server.form, window.server.composer
    boxes: list[ttk.Combobox] = [form.service, form.interface, composer.encoding, composer.eol]
    before = [box.get() for box in boxes], form.port.text
    for box in boxes:
        for _time in range(2):
            box.event_generate(notch, x=4, y=4)
    window.root.update()
    assert ([box.get() for box in boxes], form.port.text) == before


@pytest.mark.parametrize("key", ["connect", "server", "chat", "time"])
def test_every_page_can_be_searched(window: Window, key: str) -> None:
    window.go(key)
    page = window.app.page
    page.find()
    window.settle()
    focused = window.root.focus_get()
    assert isinstance(focused, ttk.Entry)
    assert "findbar" in str(focused)


def test_the_half_of_the_time_tab_that_has_the_focus_is_searched(window: Window) -> None:
    window.go("time")
    window.time.port.entry.focus_force()
    window.wait(lambda: window.root.focus_get() is window.time.port.entry)
    window.time.find()
    window.wait(lambda: window.root.focus_get() is window.time.requests.find_bar.entry)


def entry_of(window: Window) -> ttk.Entry:
    """Return the message line of the Connect tab, with the focus."""
    window.go("connect")
    entry = window.connect.composer.entry
    entry.focus_force()
    window.wait(lambda: window.root.focus_get() is entry)
    window.root.update()
    return entry


@pytest.fixture(autouse=True)
def _menus_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """On Windows a menu that opens waits for a choice in a loop of its own: end that at once."""
    if sys.platform == "win32":
        popup = tk.Menu.tk_popup
        timers = list[str]()

        def open_and_end(menu: tk.Menu, x: int, y: int) -> None:
            def end() -> None:
                ctypes.windll.user32.EndMenu()
                timers[:] = [menu.after(10, end)]

            end()
            popup(menu, x, y)
            menu.after_cancel(timers[0])

        monkeypatch.setattr(tk.Menu, "tk_popup", open_and_end)


def copied(window: Window, text: str) -> None:
    window.root.clipboard_clear()
    window.root.clipboard_append(text)


def typed(window: Window, entry: tk.Widget, text: str) -> None:
    for character in text:
        entry.event_generate("<Key>", keysym="space" if character == " " else character)
        entry.event_generate("<KeyRelease>", keysym="space" if character == " " else character)
    window.root.update()


def menu(window: Window) -> dict[str, bool]:
    """Return the entries of the menu that is open, and whether they do something."""
    editing = window.app.main_window._editing
    assert editing._menu is not None
    return {
        str(editing._menu.entrycget(row, "label")): bool(editing._menu.entrycget(row, "command"))
        for row in range((editing._menu.index("end") or 0) + 1)
        if editing._menu.type(row) == "command"
    }


def choose(window: Window, words: str) -> None:
    opened = window.app.main_window._editing._menu
    assert opened is not None
    opened.event_generate("<Escape>")
    opened.invoke(words)
    window.root.update()


@pytest.mark.parametrize("key", ["<Control-z>", "<<Undo>>"])
def test_an_entry_can_undo_and_redo(window: Window, key: str) -> None:
    entry = entry_of(window)
    typed(window, entry, "hello you")
    window.press(entry, key)
    assert entry.get() == "hello"
    window.press(entry, key)
    assert entry.get() == ""
    window.press(entry, "<Control-y>")
    window.press(entry, "<Control-Z>")
    assert entry.get() == "hello you"


def test_what_a_key_has_deleted_comes_back(window: Window) -> None:
    entry = entry_of(window)
    entry.insert(0, "192.168.1.10:8080")
    typed(window, entry, "x")
    window.press(entry, "<<SelectAll>>")
    window.press(entry, "<BackSpace>")
    entry.event_generate("<KeyRelease-BackSpace>")
    assert entry.get() == ""
    window.press(entry, "<<Undo>>")
    assert entry.get() == "192.168.1.10:8080x"


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\n\n", ""])
def test_line_ends_behind_what_is_pasted_are_dropped(window: Window, ends: str) -> None:
    entry = entry_of(window)
    copied(window, "localhost:8080" + ends)
    window.press(entry, "<<Paste>>")
    assert entry.get() == "localhost:8080"


def test_line_ends_within_become_blanks_and_that_is_said(window: Window) -> None:
    entry = entry_of(window)
    copied(window, "one\r\ntwo\n\nthree\n")
    window.press(entry, "<<Paste>>")
    assert entry.get() == "one two  three"
    assert any("3 line ends" in words for words in words_in(window.root))
    window.press(entry, "<<Undo>>")
    assert entry.get() == ""


def test_of_megabytes_the_beginning_is_pasted_and_that_is_said(window: Window) -> None:
    entry = entry_of(window)
    copied(window, "x" * 3_000_000)
    window.press(entry, "<<Paste>>")
    assert len(entry.get()) == LONGEST
    assert any("100,000 of 3,000,000" in words for words in words_in(window.root))


def test_a_chat_line_pasted_with_its_end_is_sent_once(window: Window) -> None:
    window.go("chat")
    line = window.chat.panes[0].line
    line.focus_force()
    window.wait(lambda: window.root.focus_get() is line)
    copied(window, "你好\n")
    window.press(line, "<<Paste>>")
    assert line.get() == "你好"


def test_what_is_pasted_replaces_what_is_chosen(window: Window) -> None:
    entry = entry_of(window)
    entry.insert(0, "old text")
    window.press(entry, "<<SelectAll>>")
    copied(window, "new")
    window.press(entry, "<<Paste>>")
    assert entry.get() == "new"


def test_a_request_pasted_over_the_chosen_one_replaces_it_and_can_be_undone(
    window: Window,
) -> None:
    window.go("connect")
    window.connect.kind.choose("http")
    editor = window.connect.http.editor
    before = drawn(editor)
    window.press(editor, "<<SelectAll>>")
    copied(window, "GET /new HTTP/1.1\r\nHost: a\r\n\r\n")
    window.press(editor, "<<Paste>>")
    assert drawn(editor) == "GET /new HTTP/1.1\nHost: a\n\n"
    window.press(editor, "<<Undo>>")
    assert drawn(editor) == before


def test_the_middle_button_pastes_one_line_too(window: Window, root: tk.Tk) -> None:
    entry = entry_of(window)
    other = tk.Text(root)
    other.insert("1.0", "chosen elsewhere\n")
    other.tag_add("sel", "1.0", "end")
    for event in ("<Button-2>", "<ButtonRelease-2>"):
        entry.event_generate(event, x=4, y=4)
    window.root.update()
    assert entry.get() == "chosen elsewhere"


@pytest.mark.parametrize("key", ["<Button-3>", *MENU_KEYS])
def test_an_entry_has_a_menu(window: Window, key: str) -> None:
    entry = entry_of(window)
    copied(window, "pasted")
    window.press(entry, key)
    states = menu(window)
    assert [*states] == ["Undo", "Redo", "Cut", "Copy", "Paste", "Select all"]
    assert [words for words, does in states.items() if does] == [
        "Paste",
        "Select all",
    ]
    choose(window, "Paste")
    assert entry.get() == "pasted"
    window.press(entry, key)
    assert menu(window)["Undo"]
    choose(window, "Undo")
    assert entry.get() == ""


def test_a_menu_that_mends_a_wrong_field_shows_it_as_right(window: Window) -> None:
    tab = window.connect
    window.go("connect")
    tab.address.text = ""
    tab.main.invoke()
    assert tab.address.entry.instate(["invalid"])
    copied(window, "localhost:8080\n")
    window.press(tab.address.entry, "<Button-3>")
    choose(window, "Paste")
    assert tab.address.entry.instate(["!invalid"])


def test_of_a_text_that_is_only_read_the_menu_changes_nothing(window: Window) -> None:
    window.go("connect")
    window.connect.kind.choose("http")
    copied(window, "never")
    window.press(window.connect.http.shown, "<Button-3>")
    possible = [words for words, does in menu(window).items() if does]
    assert possible == ["Select all"]


def test_the_editor_has_the_same_menu(window: Window) -> None:
    window.go("connect")
    window.connect.kind.choose("http")
    editor = window.connect.http.editor
    window.press(editor, "<<SelectAll>>")
    copied(window, "GET / HTTP/1.0\n\n")
    window.press(editor, "<Button-3>")
    choose(window, "Paste")
    assert drawn(editor) == "GET / HTTP/1.0\n\n"


def test_fields_of_the_systems_own_dialogs_work_as_ever(window: Window) -> None:
    """Tk's file dialogs are made of entries that Python knows by name only."""
    ask = window.root.tk
    ask.eval("toplevel .dialog; ttk::entry .dialog.name; pack .dialog.name")
    ask.eval("focus -force .dialog.name; update; event generate .dialog.name <KeyPress> -keysym a")
    window.root.clipboard_clear()
    window.root.clipboard_append("bc")
    for event in ("<KeyRelease> -keysym a", "<<Paste>>", "<<Undo>>"):
        ask.eval(f"event generate .dialog.name {event}")
    window.root.update()
    assert ask.eval(".dialog.name get") == "abc"
    ask.eval("destroy .dialog")
