"""A backend for model tests: a real network on loopback, or only a recording one writes oneself."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from gui.models.backend import Backend
from gui.models.rows import RowSource
from netlib.events import Chunk, Direction, Event
from netlib.recording.journal import Journal
from netlib.recording.reader import Recording
from tests.helpers import wait_until
from tests.records import put


@contextmanager
def open_backend() -> Iterator[Backend]:
    """Open a backend; fail if a thread of it is left at the end."""
    backend = Backend()
    try:
        yield backend
    finally:
        assert backend.close(5.0), "a thread of the backend is left"


def live(backend: Backend, condition: Callable[[], object], what: str = "") -> None:
    """Tick as the window's pump does until `condition()` is true."""

    def ticked() -> object:
        backend.tick()
        return condition()

    wait_until(ticked, what=what)


def texts(rows: RowSource) -> list[str]:
    """Return every row as it is drawn."""
    return [row.text for row in rows.rows(0, rows.count())]


def shown(rows: RowSource) -> str:
    """Return all rows as one text."""
    return "\n".join(texts(rows))


class Unreadable:
    """While it lasts, every read of a recording fails, as a busy or a broken disk makes it."""

    def __init__(self, recording: Recording) -> None:
        self._db = recording._db

    def __enter__(self) -> None:
        self._db.set_progress_handler(lambda: True, 1)

    def __exit__(self, *_why: object) -> None:
        self._db.set_progress_handler(None, 0)


class Script:
    """A `Source` whose recording a test writes itself: chunks exactly as it wants them."""

    def __init__(self, folder: Path, quota: int = 1 << 30) -> None:
        self.journal = Journal(folder / "script.sqlite", quota)
        self.recording = Recording(self.journal.path)
        self._at = 1000.0

    def lines(self, activity: int) -> int:
        """Return how many lines of an activity are recorded."""
        return self.journal.lines.get(activity, 0)

    def receive(self, *chunks: bytes, activity: int = 1) -> None:
        """Record chunks as one connection received them, a millisecond apart."""
        self._record(Direction.RECEIVED, chunks, activity)

    def send(self, *chunks: bytes, activity: int = 1) -> None:
        """Record chunks as one connection sent them, a millisecond apart."""
        self._record(Direction.SENT, chunks, activity)

    def happen(self, *events: Event) -> None:
        """Record events."""
        for event in events:
            put(self.journal, event)
        assert self.journal.flush()

    def close(self) -> None:
        """Let the file go."""
        self.recording.close()
        assert self.journal.close()

    def _record(self, direction: Direction, chunks: tuple[bytes, ...], activity: int) -> None:
        for data in chunks:
            self._at += 0.001
            put(self.journal, Chunk(self._at, activity, activity, direction, None, data))
        assert self.journal.flush()
