"""What was done in a lesson is saved from the window, with what happened."""

from __future__ import annotations

import json
from pathlib import Path
from tkinter import filedialog

import pytest

from gui.tabs.lesson_results import ResultsWindow
from tests.gui.lessons import Reader
from tests.gui.window import Window, told, words_in


def asked(reader: Reader) -> ResultsWindow:
    """Press the button, and return the window that comes."""
    reader.tab.head.results.invoke()
    reader.window.settle()
    (found,) = [child for child in reader.tab.winfo_children() if isinstance(child, ResultsWindow)]
    return found


def saved(reader: Reader, path: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """Save the results; return what the status line says then."""
    monkeypatch.setattr(filedialog, "asksaveasfilename", lambda **_options: str(path))
    window = asked(reader)
    window.student.text = name
    window.save.invoke()
    reader.window.wait(lambda: path.name in status(reader), 30.0)
    return status(reader)


def status(reader: Reader) -> str:
    """Return what the status line says."""
    return " ".join(words_in(reader.window.app.main_window.status))


@pytest.fixture
def reader(window: Window) -> Reader:
    played = Reader(window)
    played.open("handshake")
    for rightly in (True, False):
        played.play_step(predicts_rightly=rightly, sees_rightly=True)
        played.press()
    return played


def test_a_page_has_the_answers_and_the_ladders_of_the_runs(
    reader: Reader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = tmp_path / "results.html"
    said = saved(reader, page, "小明 <b>", monkeypatch)
    assert "was written" in said
    text = page.read_text("utf-8")
    assert "小明 &lt;b&gt;" in text
    assert text.count("<svg") == 2
    assert "SYN" in text
    assert text.count('class="wrong"') == 1
    assert text.count("Not run.") == len(reader.player.lesson.steps) - 2


def test_a_lesson_that_was_left_in_between_keeps_its_ladders(
    reader: Reader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader.tab.head.leave.invoke()
    reader.open("handshake")
    saved(reader, tmp_path / "results.html", "", monkeypatch)
    assert (tmp_path / "results.html").read_text("utf-8").count("<svg") == 2


def test_the_name_is_asked_once(
    reader: Reader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    saved(reader, tmp_path / "results.json", " Ada ", monkeypatch)
    assert json.loads((tmp_path / "results.json").read_bytes())["student"] == "Ada"
    assert asked(reader).student.text == "Ada"


def test_a_name_that_says_no_form_is_told_and_the_window_stays(
    reader: Reader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = str(tmp_path / "results.pdf")
    monkeypatch.setattr(filedialog, "asksaveasfilename", lambda **_options: wanted)
    window = asked(reader)
    window.save.invoke()
    reader.window.settle()
    assert "HTML" in window.told.label.cget("text") or "html" in window.told.label.cget("text")
    assert not (tmp_path / "results.pdf").exists()


def test_where_nothing_may_be_written_it_is_said(
    reader: Reader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = saved(reader, tmp_path / "nowhere" / "results.html", "", monkeypatch)
    assert "could not be written" in said
    shown = told(reader.tab.banner).replace("\n", " ")
    assert "results.html could not be written: The folder does not exist" in shown
