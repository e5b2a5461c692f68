"""The lessons that come with the program: whole, the same in both languages, each claim sourced."""

from __future__ import annotations

from pathlib import Path

import pytest

from netlib.i18n import LANGUAGES, Language
from netlib.teaching import experiment_list
from netlib.teaching.lesson import differences
from netlib.teaching.lesson_list import (
    FOLDER,
    LESSONS,
    compare,
    lesson_path,
    read_shipped,
    shipped_lesson,
    translations,
)
from netlib.teaching.lesson_reader import read_lesson
from tests.lessons import SMALL
from tests.unit.test_locale import HAN, SAMPLE, offending

each = pytest.mark.parametrize("name", LESSONS)
spoken = pytest.mark.parametrize("spoken", LANGUAGES)

SHIPPED = sorted((*FOLDER.iterdir(), *experiment_list.FOLDER.iterdir()))
"""The files of all lessons and experiments."""


def test_what_lies_there_is_listed() -> None:
    files = {f"{name}.{spoken}.md" for name in LESSONS for spoken in LANGUAGES}
    assert {path.name for path in FOLDER.iterdir()} == files


@each
@spoken
def test_there_is_nothing_to_complain_of(name: str, spoken: Language) -> None:
    reading = read_lesson(lesson_path(name, spoken).read_bytes())
    assert reading.complaints == ()
    assert reading.lesson is not None
    assert reading.lesson.name == name
    assert len(reading.lesson.steps) >= 3


@each
def test_both_languages_are_one_lesson(name: str) -> None:
    english, chinese = (shipped_lesson(name, one) for one in LANGUAGES)
    assert list(differences(english, chinese)) == []
    assert english.title != chinese.title


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.name)
def test_every_claim_names_its_source(path: Path) -> None:
    assert read_shipped(path).without_source() == []


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.name)
def test_chinese_is_punctuated_as_chinese(path: Path) -> None:
    prose = SAMPLE.sub("…", "".join(path.read_text(encoding="utf-8").split("```")[::2]))
    said = prose.splitlines()
    assert offending(f"{HAN}[,;!?(]|[,;!?)]{HAN}|{HAN}[.](\\s|$)|{HAN}:(\\s|$)", said) == []


def test_a_lesson_that_is_not_there_is_told_with_those_that_are() -> None:
    with pytest.raises(ValueError, match="handshake"):
        lesson_path("../../etc/passwd")


def test_translations_are_found_by_their_names() -> None:
    assert translations(Path("a/my.lesson.en.md")) == {
        "en": Path("a/my.lesson.en.md"),
        "zh": Path("a/my.lesson.zh.md"),
    }
    assert translations(Path("a/lesson.md")) == translations(Path("en.md")) == {}


def test_a_translation_that_differs_is_complained_of_with_both_lines() -> None:
    one = read_lesson(SMALL.encode())
    other = read_lesson(SMALL.replace('"hi\\n"', '"ho\\n"').encode())
    assert compare(one, one, "x") == compare(one, read_lesson(b""), "x") == []
    ((line, sentence),) = compare(one, other, "small.zh.md")
    assert SMALL.splitlines()[line - 1] == "## One line"
    assert f"small.zh.md, line {line}" in sentence
