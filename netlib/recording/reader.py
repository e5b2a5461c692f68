"""Reading a recording, while it is written or years later: pages of lines for a view.

Each thread that reads opens its own `Recording`: SQLite connections are not shared.
"""

from __future__ import annotations

import contextlib
import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from netlib.events import Event
from netlib.i18n import _
from netlib.recording.event_json import EVENT, from_json
from netlib.recording.schema import FORMAT
from netlib.recording.store import PRIMARY_CODE
from netlib.teaching.lines import WIRE, Line
from netlib.text import visible_text

CARRY_BYTES = 4096
"""How far back a character split between two chunks is looked for, in bytes."""

CARRY_LINES = 256
"""How far back, in lines of the activity."""

Values = Sequence[object] | Mapping[str, object]
"""What stands for the ? or the :names of a statement."""

OPENING_SECONDS = 2.0
"""How long opening waits: a recording just made is locked for a moment by its writer."""

STEPS = 100_000
"""Steps of SQLite's machine, milliseconds, between two looks whether to give up."""

_LATEST = 253_402_128_000.0
"""The last day that calendars here know; files may claim more."""

_CELLS = f"""
coalesce(min(max(CAST(wall AS REAL), 0.0), {_LATEST}), 0.0), coalesce(CAST(at AS REAL), 0.0),
coalesce(CAST(connection AS INTEGER), 0), CASE WHEN kind IN (0, 1, 2, 3, 4) THEN kind ELSE 0 END,
CAST(peer AS TEXT), CAST(line AS INTEGER), coalesce(CAST(data AS BLOB), x'')"""
"""The cells of a row as what they should be, whatever somebody else wrote into the file."""

LINES = "max(1, min(coalesce(CAST(lines AS INTEGER), 1), coalesce(length(data), 0) + 1))"
"""How many lines a chunk has: one and no more than bytes and one, whatever the file says."""

_PAGE = """
SELECT {cells} FROM chunk
WHERE activity = ?1 AND line < ?3
  AND line >= coalesce((SELECT max(line) FROM chunk WHERE activity = ?1 AND line <= ?2), ?2)
ORDER BY line"""

_BY_ID = """
SELECT id, {cells} FROM chunk WHERE id IN (SELECT value FROM json_each(?))"""

_TAILS = """
SELECT id, connection, kind, coalesce(substr(CAST(data AS BLOB), ?3), x'') FROM chunk
WHERE id > ?1 AND id <= ?2 AND kind IN (1, 2)
  AND connection IN (SELECT value FROM json_each(?4))
ORDER BY id"""

_BEFORE = """
SELECT connection, kind, substr(CAST(data AS BLOB), ?4) FROM chunk
WHERE activity = ?1 AND line < ?3 AND kind > 0 AND length(data) > 0
  AND line >= coalesce((SELECT max(line) FROM chunk WHERE activity = ?1 AND line <= ?2), ?2)
ORDER BY line"""

_ACTIVITIES = """
WITH RECURSIVE one(activity) AS (
  SELECT min(activity) FROM chunk WHERE typeof(activity) = 'integer'
  UNION ALL
  SELECT (SELECT min(activity) FROM chunk WHERE activity > one.activity AND activity < 9e18)
  FROM one WHERE one.activity IS NOT NULL)
SELECT activity, (
  SELECT CAST(line + lines AS INTEGER) FROM chunk
  WHERE activity = one.activity ORDER BY line DESC LIMIT 1)
FROM one WHERE activity IS NOT NULL"""
"""From one activity to the next by the index, which is quick in a file of any size."""

_SIZES = """
SELECT coalesce(sum(CASE WHEN kind = 1 THEN length(data) END), 0),
       coalesce(sum(CASE WHEN kind = 2 THEN length(data) END), 0)
FROM chunk WHERE activity = ?"""

_NO_RECORDING = (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR)
"""What SQLite says of other files, and of databases without our table."""

_IN_WAL_MODE = b"\2\2"
"""Bytes 18 and 19 of a file (sqlite.org/fileformat2.html, 1.3.3): versions to write and to read."""

_TEXT = partial(str, encoding="utf-8", errors="replace")

Tails = dict[tuple[int, int], bytes]
"""The unfinished line of each stream: by connection and direction, at most CARRY_BYTES."""


class RecordingError(Exception):
    """A recording cannot be read now (busy), or no longer (damaged, gone); str() is why."""


