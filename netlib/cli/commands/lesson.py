"""`lesson`: predict, run on real sockets, and understand; in a terminal."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import Final

from netlib import N_, _, visible
from netlib.cli import values
from netlib.cli.arguments import add_value
from netlib.cli.console import Console, UsageError
from netlib.cli.files import read_file
from netlib.cli.recorded import add_record
from netlib.teaching.lesson import Lesson
from netlib.teaching.lesson_list import (
    LESSONS,
    compare,
    shipped_lesson,
    translations,
)
from netlib.teaching.lesson_reader import Complaint, read_lesson

ORDER: Final = 85
SUMMARY: Final = N_("Play a lesson: predict, run it on this computer, and understand.")
MORE: Final = N_(
    "Each step asks for a prediction before it runs. An answer is the number of a choice, or a "
    "number; end of input leaves the lesson. Exit code 0 only if every proof came. A lesson is a "
    "Markdown file; docs/lessons.md has the format."
)
TIMEOUT: Final = None
TIMEOUT_HELP: Final = ""


def add_options(parser: ArgumentParser) -> None:
    """Which lesson, and how it is played."""
    explained = _("the lesson, or a file of your own that ends in .md")
    add_value(parser, "name", "NAME", str, explained, nargs="?")
    parser.add_argument("--list", action="store_true", help=_("list the lessons"))
    explained = _("run all steps without questions")
    parser.add_argument("--auto", action="store_true", help=explained)
    explained = _("check a lesson of your own, and name the lines that are wrong")
    add_value(parser, "--check", "FILE", values.file_name, explained)
    explained = _("keep the answers in this file (JSON), and go on from there next time")
    add_value(parser, "--answers", "FILE", values.file_name, explained)
    explained = _(
        "write what was answered and proven to this new file, to hand in (.html or .json)"
    )
    add_value(parser, "--results", "FILE", values.file_name, explained)
    add_value(parser, "--student", "TEXT", str, _("whose results these are"))
    add_record(parser)


def run(options: Namespace, console: Console) -> int:
    """Play it, or list or check."""
    if options.list:
        for name in LESSONS:
            console.line(f"{name} {shipped_lesson(name).title}")
        return 0
    if options.check is not None:
        return _check(Path(options.check), console)
    if options.name is None:
        raise UsageError(_("Which lesson? --list shows them."))
    if options.auto and options.answers is not None:
        raise UsageError(_("--auto asks nothing: there are no --answers to keep."))
    if options.student is not None and (options.results or options.answers) is None:
        raise UsageError(_("--student is for --results and --answers only."))
    from netlib.cli.lesson_dialogue import LessonDialogue  # the network: not for a list or a check

    return LessonDialogue(_lesson(options.name, console), options, console).play()


def _lesson(name: str, console: Console) -> Lesson:
    """Return the lesson of this name, or in this file; what is wrong with it is noted."""
    if not name.endswith(".md"):
        try:
            return shipped_lesson(name)
        except ValueError as wrong:
            raise UsageError(str(wrong)) from None
    reading = read_lesson(read_file(name))
    for complaint in reading.complaints:
        console.note(f"! {_told(name, complaint)}")
    if reading.lesson is None:
        raise UsageError(_('There is no lesson in "{path}".').format(path=visible(name)))
    return reading.lesson


def _check(path: Path, console: Console) -> int:
    """Say what is wrong with a file and, where its name tells of others, with its translations."""
    reading = read_lesson(read_file(str(path)))
    complaints = list(reading.complaints)
    for other in translations(path).values():
        if not other.exists():
            told = _("The translation {file} is missing.").format(file=visible(other.name))
            complaints.append(Complaint(1, told))
        elif other != path:
            complaints += compare(reading, read_lesson(read_file(str(other))), visible(other.name))
    for complaint in sorted(complaints):
        console.fail(_told(str(path), complaint))
    if not complaints and reading.lesson is not None:
        told = _("{title}: {count} steps, nothing to complain of.")
        console.line(told.format(title=reading.lesson.title, count=len(reading.lesson.steps)))
    return console.code


def _told(path: str, complaint: Complaint) -> str:
    told = _("{path}, line {line}: {sentence}")
    return told.format(path=visible(path), line=complaint.line, sentence=complaint.sentence)
