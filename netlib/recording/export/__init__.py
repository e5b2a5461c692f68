"""Rows of a recording as files for other programs: text, CSV, JSON Lines, or the bare bytes.

A row is one line of a recording, as in the views. A file appears whole or not at all: it is
written beside its place and moved there when it is complete. Each format has a module with its
writer, a word in `Format`, and a line in `WRITERS`.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Final, Protocol

from netlib.errors import Operation, from_oserror
from netlib.i18n import _
from netlib.recording.export.csv import CsvWriter
from netlib.recording.export.jsonl import JsonLinesWriter
from netlib.recording.export.raw import RawWriter
from netlib.recording.export.text import TextWriter
from netlib.recording.export.writer import KINDS, ExportOptions, ExportRow, Writer
from netlib.recording.reader import Recording, RecordingError
from netlib.recording.timeline import in_order
from netlib.system.atomic_file import AtomicFile
from netlib.system.background import Background
from netlib.teaching.explain import in_short
from netlib.teaching.lines import Format, Line
from netlib.text import visible_text

__all__ = [
    "KINDS",
    "WRITERS",
    "Export",
    "ExportOptions",
    "export",
    "files",
    "why_not",
    "write_rows",
]

WRITERS: Final[dict[Format, type[Writer]]] = {
    "text": TextWriter,
    "csv": CsvWriter,
    "jsonl": JsonLinesWriter,
    "raw": RawWriter,
}

ROWS_A_TURN: Final = 256
"""Rows between two looks at `cancelled`; the window gets its turn then, too."""

TURN_SECONDS: Final = 0.0005


class _CancelledError(Exception):
    """Nobody wants the export any more."""


class Out(Protocol):
    """Where bytes go: a file, or standard output."""

    def write(self, data: bytes, /) -> object:
        """Take them."""


def export(
    options: ExportOptions,
    path: Path,
    progress: Callable[[float], None],
    cancelled: Callable[[], bool],
) -> int | None:
    """Write the rows to `files(options.format, path)`; return how many, or None: cancelled.

    `progress` is told 0 to 1. Raises OSError when a file cannot be written, ValueError or
    RecordingError when the recording cannot be read. Nothing half written is left, whatever comes.
    """

    def turn(share: float) -> None:
        progress(share)
        time.sleep(TURN_SECONDS)
        if cancelled():
            raise _CancelledError

    places = set(files(options.format, path).values())
    pending = {place: AtomicFile(place, private=True) for place in places}
    try:
        with ExitStack() as stack:
            opened = {place: stack.enter_context(file.open()) for place, file in pending.items()}
            outs = {kind: opened[place] for kind, place in files(options.format, path).items()}
            count = write_rows(options, outs, turn)
        for file in pending.values():
            file.commit()
    except _CancelledError:
        return None
    finally:
        for file in pending.values():
            file.discard()
    return count


def files(format: Format, path: Path) -> dict[int, Path]:
    """Return the file for each kind of row; a kind without one is left out."""
    return WRITERS[format].files(path)


def write_rows(
    options: ExportOptions,
    outs: Mapping[int, Out],
    turn: Callable[[float], None] = lambda _share: None,
) -> int:
    """Write the rows, each to the `Out` of its kind; return how many.

    `turn` is called every now and then with the share that is done, 0 to 1.
    """
    writer = WRITERS[options.format](options)
    index = in_order(options.lines)
    positions = range(index.total) if options.positions is None else options.positions
    for file in set(outs.values()):
        file.write(writer.head())
    count = 0
    with closing(Recording(options.recording)) as recording:
        previous: Line | None = None
        for seen, (_position, activity, line) in enumerate(index.lines(recording, positions)):
            if seen % ROWS_A_TURN == 0:
                turn(seen / len(positions))
            if (out := outs.get(line.kind)) is not None:
                out.write(writer.row(ExportRow(activity, line, previous)))
                count += 1
            previous = line
    turn(1.0)
    return count


# -- in a thread ---------------------------------------------------------------------------------


class Export(Background):
    """An export under way; its outcome is a sentence, whatever became of it."""

    def __init__(self, options: ExportOptions, path: Path) -> None:
        """Begin at once."""
        super().__init__("export", lambda job: _export_in(job, options, path))


def _export_in(job: Background, options: ExportOptions, path: Path) -> str:
    def advance(share: float) -> None:
        job.progress = share

    name = visible_text(path.name, 100)
    try:
        count = export(options, path, advance, job.cancelled)
    except (OSError, ValueError, RecordingError) as refusal:
        return _("{name} could not be written: {reason}").format(name=name, reason=why_not(refusal))
    if count is None:
        return _("Cancelled: {name} was not written.").format(name=name)
    return _("{count} rows written to {name}").format(count=f"{count:,}", name=name)


def why_not(refusal: Exception) -> str:
    """Return in words why an export failed; `refusal` is what `export` raised."""
    if isinstance(refusal, OSError):
        error = from_oserror(Operation.RECORD, refusal)
        return in_short(error)
    return _("The recording cannot be read: {reason}").format(
        reason=visible_text(str(refusal), 200)
    )
