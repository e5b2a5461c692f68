"""Rows of a recording as files for other programs: text, CSV, JSON Lines, or the bare bytes.

A row is one line of a recording, as in the views. A file appears whole or not at all: it is
written beside its place and moved there when it is complete.
"""

from __future__ import annotations

import csv
import json
import time
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple, Protocol

from netlib.errors import Cause, Operation, from_oserror
from netlib.events import Direction
from netlib.i18n import _
from netlib.recording.event_json import public
from netlib.recording.query import EVENT
from netlib.recording.reader import Recording, RecordingError
from netlib.recording.row_index import Layout, Span
from netlib.system.atomic_file import AtomicFile
from netlib.system.background import Background
from netlib.teaching.explain import in_short
from netlib.teaching.lines import Format, Line, View, decoded, format_line, shown_peer, stamp
from netlib.teaching.narrate import sentence
from netlib.text import to_hex, visible_text

__all__ = [
    "COLUMNS",
    "Export",
    "ExportOptions",
    "Format",
    "export",
    "files",
    "why_not",
    "write_rows",
]

COLUMNS: Final = (
    *("time", "activity", "connection", "direction"),
    *("peer", "size", "text", "hex"),
)
"""Of the CSV form; `size` in bytes of the row, so that a column adds up to what crossed."""

SLICE: Final = 65_536
"""Lines read in one go, one chunk in memory at a time."""

ROWS_A_TURN: Final = 256
"""Rows between two looks at `cancelled`; the window gets its turn then, too."""

TURN_SECONDS: Final = 0.0005

_KINDS: Final = {EVENT: "event", Direction.RECEIVED: "received", Direction.SENT: "sent"}
_FORMULA: Final = ("=", "+", "-", "@")
"""How spreadsheets recognise what they would run."""


class _CancelledError(Exception):
    """Nobody wants the export any more."""


class ExportRow(NamedTuple):
    """A line of a recording and what is known around it."""

    activity: int
    line: Line
    previous: Line | None
    """The row before it in the same file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportOptions:
    """Which rows to write, and how."""

    recording: Path
    spans: tuple[Span, ...]
    positions: Sequence[int] | None = None
    """Of the lines in `spans`, ascending: a range without gaps, or what a search found.
    None: all of them."""
    format: Format
    encoding: str = "utf-8"
    view: View = "log"
    """How the text form looks."""


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

    drafts = {place: AtomicFile(place) for place in set(files(options.format, path).values())}
    try:
        with ExitStack() as stack:
            opened = {place: stack.enter_context(draft.open()) for place, draft in drafts.items()}
            outs = {kind: opened[place] for kind, place in files(options.format, path).items()}
            count = write_rows(options, outs, turn)
        for draft in drafts.values():
            draft.commit()
    except _CancelledError:
        return None
    finally:
        for draft in drafts.values():
            draft.discard()
    return count


def files(format: Format, path: Path) -> dict[int, Path]:
    """Return the file for each kind of row; a kind without one is left out.

    raw: NAME.received.bin and NAME.sent.bin, where `path` is NAME or NAME.bin.
    """
    if format != "raw":
        return dict.fromkeys(_KINDS, path)
    name = path.name.removesuffix(".bin")
    return {way: path.with_name(f"{name}.{_KINDS[way]}.bin") for way in Direction}


def write_rows(
    options: ExportOptions,
    outs: Mapping[int, Out],
    turn: Callable[[float], None] = lambda _share: None,
) -> int:
    """Write the rows, each to the `Out` of its kind; return how many.

    `turn` is called every now and then with the share that is done, 0 to 1.
    """
    encode = _ENCODERS[options.format]
    layout = Layout(options.spans)
    positions = range(layout.total) if options.positions is None else options.positions
    if options.format == "csv":
        outs[EVENT].write(_cells(COLUMNS))
    count = 0
    with closing(Recording(options.recording)) as recording:
        for seen, row in enumerate(_rows(recording, layout, positions)):
            if seen % ROWS_A_TURN == 0:
                turn(seen / len(positions))
            if (out := outs.get(row.line.kind)) is not None:
                out.write(encode(row, options))
                count += 1
    turn(1.0)
    return count


def _rows(recording: Recording, layout: Layout, positions: Sequence[int]) -> Iterator[ExportRow]:
    previous: Line | None = None
    for run in layout.runs(positions, SLICE):
        wanted = {position - run.shift for position in run.positions}
        for line in recording.read(*run.span):
            if line.number in wanted:
                yield ExportRow(run.span.activity, line, previous)
                previous = line


# -- the forms -----------------------------------------------------------------------------------


def _text(row: ExportRow, options: ExportOptions) -> bytes:
    shown = format_line(row.line, row.previous, options.view, options.encoding, True)
    return f"{shown[1]}\n".encode("utf-8", "backslashreplace")


def _csv(row: ExportRow, options: ExportOptions) -> bytes:
    line = row.line
    if line.event is not None:
        size, text = "", sentence(line.event)
    else:
        size, text = str(len(line.data)), visible_text(decoded(line, options.encoding), None)
    kind = _KINDS[line.kind]
    head = stamp(line.wall), str(row.activity), str(line.connection), kind
    return _cells((*head, shown_peer(line), size, text, to_hex(line.data)))


def _json(row: ExportRow, options: ExportOptions) -> bytes:
    line = row.line
    if line.event is not None:
        fields = {"at": 0.0, "kind": "event"} | public(line.event, line.wall)
    else:
        fields = {
            "at": round(line.wall, 6),
            "kind": "data",
            "direction": _KINDS[line.kind],
            "activity": row.activity,
            "connection": line.connection,
            "peer": shown_peer(line),
            "size": len(line.data),
            "data": b64encode(line.data).decode(),
            "text": decoded(line, options.encoding),
        }
    return f"{json.dumps(fields, ensure_ascii=False)}\n".encode("utf-8", "backslashreplace")


def _raw(row: ExportRow, _options: ExportOptions) -> bytes:
    return row.line.data


_ENCODERS: Final[dict[Format, Callable[[ExportRow, ExportOptions], bytes]]] = {
    "text": _text,
    "csv": _csv,
    "jsonl": _json,
    "raw": _raw,
}


class _Echo:
    """A file that hands back what is written to it: the csv module wants a file."""

    def write(self, text: str) -> str:
        return text


_sheet: Final = csv.writer(_Echo())


def _cells(cells: Sequence[str]) -> bytes:
    """Return a row of a table (RFC 4180) in which no cell is a formula."""
    harmless = [f"'{cell}" if cell.startswith(_FORMULA) else cell for cell in cells]
    written: str = _sheet.writerow(harmless)
    return written.encode("utf-8", "backslashreplace")


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
        told = {"name": name, "reason": why_not(refusal)}
        return _("%(name)s could not be written: %(reason)s") % told
    if count is None:
        return _("Cancelled: %(name)s was not written.") % {"name": name}
    return _("%(count)s rows written to %(name)s") % {"count": f"{count:,}", "name": name}


def why_not(refusal: Exception) -> str:
    """Return in words why an export failed; `refusal` is what `export` raised."""
    if isinstance(refusal, OSError):
        error = from_oserror(Operation.RECORD, refusal)
        reason = in_short(error) if error.cause is Cause.DISK_FULL else error.detail
        return visible_text(reason, 300)
    return _("The recording cannot be read: %(reason)s") % {
        "reason": visible_text(str(refusal), 200)
    }
