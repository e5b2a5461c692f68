"""Language, light and dark, size and keyboard: the same window for everyone."""

from __future__ import annotations

import re
import tkinter as tk
from collections.abc import Iterator
from itertools import pairwise
from tkinter import ttk

import pytest

from gui.theme.theme import has_cjk_font
from gui.widgets.explained import Explained
from gui.widgets.flow import Flow
from gui.widgets.prose import Prose
from gui.widgets.tooltip import words_of
from netlib.i18n import language
from tests.gui.window import Window, cells, everything, told, words_in
from tests.helpers import free_port

NAMES = re.compile(
    r"\b(Socketboard|TCP|UDP|HTTP|IPv4|IPv6|LF|CRLF|EN|Enter|Esc|Tab|Shift|Ctrl|End|FIN|RST|SYN|nc"
    r"|Space|Home|PgUp|PgDn|ACK|UTF|GET|Host|User|Agent|Accept|curl|localhost|acknowledge|echo|chat|count|time|web|RFC|ICMP|ASCII"
    r"|NTP|ntp|Ping|pinger|uppercase|words|smtp|daytime|TIME|WAIT"
    r"|python3?|PID|B|ms|s|A|D|L|Q|C|F1|localhost|utf|gbk|gb18030|big5|shift_jis|euc|kr|latin|ascii"
    r"|CSV|JSON|SO_RCVBUF|Lines|hex|peer|dir|conn|at|before|after|O|F3|F10|SQLite|le|be|lo|eth0|DNS|IP|Linux|Windows|English|name|x|Server|in"
    r"|Connection|close|HEAD|POST|Python|telnet|Wireshark|docs/lessons\.zh-CN\.md)\b"
)
"""Words that are the same in every language: protocols, keys, commands, encodings, files."""
_ENGLISH = re.compile(r"[A-Za-z]{2,}")
_ADDRESS = re.compile(r"[0-9a-f:.]+ \(\w+\)|\b[0-9a-f]*::?[0-9a-f:]+")


def english_in(texts: list[str]) -> list[str]:
    return [text for text in texts if _ENGLISH.search(NAMES.sub("", _ADDRESS.sub("", text)))]


def all_words(window: Window) -> list[str]:
    tips = [words_of(one) for one in everything(window.root)]
    return [str(window.root.title()), *words_in(window.root), *tips]


@pytest.fixture
def busy(window: Window) -> Window:
    """A window in which something happened in every tab."""
    port = window.start_server()
    window.connect.address.text = f"localhost:{port}"
    window.connect.main.invoke()
    for pane in window.chat.panes:
        pane.address.text = f"localhost:{port}"
        pane.main.invoke()
    window.time.port.text = "0"
    window.time.start.invoke()
    window.wait(lambda: window.time.server.local)
    window.time.address.text = f"localhost:{free_port()}"
    window.wait(lambda: window.connect.model.connected)
    for key in window.app.tabs:
        window.go(key)
    return window


def test_no_english_is_left_after_switching_to_chinese(busy: Window) -> None:
    assert has_cjk_font(busy.root)
    busy.app.main_window.tell("Saving…")
    busy.chat.panes[0].banner.complain("A complaint in English")
    busy.app.switch_language()
    for key in busy.app.tabs:
        busy.go(key)
    busy.root.event_generate("<F1>")
    busy.root.update()
    assert english_in(all_words(busy)) == []
    busy.app.switch_language()
    assert language() == "en"


def test_switching_back_gives_the_same_english_words(busy: Window) -> None:
    """What the tables and clocks count meanwhile aside."""

    def words() -> set[str]:
        return {text for text in all_words(busy) if not any(char.isdigit() for char in text)}

    before = words()
    for _twice in range(2):
        busy.app.switch_language()
        busy.settle()
    assert words() == before


def test_the_keyboard_switches_language_and_light(window: Window) -> None:
    window.press(window.connect.address.entry, "<Control-l>")
    assert str(window.connect.main.cget("text")) == "连接"
    dark = window.app.theme.dark
    window.press(window.connect.address.entry, "<Control-d>")
    assert window.app.theme.dark is not dark


@pytest.mark.parametrize("dark", [False, True])
def test_light_and_dark_reach_every_corner(busy: Window, dark: bool) -> None:
    if busy.app.theme.dark is not dark:
        busy.app.switch_dark()
    busy.root.update()
    palette = busy.app.theme.palette
    for one in everything(busy.root):
        if isinstance(one, tk.Text) and not isinstance(one.master, Explained):
            behind = palette.window if isinstance(one.master, Prose) else palette.field
            assert str(one.cget("background")) == behind, one
            assert str(one.cget("foreground")) == palette.text, one
    ground = ttk.Style(busy.root).lookup("TFrame", "background")
    assert str(ground) == palette.window


