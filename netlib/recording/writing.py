"""What SQLite refuses to write, said as the system would have said it."""

from __future__ import annotations

import contextlib
import errno
import sqlite3
from collections.abc import Iterator
from typing import Final

from netlib.i18n import N_, _
from netlib.recording.database import PRIMARY_CODE

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

_LOCKED: Final = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})

NO_WAL_THERE: Final = N_(
    "a network drive cannot hold a recording that is being written; choose another folder"
)


def is_locked(refusal: sqlite3.Error) -> bool:
    """Tell whether nothing is wrong but that somebody else has the file just now."""
    return getattr(refusal, "sqlite_errorcode", 0) & PRIMARY_CODE in _LOCKED


@contextlib.contextmanager
def writing() -> Iterator[None]:
    """Raise what SQLite refuses as an OSError with SQLite's words: nobody else knows SQLite."""
    try:
        yield
    except sqlite3.Error as refusal:
        code = getattr(refusal, "sqlite_errorcode", 0)
        if code in _NO_SHARED_MEMORY:
            raise OSError(errno.EOPNOTSUPP, _(NO_WAL_THERE)) from refusal
        raise OSError(_ERRNO.get(code & PRIMARY_CODE, errno.EIO), str(refusal)) from refusal
