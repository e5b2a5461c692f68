"""The line one searches in: as one types, or by Enter, which then goes from match to match."""

from __future__ import annotations

import tkinter as tk

import pytest

from gui.models.rows import Progress
from gui.theme.theme import Theme
from gui.views.find_bar import FindBar
from tests.gui.conftest import Pump
from tests.gui.window import seen_in


class Rows:
    """Remembers what was asked of it."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.looking: str = ""

    def find(self, typed: str) -> str | None:
        if typed.startswith("hex:") and len(typed) % 2:
            return "half a byte"
        self.looking = typed
        self.asked.append(f"find {typed}")
        return None

    def end(self) -> None:
        self.looking = ""

    def close(self) -> None:
        self.looking = ""
        self.asked.append("close")

    def step(self, way: int) -> None:
        self.asked.append(f"step {way}")

    def show_only(self, matches: bool) -> None:
        pass

    def progress(self) -> Progress | None:
        return Progress(3, 10, 10) if self.looking else None


@pytest.fixture
def rows() -> Rows:
    return Rows()


@pytest.fixture
def bar(root: tk.Tk, theme: Theme, rows: Rows, pump: Pump) -> FindBar:
    made = FindBar(root, theme, rows, rows.close)
    made.pack(fill="x")
    made.entry.focus_force()
    pump(lambda: root.focus_get() is made.entry)
    root.update()
    return made


def press(bar: FindBar, key: str) -> None:
    bar.entry.event_generate(key)
    bar.update()


def test_an_empty_line_says_what_can_be_typed(bar: FindBar) -> None:
    assert any("hex:e5 b7" in words for words in seen_in(bar))
    press(bar, "<Key-a>")
    assert not any("hex:e5 b7" in words for words in seen_in(bar))
    press(bar, "<BackSpace>")
    assert any("hex:e5 b7" in words for words in seen_in(bar))


def test_it_searches_when_the_typing_pauses(bar: FindBar, rows: Rows, pump: Pump) -> None:
    for key in "GET":
        press(bar, f"<Key-{key}>")
    assert rows.asked == []
    pump(lambda: rows.asked)
    assert rows.asked == ["find GET"]
    assert any("3 found" in words for words in seen_in(bar))


def test_enter_searches_at_once_and_then_goes_on(bar: FindBar, rows: Rows) -> None:
    bar.entry.insert(0, "GET")
    press(bar, "<Return>")
    press(bar, "<Return>")
    press(bar, "<Shift-F3>")
    assert rows.asked == ["find GET", "step 1", "step -1"]


def test_half_a_word_is_wrong_without_a_sentence_until_enter(
    bar: FindBar, rows: Rows, pump: Pump
) -> None:
    bar.entry.insert(0, "hex:e")
    pump(lambda: bar.entry.instate(["invalid"]))
    assert bar._bubble.text == ""
    press(bar, "<Return>")
    assert "half a byte" in bar._bubble.text
    assert bar.entry.get() == "hex:e"


def test_a_time_is_gone_to_by_enter_only(bar: FindBar, rows: Rows) -> None:
    bar.entry.insert(0, "at:10:31")
    assert not bar._waiting
    press(bar, "<Return>")
    assert rows.asked == ["find at:10:31"]


def test_an_emptied_line_shows_every_row_and_stays(bar: FindBar, rows: Rows) -> None:
    bar.entry.insert(0, "x")
    press(bar, "<Return>")
    press(bar, "<BackSpace>")
    assert rows.looking == ""
    assert "close" not in rows.asked
    press(bar, "<Return>")
    assert rows.asked[-1] == "close"


def test_a_bar_that_goes_leaves_no_search_behind(bar: FindBar, rows: Rows, root: tk.Tk) -> None:
    bar.entry.insert(0, "x")
    bar.destroy()
    root.update()
    assert rows.asked == []
