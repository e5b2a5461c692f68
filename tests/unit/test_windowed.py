"""A windowed program has no standard streams: errors go to a file, and a box names the twin."""

from __future__ import annotations

import ctypes
import logging
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from gui import windowed
from gui.__main__ import main
from gui.windowed import LogFile, log_path


@pytest.fixture
def log_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Return where the log of a windowed program will be."""
    monkeypatch.setattr("gui.settings.default_path", lambda: tmp_path / "here" / "settings.json")
    return tmp_path / "here" / "socketboard.log"


def take_streams(monkeypatch: pytest.MonkeyPatch) -> None:
    """Be as Windows starts a windowed program; in the test, because pytest gives each phase new."""
    monkeypatch.setattr(sys, "stdout", None)
    monkeypatch.setattr(sys, "stderr", None)


def test_a_log_file_appears_with_its_first_word(tmp_path: Path) -> None:
    path = tmp_path / "new folder" / "log"
    log = LogFile(path)
    assert not path.exists()
    log.write("你好 \ud800\n")
    log.write("again\n")
    head, *words = path.read_text("utf-8").strip().splitlines()
    assert "Socketboard" in head
    assert words == ["你好 \\ud800", "again"]


def test_a_log_file_does_not_grow_for_ever(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(windowed, "LOG_BYTES", 100)
    log = LogFile(tmp_path / "log")
    for _line in range(50):
        log.write("0123456789\n")
    assert (tmp_path / "log").stat().st_size <= 111


def test_where_no_log_can_be_written_the_program_goes_on(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert LogFile(tmp_path / "file" / "log").write("lost") == 4


def test_what_is_logged_and_what_crashes_is_in_the_file(
    log_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    take_streams(monkeypatch)
    windowed.replace_streams()
    assert log_path() == log_file
    print("to nobody")
    try:
        dict[str, int]()["a crash"]
    except KeyError as crash:
        sys.excepthook(type(crash), crash, crash.__traceback__)
    handler = logging.lastResort
    assert handler is not None
    handler.handle(logging.LogRecord("gui", logging.WARNING, "", 0, "a warning", None, None))
    text = log_file.read_text("utf-8")
    assert "Traceback" in text
    assert "KeyError: 'a crash'" in text
    assert "a warning" in text
    assert "to nobody" not in text
    sys.stdout.close()


def test_with_streams_there_is_no_log() -> None:
    assert log_path() is None


def test_a_command_given_to_the_window_is_answered_by_a_box_with_the_right_one(
    log_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = list[tuple[object, ...]]()
    box = SimpleNamespace(MessageBoxW=lambda *words: shown.append(words))
    monkeypatch.setattr(ctypes, "windll", SimpleNamespace(user32=box), raising=False)
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setenv("LANG", "en_GB")
    take_streams(monkeypatch)
    assert main(["serve", "echo"]) == 2
    sys.stdout.close()
    ((_owner, text, title, _icon),) = shown
    assert "socketboard-cli serve echo" in str(text)
    assert title == "Socketboard"