class Row(NamedTuple):
    """A chunk or an event as it stands in the file."""

    wall: float
    at: float
    connection: int
    kind: int
    peer: str | None
    line: int
    data: bytes

    @property
    def in_stream(self) -> bool:
        """Whether it may go on with what came before: a datagram and ciphertext do not."""
        return bool(self.connection) and EVENT < self.kind <= WIRE


class Recording:
    """A recording opened for reading. What it cannot read raises RecordingError."""

    def __init__(self, path: Path, patience: float = 2.0) -> None:
        """Open it. ValueError: the file is no recording. RecordingError: it cannot be read.

        `patience`: seconds to wait for a file that is busy before a read fails.
        """
        self.path = path
        uri = f"{path.resolve().as_uri()}?{_mode(path)}"
        with _reading():
            self._db = sqlite3.connect(uri, uri=True, timeout=OPENING_SECONDS, isolation_level=None)
        self._db.text_factory = _TEXT
        try:
            self._check_format()
            self._db.execute(f"PRAGMA busy_timeout = {int(patience * 1000)}")
        except (ValueError, RecordingError):
            self._db.close()
            raise

    def close(self) -> None:
        """Let the file go."""
        self._db.close()

    def _check_format(self) -> None:
        """Raise what the constructor does."""
        try:
            found = self._db.execute("SELECT value FROM meta WHERE key = 'format'").fetchone()
        except sqlite3.Error as refusal:
            code = getattr(refusal, "sqlite_errorcode", sqlite3.SQLITE_ERROR)
            if code & PRIMARY_CODE in _NO_RECORDING:
                raise ValueError(str(self.path)) from refusal
            raise RecordingError(str(refusal)) from refusal
        if found != (FORMAT,):
            raise ValueError(str(self.path))

    def activities(self) -> dict[int, int]:
        """Return how many lines each activity has."""
        return {number: last for number, last in self.select(_ACTIVITIES) if last is not None}

    def sizes(self, activity: int) -> tuple[int, int]:
        """Return how many bytes an activity received, and sent."""
        ((received, sent),) = self.select(_SIZES, (activity,))
        return received, sent

    def select(self, statement: str, values: Values = ()) -> list[tuple[Any, ...]]:
        """Run a statement; it may also fail because it was given up."""
        with _reading():
            return self._db.execute(statement, values).fetchall()

    def give_up_when(self, cancelled: Callable[[], bool]) -> None:
        """End statements that take long when `cancelled()`; it is asked now and then."""
        self._db.set_progress_handler(cancelled, STEPS)

    def lines(self, activity: int, first: int, last: int) -> list[Line]:
        """Return lines `first` to `last` - 1 of an activity; trimmed ones are missing."""
        return list(self.read(activity, first, last))

    def read(self, activity: int, first: int, last: int) -> Iterator[Line]:
        """Yield what `lines` returns, any number, chunk by chunk."""
        with _reading():
            rows = self._db.execute(_PAGE.format(cells=_CELLS), (activity, first, last))
            yield from self._split(activity, rows, first, last)

    def _split(
        self, activity: int, rows: Iterable[tuple[object, ...]], first: int, last: int
    ) -> Iterator[Line]:
        tails: Tails | None = None
        for row in map(Row._make, rows):
            if row.in_stream and tails is None:  # one look back; from here on they follow the rows
                tails = self._tails(activity, row.line)
            cut = _cut(row, {} if tails is None else tails)
            for number in range(max(row.line, first), min(row.line + len(cut.pieces), last)):
                yield cut.line(number - row.line)

    def cuts(self, ids: Sequence[int], after: int) -> dict[int, Cut]:
        """Return chunks and events by their numbers in the file; trimmed ones are missing.

        Those numbered above `after` may have begun what stands in them.
        """
        found = self.select(_BY_ID.format(cells=_CELLS), (json.dumps(list(ids)),))
        rows = {row[0]: Row._make(row[1:]) for row in found}
        streams = {row.connection for row in rows.values() if row.in_stream}
        carried: dict[int, Tails] = {}
        tails: Tails = {}
        if streams:
            between = (after, max(rows), -CARRY_BYTES, json.dumps(list(streams)))
            for id, connection, kind, end in self.select(_TAILS, between):
                way = (connection, kind)
                before = tails.get(way, b"")
                if id in rows:
                    carried[id] = {way: before}
                tails[way] = _unfinished(before, end)
        return {id: _cut(row, carried.get(id, {})) for id, row in rows.items()}

    def _tails(self, activity: int, line: int) -> Tails:
        """Return what each stream had left unfinished before `line`, one look back for all."""
        tails: Tails = {}
        ends = self._db.execute(_BEFORE, (activity, line - CARRY_LINES, line, -CARRY_BYTES))
        for connection, kind, end in ends:
            way = (connection, kind)
            tails[way] = _unfinished(tails.get(way, b""), end)
        return tails


