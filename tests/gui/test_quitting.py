"""Leaving asks only when something would be lost, and says what."""

from __future__ import annotations

import tkinter as tk
from pathlib import Path
from tkinter import ttk

import pytest

from gui.models.backend import UnderWay
from gui.quitting import lost
from tests.gui.window import Window, everything, words_in


def asked(window: Window) -> list[str]:
    """Return what the question says, its buttons included; nothing: nobody is asked."""
    if not window.root.tk.call("winfo", "exists", ".quit"):
        return []
    return words_in(window.root.nametowidget(".quit"))


def choose(window: Window, words: str) -> None:
    """Press a button of the question."""
    dialog = window.root.nametowidget(".quit")
    buttons = [one for one in everything(dialog) if isinstance(one, ttk.Button)]
    next(one for one in buttons if str(one.cget("text")) == words).invoke()


def alive(window: Window) -> bool:
    try:
        return bool(window.root.winfo_exists())
    except tk.TclError:
        return False


@pytest.fixture
def busy(window: Window) -> Window:
    """A window in which a server runs, and a client of this window is connected to it."""
    port = window.start_server()
    window.connect.address.text = f"localhost:{port}"
    window.connect.main.invoke()
    window.wait(lambda: window.app.backend.under_way().clients)
    window.settle()
    return window


@pytest.mark.parametrize("size", [11, 24, 32])
@pytest.mark.parametrize("then", [11, 32])
def test_at_every_size_the_whole_question_is_on_the_screen(
    busy: Window, size: int, then: int
) -> None:
    busy.app.theme.dress(size=size)
    busy.app.quit()
    busy.settle()
    busy.app.theme.dress(size=then)
    busy.settle()
    dialog = busy.root.nametowidget(".quit")
    buttons = [one for one in everything(dialog) if isinstance(one, ttk.Button)]
    assert len(buttons) == 3
    assert dialog.winfo_reqwidth() <= busy.root.winfo_screenwidth()
    for button in buttons:
        left = button.winfo_rootx() - dialog.winfo_rootx()
        assert left >= 0
        assert left + button.winfo_reqwidth() <= dialog.winfo_width()


def test_nothing_runs_and_nothing_was_recorded_it_closes_at_once(window: Window) -> None:
    window.app.quit()
    assert not alive(window)


def test_what_runs_and_what_is_not_saved_is_said(busy: Window) -> None:
    busy.press(busy.connect.address.entry, "<Control-q>")
    said = " ".join(asked(busy))
    assert "1 server, 1 client, 1 connection, " in said
    assert "rows not saved" in said
    assert alive(busy)
    busy.app.switch_language()
    assert "1 个服务器" in " ".join(asked(busy))


def test_cancel_and_escape_keep_everything_running(busy: Window) -> None:
    busy.app.quit()
    choose(busy, "Cancel")
    assert asked(busy) == []
    busy.app.quit()
    busy.app.quit()
    busy.press(busy.root.nametowidget(".quit"), "<Escape>")
    assert asked(busy) == []
    assert busy.server.model.servers[0].running


def test_the_safest_answer_has_the_keyboard(busy: Window) -> None:
    def focused() -> str:
        focus = busy.root.focus_get()
        return str(focus.cget("text")) if isinstance(focus, ttk.Button) else ""

    busy.app.quit()
    busy.wait(lambda: focused() == "Save recording…")
    busy.press(busy.root.nametowidget(".quit"), "<Escape>")
    assert asked(busy) == []


def test_quit_quits(busy: Window) -> None:
    busy.app.quit()
    choose(busy, "Quit")
    assert not alive(busy)


def test_the_recording_is_saved_and_then_the_window_closes(
    busy: Window, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "lesson.socketboard"
    monkeypatch.setattr("gui.recording_files.ask_save", lambda *_arguments: path)
    busy.app.quit()
    choose(busy, "Save recording…")
    busy.wait(lambda: not alive(busy))
    assert path.stat().st_size > 0


def test_a_recording_that_cannot_be_saved_keeps_the_window(
    busy: Window, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "no such folder" / "lesson.socketboard"
    monkeypatch.setattr("gui.recording_files.ask_save", lambda *_arguments: path)
    busy.app.quit()
    choose(busy, "Save recording…")
    status = busy.app.main_window.status
    busy.wait(lambda: any("could not be written" in text for text in words_in(status)))
    assert busy.server.model.servers[0].running


def test_saved_rows_are_not_lost(busy: Window, tmp_path: Path) -> None:
    busy.connect.model.disconnect()
    for server in busy.server.model.servers:
        busy.app.backend.network.stop(server.activity)
    busy.wait(lambda: busy.app.backend.under_way()[:3] == (0, 0, 0))
    busy.settle()
    busy.app.recording_files.save_copy(tmp_path / "lesson.socketboard")
    busy.wait(lambda: busy.app.recording_files.saved)
    busy.app.quit()
    assert not alive(busy)


@pytest.mark.parametrize(
    ("now", "saved", "words"),
    [
        (UnderWay(0, 0, 0, 0), 0, ""),
        (UnderWay(0, 0, 0, 7), 7, ""),
        (UnderWay(2, 30, 0, 0), 0, "2 servers, 30 clients"),
        (UnderWay(0, 0, 1, 1_211), 7, "1 connection, 1,204 rows not saved"),
    ],
)
def test_only_what_would_be_lost_is_counted(now: UnderWay, saved: int, words: str) -> None:
    assert lost(now, saved) == words
