"""The line at the foot of the window."""

from __future__ import annotations

import tkinter as tk
from itertools import pairwise
from tkinter import ttk

import pytest

from gui.theme.theme import Theme
from gui.widgets.statusline import Count, StatusLine
from tests.gui.conftest import Pump
from tests.gui.window import figure

COUNTS = [Count("received", "bytes received"), Count("dropped", "bytes dropped", 4)]


@pytest.fixture
def line(root: tk.Tk, theme: Theme) -> StatusLine:
    made = StatusLine(root, theme, COUNTS)
    made.pack(fill="x")
    made.set_text("Ready, and rather long: a sentence that would need the whole line for itself.")
    root.update()
    return made


def placed(line: StatusLine) -> dict[str, tuple[int, int]]:
    """Return where each text in sight begins and ends."""
    labels = [one for one in line.winfo_children() if isinstance(one, ttk.Label)]
    return {
        str(one.cget("text")): (one.winfo_x(), one.winfo_x() + one.winfo_width())
        for one in labels
        if one.winfo_ismapped()
    }


def test_counts_are_readable_and_do_not_move_what_stands_beside(
    root: tk.Tk, line: StatusLine
) -> None:
    before = placed(line)["bytes received"]
    line.set("received", 12_345_678)
    root.update()
    assert placed(line)["bytes received"] == before
    assert figure(line, "bytes received") == "12,345,678"


@pytest.mark.parametrize("size", [8, 11, 20, 32])
def test_no_number_is_ever_cut(
    root: tk.Tk, theme: Theme, line: StatusLine, pump: Pump, size: int
) -> None:
    theme.dress(size=size)
    root.geometry("960x300")
    pump(lambda: root.winfo_width() == 960)
    for key in ("received", "dropped"):
        line.set(key, 4_052_632_000)
    root.update()
    for number in line._numbers.values():
        assert number.winfo_width() >= number.winfo_reqwidth()
        assert 0 <= number.winfo_x() <= line.winfo_width() - number.winfo_width()


def test_where_there_is_no_room_the_sentence_gives_way(
    root: tk.Tk, theme: Theme, line: StatusLine, pump: Pump
) -> None:
    theme.dress(size=24)
    root.geometry("640x300")
    pump(lambda: root.winfo_width() == 640)
    line.set("received", 1_234_567_890)
    root.update()
    spans = sorted(placed(line).values())
    assert all(end <= begin for (_, end), (begin, _) in pairwise(spans))
