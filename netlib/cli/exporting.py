"""Writing a recording for other programs: what `export` and `recording --export` share."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from netlib import _, visible
from netlib.cli import values
from netlib.cli.arguments import add_value
from netlib.cli.console import Console, UsageError
from netlib.cli.files import STANDARD_OUTPUT, cannot_write
from netlib.recording.query import Query, parse_query
from netlib.teaching.lines import Format
from netlib.value import NamedTuple

if TYPE_CHECKING:  # what needs sqlite3 is imported when a recording is opened, not for --help
    from netlib.recording.export import ExportOptions
    from netlib.recording.reader import Recording

NO_TEXT: Final = frozenset({"pcapng"})
"""Formats of which a terminal shows nothing that anyone can read."""


class Wanted(NamedTuple):
    """What is to be written."""

    format: Format
    output: str | None
    """A path, or standard output."""
    encoding: str
    query: Query | None = None
    """None: everything."""


class Written(NamedTuple):
    """What was written."""

    written: int
    """Rows, or packets."""
    chosen: int
    """Rows that were found, or all."""
    total: int
    """Rows there are."""


def add_options(parser: ArgumentParser) -> None:
    """Add -o and --search."""
    explained = _(
        "write to this file (-: standard output); raw: to PATH.received.bin and PATH.sent.bin"
    )
    add_value(parser, "-o", "PATH", values.file_name, explained, dest="output")
    explained = _(
        "only rows with this text; besides text hex:e5b7, peer:127.0.0.1, dir:in (out, event), "
        "conn:3, after:10:31:02, before:TIME; all of it must be true"
    )
    add_value(parser, "--search", "QUERY", values.not_empty, explained)


@contextmanager
def opened(name: str) -> Iterator[Recording]:
    """Open a recording. UsageError: it is none, or what is read then cannot be read."""
    from netlib.recording.reader import RecordingError, open_recording

    path = Path(name)
    try:
        with closing(open_recording(path)) as recording:
            yield recording
    except ValueError as wrong:
        raise UsageError(str(wrong)) from None
    except RecordingError as refusal:
        sentence = _("{name} cannot be read: {reason}")
        raise UsageError(
            sentence.format(name=visible(path.name or name), reason=visible(str(refusal)))
        ) from None


def query(typed: str | None, encoding: str) -> Query | None:
    """Return what --search asks for; None: nothing. UsageError: it cannot be read."""
    try:
        return parse_query(typed, encoding) if typed else None
    except ValueError as wrong:
        raise UsageError(f"--search: {wrong}") from None


def check(option: str, wanted: Wanted, console: Console) -> None:
    """See that it can go where it is to go. UsageError: it cannot; `option` gave the format."""
    if wanted.output not in (None, STANDARD_OUTPUT):
        return
    if wanted.format == "raw":
        sentence = _("{option} raw writes two files; give their common prefix with -o.")
        raise UsageError(sentence.format(option=option))
    if wanted.format in NO_TEXT and console.is_terminal:
        sentence = _("{format} is not for a terminal; name a file with -o.")
        raise UsageError(sentence.format(format=wanted.format))


def write(recording: Recording, wanted: Wanted, console: Console) -> Written:
    """Write what is wanted. UsageError: the file may not be written. RecordingError: see there."""
    from netlib.recording.export import ExportOptions
    from netlib.recording.search import find
    from netlib.recording.timeline import Timeline

    lines = Timeline(recording)
    positions = find(recording, lines, wanted.query) if wanted.query else None
    options = ExportOptions(
        recording=recording.path,
        lines=lines,
        positions=positions,
        format=wanted.format,
        encoding=wanted.encoding,
    )
    written = _write(options, wanted.output, console)
    return Written(written, lines.total if positions is None else len(positions), lines.total)


class _StandardOutput:
    """Standard output as an export needs it."""

    def __init__(self, console: Console) -> None:
        self.write = console.data


def _write(options: ExportOptions, output: str | None, console: Console) -> int:
    from netlib.recording.export import KINDS, export, write

    if output in (None, STANDARD_OUTPUT):
        return write(options, dict.fromkeys(KINDS, _StandardOutput(console)))
    path = Path(output)
    try:
        return export(options, path, lambda _share: None, lambda: False) or 0
    except OSError as refusal:
        raise cannot_write(path, refusal) from None