def open_recording(path: Path, patience: float = 2.0) -> Recording:
    """Open the file that somebody chose; ValueError with a translated sentence says why not."""
    name = visible_text(path.name, 200)
    try:
        path.open("rb").close()
        return Recording(path, patience)
    except FileNotFoundError:
        sentence = _("{name} does not exist.").format(name=name)
    except OSError as refusal:
        reason = visible_text(refusal.strerror or str(refusal), 200)
        sentence = _("{name} cannot be opened: {reason}").format(name=name, reason=reason)
    except ValueError:
        sentence = _("{name} is not a Socketboard recording.").format(name=name)
    except RecordingError as refusal:
        reason = visible_text(str(refusal), 200)
        sentence = _("{name} cannot be read: {reason}").format(name=name, reason=reason)
    raise ValueError(sentence)


def _mode(path: Path) -> str:
    """Return how SQLite is to open a file: nothing is written, nor left behind.

    A writer has a WAL beside the file from before it is known until it is complete. Without one a
    file in WAL mode will not change any more; and SQLite, which would make one, need not be asked:
    in a folder that may only be read it could not, elsewhere it would leave it there.
    """
    with contextlib.suppress(OSError), path.open("rb") as file:
        if file.read(len(_IN_WAL_MODE) + 18)[18:] == _IN_WAL_MODE:
            wal = path.with_name(path.name + "-wal")
            return "mode=ro" if wal.exists() else "immutable=1"
    return "mode=ro"


@contextlib.contextmanager
def _reading() -> Iterator[None]:
    """Say what SQLite refused in our own exception: it must never pass for "there is nothing"."""
    try:
        yield
    except sqlite3.Error as refusal:
        raise RecordingError(str(refusal)) from refusal


class Cut(NamedTuple):
    """A chunk cut into lines; or an event, which is one."""

    row: Row
    pieces: list[bytes]
    carry: bytes
    """Belongs to the first line."""
    event: Event | None

    def line(self, index: int) -> Line:
        """Return a line, counted from 0."""
        row, data = self.row, self.pieces[index]
        carry = b"" if index else self.carry
        peer, name = _who(row.peer)
        return Line(
            row.line + index,
            row.wall,
            row.at,
            row.connection,
            row.kind,
            peer,
            data,
            index == 0,
            0 if self.event else len(row.data),
            carry,
            self.event,
            name,
        )


def _who(peer: str | None) -> tuple[str | None, str]:
    """Return the address of the other end, and its nickname."""
    address, _blank, name = (peer or "").partition(" ")
    return (None if peer is None else address), name


def _event(row: Row) -> Event | None:
    """Return an event; None: of a later version, or somebody else wrote the file."""
    try:
        return from_json(row.data.decode("utf-8", "replace"))
    except ValueError:
        return None


def _cut(row: Row, tails: Tails) -> Cut:
    """Cut a chunk, or read an event; `tails` is what streams have left unfinished before it."""
    if row.kind == EVENT:
        event = _event(row)
        return Cut(row, [b"" if event else row.data], b"", event)
    if not row.in_stream:
        return Cut(row, [row.data] if row.kind > WIRE else _lines(row.data), b"", None)
    way = (row.connection, row.kind)
    carry = tails.get(way, b"")
    tails[way] = _unfinished(carry, row.data)
    return Cut(row, _lines(row.data), carry, None)


def _lines(data: bytes) -> list[bytes]:
    *lines, rest = data.split(b"\n")
    lines = [line + b"\n" for line in lines]
    return lines if lines and not rest else [*lines, rest]


def _unfinished(before: bytes, data: bytes) -> bytes:
    """Return the unfinished line after `data`, at most CARRY_BYTES of its end."""
    end = data.rfind(b"\n") + 1
    return (data[end:] if end else before + data)[-CARRY_BYTES:]
