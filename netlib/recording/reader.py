"""Reading a recording, while it is written or years later: pages of lines for a view.

Each thread that reads opens its own `Recording`: SQLite connections are not shared.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from netlib.i18n import _
from netlib.recording import page_table, version_1
from netlib.recording.database import PATIENCE, Database, RecordingError, TooLongError
from netlib.recording.packets import TABLE, CapturedPacket, read_packets
from netlib.recording.paged import Paged
from netlib.recording.schema import FORMAT
from netlib.recording.tables import Span, Tables
from netlib.recording.version_1 import Version1
from netlib.system.clock import now
from netlib.teaching.lines import Line
from netlib.text import visible_text

if TYPE_CHECKING:
    from netlib.recording.newest import Newest

__all__ = ["Recording", "RecordingError", "TooLongError", "open_recording"]

_META: Final = {"meta": ("key", "value")}
_FORMAT: Final = "SELECT substr(value, 1, 40) FROM meta WHERE +key = 'format'"
"""+ : looking a key up would read the whole of each row it is compared with."""


class Recording:
    """A recording opened for reading. What it cannot read raises RecordingError."""

    def __init__(
        self,
        path: Path,
        patience: float = 2.0,
        newest: Newest | None = None,
        cancelled: Callable[[], bool] = lambda: False,
    ) -> None:
        """Open it. ValueError: the file is no recording. RecordingError: it cannot be read.

        `patience`: seconds to wait for a file that is busy before a read fails. `newest`: what is
        in memory, too, of a recording that is being written; it is read there. `cancelled`: see
        `give_up_when`.
        """
        self.path = path
        self.complete = True
        """Whether `activities` named all there are when it was asked last."""
        begun = now()
        self._database = database = Database(path, patience, cancelled)
        self._db = database.connection
        try:
            with database.within(begun + PATIENCE - now()):
                self.tables = _tables(database, path, newest)
                self._has_packets = database.tables(TABLE)
        except (ValueError, RecordingError):
            database.close()
            raise

    def close(self) -> None:
        """Let the file go."""
        self.tables.close()
        self._database.close()

    def activities(self) -> dict[int, int]:
        """Return how many lines each activity has; see `complete`."""
        found: dict[int, int] = {}
        self.complete = True
        try:
            with self.within(PATIENCE / 2):  # the other half is for what is shown of them
                found.update(self.tables.activities())
        except TooLongError:
            if not found:
                raise
            self.complete = False
        return found

    def sizes(self, activity: int) -> tuple[int, int]:
        """Return how many bytes an activity received, and sent."""
        return self.tables.sizes(activity)

    def lines(self, activity: int, first: int, last: int) -> list[Line]:
        """Return lines `first` to `last` - 1 of an activity; trimmed ones are missing."""
        return list(self.read(activity, first, last))

    def read(
        self, activity: int, first: int, last: int, limit: int | None = None
    ) -> Iterator[Line]:
        """Yield what `lines` returns, any number, chunk by chunk.

        `limit`: of a longer line only so many bytes are read, and the others counted.
        """
        return self.tables.read(Span(activity, first, last), limit)

    def packets(self, after: int = 0, most: int = 10_000) -> Iterator[tuple[int, CapturedPacket]]:
        """Yield at most so many captured packets behind a number, each with its own."""
        if self._has_packets:
            yield from read_packets(self._database, after, most)

    def within(self, seconds: float) -> AbstractContextManager[None]:
        """Fail what is not read after so many seconds."""
        return self._database.within(seconds)

    def give_up_when(self, cancelled: Callable[[], bool]) -> None:
        """End statements that take long when `cancelled()`; it is asked now and then."""
        self._database.give_up_when(cancelled)


def _tables(database: Database, path: Path, newest: Newest | None) -> Tables:
    """Return the reader of the format. ValueError: it is none that is known here."""
    if database.tables(_META):
        found = database.select(_FORMAT)
        if found == [(FORMAT,)] and database.tables(page_table.TABLES):
            return Paged(database, path, newest)
        if found == [(version_1.FORMAT,)] and database.tables(version_1.TABLES):
            return Version1(database)
    raise ValueError(str(path))


def open_recording(
    path: Path, patience: float = 2.0, cancelled: Callable[[], bool] = lambda: False
) -> Recording:
    """Open the file that somebody chose; ValueError with a translated sentence says why not.

    `cancelled`: see `Recording.give_up_when`.
    """
    name = visible_text(path.name or str(path), 200)
    try:
        _check_file(path)
        return Recording(path, patience, cancelled=cancelled)
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


def _check_file(path: Path) -> None:
    """Raise OSError if a path leads to nothing that can be read, ValueError if to no file."""
    kind = path.stat().st_mode
    if stat.S_ISDIR(kind):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    if not stat.S_ISREG(kind):  # a FIFO would be waited for
        raise ValueError
    path.open("rb").close()