def test_the_size_changes_everything_and_comes_back(window: Window) -> None:
    before = window.connect.main.winfo_reqheight()
    window.press(window.connect.address.entry, "<Control-plus>")
    window.press(window.connect.address.entry, "<Control-plus>")
    assert window.connect.main.winfo_reqheight() > before
    window.press(window.connect.address.entry, "<Control-0>")
    assert window.connect.main.winfo_reqheight() == before


def test_control_and_a_digit_go_to_each_tab(window: Window) -> None:
    for digit, key in enumerate(window.app.tabs, 1):
        window.root.event_generate(f"<Control-Key-{digit}>")
        window.wait(window.app.tabs[key].winfo_viewable)
        assert window.app.page is window.app.tabs[key]


@pytest.mark.parametrize("key", ["connect", "server", "chat", "time"])
def test_the_tab_key_reaches_every_control(busy: Window, key: str) -> None:
    busy.go(key)
    if key == "connect":
        busy.connect.kind.choose("http")
        busy.root.update()
    start = busy.root.focus_get() or busy.app.main_window.notebook
    reached, at = set(), start
    for _step in range(200):
        reached.add(str(at))
        at = at.tk_focusNext() or start
    controls = {
        str(one)
        for one in everything(busy.app.tabs[key])
        if isinstance(one, ttk.Button | ttk.Entry | ttk.Checkbutton | tk.Text | ttk.Treeview)
        and one.winfo_viewable()
        and str(one.cget("takefocus")) != "0"
        and not (isinstance(one, ttk.Widget) and one.instate(["disabled"]))
    }
    assert controls - reached == set()


@pytest.mark.parametrize("key", ["start", "connect", "server", "chat", "time"])
def test_the_tab_key_goes_as_the_eye_does(busy: Window, key: str) -> None:
    """Within a toolbar to the right, and from its lines down; the message line comes last."""
    busy.go(key)
    page, steps = busy.app.tabs[key], [*_steps(busy)]
    inside = [one for one in steps if str(one).startswith(f"{page}.")]
    assert inside
    for one, following in pairwise(inside):
        if _toolbar(one) is not None and _toolbar(one) is _toolbar(following):
            below = following.winfo_rooty() >= one.winfo_rooty() + one.winfo_height() // 2
            assert below or following.winfo_rootx() > one.winfo_rootx(), (one, following)
    lines = [one for one in inside if one.winfo_rooty() > page.winfo_rooty() + 500]
    if key in {"connect", "server"}:
        assert lines == inside[-len(lines) :]


def _steps(window: Window) -> Iterator[tk.Misc]:
    first: tk.Misc = window.app.main_window.notebook
    at = first.tk_focusNext()
    while at is not None and at is not first:
        yield at
        at = at.tk_focusNext()


def _toolbar(widget: tk.Misc | None) -> tk.Misc | None:
    while widget is not None and not isinstance(widget, Flow):
        widget = widget.master
    return widget


def test_enter_is_the_main_action_and_escape_takes_it_back(window: Window) -> None:
    tab = window.connect
    tab.address.text = f"localhost:{free_port()}"
    window.press(tab.address.entry, "<Return>")
    window.wait(lambda: "refused" in told(tab.banner).lower())
    window.press(tab.address.entry, "<Escape>")
    assert told(tab.banner) == ""
    window.go("server")
    window.server.form.port.text = "0"
    window.press(window.server.form.port.entry, "<Return>")
    window.wait(lambda: window.server.model.servers[0].local)


def test_escape_stops_a_series_of_queries(window: Window) -> None:
    window.go("time")
    tab = window.time
    tab.port.text = "0"
    tab.start.invoke()
    window.wait(lambda: tab.server.local)
    assert tab.server.local is not None
    tab.address.text = f"localhost:{tab.server.local.port}"
    tab.fields["count"].text = "1000"
    window.press(tab.address.entry, "<Return>")
    window.wait(lambda: len(cells(tab.answers)) == 1)
    window.press(tab.address.entry, "<Escape>")
    window.wait(lambda: not tab.client.asking)


def test_help_opens_by_f1_once_and_closes_by_escape(window: Window) -> None:
    for _twice in range(2):
        window.root.event_generate("<F1>")
        window.root.update()
    helps = [one for one in window.root.winfo_children() if isinstance(one, tk.Toplevel)]
    assert len(helps) == 1
    window.press(helps[0], "<Escape>")
    assert not helps[0].winfo_exists()


def test_a_mistake_of_ours_is_logged_and_told_and_the_window_lives(
    window: Window, logged_errors: list[object]
) -> None:
    window.root.after(0, lambda: int("a bug"))
    window.wait(lambda: logged_errors)
    logged_errors.clear()
    assert any("bug in Socketboard" in text for text in words_in(window.app.main_window.status))
    assert window.start_server()
