"""The lessons that come with the program, in the order in which they build on each other."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from netlib.i18n import LANGUAGES, Language, _, language
from netlib.teaching.lesson import Lesson, differences
from netlib.teaching.lesson_reader import Complaint, Reading, read_lesson

FOLDER: Final = Path(__file__).with_name("lessons")

LESSONS: Final = (
    "layers", "handshake", "stream", "udp", "refused", "closing", "flow", "http", "ntp",
    "seven",
)  # fmt: skip
"""Their names."""


def lesson_path(name: str, spoken: Language | None = None) -> Path:
    """Return the file of a lesson that comes with the program, in the language in use or another.

    ValueError with a sentence: there is none of this name.
    """
    if name not in LESSONS:
        sentence = _("There is no such lesson; there are: {names}")
        raise ValueError(sentence.format(names=", ".join(LESSONS)))
    return in_language(FOLDER, name, spoken)


def in_language(folder: Path, name: str, spoken: Language | None = None) -> Path:
    """Return the file of this name in the language in use, or another."""
    return folder / f"{name}.{spoken or language()}.md"


def shipped_lesson(name: str, spoken: Language | None = None) -> Lesson:
    """Read a lesson that comes with the program. ValueError with a sentence: there is none."""
    return read_shipped(lesson_path(name, spoken))


def read_shipped(path: Path) -> Lesson:
    """Read a file that comes with the program: tests see that it can be read."""
    lesson = read_lesson(path.read_bytes()).lesson
    assert lesson is not None, path
    return lesson


def translations(path: Path) -> dict[Language, Path]:
    """Return where a lesson lies in each language, by its name: NAME.en.md; none: it has one."""
    stem, dot, spoken = path.stem.rpartition(".")
    if not dot or spoken not in LANGUAGES:
        return {}
    return {one: path.with_name(f"{stem}.{one}{path.suffix}") for one in LANGUAGES}


def compare(reading: Reading, other: Reading, name: str) -> list[Complaint]:
    """Return where a lesson is not the same as in its other language, a file of this name."""
    if reading.lesson is None or other.lesson is None:
        return []
    told = _("Not the same as in {file}, line {line}: actions, right answers or sources.")
    return [
        Complaint(here, told.format(file=name, line=there))
        for here, there in differences(reading.lesson, other.lesson)
    ]
