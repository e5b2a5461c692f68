"""What every writer of an export is: a recording in, the bytes of one format out."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final, Protocol

from netlib.events import Direction
from netlib.i18n import N_
from netlib.recording.event_json import EVENT
from netlib.recording.reader import Recording
from netlib.recording.row_index import Span
from netlib.recording.timeline import Order, in_order
from netlib.teaching.lines import WIRE, Format, Line, View
from netlib.value import NamedTuple, value

ROWS_A_TURN: Final = 256
"""Rows between two calls of `Turn`."""

KINDS: Final = {
    EVENT: "event",
    **{int(way): way.name.lower() for way in Direction},
    **{way + WIRE: f"wire_{way.name.lower()}" for way in Direction},
}
"""What other programs read of a row's kind."""


class Out(Protocol):
    """Where bytes go: a file, or standard output."""

    def write(self, data: bytes, /) -> object:
        """Take them."""


Turn = Callable[[float], None]
"""Called every now and then with the share that is done, 0 to 1; may raise, to give up."""


class ExportRow(NamedTuple):
    """A line of a recording and what is known around it."""

    activity: int
    line: Line
    previous: Line | None
    """The row before it in the same file."""


@value(kw_only=True)
class ExportOptions:
    """Which rows to write, and how."""

    recording: Path
    lines: Order | tuple[Span, ...]
    """In which order."""
    positions: Sequence[int] | None = None
    """Of these lines, ascending: a range without gaps, or what a search found. None: all."""
    format: Format
    encoding: str = "utf-8"
    view: View = "log"
    """How the text form looks."""
    numbered: bool = False
    """The text form says of each row which activity's it is."""


class Writer(ABC):
    """Writes what one export asks for, in one format."""

    written = N_("{count} rows written to {name}")
    """How its end is told."""

    def __init__(self, options: ExportOptions) -> None:
        self.options = options

    @abstractmethod
    def write(self, recording: Recording, outs: Mapping[int, Out], turn: Turn) -> int:
        """Write, to the `Out` of each kind of row; return how many. Raises RecordingError."""

    @staticmethod
    def files(path: Path) -> dict[int, Path]:
        """Return the file for each kind of row; a kind without one is left out."""
        return dict.fromkeys(KINDS, path)


class RowWriter(Writer):
    """Turns rows into bytes one by one, in their order."""

    def head(self) -> bytes:
        """Return what a file begins with."""
        return b""

    @abstractmethod
    def row(self, row: ExportRow) -> bytes:
        """Return what a file holds of a row."""

    def write(self, recording: Recording, outs: Mapping[int, Out], turn: Turn) -> int:
        """Write the rows."""
        index, positions = in_order(self.options.lines), self.options.positions
        positions = range(index.total) if positions is None else positions
        for file in set(outs.values()):
            file.write(self.head())
        count = 0
        previous: Line | None = None
        for seen, (_position, activity, line) in enumerate(index.lines(recording, positions)):
            if seen % ROWS_A_TURN == 0:
                turn(seen / len(positions))
            if (out := outs.get(line.kind)) is not None:
                out.write(self.row(ExportRow(activity, line, previous)))
                count += 1
            previous = line
        return count


def utf8(text: str) -> bytes:
    """Return text as files hold it; what no UTF-8 can hold, half a surrogate pair, is escaped."""
    return text.encode("utf-8", "backslashreplace")
