"""A search in pages looks where it must, and a page that cannot be read hides no other."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from netlib.events import Idle
from netlib.recording import page_table
from netlib.recording.event_json import to_json
from netlib.recording.page import Columns, Page, column
from netlib.recording.query import Query, parse_query
from netlib.recording.reader import Recording
from netlib.recording.search import find
from netlib.recording.tables import Span
from netlib.recording.timeline import Timeline
from tests.pages import Chunk, write_2

IDLE = to_json(Idle(at=1.0, activity=1, connection=1, seconds=60.0)).encode()
LESSON = [
    Chunk(IDLE, 0, peer="192.168.1.7:1"),
    Chunk("你好, Class\nsecond line\n".encode(), peer="192.168.1.7:1 Ada"),
    Chunk(b"ANSWER 42\n", 2, connection=2, at=1_000_000),
    Chunk(b"\x16\x03\nanswer", 3, connection=2, at=2_000_000),
    Chunk(b"datagram", connection=0, peer="10.0.0.9:8123", at=3_000_000),
]
"""Row 0: an event; 1 and 2: one chunk; 3; 4: ciphertext; 5: a datagram."""


@pytest.mark.parametrize(
    ("typed", "rows"),
    [
        ("class", [1]),
        ("你好", [1]),
        ("answer", [3]),
        ("hex:61 6e 73", [4]),
        ("hex:0a", [1, 2, 3, 4]),
        ("60 s", [0]),
        ("received", [0]),
        ("nowhere", []),
        ("activity", []),
        ("hex:22", []),
        ("dir:out", [3]),
        ("dir:event", [0]),
        ("peer:ada", [1, 2]),
        ("peer:8123", [5]),
        ("conn:2", [3, 4]),
        ("conn:2 dir:in", []),
        ("conn:9", []),
    ],
)
@pytest.mark.parametrize("pack", [1, 2, 9])
def test_rows_are_found(tmp_path: Path, typed: str, rows: list[int], pack: int) -> None:
    path = write_2(tmp_path / "r", LESSON, lambda: pack)
    query = parse_query(typed, "utf-8")
    with closing(Recording(path)) as recording:
        assert [*find(recording, Timeline(recording), query)] == rows
        assert [*find(recording, [Span(1, 0, 6)], query)] == rows


@pytest.mark.parametrize("pack", [1, 2, 9])
def test_times_bound_a_search(tmp_path: Path, pack: int) -> None:
    path = write_2(tmp_path / "r", LESSON, lambda: pack)
    with closing(Recording(path)) as recording:
        order = Timeline(recording)
        assert [*find(recording, order, Query(since=1.7e9 + 1, until=1.7e9 + 3))] == [3, 4]
        assert [*find(recording, order, Query(since=1.7e9 + 4))] == []


def test_columns_are_not_looked_at_where_nothing_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(_page: Page) -> Columns:
        raise AssertionError

    with closing(Recording(write_2(tmp_path / "r", LESSON[1:]))) as recording:
        order = Timeline(recording)
        monkeypatch.setattr(page_table, "columns", never)
        assert [*find(recording, order, Query(text="absent"))] == []


def test_a_page_that_contradicts_itself_has_no_matches(tmp_path: Path) -> None:
    path = write_2(tmp_path / "r", LESSON, lambda: 2)
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("UPDATE page SET ends = ? WHERE id = 2", (column([11, 10]),))
    with closing(Recording(path)) as recording:
        order = Timeline(recording)
        for typed, rows in {"answer": [], "datagram": [5], "conn:2": []}.items():
            assert [*find(recording, order, parse_query(typed, "utf-8"))] == rows
