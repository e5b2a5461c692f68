"""Recordings for tests: written as a journal writes them, read back as lines."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from netlib.address import Endpoint
from netlib.engine.records import Item
from netlib.events import Accepted, Chunk, Direction
from netlib.recording.export import ExportOptions, export
from netlib.recording.journal import Journal
from netlib.recording.packets import CapturedPacket
from netlib.recording.reader import Recording
from netlib.recording.row_index import Span
from netlib.teaching.lines import Format, Line
from tests.records import put
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


def record(path: Path, items: Iterable[Item], packets: Sequence[CapturedPacket] = ()) -> Path:
    """Write a recording of exactly these items."""
    journal = Journal(path)
    put(journal, *items)
    journal.put_packets(packets)
    assert journal.close()
    return path


@contextmanager
def recorded(items: Iterable[Item], packets: Sequence[CapturedPacket] = ()) -> Iterator[Path]:
    """Write a recording into a folder that goes at the end."""
    with tempfile.TemporaryDirectory() as folder:
        yield record(Path(folder, "recording.sqlite"), items, packets)


def spans(path: Path) -> tuple[Span, ...]:
    """Return all there is in a recording."""
    with closing(Recording(path)) as recording:
        return tuple(Span(number, 0, rows) for number, rows in recording.activities().items())


def all_lines(path: Path) -> list[Line]:
    """Return every line of a recording in the order of its spans."""
    with closing(Recording(path)) as recording:
        return [line for span in spans(path) for line in recording.read(*span)]


def order(recording: Path, form: Format, **more: Any) -> ExportOptions:
    """Return what asks for an export of everything."""
    return ExportOptions(recording=recording, lines=spans(recording), format=form, **more)


def never() -> bool:
    """Nobody cancels."""
    return False


def written(wanted: ExportOptions, path: Path) -> bytes:
    """Export, and return what the file then holds."""
    export(wanted, path, lambda _share: None, never)
    return path.read_bytes()


def table(text: str, delimiter: str = ",") -> list[list[str]]:
    """Read a table as a spreadsheet does."""
    return list(csv.reader(text.splitlines(keepends=True), delimiter=delimiter))
