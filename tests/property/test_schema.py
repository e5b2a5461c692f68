"""In the view `chunk` plain SQL finds what was written: order, lines, bytes, whatever the page."""

from __future__ import annotations

import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from netlib.recording.page import SHOWN_KINDS
from tests.pages import WALL, Chunk, write_2
from tests.property.test_timeline import chunks


@given(chunks, st.integers(1, 5), st.integers(1, 5))
def test_the_view_has_every_chunk_in_order(some: list[Chunk], pack: int, most: int) -> None:
    lines: dict[int, int] = {}
    wanted = []
    for id, chunk in enumerate(some):
        first = lines.get(chunk.activity, 0)
        lines[chunk.activity] = first + len(chunk.pieces)
        told = (id, chunk.at / 1e6, (WALL + chunk.at) / 1e6, chunk.activity, chunk.connection)
        own = (SHOWN_KINDS[chunk.kind], chunk.peer, first, len(chunk.pieces), chunk.data)
        wanted.append((*told, *own))
    with tempfile.TemporaryDirectory() as folder:
        path = write_2(Path(folder, "recording"), some, lambda: pack, most)
        with closing(sqlite3.connect(path)) as db:
            assert db.execute("SELECT * FROM chunk").fetchall() == wanted


def test_bytes_in_a_segment_are_null_in_the_view(tmp_path: Path) -> None:
    some = [Chunk(b"one\n"), Chunk(b"two\n")]
    path = write_2(tmp_path / "recording", some, segments=1)
    with closing(sqlite3.connect(path)) as db:
        rows = db.execute("SELECT data, lines FROM chunk").fetchall()
    assert rows == [(None, 1)] * 2
