"""A recording elsewhere: a copy while it is still being written, or moved when its writer is gone.

A copy is one file, whole or not at all.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

from netlib.i18n import _
from netlib.recording.export import why_not
from netlib.recording.store import writing
from netlib.system.atomic_file import AtomicFile
from netlib.system.background import Background
from netlib.text import visible_text

STEPS = 20_000
"""SQLite instructions between two questions whether the copy is still wanted."""


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
        copy_recording(recording, file.beside(), job.cancelled)
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
    return _("The recording is kept in {name}").format(name=name)


def copy_recording(recording: Path, to: Path, cancelled: Callable[[], bool]) -> None:
    """Copy what is committed by now to the empty file `to`. Raises OSError."""
    uri = recording.resolve().as_uri() + "?mode=ro"
    with writing(), closing(sqlite3.connect(uri, uri=True)) as db:
        db.set_progress_handler(cancelled, STEPS)
        db.execute("VACUUM INTO ?", (str(to),))


def move_recording(recording: Path, to: Path) -> None:
    """Move a recording whose writer is gone, with what it had not merged yet. Raises OSError."""
    for end in ("-wal", ""):  # the file itself last: what is there then is complete
        part = recording.with_name(recording.name + end)
        if part.exists():
            shutil.move(part, to.with_name(to.name + end))
    # After the move: the disk it comes from may be full. Unmerged it can be read all the same.
    with suppress(sqlite3.Error), closing(sqlite3.connect(to)) as db:
        db.execute("PRAGMA journal_mode=DELETE")
