"""The journal: everything that crossed the wire, in order, in one SQLite file (the writing half).

`reader.py` reads it. Anyone can open the file later, here or with sqlite3:

    chunk   one row per chunk or lifecycle event, in the order they happened
            at (monotonic s), wall (s since 1970), activity, connection, kind (0 event, 1 received,
            2 sent; under TLS these are plain text, and 3 and 4 what crossed the wire), peer (whom
            it came from or went to, and after a blank its nickname), line (number of its first line
            in its activity), lines (how many it has), data (the bytes; an event's JSON)
    meta    what the file is

A *line* is what a view shows in one row: a chunk has one for every LF, and one for what follows
the last LF; an empty datagram, an event and ciphertext have one.

The writer thread takes what the engine put, in batches. If it cannot keep up, `full` makes the
engine pause. If the disk fails, what is not written is counted: received = recorded + dropped.
"""

from __future__ import annotations

import contextlib
import errno
import logging
import os
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from netlib.engine.outbox import EventQueue, Item
from netlib.errors import Cause, NetError, Operation, from_oserror
from netlib.events import (
    Accepted,
    Chunk,
    Closed,
    Connected,
    Direction,
    Event,
    Named,
    Plaintext,
    WireChunk,
)
from netlib.recording.event_json import EVENT, to_json
from netlib.teaching.lines import WIRE
from netlib.text import count_lf

log = logging.getLogger(__name__)

RECEIVED = Direction.RECEIVED

FORMAT = "socketboard-1"
QUOTA = 1 << 30
"""Bytes the recording of a window may take on the disk before its oldest chunks go."""

PAGE = 16_384
BATCH_SECONDS = 0.05
"""Shortest time between two commits: many small ones would cost more than they bring."""

BATCH_ITEMS = 16_000
CHECKPOINT_PAGES = 4000
"""Pages (64 MB) between two merges of the WAL into the file: pages written often merge once."""
FLUSH_STEP_SECONDS = 0.002
TRIM_BYTES = 4 << 20
"""How far below the quota a trim goes, so that not every batch needs one."""

ROW_BYTES = 96
"""What a row costs besides its data, roughly."""

PRIMARY_CODE = 0xFF
"""What SQLite adds above these bits only says where it happened."""

_ERRNO = {
    sqlite3.SQLITE_FULL: errno.ENOSPC,
    sqlite3.SQLITE_READONLY: errno.EACCES,
    sqlite3.SQLITE_PERM: errno.EACCES,
    sqlite3.SQLITE_CANTOPEN: errno.EACCES,
}
"""What the system would have said; all else is an input/output error."""

SCHEMA = """
CREATE TABLE IF NOT EXISTS meta(key TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS chunk(
    id INTEGER PRIMARY KEY, at REAL, wall REAL, activity INTEGER, connection INTEGER,
    kind INTEGER, peer TEXT, line INTEGER, lines INTEGER, data BLOB);
CREATE INDEX IF NOT EXISTS chunk_line ON chunk(activity, line);
"""

GROUP = 500
"""Rows written by one statement: fewer statements hand the GIL to and fro less often."""
COLUMNS = 9
INTO = "INSERT INTO chunk(at, wall, activity, connection, kind, peer, line, lines, data) VALUES "
ROW = "(?,?,?,?,?,?,?,?,?)"
INSERT_GROUP = INTO + ",".join([ROW] * GROUP)

Value = float | str | bytes | None
"""What SQLite keeps in a column; whole numbers are floats to Python's types."""


