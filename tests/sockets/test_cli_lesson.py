"""`lesson`: listed, checked, and every one played to its end on real sockets, in both languages."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from netlib.i18n import LANGUAGES
from netlib.teaching.lesson_list import FOLDER, LESSONS, shipped_lesson
from tests.command import objects, run
from tests.lessons import SMALL, proofs_here


def test_the_list_has_a_lesson_a_line_its_name_first() -> None:
    for spoken in LANGUAGES:
        lines = run("lesson", "--list", lang=spoken).stdout.decode().splitlines()
        assert [line.split(" ", 1)[0] for line in lines] == [*LESSONS]
        titles = [line.split(" ", 1)[1] for line in lines]
        assert titles == [shipped_lesson(name, spoken).title for name in LESSONS]
        assert all(name.isascii() for name in LESSONS)


@pytest.mark.parametrize("spoken", LANGUAGES)
@pytest.mark.parametrize("name", LESSONS)
def test_without_questions_every_proof_comes(name: str, spoken: str, tmp_path: Path) -> None:
    record = tmp_path / "all.socketboard"
    result = run("lesson", name, "--auto", "--record", str(record), lang=spoken)
    assert result.returncode == 0, result.stdout.decode() + result.stderr.decode()
    assert result.stderr == b""
    lesson = shipped_lesson(name, spoken)  # type: ignore[arg-type]
    shown = result.stdout.decode()
    assert shown.count("✓") >= proofs_here(lesson) + len(lesson.steps)
    assert all(step.title in shown for step in lesson.steps)
    assert record.stat().st_size > 0


def test_as_json_each_step_says_how_it_was_proven(tmp_path: Path) -> None:
    path = tmp_path / "small.md"
    path.write_text(SMALL, encoding="utf-8")
    shown = objects(run("lesson", str(path), "--auto", "--json").stdout)
    steps = [one for one in shown if one["event"] == "step"]
    assert [(one["ok"], one["proof"]) for one in steps] == [(True, "run"), (True, "case handshake")]
    assert {"listening", "connected", "received"} <= {one["event"] for one in shown}


def test_a_proof_that_does_not_come_makes_the_exit_code_1(tmp_path: Path) -> None:
    path = tmp_path / "small.md"
    path.write_text(SMALL.replace('starts="已接收"', 'starts="no" within=0.1'), encoding="utf-8")
    result = run("lesson", str(path), "--auto")
    assert result.returncode == 1
    assert "1. One line" in result.stderr.decode()
    assert 'client: it has received (starts="no" within=0.1)' in result.stderr.decode()
    assert "Proven: 1 of 2 steps." in result.stdout.decode(), "the rest is played all the same"


@pytest.mark.parametrize("spoken", LANGUAGES)
def test_ours_have_nothing_to_complain_of(spoken: str) -> None:
    for path in sorted(FOLDER.glob(f"*.{spoken}.md")):
        result = run("lesson", "--check", str(path), lang=spoken)
        assert (result.returncode, result.stderr) == (0, b""), result.stderr.decode()


def test_a_broken_one_is_told_line_by_line_and_the_rest_is_played(tmp_path: Path) -> None:
    path = tmp_path / "mine.md"
    text = SMALL.replace("serve server acknowledge", "exec /bin/sh")
    path.write_text(text, encoding="utf-8")
    line = text.splitlines().index("exec /bin/sh") + 1
    result = run("lesson", "--check", str(path))
    assert result.returncode == 1
    assert result.stdout == b""
    assert f"mine.md, line {line}: " in result.stderr.decode()
    result = run("lesson", str(path), "--auto")
    assert f"line {line}: " in result.stderr.decode()
    assert "A recorded case" in result.stdout.decode()
    assert result.returncode == 0


@pytest.mark.parametrize("data", [b"", b"# Hello\n", b"\xff\xfe", SMALL[:30].encode()])
def test_what_is_no_lesson_is_refused_at_line_1(data: bytes, tmp_path: Path) -> None:
    path = tmp_path / "mine.md"
    path.write_bytes(data)
    result = run("lesson", "--check", str(path))
    assert result.returncode == 1
    assert "mine.md, line 1: " in result.stderr.decode()
    assert run("lesson", str(path), "--auto").returncode == 2


def test_translations_are_compared_and_one_that_is_missing_is_told(tmp_path: Path) -> None:
    english, chinese = tmp_path / "small.en.md", tmp_path / "small.zh.md"
    english.write_text(SMALL, encoding="utf-8")
    result = run("lesson", "--check", str(english))
    assert result.returncode == 1
    assert "small.zh.md is missing" in result.stderr.decode()
    chinese.write_text(SMALL.replace("case handshake\n```", "case close\n```"), encoding="utf-8")
    result = run("lesson", "--check", str(chinese))
    line = SMALL.splitlines().index("## A recorded case") + 1
    assert f"line {line}: Not the same as in small.en.md, line {line}" in result.stderr.decode()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ([], "--list"),
        (["nothing"], "handshake"),
        (["none.md"], "cannot be read"),
        (["--check", "none.md"], "cannot be read"),
        (["handshake", "--auto", "--answers", "a.json"], "--auto asks nothing"),
        (["handshake", "--answers", "none/a.json"], "cannot be written"),
    ],
)
def test_what_cannot_be_done_is_told(arguments: list[str], told: str) -> None:
    result = run("lesson", *arguments)
    assert result.returncode == 2
    assert told in result.stderr.decode()
    assert result.stdout == b"", "nothing was played"


def test_answers_of_another_lesson_are_refused_before_anything_runs(tmp_path: Path) -> None:
    kept = tmp_path / "answers.json"
    kept.write_text(json.dumps({"format": 1, "lesson": "other", "steps": []}), encoding="utf-8")
    result = run("lesson", "handshake", "--answers", str(kept))
    assert result.returncode == 2
    assert result.stdout == b""
    assert "another lesson" in result.stderr.decode()
