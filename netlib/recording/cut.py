"""Chunks of a recording cut into lines, with what a stream had left unfinished before each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from netlib.events import Direction, Event
from netlib.recording.event_json import EVENT, from_json
from netlib.teaching.lines import WIRE, Line
from netlib.value import NamedTuple

CARRY_BYTES: Final = 4096
"""How far back a character split between two chunks is looked for, in bytes."""

CARRY_LINES: Final = 256
"""How far back, in lines of the activity."""

LATEST: Final = 253_402_128_000.0
"""The last day that calendars here know; files may claim more."""

EVENT_BYTES: Final = 1 << 20
"""Longest text that is read as an event."""

_FEW: Final = 16
"""So many line feeds are found one by one, more are counted."""

_BLOCK: Final = 64 << 10

Way = tuple[int, int]
"""A connection and a direction."""

Tails = dict[Way, bytes]
"""The unfinished line of each stream, at most CARRY_BYTES."""


class Row(NamedTuple):
    """A chunk or an event as it stands in the file."""

    wall: float
    at: float
    connection: int
    kind: int
    peer: str | None
    """Address of the other end, and after a blank its nickname."""
    line: int
    data: bytes
    """Of a chunk that is one line perhaps only its beginning."""
    size: int
    """Bytes of the whole chunk."""
    lost: str = ""
    """Why lines from here on cannot be read, to be translated."""

    @property
    def in_stream(self) -> bool:
        """Whether it may go on with what came before: a datagram and ciphertext do not."""
        return is_stream(self.connection, self.kind)


class Cut(NamedTuple):
    """A chunk that can be cut into lines; or an event, which is one."""

    row: Row
    carry: bytes = b""
    """Belongs to the first line."""
    event: Event | None = None

    def pick(self, indexes: Iterable[int], limit: int | None = None) -> Iterator[tuple[int, Line]]:
        """Yield lines, counted from 0 and ascending, while there are any.

        `limit`: most bytes of a line that are returned; the others are counted.
        """
        row, event, carry = self.row, self.event, self.carry
        wall, at, connection, kind, whole_peer, first, whole, size, lost = row
        peer, _blank, name = (whole_peer or "").partition(" ")
        shown = None if whole_peer is None else peer
        beyond = size - len(whole)
        if lost:  # one row for all of them
            for index in indexes:
                line = Line(
                    first + index, wall, at, connection, kind, shown, b"", True, 0, lost=lost
                )
                yield index, line
                return
        for index, piece in self._pieces(indexes):
            data = piece[:limit]
            more = len(piece) - len(data) + beyond
            begun = b"" if index else carry
            # fmt: off
            yield index, Line(first + index, wall, at, connection, kind, shown, data, not index,
                              size, begun, event, name, more)
            # fmt: on

    def _pieces(self, indexes: Iterable[int]) -> Iterator[tuple[int, bytes]]:
        data, one = self.row.data, self.row.kind == EVENT or self.row.kind > WIRE
        at = number = 0
        for index in indexes:
            if index > number:
                at = -1 if one else after_lines(data, at, index - number)
            if at < 0 or (at == len(data) and index):
                return
            end = len(data) if one else data.find(b"\n", at) + 1 or len(data)
            yield index, data[at:end]
            at, number = end, index + 1
            if at == len(data):
                return


def cut(row: Row, tails: Tails, end: bytes | None = None) -> Cut:
    """Read an event, or take up in `tails` what streams have left unfinished before a chunk.

    `end`: the last bytes of a chunk of which the row has only the first.
    """
    if row.kind == EVENT:
        event = _event(row.data)
        return Cut(row if event is None else row._replace(data=b"", size=0), event=event)
    if not row.in_stream:
        return Cut(row)
    way = (row.connection, row.kind)
    carry = tails.get(way, b"")
    tails[way] = unfinished(carry, row.data if end is None else end)
    return Cut(row, carry)


def is_stream(connection: int, kind: int) -> bool:
    """Tell whether what has this kind is part of a stream."""
    return bool(connection) and kind in (Direction.RECEIVED, Direction.SENT)


def unfinished(before: bytes, data: bytes) -> bytes:
    """Return the unfinished line after `data`, at most CARRY_BYTES of its end."""
    end = data.rfind(b"\n") + 1
    return (data[end:] if end else before + data)[-CARRY_BYTES:]


def after_lines(data: bytes, at: int, count: int) -> int:
    """Return where, after `at`, the line begins that follows `count` others; -1: there is none."""
    while count > _FEW:
        counted = data.count(b"\n", at, at + _BLOCK)
        if counted >= count:
            break
        at, count = at + _BLOCK, count - counted
        if at >= len(data):
            return -1
    for _number in range(count):
        at = data.find(b"\n", at) + 1
        if not at:
            return -1
    return at


def calendar(wall: float) -> float:
    """Return seconds since 1970 that calendars know, whatever a file claims."""
    return min(max(wall, 0.0), LATEST)


def _event(data: bytes) -> Event | None:
    """Return an event; None: of a later version, or somebody else wrote the file."""
    try:
        return from_json(data.decode("utf-8", "replace")) if len(data) <= EVENT_BYTES else None
    except ValueError:
        return None
