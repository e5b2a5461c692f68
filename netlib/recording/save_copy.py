"""Saving a copy of a recording while it is still being written: one file, whole or not at all."""

from __future__ import annotations

import sqlite3
import threading
from contextlib import closing, suppress
from pathlib import Path

from netlib.i18n import _
from netlib.recording.export import why_not
from netlib.system.atomic_file import AtomicFile
from netlib.text import visible_text

STEPS = 20_000
"""SQLite instructions between two questions whether the copy is still wanted."""


class SaveCopy:
    """A copy under way in a thread of its own."""

    def __init__(self, recording: Path, to: Path) -> None:
        """Begin at once."""
        self.outcome: str | None = None
        """A sentence about what became of it; None: still copying."""
        self._from, self._to = recording, to
        self._cancelled = threading.Event()
        self._thread = threading.Thread(target=self._run, name="keep recording", daemon=True)
        self._thread.start()

    def cancel(self, timeout: float = 1.0) -> None:
        """Copy no more and leave nothing behind; wait up to `timeout` seconds for that."""
        self._cancelled.set()
        self._thread.join(timeout)

    def _run(self) -> None:
        name = visible_text(self._to.name, 100)
        draft: AtomicFile | None = None
        try:
            draft = AtomicFile(self._to)
            copy_recording(self._from, draft.beside(), self._cancelled)
            draft.commit()
        except (OSError, sqlite3.Error) as refusal:
            told = {"name": name, "reason": why_not(refusal)}
            self.outcome = _("%(name)s could not be written: %(reason)s") % told
        else:
            self.outcome = _("The recording is kept in %(name)s") % {"name": name}
        finally:
            with suppress(OSError):
                if draft is not None:
                    draft.discard()


def copy_recording(recording: Path, to: Path, cancelled: threading.Event) -> None:
    """Copy what is committed by now to the empty file `to`. Raises OSError or sqlite3.Error."""
    uri = recording.resolve().as_uri() + "?mode=ro"
    with closing(sqlite3.connect(uri, uri=True)) as db:
        db.set_progress_handler(cancelled.is_set, STEPS)
        db.execute("VACUUM INTO ?", (str(to),))
