"""The log of a server: a line for everything that happens, as many as a terminal can take."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from typing import Final

from netlib import (
    Accepted,
    ActivityStopped,
    Chunk,
    Closed,
    Crashed,
    EventQueue,
    Failed,
    Item,
    Items,
    Listening,
    Record,
    Rejected,
    Unanswered,
    WireChunk,
    ngettext,
    now,
    visible_text,
    wall_clock,
)
from netlib.cli.console import Console
from netlib.cli.reports import ConnectionText
from netlib.teaching.lines import LOG, LogEntry, format_row

LINES_A_SECOND: Final = 10_000
"""Lines or datagrams shown for long: nobody reads as many, more would take the server's time."""

LINES_AT_ONCE: Final = 10_000
"""Lines or datagrams shown at once, after a pause."""

TURN_SECONDS: Final = 0.05
"""Shortest time between two turns of the log."""

CHUNK_ROOM: Final = 4 << 20
"""Bytes that may wait to be shown."""

EVENT_ROOM: Final = 100_000
"""How much may wait before even who comes and goes is no longer told."""

_TOLD_ELSEWHERE: Final = (Listening, Failed, Crashed, ActivityStopped)
"""On the first line, on standard error, or by the end of the log itself."""


class LossyQueue(EventQueue):
    """A queue that never makes the network wait: what finds no room is counted instead."""

    def __init__(self) -> None:
        super().__init__()
        self.put = self._put_if_room
        self._told: deque[Item] = deque()
        self._reads = Items()
        self.room = LINES_AT_ONCE
        """How many items may wait while messages are among them; written by the log."""
        self.missed_messages = 0
        """Lines or datagrams that found no room; written by the engine."""
        self.missed_bytes = 0
        self.missed_events = 0
        self._waiting_in = self._waiting_out = 0
        """Bytes of chunks that were put, and taken."""

    def _put_if_room(self, record: Record) -> None:
        waiting, item = len(self._told), self._reads.item(record)
        if not isinstance(item, Chunk):
            if item is not None:
                self._tell_if_room(item, waiting)
        elif waiting < self.room and self._waiting_in - self._waiting_out < CHUNK_ROOM:
            self._waiting_in += len(item.data)
            self._told.append(item)
        else:
            self.missed_messages += messages_in(item)
            self.missed_bytes += len(item.data)

    def _tell_if_room(self, event: Item, waiting: int) -> None:
        if waiting < EVENT_ROOM:
            self._told.append(event)
        else:
            self.missed_events += 1

    def take(self, limit: int = LINES_AT_ONCE) -> list[Item]:
        """Return up to `limit` items, oldest first; at once, perhaps none."""
        items = [self._told.popleft() for _ in range(min(limit, len(self._told)))]
        self._waiting_out += sum(len(item.data) for item in items if isinstance(item, Chunk))
        return items

    def waiting(self) -> int:
        """Return how many items there are to take."""
        return len(self._told)

    def end_turn(self, _size: int) -> bool:
        """Wake the reader; there is always room."""
        super().end_turn(0)
        return False

    def full(self) -> bool:
        """Tell that there is always room."""
        return False


class Log:
    """Prints what happens, with clock and peer; what is too much is counted."""

    def __init__(self, console: Console, encoding: str) -> None:
        self._console = console
        self._reader = ConnectionText(encoding)
        self._seen_messages = self._seen_bytes = self._seen_events = 0
        self._allowance = LINES_AT_ONCE
        self._turn_at = now()

    def show(self, items: list[Item], queue: LossyQueue) -> None:
        """Print a turn's items, and how much was not printed; all in one write."""
        offset = wall_clock.offset()
        room = self._refill()
        messages, size = queue.missed_messages, queue.missed_bytes
        hidden, hidden_bytes = messages - self._seen_messages, size - self._seen_bytes
        self._seen_messages, self._seen_bytes = messages, size
        rows: list[str] = []
        for item in items:
            count = messages_in(item) if isinstance(item, Chunk) else 0
            if count > room:
                assert isinstance(item, Chunk)
                hidden, hidden_bytes = hidden + count, hidden_bytes + len(item.data)
                continue
            room -= count
            rows.extend(self._rows(item, offset))
        if hidden:
            self._reader.lose_track()
            rows.append(_not_printed(hidden, hidden_bytes))
        if missed := queue.missed_events - self._seen_events:
            self._seen_events += missed
            rows.append(_not_told(missed))
        if rows:
            self._console.line("\n".join(rows))
        self._allowance = room
        queue.room = room + int(LINES_A_SECOND * TURN_SECONDS)

    def _refill(self) -> int:
        """Return how many messages may be shown in this turn."""
        before, self._turn_at = self._turn_at, now()
        gained = (self._turn_at - before) * LINES_A_SECOND
        return int(min(LINES_AT_ONCE, self._allowance + gained))

    def _rows(self, item: Item, offset: float) -> Iterator[str]:
        wall, peer = item.at + offset, self._reader.peer(item)
        if isinstance(item, WireChunk):
            return
        if isinstance(item, Chunk):
            for line in _lines(item, self._reader.text(item)):
                entry = LogEntry(wall, item.direction, visible_text(line), peer)
                yield format_row(entry, LOG)[1]
        elif not isinstance(item, _TOLD_ELSEWHERE):
            # The sentences of these name the peer.
            told = isinstance(item, Accepted | Rejected | Unanswered)
            yield format_row(LogEntry(wall, item, peer="" if told else peer), LOG)[1]
        if isinstance(item, Closed):
            self._reader.forget(item.connection)


def messages_in(chunk: Chunk) -> int:
    """Return how many lines of the log a chunk makes: one for each line in it, or datagram.

    What crossed the wire below TLS makes none: the plain text is told.
    """
    if isinstance(chunk, WireChunk):
        return 0
    if chunk.peer is not None:
        return 1
    data = chunk.data
    return data.count(b"\n") + (not data.endswith(b"\n"))


def _lines(chunk: Chunk, text: str) -> list[str]:
    """Cut the text of a chunk into lines, ends included; a datagram is shown whole."""
    if chunk.peer is not None:
        return [text]
    *lines, last = text.split("\n")
    return [f"{line}\n" for line in lines] + ([last] if last else [])


def _not_printed(count: int, size: int) -> str:
    template = ngettext(
        "… {count:,} more message ({size:,} bytes) not printed; --record FILE keeps everything",
        "… {count:,} more messages ({size:,} bytes) not printed; --record FILE keeps everything",
        count,
    )
    return template.format(count=count, size=size)


def _not_told(count: int) -> str:
    template = ngettext(
        "… {count:,} more event not printed; --record FILE keeps everything",
        "… {count:,} more events not printed; --record FILE keeps everything",
        count,
    )
    return template.format(count=count)
