"""`export`: a recording for other programs, as a file or a stream."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from typing import Final

from netlib import N_, _, visible
from netlib.cli import exporting
from netlib.cli.arguments import add_recording
from netlib.cli.console import Console
from netlib.cli.files import STANDARD_OUTPUT
from netlib.teaching.lines import FORMATS

ORDER: Final = 71
SUMMARY: Final = N_("Write a recording for other programs: rows, bytes, packets, or a ladder.")
MORE: Final = N_(
    "pcapng is rebuilt from what crossed the sockets, and says so: no packet was captured."
)
TIMEOUT: Final = None
TIMEOUT_HELP: Final = ""


def add_options(parser: ArgumentParser) -> None:
    """Which recording, in which form, where to, and what of it."""
    add_recording(parser, "RECORDING")
    explained = _(
        "rows as text, csv or jsonl (JSON Lines); raw: the bytes; pcapng: packets, for Wireshark; "
        "svg: the ladder as a picture"
    )
    parser.add_argument("--as", dest="format", choices=FORMATS, required=True, help=explained)
    exporting.add_options(parser)


def run(options: Namespace, console: Console) -> int:
    """Write it, and say how much there is."""
    from netlib.recording.export import WRITERS

    query = exporting.query(options.search, options.encoding)
    wanted = exporting.Wanted(options.format, options.output, options.encoding, query)
    exporting.check("--as", wanted, console)
    with exporting.opened(options.file) as recording:
        done = exporting.write(recording, wanted, console)
    if wanted.output not in (None, STANDARD_OUTPUT):
        words = _(WRITERS[wanted.format].written)
        if options.json:
            console.record(done._asdict())
        console.note(words.format(count=f"{done.written:,}", name=visible(wanted.output)))
    if not done.total:
        console.note(_("The recording is empty."))
    elif not done.chosen:
        console.note(_("Nothing was found among {total} rows.").format(total=f"{done.total:,}"))
    return 0
