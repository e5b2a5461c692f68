"""`recording`: what is in a recording, and its rows for other programs."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from netlib import N_, _, visible
from netlib.cli import values
from netlib.cli.arguments import add_value
from netlib.cli.console import Console, UsageError
from netlib.cli.files import STANDARD_OUTPUT, cannot_write
from netlib.recording.query import Query, parse_query
from netlib.recording.row_index import Span
from netlib.teaching.lines import FORMATS, ROW_BYTES, Format, format_line, stamp

if TYPE_CHECKING:  # what needs sqlite3 is imported when a recording is opened, not for --help
    from netlib.recording.export import ExportOptions
    from netlib.recording.reader import Recording

ORDER: Final = 70
SUMMARY: Final = N_("Show what a recording holds, search it, or export its rows.")
MORE: Final = N_("Without --export and --search its servers, clients and UDP sockets are listed.")
TIMEOUT: Final = None
TIMEOUT_HELP: Final = ""

LISTING_SECONDS: Final = 1.0
"""How long listing may take, besides counting; what is left then is counted."""

BEGINNING: Final = 120
"""Characters of an activity's first row that are shown."""


class ActivitySummary(NamedTuple):
    """What a recording holds of one server, client or UDP socket."""

    activity: int
    rows: int
    received: int
    """Bytes."""
    sent: int
    at: float
    """Seconds since 1970 of its first row."""
    begins: str
    """Its first row in words."""


class _StandardOutput:
    """Standard output as an export needs it."""

    def __init__(self, console: Console) -> None:
        self.write = console.data


def add_options(parser: ArgumentParser) -> None:
    """Which recording, and what of it is written in which form."""
    explained = _("a recording: what serve --record wrote, or the window")
    add_value(parser, "file", "FILE", values.file_name, explained)
    explained = _("write its rows: as text, csv, jsonl (JSON Lines) or raw (the bytes)")
    parser.add_argument("--export", choices=FORMATS, help=explained)
    explained = _(
        "write them to this file (-: standard output); raw: to PATH.received.bin and PATH.sent.bin"
    )
    add_value(parser, "-o", "PATH", values.file_name, explained, dest="output")
    explained = _(
        "only rows with this text; besides text hex:e5b7, peer:127.0.0.1, dir:in (out, event), "
        "conn:3, after:10:31:02, before:TIME; all of it must be true"
    )
    add_value(parser, "--search", "QUERY", values.not_empty, explained)


def run(options: Namespace, console: Console) -> int:
    """List what is in it, or write its rows."""
    from netlib.recording.reader import RecordingError, open_recording

    path, format, query = Path(options.file), _format(options), _query(options)
    try:
        opened = open_recording(path)
    except ValueError as wrong:
        raise UsageError(str(wrong)) from None
    try:
        with closing(opened) as recording:
            if format is None:
                return _list(recording, options, console)
            _write_rows(recording, format, query, options, console)
    except RecordingError as refusal:
        sentence = _("{name} cannot be read: {reason}")
        raise UsageError(
            sentence.format(name=visible(path.name), reason=visible(str(refusal)))
        ) from None
    return 0


def _format(options: Namespace) -> Format | None:
    """Return in which form rows are written; None: the activities are listed instead."""
    chosen: Format | None = options.export
    if options.output and chosen is None:
        raise UsageError(_("-o needs --export, which gives the format."))
    if chosen == "raw" and options.output in (None, STANDARD_OUTPUT):
        raise UsageError(_("--export raw writes two files; give their common prefix with -o."))
    if chosen is None and options.search:
        return "jsonl" if options.json else "text"
    return chosen


def _query(options: Namespace) -> Query | None:
    try:
        return parse_query(options.search, options.encoding) if options.search else None
    except ValueError as wrong:
        raise UsageError(f"--search: {wrong}") from None


def _list(recording: Recording, options: Namespace, console: Console) -> int:
    """List what there is; return 1 if there was no time for all of it."""
    from netlib.recording.reader import TooLongError

    lines = recording.activities()
    left = len(lines)
    with recording.within(LISTING_SECONDS):
        for number, rows in lines.items():
            try:
                found = _activity(recording, Span(number, 0, rows), options.encoding)
            except TooLongError:
                if left == len(lines):
                    raise
                break
            left -= 1
            if options.json:
                console.record(found._asdict())
            else:
                console.line(_in_words(found))
    if left or not recording.complete:
        counted = _("… and {count:,} more: reading takes too long").format(count=left)
        console.note(counted if recording.complete else _("… and more: reading takes too long"))
        return 1
    if not lines and not options.json:
        console.line(_("The recording is empty."))
    return 0


def _activity(recording: Recording, span: Span, encoding: str) -> ActivitySummary:
    received, sent = recording.sizes(span.activity)
    line = next(recording.read(*span, limit=ROW_BYTES), None)
    at, begins = 0.0, ""
    if line is not None:
        at, begins = line.wall, format_line(line, None, "text", encoding)[1][:BEGINNING]
    return ActivitySummary(span.activity, span.last, received, sent, round(at, 6), begins)


def _in_words(found: ActivitySummary) -> str:
    sentence = _(
        "{number}  {time}  {rows:,} rows, received {received:,} B, sent {sent:,} B  {begins}"
    )
    return sentence.format(
        number=found.activity,
        time=stamp(found.at),
        rows=found.rows,
        received=found.received,
        sent=found.sent,
        begins=found.begins,
    )


def _write_rows(
    recording: Recording, format: Format, query: Query | None, options: Namespace, console: Console
) -> None:
    from netlib.recording.export import ExportOptions
    from netlib.recording.search import find
    from netlib.recording.timeline import Timeline

    lines = Timeline(recording)
    wanted = ExportOptions(
        recording=recording.path,
        lines=lines,
        positions=find(recording, lines, query) if query else None,
        format=format,
        encoding=options.encoding,
    )
    count = _export(wanted, options.output, console)
    if query:
        console.note(
            _("{count} of {total} rows").format(count=f"{count:,}", total=f"{lines.total:,}")
        )


def _export(wanted: ExportOptions, output: str | None, console: Console) -> int:
    from netlib.recording.export import KINDS, export, write

    if output in (None, STANDARD_OUTPUT):
        out = _StandardOutput(console)
        return write(wanted, dict.fromkeys(KINDS, out))
    path = Path(output)
    try:
        return export(wanted, path, lambda _share: None, lambda: False) or 0
    except OSError as refusal:
        raise cannot_write(path, refusal) from None
