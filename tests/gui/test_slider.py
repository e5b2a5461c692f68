"""A number by typing, by mouse and by keys: field and knob say the same."""

from __future__ import annotations

import tkinter as tk
from tkinter import ttk

import pytest

from gui.theme.theme import Theme
from gui.widgets.field import Limits
from gui.widgets.focus import focused
from gui.widgets.slider import Slider
from tests.gui.conftest import Pump


def shown(root: tk.Tk, theme: Theme, pump: Pump, limits: Limits, *, long: bool = False) -> Slider:
    """Return a slider that is on the screen."""
    slider = Slider(root, theme, "Size", limits, logarithmic=long)
    slider.pack(fill="x", padx=20, pady=20)
    pump(lambda: slider._track.winfo_width() > 100)
    return slider


def knob(slider: Slider) -> float:
    """Return where the knob is: the share of the track left of it."""
    track = slider._track
    left, _top = track.coords(track.find_all()[-1])
    size = slider._pictures[-1].width()
    return left / (track.winfo_width() - size)


def press(slider: Slider, pump: Pump, *keys: str) -> None:
    slider._track.focus_force()
    pump(lambda: slider.focus_get() is slider._track)
    for key in keys:
        slider._track.event_generate(key)


def test_what_is_typed_moves_the_knob(root: tk.Tk, theme: Theme, pump: Pump) -> None:
    slider = shown(root, theme, pump, Limits(low=0, high=200))
    assert (slider.number, knob(slider)) == (0, 0)
    slider.field.text = "100"
    assert knob(slider) == pytest.approx(0.5, abs=0.01)
    slider.field.text = "200"
    assert knob(slider) == pytest.approx(1)


def test_it_is_drawn_while_the_list_of_a_choice_is_open(
    root: tk.Tk, theme: Theme, pump: Pump
) -> None:
    slider = shown(root, theme, pump, Limits(low=0, high=200))
    choice = ttk.Combobox(root, values=["one", "two"], state="readonly")
    choice.pack()
    root.focus_force()
    pump(choice.winfo_viewable)
    choice.event_generate("<Button-1>")
    pump(lambda: "popdown" in focused(root))
    slider.field.text = "100"
    assert knob(slider) == pytest.approx(0.5, abs=0.01)
    root.tk.call("ttk::combobox::Unpost", choice)


def test_a_drag_types_the_number(root: tk.Tk, theme: Theme, pump: Pump) -> None:
    slider = shown(root, theme, pump, Limits(low=1, high=1000))
    track = slider._track
    track.event_generate("<Button-1>", x=track.winfo_width() // 2, y=5)
    assert slider.number == pytest.approx(500, abs=3)
    track.event_generate("<B1-Motion>", x=track.winfo_width() + 50, y=5)
    assert slider.field.text == "1000"
    assert knob(slider) == pytest.approx(1)
    track.event_generate("<B1-Motion>", x=-50, y=5)
    assert slider.number == 1


def test_keys_move_it_by_one_at_least(root: tk.Tk, theme: Theme, pump: Pump) -> None:
    slider = shown(root, theme, pump, Limits(low=1, high=1 << 16), long=True)
    press(slider, pump, "<Right>", "<Up>")
    assert slider.number == 3
    press(slider, pump, "<Left>", "<Left>", "<Left>")
    assert slider.number == 1
    press(slider, pump, "<End>")
    assert slider.number == 1 << 16
    press(slider, pump, "<Next>")
    assert 10_000 < slider.number < 1 << 16
    press(slider, pump, "<Home>")
    assert slider.number == 1


def test_a_long_track_has_as_much_room_for_small_numbers_and_round_ones(
    root: tk.Tk, theme: Theme, pump: Pump
) -> None:
    slider = shown(root, theme, pump, Limits(low=0, high=1 << 16), long=True)
    slider.number = 256
    assert knob(slider) == pytest.approx(0.5, abs=0.01)
    track = slider._track
    track.event_generate("<Button-1>", x=track.winfo_width() * 3 // 4, y=5)
    assert slider.number % 100 == 0
    assert 3000 < slider.number < 6000


def test_what_is_wrong_is_told_beside_the_field(root: tk.Tk, theme: Theme, pump: Pump) -> None:
    slider = shown(root, theme, pump, Limits(low=1, high=1000))
    slider.field.text = "many"
    with pytest.raises(ValueError, match="Size: please type a whole number from 1 to 1000"):
        assert slider.number
    assert not slider.field.accept()
    press(slider, pump, "<Right>")
    assert slider.field.accept()


def test_one_that_is_disabled_stays_as_it_is(root: tk.Tk, theme: Theme, pump: Pump) -> None:
    slider = shown(root, theme, pump, Limits(low=1, high=1000))
    slider.enable(False, "not now")
    press(slider, pump, "<End>")
    slider._track.event_generate("<Button-1>", x=50, y=5)
    assert slider.number == 1
    slider.enable(True)
    press(slider, pump, "<End>")
    assert slider.number == 1000


def test_it_grows_with_the_text(root: tk.Tk, theme: Theme, pump: Pump) -> None:
    slider = shown(root, theme, pump, Limits(low=0, high=10))
    before = slider._track.winfo_reqheight()
    theme.dress(size=22, dark=True)
    pump(lambda: slider._track.winfo_reqheight() == 2 * before)
    assert slider._pictures[-1].width() == 36
