"""One table of keys: what is bound, what the menu shows, and what F1 lists."""

from __future__ import annotations

import re
import tkinter as tk
from collections.abc import Callable

import pytest

from gui.keys import KEYS, shown_key
from gui.tabs.path_window import show_path
from netlib import Endpoint, language
from netlib.teaching.cases import CASES
from tests.gui.window import Window, drawn, everything

MODIFIERS = {"Control", "Shift", "Key", "Alt", "Mod1", "Command", "Option"}
CLASSES = ("all", "TNotebook", "TButton", "Text", "TEntry", "TCombobox", "Entry")
PLAIN = {"+": "<plus>", "-": "<minus>", "=": "<equal>"}
"""Keys that Tk names by what they type."""
NOT_KEYS = re.compile(
    r"Button|Motion|Wheel|Enter>|Leave|Focus|Configure|[mM]ap>|Destroy|Visib|Key>|Release"
)


def normal(sequence: str) -> str:
    """Return Tk's event as the table writes it: <Key-Return> is <Return>, <Key-1> stays."""
    if sequence in PLAIN:
        return PLAIN[sequence]
    parts = sequence.strip("<>").split("-")
    name = parts[-1]
    held = [part for part in parts[:-1] if part in MODIFIERS - {"Key"}]
    key = f"Key-{name}" if name.isdigit() else "space" if name == "Space" else name
    return "<" + "-".join([*sorted(held), key]) + ">"


def bound(widget: tk.Misc) -> set[str]:
    """Return the keys bound to a widget itself."""
    return {
        normal(one)
        for one in widget.bind()
        if not one.startswith("<<") and not NOT_KEYS.search(one)
    }


def known_to_tk(root: tk.Tk) -> set[str]:
    """Return the keys that classes of widgets listen to, virtual events resolved."""
    found: set[str] = set()
    for kind in CLASSES:
        for one in root.bind_class(kind):
            physical = root.event_info(one) if one.startswith("<<") else (one,)
            found |= {normal(key) for key in physical}
    return found


def table() -> set[str]:
    return {normal(event) for key in KEYS for event in key.events}


def test_every_key_that_is_bound_is_in_the_table(window: Window) -> None:
    for key in window.app.tabs:
        window.go(key)
    window.connect.kind.choose("http")
    window.app.intents["boundaries"]()
    digits = {f"<Control-Key-{digit}>" for digit in range(1, 10)}
    missing = {
        (key, str(one)) for one in everything(window.root) for key in bound(one) - table() - digits
    }
    assert missing == set()


def test_every_key_of_the_table_is_bound(window: Window) -> None:
    for key in window.app.tabs:
        window.go(key)
    window.connect.traffic.open_find()
    window.app.intents["boundaries"]()
    there = known_to_tk(window.root) | {
        key for one in everything(window.root) for key in bound(one)
    }
    on_x11 = window.root.tk.call("tk", "windowingsystem") == "x11"
    assert table() - there == (set() if on_x11 else {"<ISO_Left_Tab>"})  # X11's Shift+Tab


@pytest.mark.parametrize("where", ["case", "saved", "path", "boundaries", "models", "code"])
def test_the_keys_for_looks_and_help_work_in_every_window(window: Window, where: str) -> None:
    app = window.app
    shown: dict[str, Callable[[], object]] = {
        **app.intents,
        "case": lambda: app.recording_files.open(CASES[0].path),
        "saved": window.connect.saved.manage,
        "path": lambda: show_path(window.connect.context, Endpoint("127.0.0.1", 1)),
    }
    shown[where]()
    window.root.update()
    [other] = [one for one in everything(window.root) if isinstance(one, tk.Toplevel)]
    size, dark, spoken = app.theme.size, app.theme.dark, language()
    inside = next(one for one in other.winfo_children() if not isinstance(one, tk.Menu))
    for key in ("<Control-plus>", "<Control-d>", "<Control-l>", "<F1>"):
        inside.event_generate(key)
        window.root.update()
    assert app.theme.size > size
    assert app.theme.dark is not dark
    assert language() != spoken
    assert window.root.tk.call("winfo", "exists", ".help")
    window.root.nametowidget(".help").destroy()
    other.destroy()


def test_f1_lists_every_key_in_both_languages(window: Window) -> None:
    window.root.event_generate("<F1>")
    window.root.update()
    window_of_help = window.root.nametowidget(".help")
    text = next(one for one in everything(window_of_help) if isinstance(one, tk.Text))
    assert [key.shown for key in KEYS if key.shown not in drawn(text)] == []
    english = drawn(text)
    window.app.switch_language()
    window.wait(lambda: drawn(text) != english)
    assert [key.shown for key in KEYS if key.shown not in drawn(text)] == []


def test_the_menu_shows_the_keys(window: Window) -> None:
    menu = window.app.main_window.menu
    keys = {
        str(menu.entrycget(row, "label")): str(menu.entrycget(row, "accelerator")).strip()
        for row in range((menu.index("end") or 0) + 1)
        if menu.type(row) == "command"
    }
    assert keys["Quit"] == shown_key("quit") == "Ctrl+Q"
    assert keys["Open recording…"] == "Ctrl+O"


@pytest.mark.parametrize("place", ["entry", "text"])
def test_ctrl_f_searches_wherever_the_focus_is(window: Window, place: str) -> None:
    tab = window.connect
    window.go("connect")
    tab.kind.choose("http")
    window.root.update()
    window.press(tab.address.entry if place == "entry" else tab.http.shown, "<Control-f>")
    window.wait(tab.traffic.find_bar.winfo_viewable)


def test_keys_of_the_window_edit_nothing(window: Window) -> None:
    window.go("connect")
    entry = window.connect.address.entry
    window.connect.address.text = "localhost:8080"
    entry.icursor(0)
    for key in ("<Control-d>", "<Control-l>", "<Control-d>", "<Control-l>"):
        window.press(entry, key)
    assert window.connect.address.text == "localhost:8080"


def test_control_plus_and_minus_zoom_and_zero_comes_back(window: Window) -> None:
    theme, entry = window.app.theme, window.connect.address.entry
    before = theme.size
    window.press(entry, "<Control-plus>")
    assert theme.size == before + 1
    window.press(entry, "<Control-minus>")
    window.press(entry, "<Control-minus>")
    assert theme.size == before - 1
    window.press(entry, "<Control-Key-0>")
    assert theme.size == before
