"""`lesson --results`: one new file to hand in, with the ladders of what was played."""

from __future__ import annotations

import json
import stat
import sys
from pathlib import Path

import pytest

from netlib.i18n import LANGUAGES, Language
from netlib.teaching.lesson_list import shipped_lesson
from tests.command import run
from tests.lessons import SMALL

NOT_ANSWERED = {"en": "Not answered.", "zh": "未作答。"}


@pytest.fixture
def small(tmp_path: Path) -> Path:
    path = tmp_path / "small.md"
    path.write_text(SMALL, encoding="utf-8")
    return path


@pytest.mark.parametrize("spoken", LANGUAGES)
def test_without_questions_it_holds_every_ladder(spoken: Language, tmp_path: Path) -> None:
    path = tmp_path / "results.html"
    arguments = ["refused", "--auto", "--results", str(path), "--student", "韩 & 梅"]
    result = run("lesson", *arguments, lang=spoken)
    assert (result.returncode, result.stderr) == (0, b"")
    page = path.read_text(encoding="utf-8")
    steps = shipped_lesson("refused", spoken).steps
    assert all(step.title in page for step in steps)
    assert page.count("<svg ") >= len(steps)
    assert "韩 &amp; 梅" in page
    assert page.count(NOT_ANSWERED[spoken]) == 2 * len(steps)
    assert [one.name for one in tmp_path.iterdir()] == ["results.html"]
    if sys.platform != "win32":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_left_in_the_middle_it_tells_what_is_not_done(small: Path, tmp_path: Path) -> None:
    path, kept = tmp_path / "results.html", tmp_path / "answers.json"
    arguments = [str(small), "--results", str(path), "--answers", str(kept), "--student", "Jim"]
    assert run("lesson", *arguments, stdin=b"2\n1\n").returncode == 1
    page = path.read_text(encoding="utf-8")
    assert "● Nothing." in page
    assert page.count("<svg ") == 1
    assert page.count("Not answered.") == 2
    assert "Not run." in page
    later = tmp_path / "later.html"
    arguments = [str(small), "--results", str(later), "--answers", str(kept)]
    assert run("lesson", *arguments, stdin=b"2\n2\n").returncode == 0
    page = later.read_text(encoding="utf-8")
    assert "Jim" in page, "kept with the answers"
    assert "Its ladder was not recorded." in page, "it was played in another session"
    assert "Proven: 2 of 2 steps." in page


def test_as_json_it_has_the_answers(small: Path, tmp_path: Path) -> None:
    path = tmp_path / "results.json"
    result = run("lesson", str(small), "--results", str(path), stdin=b"1\n1\n2\n2\n")
    assert result.returncode == 0
    told = json.loads(path.read_text(encoding="utf-8"))
    assert [step["proof"] for step in told["steps"]] == ["run", "case handshake"]
    assert all(step["seen"]["right"] for step in told["steps"])


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--results", "there.html"], '"there.html" exists already'),
        (["--results", "results.pdf"], "a page (.html) or JSON (.json)"),
        (["--results", "none/results.html"], "cannot be written"),
        (["--student", "Jim"], "--student is for --results and --answers only"),
        (["--results", "new.html", "--record", "there.html"], "a recording needs a new file"),
    ],
)
def test_what_cannot_be_written_is_told_before_anything_is_played(
    arguments: list[str],
    told: str,
    small: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    there = tmp_path / "there.html"
    there.write_text("mine", encoding="utf-8")
    before = {*tmp_path.iterdir()}
    result = run("lesson", str(small), "--auto", *arguments)
    assert result.returncode == 2
    assert told in result.stderr.decode()
    assert result.stdout == b""
    assert {*tmp_path.iterdir()} == before
    assert there.read_text(encoding="utf-8") == "mine"


def test_what_was_recorded_stays_where_that_was_asked_for(small: Path, tmp_path: Path) -> None:
    path, record = tmp_path / "results.html", tmp_path / "all.socketboard"
    arguments = ["--auto", "--results", str(path), "--record", str(record)]
    assert run("lesson", str(small), *arguments).returncode == 0
    assert record.stat().st_size > 0
    assert path.read_text(encoding="utf-8").count("<svg ") == 2
