"""Recordings as files: which one, where, and what is said when it cannot be opened."""

from __future__ import annotations

from pathlib import Path
from tkinter import filedialog
from typing import Any

import pytest

from gui import main_window
from gui.models.file_places import documents
from tests.gui.window import Window, told, words_in


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[dict[str, Any]]:
    """Answer every dialog with a file in a folder of its own; return what was asked."""
    asked: list[dict[str, Any]] = []

    def answer(**options: Any) -> str:
        asked.append(options)
        return str(tmp_path / "chosen" / "notes.txt")

    monkeypatch.setattr(filedialog, "askopenfilename", answer)
    monkeypatch.setattr(filedialog, "asksaveasfilename", answer)
    (tmp_path / "chosen").mkdir()
    (tmp_path / "chosen" / "notes.txt").write_text("notes")
    return asked


def test_what_is_no_recording_is_a_message_on_the_tab_in_sight(
    window: Window, asked: list[dict[str, Any]]
) -> None:
    window.go("server")
    window.app.recording_files.ask_open()
    window.wait(lambda: "notes.txt is not a Socketboard recording." in told(window.server.banner))
    window.app.recording_files.open(Path("absent.socketboard"))
    window.wait(lambda: "absent.socketboard does not exist." in told(window.server.banner))


def test_dialogs_begin_with_the_documents_and_then_where_one_was_last(
    window: Window, asked: list[dict[str, Any]], tmp_path: Path
) -> None:
    window.app.recording_files.ask_open()
    window.app.recording_files.ask_save_copy()
    window.connect.traffic.save()
    folders = [options["initialdir"] for options in asked]
    assert folders == [str(documents()), *[str(tmp_path / "chosen")] * 2]
    names = [options.get("initialfile", "") for options in asked]
    assert names[1].startswith("socketboard-20")
    assert names[1].endswith(".socketboard")
    assert names[2].endswith(".txt")


def test_what_was_told_goes_after_a_while(window: Window, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(main_window, "TOLD_MS", 50)
    window.app.main_window.tell("The recording is kept in lesson.socketboard")
    window.wait(lambda: "kept in" not in " ".join(words_in(window.app.main_window.status)))
