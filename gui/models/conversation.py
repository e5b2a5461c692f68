"""A conversation: the lines two people would remember, made of what a recording holds.

The traffic view shows chunks as the socket gave them. Here text is put together again over any
number of reads, and nothing is lost at their borders; a last line without LF is shown when the
connection ends. Only the newest rows are kept: everything is in the recording.
"""

from __future__ import annotations

import re
from collections import deque
from itertools import islice
from typing import Final

from gui.models.backend import Source
from gui.models.rows import Row
from gui.models.speakers import Speakers
from gui.models.traffic import cannot_read
from netlib import (
    N_,
    Closed,
    Direction,
    Event,
    Finished,
    Idle,
    LineSplitter,
    PeerFinished,
    _,
    language,
    visible,
)
from netlib.teaching.lines import TALK, Line, LogEntry, format_row
from netlib.teaching.narrate import severity
from netlib.value import NamedTuple

KEPT: Final = 5000
"""Rows in memory."""

LINES_A_TICK: Final = 400
"""Lines read at once: a window shows some forty."""

BEHIND: Final = 4000
"""So far behind, it skips: nobody can read that fast."""

LINE_LIMIT: Final = 64 * 1024
"""Longest line put together; more is shown in pieces."""

_SKIPPED = N_("… {count} lines came too fast to show; the traffic view has them")

CONNECTIONS: Final = 3
"""Newest connections that are read: the last words of one may be recorded after the next began."""


_SAID: Final = r"([^\s*:/,]{1,20}): "
"""A line as a chat room passes it on: the sender's name, as the room allows it, and a colon."""


class _Entry(NamedTuple):
    """A message, an event, or how many lines nobody could have read."""

    wall: float
    what: Direction | Event | None
    """Which way it went, or what happened; None: lines were skipped."""
    data: bytes = b""
    skipped: int = 0


class _Reading:
    """How far one connection has been read, and the line that is not complete yet."""

    def __init__(self, activity: int) -> None:
        self.activity = activity
        self.lines = 0
        self.splitter = LineSplitter(LINE_LIMIT)


class Conversation:
    """A `RowSource`: the newest rows of one chat client."""

    def __init__(self, source: Source, speakers: Speakers) -> None:
        self._source, self._speakers = source, speakers
        self._entries: deque[_Entry] = deque(maxlen=KEPT)
        self._readings: deque[_Reading] = deque(maxlen=CONNECTIONS)
        self._cleared: list[_Entry] = []
        self._changes = 0
        self._encoding = "utf-8"
        self._failure = ""
        """Why the recording could not be read at the last try."""

    def listen(self, activity: int) -> None:
        """Go on with a new connection; what was said stays."""
        self._readings.append(_Reading(activity))

    def set_encoding(self, encoding: str) -> None:
        """Decode by another (known) encoding."""
        self._encoding = encoding
        self._changes += 1

    def clear(self) -> int:
        """Begin anew with what comes next; return how many rows that takes away."""
        count = len(self._entries)
        if count:
            self._cleared = [*self._entries]
            self._entries.clear()
            self._changes += 1
        return count

    def restore(self) -> None:
        """Bring back what was cleared last."""
        self._entries = deque([*self._cleared, *self._entries], maxlen=KEPT)
        self._cleared = []
        self._changes += 1

    def data(self, first: int, last: int) -> list[bytes]:
        """Return the bytes of rows `first` to `last` - 1; b"" for what is no message."""
        return [entry.data for entry in islice(self._entries, first, last)]

    def refresh(self) -> None:
        """Read on; called at every tick, costs nothing when nothing is new."""
        from netlib.recording.reader import RecordingError

        for reading in self._readings:
            total = self._source.lines(reading.activity)
            if total > reading.lines:
                try:
                    self._read(reading, total)
                    self._failure = ""
                except RecordingError as refusal:  # nothing is passed over: the next tick reads it
                    self._failure = str(refusal)
                self._changes += 1

    def _read(self, reading: _Reading, total: int) -> None:
        if total - reading.lines > BEHIND:
            skipped = total - LINES_A_TICK - reading.lines
            self._entries.append(_Entry(0.0, None, skipped=skipped))
            reading.lines += skipped
            reading.splitter.rest()
        until = min(total, reading.lines + LINES_A_TICK)
        lines = self._source.recording.lines(reading.activity, reading.lines, until)
        for line in lines:
            self._take(line, reading.splitter)
        reading.lines = until

    def _take(self, line: Line, splitter: LineSplitter) -> None:
        if line.event is not None:
            if isinstance(line.event, PeerFinished | Closed):
                self._add(line.wall, Direction.RECEIVED, splitter.rest())
            if _is_news(line.event):
                self._entries.append(_Entry(line.wall, line.event))
        elif line.kind == Direction.SENT:
            self._add(line.wall, Direction.SENT, line.data)
        elif line.kind == Direction.RECEIVED:  # else ciphertext, which nobody said
            for message in splitter.feed(line.data):
                self._add(line.wall, Direction.RECEIVED, message)

    def _add(self, wall: float, direction: Direction, data: bytes) -> None:
        if data:
            self._entries.append(_Entry(wall, direction, data))

    # -- RowSource -------------------------------------------------------------------------------

    def count(self) -> int:
        """Return the number of rows there are now."""
        return len(self._entries) + bool(self._failure)

    def version(self) -> int:
        """Return a number that changes when rows already shown may look different."""
        return self._changes * 2 + (language() == "zh")

    def rows(self, first: int, last: int) -> list[Row]:
        """Format rows `first` to `last` - 1."""
        entries = self._entries
        rows = [self._format(entries[at]) for at in range(max(first, 0), min(last, len(entries)))]
        if self._failure and last > len(entries):
            rows.append(cannot_read(self._failure))
        return rows

    def _format(self, entry: _Entry) -> Row:
        if entry.what is None:
            return Row("warn", _(_SKIPPED).format(count=f"{entry.skipped:,}"))
        text = visible(entry.data.rstrip(b"\r\n"), self._encoding)
        row = Row(*format_row(LogEntry(entry.wall, entry.what, text), TALK))
        said = re.match(_SAID, text) if entry.what is Direction.RECEIVED else None
        if said is None:
            return row
        return row._replace(client=self._speakers.number(said[1]), speaker=said[1])


def _is_news(event: Event) -> bool:
    """Tell whether people who chat want to read of it."""
    ends = isinstance(event, PeerFinished | Closed | Finished | Idle)
    return ends or severity(event) != "info"
