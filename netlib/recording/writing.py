"""What SQLite refuses to write, said as the system would have said it."""

from __future__ import annotations

import contextlib
import errno
import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from netlib.i18n import N_, _
from netlib.recording.database import PRIMARY_CODE
from netlib.recording.schema import beside

_ERRNO: Final = {
    sqlite3.SQLITE_FULL: errno.ENOSPC,
    sqlite3.SQLITE_READONLY: errno.EACCES,
    sqlite3.SQLITE_PERM: errno.EACCES,
    sqlite3.SQLITE_CANTOPEN: errno.EACCES,
}
"""What the system would have said; all else is an input/output error."""

_NO_SHARED_MEMORY: Final = frozenset(
    {
        sqlite3.SQLITE_IOERR_SHMOPEN,
        sqlite3.SQLITE_IOERR_SHMSIZE,
        sqlite3.SQLITE_IOERR_SHMLOCK,
        sqlite3.SQLITE_IOERR_SHMMAP,
    }
)
"""A WAL needs memory that all who use the file share; network drives have none."""

_HIDES_WHY: Final = frozenset({sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN})
_NO_ROOM: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})

ROOM_BYTES: Final = 64 << 10
"""More than SQLite asks for at once: 32 KB of shared memory, a page of 16 KB."""

_LOCKED: Final = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})

NO_WAL_THERE: Final = N_(
    "a network drive cannot hold a recording that is being written; choose another folder"
)


def is_locked(refusal: sqlite3.Error) -> bool:
    """Tell whether nothing is wrong but that somebody else has the file just now."""
    return getattr(refusal, "sqlite_errorcode", 0) & PRIMARY_CODE in _LOCKED


@contextlib.contextmanager
def writing(path: Path | None = None) -> Iterator[None]:
    """Raise what SQLite refuses as an OSError with SQLite's words: nobody else knows SQLite.

    `path`: the recording, where it is worth finding out why the system has refused.
    """
    try:
        yield
    except sqlite3.Error as refusal:
        code = getattr(refusal, "sqlite_errorcode", 0)
        if path is not None and code & PRIMARY_CODE in _HIDES_WHY:
            _find_room(path)
        if code in _NO_SHARED_MEMORY:
            raise OSError(errno.EOPNOTSUPP, _(NO_WAL_THERE)) from refusal
        raise OSError(_ERRNO.get(code & PRIMARY_CODE, errno.EIO), str(refusal)) from refusal


def _find_room(path: Path) -> None:
    """Raise what the system says to a file as large as those of a recording, if that is "no room".

    Without room for the shared memory SQLite says what it says on a network drive, and it keeps the
    numbers of the system to itself.
    """
    import tempfile  # late: slow to import

    size = max((one.stat().st_size for one in (path, *beside(path)) if one.exists()), default=0)
    try:
        with tempfile.TemporaryFile(dir=path.absolute().parent) as file:
            file.write(bytes(ROOM_BYTES))
            file.truncate(size + ROOM_BYTES)
    except OSError as refusal:
        if refusal.errno in _NO_ROOM:
            raise OSError(refusal.errno, os.strerror(refusal.errno)) from refusal
