"""A search finds rows by what they say, whose they are and when; and goes on while more come."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

import pytest

from netlib.address import Endpoint
from netlib.engine.records import EVENT, Item
from netlib.recording.journal import Journal
from netlib.recording.query import Query, parse_query
from netlib.recording.reader import Recording
from netlib.recording.row_index import RowIndex, Span
from netlib.recording.search import Search, find
from tests.helpers import wait_until
from tests.pages import Chunk, write_2
from tests.recordings import OUT, accepted, all_lines, chunk, record, spans
from tests.records import put

STUDENT, TEACHER = Endpoint("192.168.1.7", 50123), Endpoint("fe80::1", 50124)
LESSON: tuple[Item, ...] = (
    accepted(STUDENT, 1),
    accepted(TEACHER, 2),
    chunk("你好, Class\nsecond line\n".encode(), at=1001.0),
    chunk(b"ANSWER 42\n", OUT, at=1002.0, connection=2),
    chunk(b"\x00\x01GET / HTTP/1.1\r\n\r\n", at=1003.0, connection=2),
    chunk(b"datagram", at=1004.0, connection=0, peer=Endpoint("10.0.0.9", 8123)),
)
"""Rows 0 and 1: events; 2 and 3: one chunk; 4; 5 and 6: one chunk; 7: a datagram."""


def found(path: Path, query: Query) -> list[int]:
    with closing(Recording(path)) as recording:
        return list(find(recording, spans(path), query))


@pytest.fixture
def lesson(tmp_path: Path) -> Path:
    return record(tmp_path / "lesson.sqlite", LESSON)


@pytest.mark.parametrize(
    ("typed", "rows"),
    [
        ("", [0, 1, 2, 3, 4, 5, 6, 7]),
        ("class", [2]),
        ("你好", [2]),
        ("SECOND", [3]),
        ("answer", [4]),
        ("nowhere", []),
        ("accepted", [0, 1]),
        ("hex:0d0a0d0a", [5]),
        ("hex:0d0a", [5, 6]),
        ("hex:00", [5]),
        ("hex:00 GET", [5]),
        ('hex:00 "get"', [5]),
        ("dir:in", [2, 3, 5, 6, 7]),
        ("dir:out", [4]),
        ("dir:event", [0, 1]),
        ("dir:in class", [2]),
        ("peer:192.168.1.7", [0, 2, 3]),
        ("peer:[FE80::1]:50124", [1, 4, 5, 6]),
        ("peer:8123", [7]),
        ("conn:2", [1, 4, 5, 6]),
        ("conn:2 dir:out", [4]),
    ],
)
def test_rows_are_found(lesson: Path, typed: str, rows: list[int]) -> None:
    assert found(lesson, parse_query(typed, "utf-8")) == rows


def test_times_bound_a_search(lesson: Path) -> None:
    walls = [line.wall for line in all_lines(lesson)]
    assert found(lesson, Query(since=walls[4])) == [4, 5, 6, 7]
    assert found(lesson, Query(since=walls[2], until=walls[5])) == [2, 3, 4]


def test_bytes_across_two_characters_are_no_text(tmp_path: Path) -> None:
    text, across = "中文字符", "中文".encode("gbk")[1:3].decode("gbk")
    path = record(tmp_path / "gbk.sqlite", [chunk(text.encode("gbk"))])
    assert found(path, Query(text=across, encoding="gbk")) == []
    assert found(path, Query(text="文字", encoding="gbk")) == [0]


def test_text_after_a_split_character_is_found(tmp_path: Path) -> None:
    data = "好文字\n".encode("gbk")
    path = record(tmp_path / "split.sqlite", [chunk(data[:1]), chunk(data[1:])])
    assert found(path, Query(text="文字", encoding="gbk")) == [1]


def test_a_search_goes_on_with_rows_that_come_later(tmp_path: Path) -> None:
    with closing(Journal(tmp_path / "live.sqlite")) as journal:

        def come(*items: Item) -> Iterable[tuple[int, int]]:
            for item in items:
                put(journal, item)
            assert journal.flush()
            return journal.lines.items()

        come(chunk(b"one\nno\n"))
        search = Search(journal.path, Query(text="o"), [Span(1, 0, 2)])
        wait_until(lambda: search.done)
        assert list(search.matches) == [0, 1]
        search.extend(come(chunk(b"two\n", activity=2), chunk(b"x\n", activity=2)))
        wait_until(lambda: search.done)
        search.extend(come(chunk(b"four\n")))
        wait_until(lambda: search.done)
        search.cancel()
    assert list(search.matches) == [0, 1, 2, 4]
    assert (search.scanned, search.total) == (5, 5)


def test_a_search_begins_where_the_view_begins(lesson: Path) -> None:
    search = Search(lesson, Query(text="e"), [Span(1, 3, 8)])
    wait_until(lambda: search.done)
    search.cancel()
    assert list(search.matches) == [0, 1, 2]


def test_a_cancelled_search_is_done_and_quiet(lesson: Path) -> None:
    search = Search(lesson, Query(text="x"), spans(lesson))
    search.cancel()
    assert search.done
    assert search.outcome == ""


def test_a_file_that_is_no_recording_is_told(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("no recording")
    search = Search(path, Query(text="x"), [Span(1, 0, 5)])
    wait_until(lambda: search.done)
    assert "notes.txt" in (search.outcome or "")


def test_events_that_somebody_else_wrote_do_no_harm(tmp_path: Path) -> None:
    path = write_2(tmp_path / "r", [Chunk(b"accepted, but no event", kind=EVENT), Chunk(b"x")])
    assert found(path, parse_query("accepted", "utf-8")) == []
    assert found(path, parse_query("x", "utf-8")) == [1]


def test_a_moment_leads_to_its_row(tmp_path: Path) -> None:
    many = [chunk(b"a\nb\n", at=1000.0 + number) for number in range(100)]
    later = [chunk(b"c\n", at=2000.0 + number, activity=2) for number in range(10)]
    path = record(tmp_path / "times.sqlite", [*many, *later])
    lines, everything = all_lines(path), spans(path)
    with closing(Recording(path)) as recording:
        for position in (0, 2, 100, 198, 200, 209):
            assert RowIndex(everything).at(recording, lines[position].wall) == position
        assert RowIndex(everything).at(recording, lines[100].wall + 0.5) == 102
        assert RowIndex(everything).at(recording, 0.0) == 0
        assert RowIndex(everything).at(recording, 1e18) == 209
        assert RowIndex().at(recording, 0.0) == 0
