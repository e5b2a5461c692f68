"""The files of a recording that is being written: the database, and the segments beside it.

While a window records for itself, payload goes to plain files that are only appended to, ten times
as fast as into the database. A recording for people to keep has everything in one file.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
from array import array
from collections.abc import Sequence
from itertools import chain
from pathlib import Path
from typing import Final

from netlib.recording.new_file import DATABASE_PAGE, Place, create
from netlib.recording.packer import FlowRow
from netlib.recording.packets import INSERT_PACKET, CapturedPacket
from netlib.recording.page import Page
from netlib.recording.schema import INSERT_FLOW, segment_path
from netlib.recording.writing import is_locked, writing

WRITE_BYTES: Final = 64 << 10
"""Longest write of joined bytes: longer ones were never quicker, and some were ten times slower."""

PIECES: Final = 1000
"""Most pieces of one `writev`; the system allows 1024."""

FLOWS_AT_ONCE: Final = 200
"""Flows that are put in by one statement; SQLite takes a thousand values for sure."""

_writev = getattr(os, "writev", None)
_allocate = getattr(os, "posix_fallocate", None)
"""Windows has neither."""

SEGMENTS: Final = 16
"""The oldest of so many parts goes when the quota is reached."""

STEPS: Final = 16
"""In so many steps a segment takes its room on the disk, each before it is written."""

COLUMN_BYTES: Final = 16
"""What the columns take for each chunk, roughly."""

ROW_BYTES: Final = 200
"""What a row costs besides its columns, roughly."""

_INSERT: Final = f"INSERT INTO page VALUES (?, {', '.join('?' * len(Page._fields))})"  # noqa: S608


class Store:
    """A recording for one thread to write. Every method may raise OSError."""

    def __init__(self, path: Path, quota: int | None, *, segmented: bool) -> None:
        """Create it. FileExistsError: a file is there, and not empty."""
        self._quota = quota
        self._path = path
        self._db = create(path)
        self._place = Place(path)
        step = (quota or 0) // SEGMENTS // STEPS
        self._parts = [_Part(0, _Segment(path, 1, step) if segmented else None)]
        self.trimmed = 0
        """Oldest chunks and events that went because of the quota."""

    def append(self, page: Page, pieces: Sequence[bytes]) -> Page:
        """Take the payload of a page; return what `commit` shall write of it."""
        if self._quota is not None and self._parts[-1].size >= self._quota // SEGMENTS:
            self._begin_part()
        part = self._parts[-1]
        part.last += 1
        part.size += page.size + page.chunks * COLUMN_BYTES + ROW_BYTES
        if part.segment is None:
            return page._replace(data=b"".join(pieces))
        return page._replace(segment=part.segment.number, offset=part.segment.append(pieces))

    def commit(
        self,
        pages: Sequence[Page],
        flows: Sequence[FlowRow],
        ended: Sequence[int],
        packets: Sequence[CapturedPacket] = (),
    ) -> None:
        """Write what has been taken, all of it, in one transaction, if the file is still there."""
        self._place.check()
        first = self._parts[-1].last + 1 - len(pages)
        with writing(self._path):
            with self._db as db:  # flows first: no page names one that is not there
                _insert_flows(db, flows)
                db.executemany(_INSERT, ((id, *page) for id, page in enumerate(pages, first)))
                db.executemany(INSERT_PACKET, packets)
            part = self._parts[-1]
            part.ended.extend(ended)
            part.size += len(flows) * ROW_BYTES
            while self._quota and len(self._parts) > 1 and self._used_bytes() > self._quota:
                self._trim(self._parts.pop(0))

    def close(self, *, wanted: bool = True) -> None:
        """Let the files go; one that nobody will read need not be tidied up."""
        if (segment := self._parts[-1].segment) is not None:
            segment.close()
        with writing(self._path), contextlib.closing(self._db) as db:
            if wanted:
                self._leave(db)

    def _leave(self, db: sqlite3.Connection) -> None:
        """Make one plain file of it, where it has gone, too: it may have been renamed."""
        try:
            self._place.check()
        except OSError:
            busy, *_pages = db.execute("PRAGMA wal_checkpoint(FULL)").fetchone()
            if not busy:
                self._place.clear()
            raise
        leave_wal(db)

    def _begin_part(self) -> None:
        part = self._parts[-1]
        segment = None if part.segment is None else part.segment.next()
        self._parts.append(_Part(part.last, segment))

    def _used_bytes(self) -> int:
        """Return how much of the files is in use."""
        pages = self._db.execute("PRAGMA page_count").fetchone()[0]
        free = self._db.execute("PRAGMA freelist_count").fetchone()[0]
        segments = [part.segment.taken for part in self._parts if part.segment is not None]
        return int(pages - free) * DATABASE_PAGE + sum(segments)

    def _trim(self, part: _Part) -> None:
        """Let a part go: its rows first, so that none names a file that is not there."""
        with self._db as db:
            until = (part.last,)
            gone = db.execute("SELECT sum(chunks) FROM page WHERE id <= ?", until).fetchone()[0]
            db.execute("DELETE FROM page WHERE id <= ?", until)
            db.executemany("DELETE FROM flow WHERE id = ?", [(number,) for number in part.ended])
        if part.segment is not None:
            part.segment.remove()
        self.trimmed += gone or 0


class _Part:
    """What goes at once when the quota is reached."""

    def __init__(self, last: int, segment: _Segment | None) -> None:
        self.last, self.segment = last, segment
        """The id of its last page, or of the one before it; the file with its payload."""
        self.size = 0
        self.ended = array("Q")
        """Flows that come in no later part."""


class _Segment:
    """A file beside the recording that holds payload."""

    def __init__(self, recording: Path, number: int, step: int) -> None:
        """`step`: bytes of the disk that are taken before they are written; 0: none."""
        self.number, self.size = number, 0
        self._recording = recording
        self._step = 0 if _allocate is None else step
        self._allocated = 0
        self._path = segment_path(recording, number)
        flags = os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_BINARY", 0)
        self._file = os.open(self._path, flags, 0o600)

    def append(self, pieces: Sequence[bytes]) -> int:
        """Write pieces one after the other; return where they begin. Raises OSError."""
        offset = self.size
        for start in range(0, len(pieces), PIECES):
            rest = [memoryview(piece) for piece in pieces[start : start + PIECES]]
            left = sum(map(len, rest))
            if self._step and self.size + left > self._allocated:
                self._take_room(self.size + left)
            while left:
                written = self._write(rest)
                self.size += written
                left -= written
                while left and written >= len(rest[0]):
                    written -= len(rest.pop(0))
                rest[0] = rest[0][written:]
        return offset

    @property
    def taken(self) -> int:
        """Bytes it takes on the disk."""
        return max(self.size, self._allocated)

    def _take_room(self, size: int) -> None:
        """Take room for `size` bytes, and a step more; where that cannot be, writing will tell.

        The system then need not look for a block with every 4 KB: 64 KB are written in half the
        time.
        """
        assert _allocate is not None
        try:
            _allocate(self._file, self._allocated, size + self._step - self._allocated)
            self._allocated = size + self._step
        except OSError:
            self._step = 0
            os.ftruncate(self._file, self.size)  # ext4 keeps what there was, to the last block
            self._allocated = 0

    def _write(self, pieces: list[memoryview]) -> int:
        """Write at least a part; return how many bytes.

        Many pieces in one call: after each the interpreter must be won back from the engine.
        """
        if len(pieces) == 1 or _writev is None:
            return os.write(self._file, pieces[0][:WRITE_BYTES])
        return int(_writev(self._file, pieces))

    def next(self) -> _Segment:
        """Close this one and begin the next."""
        following = _Segment(self._recording, self.number + 1, self._step)
        self.close()
        return following

    def close(self) -> None:
        """Let the file go, and the room that was taken and not needed."""
        if self._allocated > self.size:
            os.ftruncate(self._file, self.size)
            self._allocated = 0
        os.close(self._file)

    def remove(self) -> None:
        """Remove the file; where somebody reads it, and so may not (Windows), it is emptied later.

        With the folder it lies in, that is: only a window has segments.
        """
        with contextlib.suppress(OSError):
            self._path.unlink()


def _insert_flows(db: sqlite3.Connection, rows: Sequence[FlowRow]) -> None:
    """Many in a statement: after each the interpreter must be won back from the engine."""
    for start in range(0, len(rows), FLOWS_AT_ONCE):
        some = rows[start : start + FLOWS_AT_ONCE]
        more = ", (?, ?, ?, ?)" * (len(some) - 1)
        db.execute(INSERT_FLOW + more, [*chain.from_iterable(some)])


def leave_wal(db: sqlite3.Connection) -> None:
    """Make one plain file of a recording that is complete: it may go to where nobody may write.

    While somebody reads it, it stays as it is, and can be read all the same. Raises sqlite3.Error
    where it cannot be one file: no room is left to merge the WAL.
    """
    db.execute("PRAGMA busy_timeout=0")
    try:
        db.execute("PRAGMA journal_mode=DELETE")
    except sqlite3.OperationalError as refusal:
        if not is_locked(refusal):
            raise
