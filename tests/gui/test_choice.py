"""One of several: by a list or by buttons."""

from __future__ import annotations

import tkinter as tk
from tkinter import ttk

from gui.theme.theme import Theme
from gui.widgets.choice import Choice, Segments


def test_a_choice_gives_its_key_whatever_its_words(root: tk.Tk, theme: Theme) -> None:
    del theme
    choice = Choice(root, {"auto": "Automatic", "v4": "IPv4"})
    assert (choice.key, choice.get()) == ("auto", "Automatic")
    choice.key = "v4"
    assert choice.get() == "IPv4"
    choice.current(0)
    assert choice.key == "auto"


def test_segments_call_back_when_another_is_chosen(root: tk.Tk, theme: Theme) -> None:
    del theme
    keys: list[str] = []
    segments = Segments(root, {"log": "Log", "bytes": "Bytes"}, keys.append)
    button = segments.winfo_children()[1]
    assert isinstance(button, ttk.Radiobutton)
    button.invoke()
    assert (segments.key, keys) == ("bytes", ["bytes"])


def test_when_fewer_are_offered_the_first_is_chosen_if_the_chosen_one_is_gone(
    root: tk.Tk, theme: Theme
) -> None:
    del theme
    choice: Choice[str] = Choice(root, {"0": "1 Ada", "1": "2 Bob"})
    choice.key = "1"
    choice.offer({"0": "1 Ada"})
    assert (choice.key, choice.get()) == ("0", "1 Ada")
