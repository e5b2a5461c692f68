"""A recording as files for other programs: text, CSV, JSON Lines, the bytes, packets, or a ladder.

What is chosen are rows: lines of the recording, as in the views. A file appears whole or not at
all: it is written beside its place and moved there when it is complete. Each format has a module
with its writer, a word in `Format`, and a line in `WRITERS`.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Final

from netlib.i18n import _
from netlib.recording.export.csv import CsvWriter
from netlib.recording.export.jsonl import JsonLinesWriter
from netlib.recording.export.pcapng import PcapngWriter
from netlib.recording.export.raw import RawWriter
from netlib.recording.export.svg import SvgWriter
from netlib.recording.export.text import TextWriter
from netlib.recording.export.writer import KINDS, ExportOptions, Out, Turn, Writer
from netlib.recording.reader import Recording, RecordingError
from netlib.recording.refusal import why_not
from netlib.system.atomic_file import AtomicFile
from netlib.system.background import Background
from netlib.teaching.lines import Format
from netlib.text import visible_text

__all__ = [
    "KINDS",
    "WRITERS",
    "Export",
    "ExportOptions",
    "export",
    "files",
    "why_not",
    "write",
]

WRITERS: Final[dict[Format, type[Writer]]] = {
    "text": TextWriter,
    "csv": CsvWriter,
    "jsonl": JsonLinesWriter,
    "raw": RawWriter,
    "pcapng": PcapngWriter,
    "svg": SvgWriter,
}

TURN_SECONDS: Final = 0.0005
"""The window gets its turn, too."""


class _CancelledError(Exception):
    """Nobody wants the export any more."""


def export(
    options: ExportOptions,
    path: Path,
    progress: Callable[[float], None],
    cancelled: Callable[[], bool],
) -> int | None:
    """Write to `files(options.format, path)`; return how many rows or packets; None: cancelled.

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
            count = write(options, outs, turn)
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


def write(options: ExportOptions, outs: Mapping[int, Out], turn: Turn = lambda _share: None) -> int:
    """Write, to the `Out` of each kind of row; return how many rows or packets. See `export`."""
    with closing(Recording(options.recording)) as recording:
        count = WRITERS[options.format](options).write(recording, outs, turn)
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
    return _(WRITERS[options.format].written).format(count=f"{count:,}", name=name)
