"""Recordings of format 1, whatever somebody else wrote into them."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from netlib.recording.query import Query
from netlib.recording.reader import Recording, RecordingError
from netlib.recording.search import find
from netlib.recording.timeline import Timeline
from netlib.teaching.lines import Line, format_line
from tests.pages import Chunk, write_1


def lines(path: Path) -> list[Line]:
    with closing(Recording(path)) as recording:
        return recording.lines(1, 0, 1 << 30)


HOSTILE = [*("kind = 0, data = 'no event'", "kind = 0, data = x'ff00'", "kind = 99", "kind = 'x'")]


@pytest.mark.parametrize("cells", HOSTILE)
def test_an_entry_that_cannot_be_read_is_shown_as_such(tmp_path: Path, cells: str) -> None:
    path = write_1(tmp_path / "r.db", [Chunk(b"one\n"), Chunk(b"two\n"), Chunk(b"three\n")])
    with closing(sqlite3.connect(path)) as db, db:
        db.execute(f"UPDATE chunk SET {cells} WHERE line = 1")
    found = lines(path)
    assert [line.number for line in found] == [0, 1, 2]
    tag, text = format_line(found[1], found[0], "log", "utf-8")
    assert tag == "warn"
    assert "an entry that cannot be read: " in text


CELLS = ["NULL", "'text'", "x'ff'", "9e999", "-9e999", "-5", "1.5"]


@pytest.mark.parametrize("value", CELLS)
@pytest.mark.parametrize("column", ["at", "wall", "connection", "kind", "peer", "data", "lines"])
def test_cells_that_somebody_else_wrote_do_no_harm(tmp_path: Path, column: str, value: str) -> None:
    path = write_1(tmp_path / "r.db", [Chunk(b"one\n"), Chunk(b"two\n"), Chunk(b"three\n")])
    with closing(sqlite3.connect(path)) as db, db:
        db.execute(f"UPDATE chunk SET {column} = {value} WHERE line = 1")
    found = lines(path)
    assert [line.number for line in found] == [0, 1, 2]
    for line in found:
        assert format_line(line, found[0], "log", "utf-8", peers=True)[1]


def test_no_chunk_has_more_lines_than_bytes(tmp_path: Path) -> None:
    path = write_1(tmp_path / "r.db", [Chunk(b"one\n"), Chunk(b"two\n")])
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("UPDATE chunk SET lines = ?", (1 << 40,))
    with closing(Recording(path)) as recording:
        order = Timeline(recording)
        assert order.total == 10
        assert [one.line.data for one in order.lines(recording, range(10))] == [b"one\n", b"two\n"]
        assert [*find(recording, order, Query())] == [*range(10)]


def test_a_table_that_leads_round_in_a_circle_is_refused(tmp_path: Path) -> None:
    path = write_1(tmp_path / "r.db", [Chunk(b"one\n")] * 50)
    rowid, columns = 49, 10
    cell = bytes([rowid, columns + 1])
    whole = path.read_bytes()
    assert whole.count(cell) == 1
    path.write_bytes(whole.replace(cell, bytes([121, columns + 1])))
    with closing(Recording(path)) as recording, pytest.raises(RecordingError, match="not in order"):
        Timeline(recording)
