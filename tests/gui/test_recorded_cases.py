"""The recorded cases in the window: by the menu, on their ladder, with what to look at above it."""

from __future__ import annotations

import sys
import tkinter as tk
from collections.abc import Iterator

import pytest

from gui.recording_window import RecordingView, RecordingWindow
from gui.views.ladder_pane import LadderPane
from gui.widgets.menus import Menu
from netlib.teaching.cases import CASES, FOLDER
from tests.gui.ladders import all_of, said
from tests.gui.window import Window, words_in

WINDOW_0 = [case.name for case in CASES].index("zero-window")
"""The place of the case of window 0 among them."""


def case_menu(window: Window) -> Menu:
    """Return the menu of the cases, beside that of the window."""
    menu = window.app.main_window.menu
    found = window.root.nametowidget(menu.entrycget(menu.index("Recorded cases") or 0, "menu"))
    assert isinstance(found, Menu)
    return found


def labels(menu: tk.Menu) -> list[str]:
    """Return the words of the entries of a menu."""
    last = menu.index("end")
    assert last is not None
    rows = [row for row in range(last + 1) if menu.type(row) != "separator"]
    return [str(menu.entrycget(row, "label")) for row in rows]


def opened(window: Window) -> RecordingWindow:
    """Return the window of the recording that was opened last, once its ladder is drawn."""
    found = [one for one in window.root.winfo_children() if isinstance(one, RecordingWindow)][-1]
    window.wait(lambda: found.view is not None)
    window.wait(lambda: said(ladder_of(found)))
    return found


def view_of(found: RecordingWindow) -> RecordingView:
    assert found.view is not None
    return found.view


def ladder_of(found: RecordingWindow) -> LadderPane:
    ladder = view_of(found).pane.ladder
    assert ladder is not None
    return ladder


@pytest.fixture
def case(window: Window) -> Iterator[RecordingWindow]:
    """Return the window of the case of window 0."""
    case_menu(window).invoke(WINDOW_0)
    found = opened(window)
    yield found
    if found.winfo_exists():
        found.close()


def test_the_menu_has_all_of_them_in_the_language_of_the_moment(window: Window) -> None:
    assert labels(case_menu(window)) == [case.title for case in CASES]
    beside = case_menu(window)
    window.app.switch_language()
    assert labels(beside)[0] == "三次握手"
    assert "实录案例" in labels(window.app.main_window.menu)
    window.app.switch_language()


@pytest.mark.parametrize("number", range(len(CASES)), ids=[case.name for case in CASES])
def test_each_opens_on_its_ladder_with_captured_packets_and_what_to_look_at(
    window: Window, number: int
) -> None:
    case_menu(window).invoke(number)
    found = opened(window)
    assert found.title() == f"Socketboard: {CASES[number].title}"
    assert view_of(found).pane.view.key == "ladder"
    words = " ".join(" ".join(words_in(view_of(found).banner)).split())
    assert f"{CASES[number].title} ({CASES[number].source})" in words
    assert CASES[number].look in words
    assert any(text.startswith("SYN, ACK  seq 0  ack 1") for text in all_of(ladder_of(found), said))
    found.close()


def test_what_to_look_at_follows_the_language(window: Window, case: RecordingWindow) -> None:
    window.app.switch_language()
    window.settle()
    words = " ".join(words_in(view_of(case).banner))
    assert "零窗口探测" in words
    assert "零窗口：接收方不读取（RFC 9293 第 3.8.6.1 节）" in words
    assert case.title() == "Socketboard 插座板：零窗口：接收方不读取"
    window.app.switch_language()


def test_esc_closes_what_is_said_and_then_the_window(window: Window, case: RecordingWindow) -> None:
    assert view_of(case).banner.showing
    window.press(case, "<Escape>")
    assert not view_of(case).banner.showing
    assert case.winfo_exists()
    window.press(case, "<Escape>")
    window.wait(lambda: not case.winfo_exists())


def test_the_rows_keep_most_of_the_room(window: Window, case: RecordingWindow) -> None:
    window.settle()
    view = view_of(case)
    assert view.banner.winfo_height() < 0.4 * view.winfo_height()
    view.banner.close.invoke()
    window.settle()
    assert not view.banner.showing


def test_in_a_small_window_a_button_brings_what_to_look_at(
    window: Window, case: RecordingWindow
) -> None:
    case.geometry("480x420")
    banner = view_of(case).banner
    window.wait(banner.why.winfo_ismapped)
    assert banner.why.cget("text") == "What to look at"
    assert CASES[WINDOW_0].look not in " ".join(" ".join(words_in(banner)).split())
    banner.why.invoke()
    window.wait(lambda: "nothing was lost" in " ".join(words_in(banner)))


def test_looking_writes_nothing_beside_them(window: Window, case: RecordingWindow) -> None:
    assert {path.name for path in FOLDER.iterdir()} == {one.path.name for one in CASES}


def test_a_key_opens_the_menu(window: Window, monkeypatch: pytest.MonkeyPatch) -> None:
    menu = window.app.main_window.menu
    posted = list[tuple[int, int]]()
    monkeypatch.setattr(menu, "tk_popup", lambda x, y: posted.append((x, y)))
    window.press(window.root, "<F10>")
    assert len(posted) == 1


@pytest.mark.skipif(sys.platform == "win32", reason="an open menu waits in Windows itself")
def test_it_is_reached_by_keyboard(window: Window) -> None:
    menu = window.app.main_window.menu
    window.press(window.root, "<F10>")
    window.wait(menu.winfo_ismapped)
    for _step in range(menu.index("Recorded cases") or 0):
        menu.event_generate("<Down>")
    window.root.update()
    menu.event_generate("<Right>")
    beside = case_menu(window)
    window.wait(beside.winfo_ismapped)
    beside.event_generate("<Return>")
    found = opened(window)
    assert found.title() == f"Socketboard: {CASES[0].title}"
    found.close()
