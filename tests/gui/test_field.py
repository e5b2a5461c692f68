"""Fields with a number: what is wrong names its field."""

from __future__ import annotations

import tkinter as tk

import pytest

from gui.theme.theme import Theme
from gui.widgets.field import Field, Limits, NumberField
from gui.widgets.tooltip import words_of


@pytest.mark.parametrize("text", ["", "x", "0", "65536", "1.5", "１２３４５６", "nan", "0x50"])
def test_a_number_out_of_bounds_names_its_field(root: tk.Tk, theme: Theme, text: str) -> None:
    field = NumberField(root, theme, "Port", Limits(1, 65535))
    field.text = text
    assert field.wrong == "Port: please type a whole number from 1 to 65535."
    with pytest.raises(ValueError, match="Port"):
        _ = field.number


def test_numbers_typed_with_an_input_method_are_understood(root: tk.Tk, theme: Theme) -> None:
    port = NumberField(root, theme, "Port", Limits(1, 65535))
    seconds = NumberField(root, theme, "Timeout", Limits(0.1, 60, whole=False))
    port.text, seconds.text = "８０８０", "2.5"
    assert (port.number, seconds.number) == (8080, 2.5)


@pytest.mark.parametrize("text", ["nan", "inf", "0", "60.1", "soon"])
def test_seconds_must_be_a_time_one_can_wait(root: tk.Tk, theme: Theme, text: str) -> None:
    field = NumberField(root, theme, "Timeout", Limits(0.1, 60, whole=False))
    field.text = text
    assert "0.1" in field.wrong


def test_a_disabled_field_says_what_would_enable_it(root: tk.Tk, theme: Theme) -> None:
    field = Field(root, theme, "Name")
    field.enable(False, "Disconnect first.")
    assert words_of(field.entry) == "Disconnect first."
    field.enable(True)
    assert words_of(field.entry) == ""
