"""Recordings for tests: written as a journal writes them, read back as lines."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from netlib.address import Endpoint
from netlib.engine.outbox import Item
from netlib.events import Accepted, Chunk, Direction
from netlib.recording.journal import Journal
from netlib.recording.reader import Recording
from netlib.recording.row_index import Span
from netlib.teaching.lines import Line
from tests.samples import HERE

IN, OUT = Direction


def chunk(
    data: bytes,
    way: Direction = IN,
    *,
    at: float = 1000.0,
    activity: int = 1,
    connection: int = 1,
    peer: Endpoint | None = None,
) -> Chunk:
    """Return bytes that crossed."""
    return Chunk(at, activity, connection, way, peer, data)


def accepted(peer: Endpoint, connection: int = 1, activity: int = 1) -> Accepted:
    """Return the beginning of a connection."""
    return Accepted(at=1000.0, activity=activity, connection=connection, local=HERE, peer=peer)


def record(path: Path, items: Iterable[Item]) -> Path:
    """Write a recording of exactly these items."""
    journal = Journal(path)
    for item in items:
        journal.put(item)
    assert journal.close()
    return path


@contextmanager
def recorded(items: Iterable[Item]) -> Iterator[Path]:
    """Write a recording into a folder that goes at the end."""
    with tempfile.TemporaryDirectory() as folder:
        yield record(Path(folder, "recording.sqlite"), items)


def spans(path: Path) -> tuple[Span, ...]:
    """Return all there is in a recording."""
    with closing(Recording(path)) as recording:
        return tuple(Span(number, 0, rows) for number, rows in recording.activities().items())


def all_lines(path: Path) -> list[Line]:
    """Return every line of a recording in the order of its spans."""
    with closing(Recording(path)) as recording:
        return [line for span in spans(path) for line in recording.read(*span)]
