"""`recording`: what is in a recording, and its rows for other programs."""

from __future__ import annotations

from argparse import SUPPRESS, ArgumentParser, Namespace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from netlib import N_, _, visible
from netlib.cli import exporting, values
from netlib.cli.arguments import add_recording
from netlib.cli.console import Console, UsageError
from netlib.cli.recorded import WAIT_SECONDS
from netlib.live_cases import ENTRY
from netlib.recording.row_index import Span
from netlib.teaching.cases import CASES
from netlib.teaching.lines import FORMATS, ROW_BYTES, Format, format_line, stamp
from netlib.value import NamedTuple

if TYPE_CHECKING:  # what needs sqlite3 is imported when a recording is opened, not for --help
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


def add_options(parser: ArgumentParser) -> None:
    """Which recording, and what of it is written in which form."""
    add_recording(parser, "FILE", nargs="?")
    explained = _("list the recorded cases that come with the program")
    parser.add_argument("--cases", action="store_true", help=explained)
    explained = _("record a case anew, on this computer, into the new file -o (Linux)")
    names = tuple(case.name for case in CASES)
    parser.add_argument("--record-case", choices=names, metavar="NAME", help=explained)
    parser.add_argument(ENTRY, action="store_true", help=SUPPRESS)
    explained = _(
        "write it as text, csv, jsonl (JSON Lines), raw (the bytes) or pcapng; see export"
    )
    parser.add_argument("--export", choices=FORMATS, help=explained)
    exporting.add_options(parser)


def run(options: Namespace, console: Console) -> int:
    """List what is in it, or write its rows; or list the recorded cases."""
    if options.cases:
        _list_cases(options, console)
        return 0
    if options.record_case is not None:
        return _record(options, console)
    if options.file is None:
        raise UsageError(_("Which recording? --cases lists those that come with the program."))
    format = _format(options)
    query = exporting.query(options.search, options.encoding)
    if format is None:
        with exporting.opened(options.file) as recording:
            return _list(recording, options, console)
    wanted = exporting.Wanted(format, options.output, options.encoding, query)
    exporting.check("--export", wanted, console)
    with exporting.opened(options.file) as recording:
        written = exporting.write(recording, wanted, console)
    if query:
        words = _("{count} of {total} rows")
        console.note(words.format(count=f"{written.chosen:,}", total=f"{written.total:,}"))
    return 0


def _record(options: Namespace, console: Console) -> int:
    """Record a case; return the exit code."""
    if options.output is None:
        raise UsageError(_("--record-case needs -o, the file to record into."))
    path = Path(options.output)
    if path.exists():
        sentence = _('"{path}" exists already; a recording needs a new file.')
        raise UsageError(sentence.format(path=visible(str(path))))
    why = (_happen if options.in_own_network else _have_happen)(options.record_case, path)
    if why:
        console.fail(why)
    return console.code


def _happen(name: str, path: Path) -> str:
    """Record a case in this network; return why that cannot be."""
    from netlib.live_cases.recorder import CaseError, record

    try:
        record(name, path)
    except CaseError as refusal:
        return str(refusal)
    return ""


def _have_happen(name: str, path: Path) -> str:
    """Record a case in a network of its own; return why that cannot be."""
    from netlib.live_cases.live import LiveCase

    live = LiveCase(name, path)
    try:
        while not live.over_within(WAIT_SECONDS):
            pass
    finally:
        live.cancel()
    return live.outcome or ""


def _format(options: Namespace) -> Format | None:
    """Return in which form rows are written; None: the activities are listed instead."""
    chosen: Format | None = options.export
    if options.output and chosen is None:
        raise UsageError(_("-o needs --export, which gives the format."))
    if chosen is None and options.search:
        return "jsonl" if options.json else "text"
    return chosen


def _list_cases(options: Namespace, console: Console) -> None:
    for case in CASES:
        if options.json:
            sentences = {name: _(said) for name, said in case._asdict().items()}
            console.record(sentences | {"name": case.name, "path": str(case.path)})
        else:
            console.line(f"{values.CASE}{case.name} {_(case.title)}")


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
