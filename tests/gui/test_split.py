"""Two panes share the room by proportion, whatever they hold."""

from __future__ import annotations

import tkinter as tk
from tkinter import ttk
from typing import Literal

import pytest

from gui.widgets.split import Split
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
