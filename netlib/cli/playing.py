"""What `lesson` and `experiment` share: which file is played, and how."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Callable

from netlib import _, visible
from netlib.cli import values
from netlib.cli.arguments import add_value
from netlib.cli.console import Console, UsageError
from netlib.cli.files import read_file
from netlib.cli.recorded import add_record
from netlib.teaching.lesson import Lesson
from netlib.teaching.lesson_reader import Complaint, read_lesson


def add_playing(parser: ArgumentParser) -> None:
    """Add --auto, --live, --answers, --results and --record, which `play` reads."""
    explained = _("run all steps without questions")
    parser.add_argument("--auto", action="store_true", help=explained)
    explained = _("record cases here and now, where that is permitted (Linux), to prove steps by")
    parser.add_argument("--live", action="store_true", help=explained)
    explained = _("keep the answers in this file (JSON), and go on from there next time")
    add_value(parser, "--answers", "FILE", values.file_name, explained)
    explained = _(
        "write what was answered and proven to this new file, to hand in (.html or .json)"
    )
    add_value(parser, "--results", "FILE", values.file_name, explained)
    add_value(parser, "--student", "TEXT", str, _("whose results these are"))
    add_record(parser)


def play(name: str, shipped: Callable[[str], Lesson], options: Namespace, console: Console) -> int:
    """Play what `shipped` has under this name, or a file; return the exit code."""
    if options.auto and options.answers is not None:
        raise UsageError(_("--auto asks nothing: there are no --answers to keep."))
    if options.student is not None and (options.results or options.answers) is None:
        raise UsageError(_("--student is for --results and --answers only."))
    from netlib.cli.lesson_dialogue import LessonDialogue  # the network: not for a list or a check

    return LessonDialogue(_lesson(name, shipped, console), options, console).play()


def _lesson(name: str, shipped: Callable[[str], Lesson], console: Console) -> Lesson:
    """Return the lesson of this name, or in this file; what is wrong with it is noted."""
    if not name.endswith(".md"):
        try:
            return shipped(name)
        except ValueError as wrong:
            raise UsageError(str(wrong)) from None
    reading = read_lesson(read_file(name))
    for complaint in reading.complaints:
        console.note(f"! {told(name, complaint)}")
    if reading.lesson is None:
        raise UsageError(_('There is no lesson in "{path}".').format(path=visible(name)))
    return reading.lesson


def told(path: str, complaint: Complaint) -> str:
    """Return a complaint with the file and the line that it is of."""
    words = _("{path}, line {line}: {sentence}")
    return words.format(path=visible(path), line=complaint.line, sentence=complaint.sentence)
