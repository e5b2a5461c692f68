"""Controls in lines: broken where the window is narrow, never cut off."""

from __future__ import annotations

import tkinter as tk
from tkinter import ttk

from gui.theme.theme import Theme
from gui.widgets.flow import Flow
from tests.gui.conftest import Pump


def test_controls_go_on_in_a_new_line_where_the_window_is_narrow(
    root: tk.Tk, theme: Theme, pump: Pump
) -> None:
    bar = Flow(root, theme)
    bar.pack(fill="x")
    buttons = [ttk.Button(bar, text=f"A long label {n}") for n in range(6)]
    bar.add(*buttons)
    pump(lambda: bar.winfo_width() > 700)
    root.update()
    wide = bar.winfo_height()
    root.geometry("300x500")
    pump(lambda: bar.winfo_height() > 2 * wide)
    assert all(button.winfo_x() + button.winfo_width() <= 300 for button in buttons)


def test_optional_controls_give_way_before_a_line_is_broken_the_last_one_first(
    root: tk.Tk, theme: Theme, pump: Pump
) -> None:
    bar = Flow(root, theme)
    bar.pack(fill="x")
    title, count = (ttk.Label(bar, text=text) for text in ("Title", "9,999 of 9,999 rows"))
    buttons = [ttk.Button(bar, text=f"A long label {n}") for n in range(3)]
    bar.add(title, optional=True)
    bar.add(*buttons)
    bar.add(count, optional=True)
    needed = sum(one.winfo_reqwidth() + theme.px(10) for one in (*buttons, title)) - theme.px(10)
    for room, shown in (
        (needed + theme.px(10) + count.winfo_reqwidth(), [title, count]),
        (needed, [title]),
        (needed - 1, []),
    ):
        root.geometry(f"{room}x300")
        pump(lambda room=room: bar.winfo_width() == room)  # type: ignore[misc]
        root.update()
        assert [one for one in (title, count) if one.winfo_manager()] == shown
        assert {button.winfo_y() for button in buttons} == {0}


def test_a_control_is_never_wider_than_the_window(root: tk.Tk, theme: Theme, pump: Pump) -> None:
    bar = Flow(root, theme)
    bar.pack(fill="x")
    button = ttk.Button(bar, text="A very long label " * 3)
    bar.add(button)
    root.geometry("200x300")
    pump(lambda: button.winfo_width() == 200)


def test_the_elastic_control_of_a_line_takes_what_is_left(
    root: tk.Tk, theme: Theme, pump: Pump
) -> None:
    bar = Flow(root, theme)
    bar.pack(fill="x")
    first, second = (ttk.Button(bar, text=text) for text in ("Stretches", "Stays"))
    bar.add(first, second, elastic=first)

    def check(width: int) -> None:
        root.geometry(f"{width}x300")
        pump(lambda: second.winfo_x() + second.winfo_width() == width)
        pump(lambda: second.winfo_width() == second.winfo_reqwidth())
        assert second.winfo_x() + second.winfo_width() == width
        assert first.winfo_x() + first.winfo_width() < second.winfo_x()

    check(700)
    check(400)
    second.configure(text="Stays, and is longer")
    check(400)


def test_what_matters_less_goes_behind_a_button_where_there_is_no_room(
    root: tk.Tk, theme: Theme, pump: Pump
) -> None:
    bar = Flow(root, theme)
    bar.pack(fill="x")
    first, second, third, last = (ttk.Button(bar, text=f"A long label {n}") for n in range(4))
    bar.add(first, second, third, last)
    bar.fold(1, second, third)
    root.geometry("1200x300")
    pump(lambda: bar.winfo_width() == 1200)

    def shown() -> list[str]:
        there = [one for one in bar.winfo_children() if one.winfo_manager()]
        return [str(one.cget("text")) for one in sorted(there, key=lambda one: one.winfo_x())]

    whole = [f"A long label {n}" for n in range(4)]
    assert shown() == whole
    root.geometry(f"{first.winfo_reqwidth() * 4}x300")
    pump(lambda: shown() == [*whole[:2], "⋯", whole[3]])
    more = next(one for one in bar.winfo_children() if str(one.cget("text")) == "⋯")
    assert isinstance(more, ttk.Button)
    more.invoke()
    root.update()
    assert {*shown()} == {*whole, "⋯"}
    more.invoke()
    pump(lambda: shown() == [*whole[:2], "⋯", whole[3]])


def test_a_control_without_room_gives_way_to_a_narrow_one(
    root: tk.Tk, theme: Theme, pump: Pump
) -> None:
    bar = Flow(root, theme)
    bar.pack(fill="x")
    first, wide = ttk.Button(bar, text="First"), ttk.Button(bar, text="A long label " * 4)
    narrow, last = ttk.Button(bar, text="Short"), ttk.Button(bar, text="Last")
    bar.add(first, wide, last)
    bar.replace(wide, narrow)
    bar.fold(1, last)
    pump(lambda: bar.winfo_width() > 700 and wide.winfo_viewable())
    assert not narrow.winfo_viewable()
    root.geometry("320x500")
    pump(lambda: narrow.winfo_viewable() and not wide.winfo_viewable())
    assert last.winfo_viewable()  # for it there is room again
    assert first.winfo_x() < narrow.winfo_x() < last.winfo_x()
