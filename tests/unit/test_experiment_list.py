"""The experiments that come with the program: whole, short, the same in both languages.

That every claim names its source is seen together with the lessons', in test_lesson_list.py.
"""

from __future__ import annotations

import pytest

from netlib.i18n import LANGUAGES, Language
from netlib.teaching.experiment_list import (
    EXPERIMENTS,
    FOLDER,
    experiment_path,
    shipped_experiment,
)
from netlib.teaching.lesson import differences
from netlib.teaching.lesson_list import LESSONS
from netlib.teaching.lesson_reader import KINDS, read_lesson

each = pytest.mark.parametrize("name", EXPERIMENTS)
spoken = pytest.mark.parametrize("spoken", LANGUAGES)


def test_what_lies_there_is_listed_once() -> None:
    files = [f"{name}.{spoken}.md" for name in EXPERIMENTS for spoken in LANGUAGES]
    assert sorted(path.name for path in FOLDER.iterdir()) == sorted(files)
    assert not set(EXPERIMENTS) & set(LESSONS)


@each
@spoken
def test_there_is_nothing_to_complain_of(name: str, spoken: Language) -> None:
    reading = read_lesson(experiment_path(name, spoken).read_bytes())
    assert reading.complaints == ()
    assert reading.lesson is not None
    assert reading.lesson.name == name
    assert reading.lesson.kind in KINDS


@each
def test_both_languages_are_one_experiment(name: str) -> None:
    english, chinese = (shipped_experiment(name, one) for one in LANGUAGES)
    assert list(differences(english, chinese)) == []
    assert english.title != chinese.title


def test_each_misconception_is_refuted_once() -> None:
    refuted = [one for name in EXPERIMENTS if (one := shipped_experiment(name).refutes)]
    dns, tls = 16, 18  # they come with their protocols
    assert sorted(refuted) == sorted(f"M{n}" for n in range(1, 22) if n not in (dns, tls))


def test_one_that_is_not_there_is_told() -> None:
    with pytest.raises(ValueError, match="--list"):
        experiment_path("../lessons/handshake")
