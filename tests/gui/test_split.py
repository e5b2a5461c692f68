"""Two panes share the room by proportion, whatever they hold."""

from __future__ import annotations

import tkinter as tk
from tkinter import ttk
from typing import Literal

import pytest

from gui.theme.theme import Theme
from gui.widgets.split import LEAST, STEP, Split
from tests.gui.conftest import Pump


@pytest.mark.parametrize(("orient", "other"), [("vertical", "500x900"), ("horizontal", "900x500")])
def test_the_share_is_kept_at_every_size(
    root: tk.Tk, pump: Pump, orient: Literal["vertical", "horizontal"], other: str
) -> None:
    root.geometry("500x500")
    split = Split(root, orient=orient, share=0.25)
    split.pack(fill="both", expand=True)
    first, second = ttk.Frame(split), ttk.Frame(split, width=5000, height=5000)
    split.both(first, second)

    def length(pane: tk.Misc) -> int:
        return pane.winfo_height() if orient == "vertical" else pane.winfo_width()

    pump(lambda: abs(length(first) - 125) <= 2)
    root.geometry(other)
    pump(lambda: abs(length(first) - 225) <= 2)
    assert length(second) > 600


def test_one_pane_may_have_all_the_room_and_give_it_back(root: tk.Tk, pump: Pump) -> None:
    root.geometry("500x500")
    split = Split(root, orient="vertical", share=0.5)
    split.pack(fill="both", expand=True)
    first, second = ttk.Frame(split), ttk.Frame(split)
    split.both(first, second)
    pump(lambda: first.winfo_ismapped() and abs(first.winfo_height() - 250) <= 4)
    split.only(second)
    pump(lambda: second.winfo_height() == 500 and not first.winfo_ismapped())
    split.both(first, second)
    pump(lambda: first.winfo_ismapped() and abs(first.winfo_height() - 250) <= 4)


class Halves:
    """A split of 500 pixels whose first pane has a quarter, and what was saved of it."""

    def __init__(self, root: tk.Tk, pump: Pump) -> None:
        root.geometry("500x500")
        self.saved: list[float] = []
        self.split = Split(root, orient="vertical", share=0.25)
        self.split.keep(0.25, self.saved.append)
        self.split.pack(fill="both", expand=True)
        self.first, self.second = ttk.Frame(self.split), ttk.Frame(self.split)
        self.split.both(self.first, self.second)
        self._pump = pump
        self.rests_at(125)

    def rests_at(self, height: int) -> None:
        self._pump(lambda: abs(self.first.winfo_height() - height) <= 2)

    def drag(self, down: int) -> None:
        """Drag the sash by so many pixels."""
        y = self.first.winfo_height() + 3
        self.split.event_generate("<Button-1>", x=250, y=y)
        self.split.event_generate("<B1-Motion>", x=250, y=y + down)
        self.split.event_generate("<ButtonRelease-1>", x=250, y=y + down)


@pytest.fixture
def halves(root: tk.Tk, theme: Theme, pump: Pump) -> Halves:
    return Halves(root, pump)


def test_a_dragged_sash_is_saved_and_kept_at_another_size(root: tk.Tk, halves: Halves) -> None:
    halves.drag(100)
    halves.rests_at(225)
    assert halves.saved == [pytest.approx(0.45, abs=0.01)]
    root.geometry("500x900")
    halves.rests_at(405)


def test_the_keyboard_moves_the_sash_and_home_gives_the_first_division_back(
    root: tk.Tk, pump: Pump, halves: Halves
) -> None:
    assert str(halves.split.cget("takefocus")) == "1"
    halves.split.focus_force()
    pump(lambda: root.focus_get() is halves.split)
    for _twice in range(2):
        halves.split.event_generate("<Down>")
    halves.rests_at(125 + round(500 * 2 * STEP))
    halves.split.event_generate("<Home>")
    halves.rests_at(125)
    assert halves.saved[-1] == 0.25


def test_a_double_click_gives_the_first_division_back(halves: Halves) -> None:
    halves.drag(200)
    halves.rests_at(325)
    for _twice in range(2):
        halves.split.event_generate("<Button-1>", x=250, y=328)
        halves.split.event_generate("<ButtonRelease-1>", x=250, y=328)
    halves.rests_at(125)


def test_a_division_of_another_day_comes_back_and_nonsense_is_bounded(halves: Halves) -> None:
    halves.split.keep(0.7, halves.saved.append)
    halves.rests_at(350)
    for nonsense in (1e300, float("nan"), -3.0):
        halves.split.keep(nonsense, halves.saved.append)
        assert LEAST <= halves.split.sashpos(0) / 500 <= 1 - LEAST  # type: ignore[no-untyped-call]


def test_one_pane_alone_has_no_sash_to_go_to(halves: Halves) -> None:
    halves.split.only(halves.second)
    assert str(halves.split.cget("takefocus")) == "0"
