"""A lesson in a terminal: it asks, takes wrong answers as such, runs, and explains."""

from __future__ import annotations

import json
import signal
import sys
from pathlib import Path

import pytest

from netlib.cli import main
from netlib.cli.lesson_dialogue import plain
from netlib.i18n import LANGUAGES
from netlib.system import namespace
from netlib.teaching.lesson_list import LESSONS, shipped_lesson
from tests.command import Finished, run, started
from tests.helpers import wait_until
from tests.lessons import SMALL
from tests.processes import children_about


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


@pytest.mark.skipif(sys.platform != "linux", reason="network namespaces")
def test_live_the_case_is_recorded_here_and_proves_its_step(small: Path, tmp_path: Path) -> None:
    results = tmp_path / "results.html"
    result = run("lesson", str(small), "--auto", "--live", "--results", str(results))
    shown = result.stdout.decode()
    assert "Recorded here just now: case:handshake" in shown
    assert "SYN, ACK  seq 0  ack 1" in shown, "its ladder"
    assert (result.returncode, result.stderr) == (0, b"")
    page = results.read_text(encoding="utf-8")
    assert "Proven by the case handshake (The handshake), recorded live." in page
    assert page.count("<svg") == 2
    told = run("lesson", str(small), "--auto", "--live", "--json")
    steps = [json.loads(line) for line in told.stdout.splitlines() if b'"step"' in line]
    assert [step["proof"] for step in steps] == ["run", "live case handshake"]


def test_without_live_the_recorded_case_proves_it_as_before(small: Path) -> None:
    shown = run("lesson", str(small), "--auto").stdout.decode()
    assert "Not run here: the recorded case proves it, case:handshake" in shown
    assert "Recorded here" not in shown


def test_where_it_may_not_be_the_recorded_case_proves_it_and_it_is_said_why(
    small: Path, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    monkeypatch.setattr(namespace, "MORE_FOLDERS", ())
    monkeypatch.setenv("PATH", str(small.parent))  # without nft, and all else
    assert main(["--lang", "en", "lesson", str(small), "--auto", "--live"]) == 0
    shown = capfdbinary.readouterr().out.decode()
    missing = "unshare is missing" if sys.platform == "linux" else "this system is not Linux"
    assert f"Not recorded here: {missing}." in shown
    assert "Not run here: the recorded case proves it, case:handshake" in shown


@pytest.mark.skipif(sys.platform != "linux", reason="network namespaces")
def test_left_while_a_case_is_recorded_nothing_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "small.md"
    path.write_text(SMALL.replace("case handshake", "case unanswered"), encoding="utf-8")
    with started("lesson", str(path), "--auto", "--live") as process:
        wait_until(lambda: children_about(process.pid, "--record-case"), 20.0)
        process.send_signal(signal.SIGTERM)
        begun = children_about(process.pid, "--record-case")
        assert process.wait(20.0) == 128 + signal.SIGTERM
    wait_until(lambda: not any(Path("/proc", str(one)).exists() for one in begun), 20.0)
