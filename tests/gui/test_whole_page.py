"""In a window that is low for its text a picture has the page to itself; F5 shows the rest."""

from __future__ import annotations

import tkinter as tk
from pathlib import Path
from tkinter import font as tkfont
from tkinter import ttk

import pytest

from gui.models.time import TimeForm
from gui.views.boundaries_pane import BoundariesPane
from gui.views.kernel_view import KernelView
from gui.views.pane import TrafficPane
from netlib.i18n import LANGUAGES
from tests.gui.ladders import canvas, heads, said, show
from tests.gui.test_layout import ask_the_time, whole
from tests.gui.window import Window, everything
from tests.ladders import both, received, sent
from tests.recordings import record

SIX, FOUR = (24, 6), (32, 4)
"""Points of text, and how many rows of the ladder are seen whole then."""


@pytest.fixture
def talk(window: Window) -> Window:
    """Return a window of 1280 by 800 pixels in which lines went to and fro."""
    port = window.start_server()
    window.go("connect")
    window.connect.call(f"127.0.0.1:{port}", "hello\n")
    window.wait(lambda: window.connect.model.rows.total() >= 4)
    for number in range(8):
        window.connect.composer.text = f"line {number}"
        window.connect.composer.submit()
        window.wait(lambda: window.connect.model.rows.total() >= 4 + 2 * (number + 1))  # noqa: B023
    window.root.geometry("1280x800")
    window.wait(lambda: window.root.winfo_height() == 800)
    return window


def seen(window: Window, pane: TrafficPane) -> int:
    """Return how many rows of the ladder of a pane are seen whole, when all is at rest."""
    ladder = show(window, pane)
    window.settle()
    assert whole(window, canvas(ladder))
    first, last = ladder.view.ladder.in_sight
    return last - first


@pytest.mark.parametrize("words", LANGUAGES)
@pytest.mark.parametrize(("size", "rows"), [SIX, FOUR])
def test_rows_of_the_ladder_are_in_sight_at_large_text(
    talk: Window, words: str, size: int, rows: int
) -> None:
    if words == "zh":
        talk.app.switch_language()
    talk.app.theme.dress(size=size)
    assert seen(talk, talk.connect.traffic) >= rows
    talk.go("server")
    assert seen(talk, talk.server.traffic) >= rows


@pytest.mark.parametrize(("size", "rows"), [SIX, FOUR])
def test_so_they_are_in_a_recording(window: Window, tmp_path: Path, size: int, rows: int) -> None:
    lines = [does(b"line\n", at=2.0 + at) for at in range(9) for does in (sent, received)]
    path = record(tmp_path / "talk.socketboard", [*both(), *lines])
    window.app.theme.dress(size=size)
    found = window.app.recording_files.open(path)
    window.wait(lambda: found.view)
    found.geometry("1280x800")
    window.wait(lambda: found.winfo_height() == 800)
    assert found.view is not None
    ladder = show(window, found.view.pane)
    window.settle()
    first, last = ladder.view.ladder.in_sight
    assert last - first >= rows


def test_the_newest_row_is_seen_with_its_words(talk: Window) -> None:
    talk.app.theme.dress(size=24)
    ladder = show(talk, talk.connect.traffic)
    talk.settle()
    drawn = canvas(ladder)
    words = [item for item in drawn.find_all() if str(drawn.type(item)) == "text"]
    assert max(drawn.bbox(item)[3] for item in words) <= drawn.winfo_height()
    assert any("recv" in text for text in said(ladder))


def test_the_controls_come_back_by_a_key_and_it_is_remembered(talk: Window) -> None:
    talk.app.theme.dress(size=24)
    pane = talk.connect.traffic
    show(talk, pane)
    talk.wait(lambda: not talk.connect.main.winfo_viewable())
    assert not talk.connect.composer.entry.winfo_viewable()
    fold = pane.whole.fold
    assert whole(talk, fold)
    talk.press(fold, "<F5>")
    talk.wait(talk.connect.main.winfo_viewable)
    assert whole(talk, talk.connect.composer.entry)
    pane.view.choose("log")
    pane.view.choose("boundaries")
    talk.settle()
    assert talk.connect.main.winfo_viewable()
    talk.press(fold, "<F5>")
    talk.wait(lambda: not talk.connect.main.winfo_viewable())
    pane.view.choose("log")
    talk.wait(lambda: whole(talk, talk.connect.main))


def test_what_is_typed_does_not_go_where_nobody_sees_it(talk: Window) -> None:
    talk.press(talk.connect.composer.entry, "<Key-a>")
    talk.app.theme.dress(size=24)
    show(talk, talk.connect.traffic)
    talk.settle()
    focus = talk.root.focus_get()
    assert focus is not None
    assert focus.winfo_viewable()


def test_a_larger_window_has_room_for_everything(talk: Window) -> None:
    pane = talk.connect.traffic
    show(talk, pane)
    talk.settle()
    assert whole(talk, talk.connect.main)
    assert not pane.whole.fold.winfo_viewable()


def test_the_request_comes_back_too(talk: Window) -> None:
    talk.connect.kind.choose("http")
    show(talk, talk.connect.traffic)
    talk.app.theme.dress(size=24)
    talk.wait(lambda: not talk.connect.http.winfo_viewable())
    talk.app.theme.dress(size=11)
    talk.wait(talk.connect.http.winfo_viewable)
    assert not talk.connect.composer.entry.winfo_viewable()


