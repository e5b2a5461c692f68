"""What every writer of an export is: rows in, the bytes of one format out."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple

from netlib.events import Direction
from netlib.recording.event_json import EVENT
from netlib.recording.row_index import Span
from netlib.recording.timeline import Order
from netlib.teaching.lines import WIRE, Format, Line, View
from netlib.value import value

KINDS: Final = {
    EVENT: "event",
    **{int(way): way.name.lower() for way in Direction},
    **{way + WIRE: f"wire_{way.name.lower()}" for way in Direction},
}
"""What other programs read of a row's kind."""


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
    """Turns the rows of one export into bytes, in their order."""

    def __init__(self, options: ExportOptions) -> None:
        self.options = options

    def head(self) -> bytes:
        """Return what a file begins with."""
        return b""

    @abstractmethod
    def row(self, row: ExportRow) -> bytes:
        """Return what a file holds of a row."""

    @staticmethod
    def files(path: Path) -> dict[int, Path]:
        """Return the file for each kind of row; a kind without one is left out."""
        return dict.fromkeys(KINDS, path)


def utf8(text: str) -> bytes:
    """Return text as files hold it; what no UTF-8 can hold, half a surrogate pair, is escaped."""
    return text.encode("utf-8", "backslashreplace")
