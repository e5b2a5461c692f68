"""A part of the page that folds away: by a click, by its key, and it stays so."""

from __future__ import annotations

import tkinter as tk
from pathlib import Path

import pytest

from gui.settings import Settings
from gui.theme.theme import Theme
from gui.widgets.fold import Fold
from tests.gui.conftest import Pump


@pytest.fixture
def told() -> list[bool]:
    return []


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(tmp_path / "settings.json")


def make(root: tk.Misc, settings: Settings, told: list[bool]) -> Fold:
    fold = Fold(root, settings, "clients", "Clients", told.append, key="F8")
    fold.pack()
    return fold


def test_a_click_and_the_key_fold_and_open_it(
    root: tk.Tk, theme: Theme, pump: Pump, settings: Settings, told: list[bool]
) -> None:
    fold = make(root, settings, told)
    pump(fold.winfo_viewable)
    assert str(fold.cget("text")) == "▾ Clients"
    fold.invoke()
    assert (str(fold.cget("text")), told) == ("▸ Clients", [False])
    root.event_generate("<F8>")
    root.update()
    assert (str(fold.cget("text")), told) == ("▾ Clients", [False, True])


def test_the_key_of_what_is_out_of_sight_does_nothing(
    root: tk.Tk, theme: Theme, pump: Pump, settings: Settings, told: list[bool]
) -> None:
    fold = make(root, settings, told)
    pump(fold.winfo_viewable)
    fold.pack_forget()
    root.update()
    root.event_generate("<F8>")
    root.update()
    assert told == []


def test_it_is_as_it_was_left_but_not_as_the_page_put_it_for_the_moment(
    root: tk.Tk, theme: Theme, settings: Settings, told: list[bool]
) -> None:
    first = make(root, settings, told)
    first.set(False)
    assert make(root, settings, told).is_open
    first.set(True)
    first.invoke()
    assert not make(root, settings, told).is_open