class Journal(EventQueue):
    """Writes a recording: a queue for the network whose consumer is a file.

    Figures are plain numbers written by the journal thread, exact after each commit.
    """

    def __init__(self, path: Path, quota: int | None = None) -> None:
        """Create the file. Raises OSError when that cannot be done.

        `quota`: bytes it may take on the disk before its oldest chunks go; None: nothing ever goes.
        FileExistsError: there is a file, not empty; a recording is never written over.
        """
        super().__init__()
        self.path = path
        self.error: NetError | None = None
        """Why nothing is recorded any more."""
        self.recorded = {1: 0, 2: 0}
        """Bytes in the file (or trimmed from it), by direction."""
        self.dropped = {1: 0, 2: 0}
        """Bytes that could not be written, by direction."""
        self._uncounted = 0
        """Bytes of plain text above a layer: they crossed the wire as others, which are counted."""
        self.lines: dict[int, int] = {}
        """Lines recorded, by activity."""
        self.trimmed = 0
        """Oldest chunks and events that went because of the quota."""
        self._quota = quota
        self._next_line: dict[int, int] = {}
        self._peers: dict[int, str] = {}
        self._stop = threading.Event()
        self._unwanted = False
        self._idle = threading.Event()
        # By the caller: a file that cannot be made is the caller's to tell. It stays open from here
        # to the end: a file in WAL mode with no WAL beside it has no writer (see `reader`).
        self._db = create(path)
        self._thread = threading.Thread(target=self._run, name="socketboard-journal", daemon=True)
        self._thread.start()

    def close(self, timeout: float = 5.0) -> bool:
        """Write what waits, then end the thread; True: it is gone. Call after Network.close."""
        self._stop.set()  # before the wake-up: the thread looks at it next
        self.wake()
        self._thread.join(timeout)
        return not self._thread.is_alive()

    def discard(self, timeout: float = 5.0) -> bool:
        """End the thread at once; what waits is not written. For a file that nobody will read."""
        self._unwanted = True  # before the stop, which asks for it
        return self.close(timeout)

    def flush(self, timeout: float = 5.0) -> bool:
        """Wait until everything put before this call is in the file."""
        until = time.monotonic() + timeout
        self.wake()
        while self.waiting() or not self._idle.is_set():
            if time.monotonic() > until:
                return False
            time.sleep(FLUSH_STEP_SECONDS)
        return True

    # -- the journal thread ----------------------------------------------------------------------

    def _run(self) -> None:
        try:
            with writing(), contextlib.closing(self._db) as db:
                self._serve(lambda items: self._write(db, items))
                if not self._unwanted:
                    leave_wal(db)
        except OSError as refusal:
            log.warning("recording stopped: %s", refusal)
            error = from_oserror(Operation.RECORD, refusal)
            self.error = NetError(Operation.RECORD, error.cause, detail=error.detail)
        except Exception as bug:  # the outermost frame of this thread
            log.exception("bug in the journal")
            self.error = NetError(Operation.RECORD, Cause.UNKNOWN, detail=str(bug))
        self._serve(self._drop)  # the engine goes on putting, and must not run out of room

    def _serve(self, write: Callable[[list[Item]], None]) -> None:
        """Hand batches to `write` until the journal is closed and nothing waits."""
        while not (self._stop.is_set() and (self._unwanted or not self.waiting())):
            if not self.waiting():
                self._idle.set()
                self.wait(0.5)
                continue
            # Not idle before anything is taken: `flush` would find an empty queue, and believe that
            # what is on its way is written. Room only after writing: till then it is in memory.
            self._idle.clear()
            items = self.take_uncounted(BATCH_ITEMS)
            before = self._handled
            write(items)
            self.release(self._handled - before)
            self._idle.set()
            if len(items) < BATCH_ITEMS:
                self._stop.wait(BATCH_SECONDS)  # a sleep that `close` ends
        self._idle.set()

    def _write(self, db: sqlite3.Connection, items: list[Item]) -> None:
        try:
            values, received, sent = self._values(items)
            with db:
                _insert(db, values)
        except BaseException:
            self._drop(items)
            raise
        # After the commit: who sees these figures can read the lines. A batch that failed has moved
        # `_next_line` on, but nothing is written after it.
        self.recorded[1] += received
        self.recorded[2] += sent
        self.lines.update(self._next_line)
        self._trim(db)

    def _drop(self, items: list[Item]) -> None:
        for item in items:
            if isinstance(item, Plaintext):
                self._uncounted += len(item.data)
            elif isinstance(item, Chunk):
                self.dropped[item.direction] += len(item.data)

    @property
    def _handled(self) -> int:
        """Bytes recorded or dropped so far, those that are in no figure included."""
        return sum(self.recorded.values()) + sum(self.dropped.values()) + self._uncounted

    def _values(self, items: list[Item]) -> tuple[list[Value], int, int]:
        """Return the columns of all rows, row after row, and the bytes received and sent.

        The hot path of this thread: one pass, no calls that can be avoided.
        """
        wall = time.time() - time.monotonic()
        next_line, peers = self._next_line, self._peers
        values: list[Value] = []
        add = values.extend
        received = sent = 0
        for item in items:
            if type(item) is Chunk:
                at, activity, connection, direction, peer, data = item
                if direction is RECEIVED:
                    kind = 1
                    received += len(data)
                else:
                    kind = 2
                    sent += len(data)
                lines = count_lf(data) + (data[-1:] != b"\n")
                who = peers.get(connection) if peer is None else str(peer)
                line = next_line.get(activity, 0)
                next_line[activity] = line + lines
                add((at, at + wall, activity, connection, kind, who, line, lines, data))
            elif isinstance(item, Chunk):
                add(self._layered_values(item, wall))
                on_wire = len(item.data) if isinstance(item, WireChunk) else 0
                received += on_wire if item.direction is RECEIVED else 0
                sent += 0 if item.direction is RECEIVED else on_wire
            else:
                add(self._event_values(item, wall))
        return values, received, sent

    def _layered_values(self, chunk: Chunk, wall: float) -> tuple[Value, ...]:
        """Return the columns of what crossed the wire below a layer (TLS), or is read above it.

        The first is one line, whatever bytes are in it; only the first counts as received or sent.
        """
        at, activity, connection, direction, _peer, data = chunk
        if isinstance(chunk, WireChunk):
            kind, lines = direction + WIRE, 1
        else:
            kind, lines = int(direction), count_lf(data) + (data[-1:] != b"\n")
            self._uncounted += len(data)
        line = self._next_line.get(activity, 0)
        self._next_line[activity] = line + lines
        who = self._peers.get(connection)
        return at, at + wall, activity, connection, kind, who, line, lines, data

    def _event_values(self, event: Event, wall: float) -> tuple[Value, ...]:
        connection, activity = getattr(event, "connection", 0), event.activity
        line = self._next_line.get(activity, 0)
        self._next_line[activity] = line + 1
        who = self._peer_of(event, connection)
        at = event.at
        return at, at + wall, activity, connection, EVENT, who, line, 1, to_json(event)

    def _peer_of(self, event: Event, connection: int) -> str | None:
        """Return who an event is about; remember the peer of a connection while it is open."""
        if isinstance(event, Closed):
            return self._peers.pop(connection, None)
        if isinstance(event, Accepted | Connected) and connection:
            self._peers[connection] = str(event.peer)
        elif isinstance(event, Named):
            address = self._peers.get(connection, "").partition(" ")[0]
            self._peers[connection] = f"{address} {event.name}"
        return self._peers.get(connection)

    def _trim(self, db: sqlite3.Connection) -> None:
        """Past the quota: let the oldest go, by their size, and a little more than needed."""
        if (quota := self._quota) is None:
            return
        while (excess := used_bytes(db) - quota) > 0:
            last = _oldest(db, excess + min(TRIM_BYTES, quota // 8))
            with db:
                gone = db.execute("DELETE FROM chunk WHERE id <= ?", (last,)).rowcount
            self.trimmed += gone
            if not gone:
                return


def _insert(db: sqlite3.Connection, values: list[Value]) -> None:
    """Write rows: most in groups, the rest in one smaller group."""
    size = GROUP * COLUMNS
    whole = len(values) // size * size
    for start in range(0, whole, size):
        db.execute(INSERT_GROUP, values[start : start + size])
    if rest := values[whole:]:
        db.execute(INTO + ",".join([ROW] * (len(rest) // COLUMNS)), rest)


def _oldest(db: sqlite3.Connection, size: int) -> int:
    """Return the last id of the oldest rows that take `size` bytes together."""
    last = -1
    for number, length in db.execute("SELECT id, length(data) FROM chunk ORDER BY id"):
        last = int(number)
        size -= length + ROW_BYTES
        if size <= 0:
            break
    return last


def used_bytes(db: sqlite3.Connection) -> int:
    """Return how much of the file is in use."""
    pages = db.execute("PRAGMA page_count").fetchone()[0]
    free = db.execute("PRAGMA freelist_count").fetchone()[0]
    return int((pages - free) * PAGE)


@contextlib.contextmanager
def writing() -> Iterator[None]:
    """Raise what SQLite refuses as an OSError with SQLite's words: nobody else knows SQLite."""
    try:
        yield
    except sqlite3.Error as refusal:
        code = getattr(refusal, "sqlite_errorcode", 0) & PRIMARY_CODE
        raise OSError(_ERRNO.get(code, errno.EIO), str(refusal)) from refusal


def create(path: Path) -> sqlite3.Connection:
    """Make an empty recording at `path` and return it, for any one thread. Raises OSError.

    A new file is its owner's alone, and what SQLite puts beside it has the same mode.
    """
    if not path.exists():  # O_EXCL: a link that leads nowhere is not followed
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
    elif path.stat().st_size:
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path))
    with writing(), contextlib.ExitStack() as undo:
        db = undo.enter_context(contextlib.closing(connect(path)))
        db.executescript(SCHEMA)
        with db:
            db.execute("INSERT OR REPLACE INTO meta VALUES ('format', ?)", (FORMAT,))
            db.execute("INSERT OR REPLACE INTO meta VALUES ('begun', ?)", (str(time.time()),))
        undo.pop_all()
    return db


def leave_wal(db: sqlite3.Connection) -> None:
    """Make one plain file of a recording that is complete: it may go to where nobody may write.

    While somebody reads it, it stays as it is, and can be read all the same.
    """
    db.execute("PRAGMA busy_timeout=0")
    with contextlib.suppress(sqlite3.OperationalError):  # locked by a reader
        db.execute("PRAGMA journal_mode=DELETE")


def connect(path: Path) -> sqlite3.Connection:
    """Open a recording for writing.

    WAL lets views read while we write. Without fsync a crash of this program loses nothing that
    was committed; only a crash of the whole computer may.
    """
    db = sqlite3.connect(path, timeout=5.0, check_same_thread=False)
    db.execute(f"PRAGMA page_size={PAGE}")  # before WAL, which fixes it
    db.execute("PRAGMA journal_mode=WAL")
    db.execute("PRAGMA synchronous=OFF")
    db.execute(f"PRAGMA wal_autocheckpoint={CHECKPOINT_PAGES}")
    return db
