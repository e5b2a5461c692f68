"""The first start looks as the system looks, and says what went wrong where it can be read."""

from __future__ import annotations

import logging
import tkinter as tk
from pathlib import Path

import pytest

from gui import app as module
from gui.app import App, main
from gui.theme.palette import SystemColours
from gui.widgets.statusline import StatusLine
from tests.gui.conftest import settings_in
from tests.gui.window import Window, words_in

BLACK = SystemColours("#000000", "#ffffff", "#3ff23f", "#1aebff", "#000000", "#ffff00")


@pytest.mark.parametrize(
    ("looks", "chosen"), [(True, None), (False, None), (True, False), (False, True)]
)
def test_what_nobody_has_chosen_is_as_dark_as_the_system(
    root: tk.Tk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, looks: bool, chosen: bool | None
) -> None:
    monkeypatch.setattr(module, "prefers_dark", lambda: looks)
    settings = settings_in(tmp_path)
    if chosen is not None:
        settings.set("window.dark", chosen)
    window = Window(App(root, settings))
    assert window.app.theme.dark is (looks if chosen is None else chosen)
    window.app.close()


def test_high_contrast_of_the_system_has_the_last_word(
    root: tk.Tk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "high_contrast", lambda: BLACK)
    window = Window(App(root, settings_in(tmp_path)))
    window.app.switch_dark()
    assert (window.app.theme.palette.window, window.app.theme.palette.text) == BLACK[:2]
    window.app.close()


def test_the_system_knows_density_and_name_before_there_is_a_window(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    done = list[str]()

    def no_display(**_how: object) -> None:
        done.append("window")
        raise tk.TclError("no display")

    for name in ("make_dpi_aware", "name_application"):
        monkeypatch.setattr(module, name, lambda name=name: done.append(name))
    monkeypatch.setattr(tk, "Tk", no_display)
    assert main() == 2
    assert done == ["make_dpi_aware", "name_application", "window"]
    assert "no display" in capsys.readouterr().err


def test_a_bug_says_where_its_details_are(
    window: Window, monkeypatch: pytest.MonkeyPatch, logged_errors: list[logging.LogRecord]
) -> None:
    monkeypatch.setattr(module, "log_path", lambda: Path("socketboard.log"))
    window.app._on_bug(LookupError, LookupError("nothing there"), None)
    (line,) = [one for one in window.root.winfo_children() if isinstance(one, StatusLine)]
    assert "nothing there (details: socketboard.log)" in " ".join(words_in(line))
    logged_errors.clear()