def test_a_message_is_seen_over_a_picture(talk: Window) -> None:
    talk.app.theme.dress(size=24)
    show(talk, talk.connect.traffic)
    talk.settle()
    talk.connect.banner.complain("That cannot be.")
    talk.wait(lambda: whole(talk, talk.connect.banner))


def test_a_head_has_one_line_and_the_address_where_there_is_room(talk: Window) -> None:
    talk.app.theme.dress(size=18)
    ladder = show(talk, talk.connect.traffic)
    talk.settle()
    assert all(text.startswith(("client", "server")) for text in heads(ladder) if text)


@pytest.mark.parametrize("size", [24, 32])
def test_the_state_of_the_connection_is_in_sight(talk: Window, size: int) -> None:
    talk.app.theme.dress(size=size)
    talk.connect.traffic.view.choose("kernel")
    talk.connect.model.finish()
    talk.wait(lambda: talk.connect.model.rows.total() > 20)
    view = talk.connect.traffic.other
    assert isinstance(view, KernelView)
    states = view.states

    def is_seen() -> bool:
        box = states.bbox("ours")
        if box is None:
            return False
        _left, upper, _right, lower = box
        top = states.canvasy(0)
        return top <= upper and lower <= top + states.winfo_height()

    talk.wait(is_seen)


def test_every_view_can_be_chosen_where_their_row_has_no_room(talk: Window) -> None:
    talk.app.theme.dress(size=32)
    talk.settle()
    pane = talk.connect.traffic
    views = next(
        one for one in everything(pane) if isinstance(one, ttk.Combobox) and one.winfo_viewable()
    )
    names = list(views.cget("values"))
    assert len(names) == 6
    views.current(1)
    views.event_generate("<<ComboboxSelected>>")
    assert pane.view.key == "ladder"


def test_what_the_tools_do_is_in_the_menu_of_the_rows(talk: Window) -> None:
    talk.app.theme.dress(size=24)
    ladder = show(talk, talk.connect.traffic)
    talk.settle()
    menu = next(one for one in everything(ladder) if isinstance(one, tk.Menu))
    labels = {
        str(menu.entrycget(row, "label")): row
        for row in range((menu.index("end") or 0) + 1)
        if menu.type(row) == "command"
    }
    menu.invoke(labels["Find a pattern"])
    talk.wait(lambda: whole(talk, ladder.pattern.entry))
    rows = ladder.view.ladder.in_sight
    menu.invoke(labels["Rows further apart"])
    menu.invoke(labels["Rows further apart"])
    assert ladder.view.ladder.in_sight != rows


@pytest.mark.parametrize(("size", "rows"), [SIX, FOUR])
def test_so_they_are_in_the_chat_and_the_conversation_has_its_line_again(
    talk: Window, size: int, rows: int
) -> None:
    address = talk.connect.address.text
    talk.go("chat")
    talk.app.theme.dress(size=size)
    talk.settle()
    pane = talk.chat.shown[0]
    pane.address.text = address
    pane.connect_if_idle()
    for number in range(6):
        talk.wait(lambda: not pane.send_button.instate(["disabled"]))
        pane.line.insert(0, f"line {number}")
        pane.submit()
    talk.wait(lambda: pane.model.conversation.count() >= 12)
    pane.view.choose("traffic")
    assert seen(talk, pane.traffic) >= rows
    assert not pane.line.winfo_viewable()
    pane.view.choose("chat")
    talk.wait(lambda: whole(talk, pane.line))
    pane.view.choose("traffic")
    talk.wait(lambda: not pane.line.winfo_viewable())


@pytest.mark.parametrize(("size", "rows"), [SIX, FOUR])
def test_so_they_are_in_the_time_tab(window: Window, size: int, rows: int) -> None:
    ask_the_time(window)
    for _times in range(5):
        window.wait(lambda: not window.time.client.asking)
        window.time.client.ask(
            TimeForm(window.time.address.text, count=1, interval=0.0, timeout=2.0, retries=0)
        )
    window.wait(lambda: len(window.time.client.answers) == 6)
    window.root.geometry("1280x800")
    window.wait(lambda: window.root.winfo_height() == 800)
    window.app.theme.dress(size=size)
    window.time.view.choose("traffic")
    assert seen(window, window.time.traffic) >= rows
    assert not window.time.query.winfo_viewable()
    window.time.view.choose("answers")
    window.wait(lambda: whole(window, window.time.query))


@pytest.mark.parametrize("words", LANGUAGES)
def test_the_characters_over_the_bytes_touch_no_call(talk: Window, words: str) -> None:
    if words == "zh":
        talk.app.switch_language()
    talk.connect.composer.text = "你好"
    talk.connect.composer.submit()
    talk.app.theme.dress(size=32)
    talk.connect.traffic.view.choose("boundaries")
    talk.settle()
    pane = talk.connect.traffic.other
    assert isinstance(pane, BoundariesPane)
    talk.wait(pane.view.canvas.winfo_viewable)
    talk.settle()
    rows = pane.view._drawing.rows
    font = tkfont.nametofont("TkHeadingFont", root=talk.root)
    assert rows.tops["stream"] - (rows.tops["sends"] + rows.high) >= font.metrics("ascent")
