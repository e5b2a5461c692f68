"""`ladder`: what a recording holds as arrows between both ends, one line an arrow."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from netlib import N_, _, ngettext, visible
from netlib.cli import values
from netlib.cli.arguments import add_recording, add_value
from netlib.cli.console import Console, UsageError
from netlib.recording.query import parse_query
from netlib.teaching.cases import case_at

if TYPE_CHECKING:  # what needs sqlite3 is imported when a recording is opened, not for --help
    from netlib.recording.ladder import LadderReader
    from netlib.recording.reader import Recording
    from netlib.teaching.ladder import Rung
    from netlib.teaching.ladder_text import TextOptions

ORDER: Final = 72
SUMMARY: Final = N_("Show a recording as a ladder: an arrow for each send and receive call.")
MORE: Final = N_(
    "An arrow that says implied was not seen: TCP must have sent that segment (RFC 9293, 3.5)."
)
TIMEOUT: Final = None
TIMEOUT_HELP: Final = ""

AT_ONCE: Final = 256
"""Rows that are read in one go."""


def add_options(parser: ArgumentParser) -> None:
    """Which recording, and what is looked for in it."""
    add_recording(parser, "RECORDING")
    explained = _(
        'only where calls follow each other so: "send send receive"; also connect, accept, fin, '
        "rst, timeout, any"
    )
    add_value(parser, "--find", "PATTERN", values.not_empty, explained)
    explained = _("only calls in which this is found, see recording --search")
    add_value(parser, "--search", "QUERY", values.not_empty, explained)
    explained = _("beside another run: what only RECORDING has (-), and what only the other (+)")
    add_value(parser, "--compare", "OTHER", values.recording, explained)
    parser.add_argument(
        "--commentary", action="store_true", help=_("a sentence below each row it can be said of")
    )


def run(options: Namespace, console: Console) -> int:
    """Write the arrows."""
    from netlib.recording.patterns import Pattern
    from netlib.recording.reader import RecordingError

    try:
        pattern = Pattern(options.find) if options.find else None
    except ValueError as wrong:
        raise UsageError(f"--find: {wrong}") from None
    name = options.file
    try:
        with closing(_opened(name)) as recording:
            if options.compare:
                with closing(_opened(name := options.compare)) as other:
                    _compare(recording, other, options, console)
            else:
                if not options.json:
                    _introduce(recording.path, console)
                _show(recording, pattern, options, console)
    except RecordingError as refusal:
        sentence = _("{name} cannot be read: {reason}")
        raise UsageError(
            sentence.format(name=visible(name), reason=visible(str(refusal)))
        ) from None
    return 0


def _opened(name: str) -> Recording:
    from netlib.recording.reader import open_recording

    try:
        return open_recording(Path(name))
    except ValueError as wrong:
        raise UsageError(str(wrong)) from None


def _introduce(path: Path, console: Console) -> None:
    """Say what to look at in a recorded case, which standard output does not tell."""
    case = case_at(path)
    for sentences in (case.title, case.look, case.source) if case else ():
        console.note(_(sentences))


def _show(recording: Recording, pattern: Any, options: Namespace, console: Console) -> None:
    """Write all rows, or those that are looked for."""
    from netlib.recording.ladder import whole_ladder
    from netlib.recording.patterns import places
    from netlib.recording.places import places_of_calls
    from netlib.recording.search import find

    reader = whole_ladder(recording)
    total = reader.index.total
    if pattern is not None:
        found = places(recording, reader.index, pattern)
        for place, calls in enumerate(found):
            if place and not options.json:
                console.line("")
            _write(reader, places_of_calls(calls), options, console)
        words = ngettext("{count:,} place", "{count:,} places", len(found))
        console.note(words.format(count=len(found)))
        return
    shown = reader.places()
    if options.search:
        try:
            query = parse_query(options.search, options.encoding)
        except ValueError as wrong:
            raise UsageError(f"--search: {wrong}") from None
        shown = places_of_calls(find(recording, reader.index, query))
    _write(reader, shown, options, console)
    if reader.index.full:
        console.note(_("The ladder ends here: it has {count:,} calls.").format(count=total))
    if not total and not options.json:
        console.line(_("The recording is empty."))


def _write(
    reader: LadderReader, places: Sequence[int], options: Namespace, console: Console
) -> None:
    from netlib.teaching.ladder_text import ladder_lines

    for begin in range(0, len(places), AT_ONCE):
        before = places[begin - 1] if begin else None
        rows = reader.rungs(places[begin : begin + AT_ONCE], before)
        if options.json:
            for row in rows:
                for record in _records(row, reader, options):
                    console.record(record)
        else:
            for line in ladder_lines(rows, _text_options(reader, options)):
                console.line(line)


def _compare(left: Recording, right: Recording, options: Namespace, console: Console) -> None:
    """Write both runs as one list: what is in both, and what in one only."""
    from netlib.recording.ladder import whole_ladder
    from netlib.recording.places import places_of_calls
    from netlib.teaching.ladder_difference import MOST_ROWS, compared
    from netlib.teaching.ladder_text import ladder_lines

    readers = (whole_ladder(left), whole_ladder(right))
    calls = [places_of_calls(range(min(reader.index.total, MOST_ROWS))) for reader in readers]
    runs = [reader.rungs(some) for reader, some in zip(readers, calls, strict=True)]
    different = 0
    for pair in compared(*runs):
        side = 0 if pair.left is not None else 1
        row = runs[side][pair.left if pair.left is not None else pair.right or 0]
        sign = "=" if None not in pair else "-+"[side]
        different += sign != "="
        if options.json:
            for record in _records(row, readers[side], options):
                console.record({"side": sign} | record)
        else:
            for line in ladder_lines([row], _text_options(readers[side], options)):
                console.line(f"{sign} {line}")
    words = ngettext("{count:,} row differs", "{count:,} rows differ", different)
    console.note(words.format(count=different))
    if any(reader.index.total > MOST_ROWS for reader in readers):
        console.note(_("Compared are the first {count:,} rows of each.").format(count=MOST_ROWS))


def _text_options(reader: LadderReader, options: Namespace) -> TextOptions:
    from netlib.teaching.ladder_text import TextOptions

    return TextOptions(reader.addresses(), options.encoding, options.commentary)


def _records(row: Rung, reader: LadderReader, options: Namespace) -> list[dict[str, Any]]:
    """Return what --json says of a row: one object an arrow, or one of a row without."""
    from netlib.teaching.ladder_text import commentary, ladder_records

    found = ladder_records(row, _text_options(reader, options))
    if options.commentary:
        found[0]["commentary"] = commentary(row)
    return found
