"""A recording elsewhere: a copy while it is still being written, or moved when its writer is gone.

A copy is one file, whole or not at all.
"""

from __future__ import annotations

import errno
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

from netlib.i18n import _, ngettext
from netlib.recording import version_1
from netlib.recording.database import file_uri
from netlib.recording.new_file import create
from netlib.recording.packets import INSERT_PACKET
from netlib.recording.page import Page
from netlib.recording.payload import MissingError, Segments
from netlib.recording.refusal import why_not
from netlib.recording.schema import FORMAT, INSERT_FLOW, INSERT_PAGE
from netlib.recording.writing import writing
from netlib.system.atomic_file import AtomicFile
from netlib.system.background import Background
from netlib.text import visible_text

STEPS = 20_000
"""SQLite instructions between two questions whether the copy is still wanted."""

PAGES_AT_ONCE = 64
"""Pages of one transaction: they may hold 32 MB."""

_META = "SELECT key, value FROM meta"
_FLOWS = "SELECT id, activity, connection, peer FROM flow"
_HAS_PACKETS = "SELECT 1 FROM sqlite_schema WHERE name = 'packet'"
_PACKETS = "SELECT at, wall, size, data FROM packet ORDER BY id"
_PAGES = f"SELECT {', '.join(Page._fields)} FROM page ORDER BY id"  # noqa: S608


class SaveCopy(Background):
    """A copy under way; its outcome is a sentence, its progress 1 when the copy is there."""

    def __init__(self, recording: Path, to: Path) -> None:
        """Begin at once."""
        super().__init__("save copy", lambda job: _save(job, recording, to))


def _save(job: Background, recording: Path, to: Path) -> str:
    name = visible_text(to.name, 100)
    file: AtomicFile | None = None
    try:
        file = AtomicFile(to, private=True)
        missing = copy_recording(recording, file.beside(), job.cancelled)
        file.commit()
    except OSError as refusal:
        if job.cancelled():
            return _("Cancelled: {name} was not written.").format(name=name)
        return _("{name} could not be written: {reason}").format(name=name, reason=why_not(refusal))
    finally:
        with suppress(OSError):
            if file is not None:
                file.discard()
    job.progress = 1.0
    if missing:
        sentence = ngettext(
            "The recording is kept in {name}, without {count:,} row, the oldest",
            "The recording is kept in {name}, without {count:,} rows, the oldest",
            missing,
        )
        return sentence.format(name=name, count=missing)
    return _("The recording is kept in {name}").format(name=name)


def copy_recording(recording: Path, to: Path, cancelled: Callable[[], bool]) -> int:
    """Copy what is committed by now to the empty file `to`. Raises OSError.

    Return how many rows are missing: their segment went, past the quota, while this began.
    """
    uri = file_uri(recording.absolute()) + "?mode=ro"
    with writing(), closing(sqlite3.connect(uri, uri=True)) as db:
        db.set_progress_handler(cancelled, STEPS)
        _check(cancelled)
        if not _has_segments(db):
            db.execute("VACUUM INTO ?", (str(to),))
            return 0
        with closing(Segments(recording)) as segments:
            return _copy_pages(db, segments, to, cancelled)


def move_recording(recording: Path, to: Path) -> None:
    """Move a recording whose writer is gone, with what it had not merged yet. Raises OSError.

    One with segments is copied: what is kept is one file. One of a later version is not touched:
    who knows what belongs to it.
    """
    uri = file_uri(recording.absolute()) + "?mode=ro"
    with writing(), closing(sqlite3.connect(uri, uri=True)) as db:
        _check_format(db)
        has_segments = _has_segments(db)
    if has_segments:
        file = AtomicFile(to, private=True)
        try:
            copy_recording(recording, file.beside(), lambda: False)
            file.commit()
        finally:
            file.discard()
        return
    for end in ("-wal", ""):  # the file itself last: what is there then is complete
        part = recording.with_name(recording.name + end)
        if part.exists():
            shutil.move(part, to.with_name(to.name + end))
    # After the move: the disk it comes from may be full. Unmerged it can be read all the same.
    with suppress(sqlite3.Error), closing(sqlite3.connect(to.absolute())) as db:
        db.execute("PRAGMA journal_mode=DELETE")


def _check(cancelled: Callable[[], bool]) -> None:
    """Raise OSError when a copy is not wanted any more."""
    if cancelled():
        raise OSError(errno.EINTR, "interrupted")


def _check_format(db: sqlite3.Connection) -> None:
    """Raise OSError when a recording is of a format that we do not know; one without is begun."""
    if db.execute("SELECT 1 FROM sqlite_schema WHERE name = 'meta'").fetchone() is None:
        return
    for (found,) in db.execute("SELECT value FROM meta WHERE key = 'format'"):
        if found not in {FORMAT, version_1.FORMAT}:
            raise OSError(errno.ENOTSUP, "written by another version")


def _has_segments(db: sqlite3.Connection) -> bool:
    """Tell whether the payload of any page stands beside the recording."""
    if db.execute("SELECT 1 FROM sqlite_schema WHERE name = 'page'").fetchone() is None:
        return False  # version 1
    return db.execute("SELECT 1 FROM page WHERE segment IS NOT NULL LIMIT 1").fetchone() is not None


def _copy_pages(
    db: sqlite3.Connection, segments: Segments, to: Path, cancelled: Callable[[], bool]
) -> int:
    """Copy everything, payloads into their rows; return how many rows are missing."""
    missing = 0
    db.execute("BEGIN")  # one state of it, whatever is written meanwhile
    with closing(create(to, journal="MEMORY")) as copy:
        copy.executemany("INSERT OR REPLACE INTO meta VALUES (?, ?)", db.execute(_META))
        copy.executemany(INSERT_FLOW, db.execute(_FLOWS))
        if db.execute(_HAS_PACKETS).fetchone() is not None:
            copy.executemany(INSERT_PACKET, db.execute(_PACKETS))
        for page in map(Page._make, db.execute(_PAGES)):
            _check(cancelled)
            try:
                data = page.data if page.segment is None else segments.payload(page).whole()
            except MissingError:
                missing += page.lines
                continue
            whole = page._replace(segment=None, offset=0, data=data)
            copy.execute(INSERT_PAGE, whole)
            if copy.total_changes % PAGES_AT_ONCE == 0:
                copy.commit()
        copy.commit()
    return missing
