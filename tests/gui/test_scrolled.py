"""Where a page needs more height than there is, it scrolls, and its foot stays in sight."""

from __future__ import annotations

import tkinter as tk
from tkinter import ttk

import pytest

from gui.theme.theme import Theme
from gui.widgets.banner import MESSAGE_CHANGED
from gui.widgets.scrolled import Scrolled
from tests.gui.conftest import Pump


class Tall:
    """A page of ten fields of 60 pixels over a list and a foot, in a window of given height."""

    def __init__(self, root: tk.Tk, theme: Theme, height: int) -> None:
        root.geometry(f"400x{height}")
        self.holder = Scrolled(root, theme)
        self.holder.pack(fill="both", expand=True)
        self.page = ttk.Frame(self.holder, padding=(12, 10, 12, 6))
        self.fields = []
        for _number in range(10):
            band = ttk.Frame(self.page, height=60)
            band.pack_propagate(False)
            band.pack(fill="x")
            self.fields.append(ttk.Entry(band))
            self.fields[-1].pack()
        self.foot = ttk.Frame(self.page)
        self.line = ttk.Entry(self.foot)
        self.line.pack()
        self.list = tk.Text(self.page, height=1)
        self.foot.pack(side="bottom", fill="x", pady=(8, 0))
        self.list.pack(fill="both", expand=True)
        self.holder.hold(self.page, self.foot)
        root.update()

    def whole(self, part: tk.Misc) -> bool:
        top = part.winfo_rooty() - self.holder.winfo_rooty()
        return top >= 0 and top + part.winfo_height() <= self.holder.winfo_height()


def test_what_fits_is_not_touched(root: tk.Tk, theme: Theme) -> None:
    tall = Tall(root, theme, 900)
    assert tall.holder.hidden == 0
    assert tall.foot.winfo_manager() == "pack"
    assert tall.page.winfo_height() == 900


def test_the_foot_stays_and_the_keyboard_brings_into_sight(
    root: tk.Tk, theme: Theme, pump: Pump
) -> None:
    tall = Tall(root, theme, 300)
    assert tall.holder.hidden > 300
    assert tall.whole(tall.line)
    assert not tall.whole(tall.fields[9])
    tall.fields[9].focus_force()
    pump(lambda: tall.whole(tall.fields[9]))
    assert tall.whole(tall.line)
    assert tall.fields[9].winfo_rooty() + 20 <= tall.foot.winfo_rooty()
    tall.fields[0].focus_force()
    pump(lambda: tall.whole(tall.fields[0]))


def test_the_wheel_scrolls_and_more_room_ends_it(root: tk.Tk, theme: Theme, pump: Pump) -> None:
    tall = Tall(root, theme, 300)
    for _turn in range(30):
        tall.fields[2].event_generate("<Button-5>")
    pump(lambda: tall.whole(tall.fields[9]))
    root.geometry("400x900")
    pump(lambda: tall.holder.hidden == 0 and tall.page.winfo_y() == 0)
    assert tall.foot.winfo_manager() == "pack"
    pump(lambda: tall.whole(tall.list))


@pytest.mark.parametrize("size", [8, 20, 32])
def test_the_list_keeps_room_at_every_size(
    root: tk.Tk, theme: Theme, pump: Pump, size: int
) -> None:
    theme.dress(size=size)
    tall = Tall(root, theme, 300)
    pump(lambda: tall.list.winfo_height() >= theme.px(40))


def test_a_foot_that_its_page_has_taken_away_does_not_come_back(root: tk.Tk, theme: Theme) -> None:
    tall = Tall(root, theme, 300)
    assert tall.foot.winfo_manager() == "place"
    tall.foot.place_forget()
    tall.holder.settle()
    root.update()
    assert not tall.line.winfo_viewable()
    tall.foot.pack(side="bottom", fill="x", before=tall.list)
    tall.holder.settle()
    root.update()
    assert tall.whole(tall.line)


def test_a_message_is_brought_into_sight(root: tk.Tk, theme: Theme, pump: Pump) -> None:
    tall = Tall(root, theme, 300)
    tall.fields[9].event_generate(MESSAGE_CHANGED)

    def seen() -> bool:
        tall.holder.settle()
        return tall.whole(tall.fields[9])

    pump(seen)
