"""`lesson`: predict, run on real sockets, and understand; in a terminal."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import Final

from netlib import N_, _, ngettext, visible
from netlib.cli import values
from netlib.cli.arguments import add_value
from netlib.cli.console import Console, UsageError
from netlib.cli.files import read_file
from netlib.cli.playing import add_playing, play, told
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
    explained = _("check a lesson or experiment of your own, and name the lines that are wrong")
    add_value(parser, "--check", "FILE", values.file_name, explained)
    add_playing(parser)


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
    return play(options.name, shipped_lesson, options, console)


def _check(path: Path, console: Console) -> int:
    """Say what is wrong with a file and, where its name tells of others, with its translations."""
    reading = read_lesson(read_file(str(path)))
    complaints = list(reading.complaints)
    for other in translations(path).values():
        if not other.exists():
            missing = _("The translation {file} is missing.").format(file=visible(other.name))
            complaints.append(Complaint(1, missing))
        elif other != path:
            complaints += compare(reading, read_lesson(read_file(str(other))), visible(other.name))
    for complaint in sorted(complaints):
        console.fail(told(str(path), complaint))
    if not complaints and reading.lesson is not None:
        count = len(reading.lesson.steps)
        whole = ngettext(
            "{title}: {count} step, nothing to complain of.",
            "{title}: {count} steps, nothing to complain of.",
            count,
        )
        console.line(whole.format(title=visible(reading.lesson.title), count=count))
    return console.code
