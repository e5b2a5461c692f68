"""`recording`: what is in a recording, and its rows for other programs."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final, NamedTuple

from netlib.cli.console import Console, UsageError
from netlib.cli.files import cannot_write
from netlib.events import Direction
from netlib.i18n import _
from netlib.recording.export import ExportOptions, export, write_rows
from netlib.recording.query import Query, parse_query
from netlib.recording.reader import Recording, RecordingError
from netlib.recording.row_index import Span
from netlib.recording.search import find
from netlib.teaching.lines import Format, format_line, stamp
from netlib.text import visible

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


class _Output:
    """Standard output as an export needs it."""

    def __init__(self, console: Console) -> None:
        self.write = console.data


def run(options: Namespace, console: Console) -> int:
    """Run `recording`."""
    path, format = Path(options.file), _format(options)
    query = _query(options)
    with _reading(path):
        spans, positions = _chosen(path, query)
        if format is None:
            _list(path, spans, options, console)
            return 0
        wanted = ExportOptions(
            recording=path,
            spans=spans,
            positions=positions,
            format=format,
            encoding=options.encoding,
        )
        count = _write(wanted, options.output, console)
    if query:
        told = {"count": f"{count:,}", "total": f"{sum(span.last for span in spans):,}"}
        console.note(_("%(count)s of %(total)s rows") % told)
    return 0


def _chosen(path: Path, query: Query | None) -> tuple[tuple[Span, ...], Sequence[int] | None]:
    """Return all there is in a recording, and the positions that a query finds in it."""
    with closing(Recording(path)) as recording:
        spans = tuple(Span(number, 0, rows) for number, rows in recording.activities().items())
        return spans, find(recording, spans, query) if query else None


def _format(options: Namespace) -> Format | None:
    """Return in which form rows are written; None: the activities are listed instead."""
    chosen: Format | None = options.export
    if options.output and chosen is None:
        raise UsageError(_("-o needs --export, which says in which form to write."))
    if chosen == "raw" and not options.output:
        raise UsageError(_("--export raw writes two files: say with -o how they begin."))
    if chosen is None and options.search:
        return "jsonl" if options.json else "text"
    return chosen


def _query(options: Namespace) -> Query | None:
    try:
        return parse_query(options.search, options.encoding) if options.search else None
    except ValueError as wrong:
        raise UsageError(f"--search: {wrong}") from None


@contextmanager
def _reading(path: Path) -> Iterator[None]:
    """Tell of a file that cannot be read as a recording."""
    try:
        yield
    except (ValueError, RecordingError):
        sentence = _("“%(path)s” is not a recording, or it is damaged.")
        raise UsageError(sentence % {"path": visible(str(path))}) from None


def _list(path: Path, spans: Sequence[Span], options: Namespace, console: Console) -> None:
    with closing(Recording(path)) as recording:
        for span in spans:
            found = _activity(recording, span, options.encoding)
            if options.json:
                console.record(found._asdict())
            else:
                console.line(_in_words(found))
    if not spans and not options.json:
        console.line(_("The recording is empty."))


def _activity(recording: Recording, span: Span, encoding: str) -> ActivitySummary:
    received, sent = recording.sizes(span.activity)
    line = next(recording.read(*span))
    begins = format_line(line, None, "text", encoding)[1][:BEGINNING]
    return ActivitySummary(span.activity, span.last, received, sent, round(line.wall, 6), begins)


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


def _write(wanted: ExportOptions, output: str | None, console: Console) -> int:
    if not output:
        out = _Output(console)
        return write_rows(wanted, {0: out, Direction.RECEIVED: out, Direction.SENT: out})
    path = Path(output)
    try:
        return export(wanted, path, lambda _share: None, lambda: False) or 0
    except OSError as refusal:
        raise cannot_write(path, refusal) from None
