"""The file of a new recording: made, and set up, or left to whom it belongs.

Two programs may begin at once on one name. Whose transaction makes the tables has the file; to the
other it is a file that exists already, though it has made it.
"""

from __future__ import annotations

import contextlib
import errno
import os
import sqlite3
from pathlib import Path
from typing import Final

from netlib.i18n import _
from netlib.recording.schema import FORMAT, SCHEMA, beside
from netlib.recording.writing import NO_WAL_THERE, is_locked, writing
from netlib.system.clock import wall_clock
from netlib.system.private_files import empty_file

DATABASE_PAGE: Final = 16_384
CHECKPOINT_PAGES: Final = 4000
"""Pages (64 MB) between two merges of the WAL into the file: pages written often merge once."""

LOCK_SECONDS: Final = 5.0
"""Longest wait for another program that has the file just now."""


def create(path: Path, *, journal: str = "WAL") -> sqlite3.Connection:
    """Make an empty recording at `path` and return it, for any one thread. Raises OSError.

    FileExistsError: what is there is no empty file, or another program has just made it. The file
    is its owner's alone, and what SQLite puts beside it has the same mode. `journal`: see `PRAGMA
    journal_mode`; WAL lets views read while we write, but not on every network drive.
    """
    path = path.absolute()  # SQLite takes file:r for an address, and :memory: for no file
    found, made = empty_file(path)
    with contextlib.ExitStack() as undo:
        undo.callback(_undo, path, found, made)
        with writing(path):
            db = sqlite3.connect(path, timeout=LOCK_SECONDS, check_same_thread=False)
            undo.callback(db.close)
            try:
                _set_up(db, journal)
            except sqlite3.Error as refusal:
                if _has_another(db, refusal):
                    undo.pop_all()
                    db.close()
                    raise _exists(path) from refusal
                raise
        if not is_at(path, found):  # whoever made it has removed it, for it was of no use there
            raise _exists(path)
        undo.pop_all()
    return db


class Place:
    """Where the files of a recording that is written stand; somebody may take them away.

    All but Windows let anyone remove or rename a file that is open: what is written into it then
    is nowhere, and SQLite would go on.
    """

    def __init__(self, path: Path) -> None:
        """Note which files stand there now. Raises OSError."""
        self._path = path.absolute()
        self._found = self._path.stat()
        self._beside = [(one, one.stat()) for one in beside(self._path) if one.exists()]

    def check(self) -> None:
        """See that the recording is where it was made. Raises OSError."""
        if not is_at(self._path, self._found):
            raise OSError(errno.ESTALE, os.strerror(errno.ESTALE))

    def clear(self) -> None:
        """Remove what SQLite has put beside the recording: it would take it for another file's."""
        for path, found in self._beside:
            if is_at(path, found):
                path.unlink(missing_ok=True)


def is_at(path: Path, found: os.stat_result) -> bool:
    """Tell whether what was found at `path` is still what stands there. Raises OSError."""
    try:
        return os.path.samestat(path.stat(), found)
    except (FileNotFoundError, NotADirectoryError):
        return False


def _exists(path: Path) -> FileExistsError:
    return FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path))


def _undo(path: Path, found: os.stat_result, made: bool) -> None:
    """Remove what was made, unless another file stands in its place; empty what was empty."""
    if not is_at(path, found):
        return
    for one in beside(path):
        one.unlink(missing_ok=True)
    if made:
        path.unlink(missing_ok=True)
    else:
        os.truncate(path, 0)


def _has_another(db: sqlite3.Connection, refusal: sqlite3.Error) -> bool:
    """Tell whether another program has the file: what is in it once our transaction is undone."""
    if is_locked(refusal):
        return True
    try:
        db.rollback()
        return bool(db.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0])
    except sqlite3.Error as again:  # nobody can read it: nobody has filled it
        return is_locked(again)


def _set_up(db: sqlite3.Connection, journal: str) -> None:
    """Make the tables, all or none.

    Without fsync a crash of this program loses nothing that was committed; only a crash of the
    whole computer may.
    """
    db.execute(f"PRAGMA page_size={DATABASE_PAGE}")  # before WAL, which fixes it
    (mode,) = db.execute(f"PRAGMA journal_mode={journal}").fetchone()
    if mode != journal.lower():
        raise OSError(errno.EOPNOTSUPP, _(NO_WAL_THERE))
    db.execute("PRAGMA synchronous=OFF")
    db.execute(f"PRAGMA wal_autocheckpoint={CHECKPOINT_PAGES}")
    db.executescript(f"BEGIN IMMEDIATE; {SCHEMA}")
    with db:
        db.execute("INSERT INTO meta VALUES ('format', ?)", (FORMAT,))
        db.execute("INSERT INTO meta VALUES ('begun', ?)", (str(wall_clock.now()),))
