"""A lesson in a terminal: it asks, takes wrong answers as such, runs, and explains."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from netlib.cli.lesson_dialogue import plain
from netlib.i18n import LANGUAGES
from netlib.teaching.lesson_list import LESSONS, shipped_lesson
from tests.command import Finished, run
from tests.lessons import SMALL


@pytest.fixture
def small(tmp_path: Path) -> Path:
    path = tmp_path / "small.md"
    path.write_text(SMALL, encoding="utf-8")
    return path


def talk(path: Path, *typed: str, answers: Path | None = None) -> Finished:
    more = [] if answers is None else ["--answers", str(answers)]
    return run("lesson", str(path), *more, stdin="".join(f"{one}\n" for one in typed).encode())


def test_it_asks_before_it_runs_and_explains_afterwards(small: Path) -> None:
    result = talk(small, "1", "1", "2", "2")
    shown = result.stdout.decode()
    places = [
        shown.index(text)
        for text in ("What comes back?", "Your answer:", "client  ← ", "Proven.",
                     "How many lines came back?", "Your prediction: ", "Why", "What loopback")
    ]  # fmt: skip
    assert places == sorted(places)
    assert "[seen in this run]" in shown
    assert shown.count("Right.") == 4
    assert "Predictions: 2 of 2 right." in shown
    assert "case:handshake" in shown
    assert (result.returncode, result.stderr) == (0, b"")


def test_a_wrong_prediction_is_taken_and_answered_as_such(small: Path) -> None:
    result = talk(small, "2", "7", "1", "2")
    shown = result.stdout.decode()
    assert "Your prediction: Nothing.\nNot so.\nIt did. [seen in this run]\n" in shown
    assert "Not so.\nCount again. [seen in this run]\n" in shown
    assert "Predictions: 0 of 2 right." in shown
    assert result.returncode == 0, "a proof counts, not an answer"


def test_what_is_no_answer_is_asked_again(small: Path) -> None:
    result = talk(small, "", "maybe", "0", "3", "1.5", "nan", "1", "one", "１", "２", "2")
    assert result.stdout.decode().count("Please type a number, and Enter.") == 7
    assert result.returncode == 0


def test_left_it_keeps_the_answers_and_goes_on_from_there(small: Path, tmp_path: Path) -> None:
    kept = tmp_path / "answers.json"
    result = talk(small, "2", "1", answers=kept)
    assert result.returncode == 1
    assert "left before its end" in result.stderr.decode()
    first, second = json.loads(kept.read_text(encoding="utf-8"))["steps"]
    assert (first["prediction"]["given"], first["prediction"]["right"]) == (1, False)
    assert (first["proof"], first["seen"]["right"]) == ("run", True)
    assert (second["prediction"], second["proof"]) == (None, "")
    result = talk(small, "2", "2", answers=kept)
    shown = result.stdout.decode()
    assert result.returncode == 0
    assert "1. One line" not in shown
    assert "2. A recorded case" in shown
    assert "Predictions: 1 of 2 right." in shown


def test_a_proof_that_does_not_come_is_offered_again(small: Path) -> None:
    text = SMALL.replace('starts="已接收"', 'starts="no" within=0.1')
    small.write_text(text, encoding="utf-8")
    result = talk(small, "1", "", "n", "1", "2", "2")
    assert result.stdout.decode().count("Run it again?") == 2
    assert result.stderr.decode().count("This has not come within 0.1 s") == 2
    assert result.returncode == 1


@pytest.mark.parametrize("spoken", LANGUAGES)
@pytest.mark.parametrize("name", LESSONS)
def test_every_lesson_takes_a_wrong_answer_to_every_prediction(name: str, spoken: str) -> None:
    lesson = shipped_lesson(name, spoken)  # type: ignore[arg-type]
    typed, replies = [], []
    for step in lesson.steps:
        for question in (step.prediction, step.seen):
            place = next(at for at, one in enumerate(question.choices) if not one.right)
            typed.append("123456" if question.number is not None else str(place + 1))
            replies += [plain(one.text) for one in question.choices[place].reply]
    result = run("lesson", name, stdin="\n".join(typed).encode(), lang=spoken)
    shown = result.stdout.decode()
    assert result.returncode == 0, result.stderr.decode()
    assert [reply for reply in replies if reply not in shown] == []


def test_marks_of_markdown_are_not_shown() -> None:
    assert plain("**Bold** and `code` and 2 * 3 * 4") == "Bold and code and 2 * 3 * 4"
