"""Pages as lines: from the file or from memory, and a row where a page cannot be read."""

from __future__ import annotations

import os
import random
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from netlib.recording.cut import CARRY_LINES
from netlib.recording.newest import Newest
from netlib.recording.page import column
from netlib.recording.page_reader import KNOWN_STREAMS
from netlib.recording.query import Query
from netlib.recording.reader import Recording, RecordingError
from netlib.recording.schema import segment_path
from netlib.recording.search import find
from netlib.recording.tables import Span
from netlib.recording.timeline import Timeline
from netlib.teaching.lines import Line, format_line
from tests.pages import Chunk, Flows, pages, write_2

CHUNKS = [Chunk(f"line {number}\n".encode(), at=number) for number in range(30)]


@pytest.fixture(params=[0, 1])
def path(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    return write_2(tmp_path / "r.socketboard", CHUNKS, lambda: 10, segments=request.param)


@pytest.fixture
def recording(path: Path) -> Iterator[Recording]:
    with closing(Recording(path)) as recording:
        yield recording


def change(path: Path, statement: str, *values: object) -> None:
    with closing(sqlite3.connect(path)) as db, db:
        db.execute(statement, values)


def rows(lines: list[Line]) -> list[str]:
    return [f"{line.number}: {line.lost or line.data.decode().strip()}" for line in lines]


UNREADABLE: dict[str, tuple[Any, ...]] = {
    "a column that goes back": ("UPDATE page SET times = ? WHERE id = 2", column([9, *range(9)])),
    "a claim too many": ("UPDATE page SET last = last + 1 WHERE id = 2",),
    "a cell that is none": ("UPDATE page SET chunks = NULL WHERE id = 2",),
    "no row any more": ("DELETE FROM page WHERE id = 2",),
}


@pytest.mark.parametrize("damage", UNREADABLE)
def test_a_page_that_cannot_be_read_is_a_row_that_says_so(
    recording: Recording, path: Path, damage: str
) -> None:
    change(path, *UNREADABLE[damage])
    lines = recording.lines(1, 5, 25)
    assert [line.number for line in lines] == [5, 6, 7, 8, 9, 10, 20, 21, 22, 23, 24]
    assert [bool(line.lost) for line in lines] == [False] * 5 + [True] + [False] * 5
    assert "contradicts itself" in format_line(lines[5], None, "log", "utf-8")[1]
    (only,) = recording.lines(1, 13, 17)
    assert (only.number, bool(only.lost)) == (13, True)
    assert [*find(recording, [Span(1, 0, 30)], Query(text="line 1"))] == [1]


@pytest.mark.parametrize("damage", list(UNREADABLE)[:3])
def test_what_stands_round_it_stays_in_its_place(
    recording: Recording, path: Path, damage: str
) -> None:
    change(path, *UNREADABLE[damage])
    order = Timeline(recording)
    placed = [*order.lines(recording, range(order.total))]
    seen = order.total == 30  # only when it is read it is known that its columns are wrong
    assert [one.position for one in placed] == [*range(11), *range(20 if seen else 11, order.total)]
    assert [bool(one.line.lost) for one in placed] == [False] * 10 + [True] + [False] * 10
    assert placed[-1].line.data == b"line 29\n"
    matches = find(recording, order, Query(text="line 2"))
    assert [*matches] == [2, *range(order.total - 10, order.total)]
    assert order.at(recording, placed[-1].line.wall) == order.total - 1


@pytest.mark.parametrize("connections", [3, KNOWN_STREAMS + 30])
@pytest.mark.parametrize("damage", ["", *UNREADABLE])
def test_many_pages_at_once_are_read_as_line_by_line(
    tmp_path: Path, connections: int, damage: str
) -> None:
    dice = random.Random(connections)
    chunks = [
        Chunk(dice.choice([b"a", b"b\n", b"c\nd"]), connection=dice.randrange(connections) + 1)
        for _ in range(CARRY_LINES // 2)
    ]
    path = write_2(tmp_path / "r.socketboard", chunks, lambda: 10)
    if damage:
        change(path, *UNREADABLE[damage])
    with closing(Recording(path)) as recording:
        together = recording.lines(1, 0, CARRY_LINES)
        assert len({line.carry for line in together}) > 3
        alone = [recording.lines(1, line.number, line.number + 1) for line in together]
    assert [[line] for line in together] == alone


def test_bytes_that_are_gone_are_told_so(tmp_path: Path) -> None:
    path = write_2(tmp_path / "r.socketboard", CHUNKS, lambda: 10, segments=3)
    os.truncate(segment_path(path, 2), 20)
    segment_path(path, 3).unlink()
    with closing(Recording(path)) as recording:
        lines = recording.lines(1, 0, 30)
        assert [line.number for line in lines if not line.lost] == [*range(10)]
        lost = [line for line in lines if line.lost]
        assert [line.number for line in lost] == [10, 20]
        assert "no longer beside" in format_line(lost[0], None, "log", "utf-8")[1]
        assert [*find(recording, Timeline(recording), Query(text="line 2"))] == [2]


def test_pages_that_overlap_give_each_line_once(recording: Recording, path: Path) -> None:
    change(path, "UPDATE page SET line = 5 WHERE id = 2")
    numbers = [line.number for line in recording.lines(1, 0, 30)]
    assert numbers == sorted(set(numbers))


def test_what_was_trimmed_is_missing(recording: Recording, path: Path) -> None:
    change(path, "DELETE FROM page WHERE id = 1")
    assert [line.number for line in recording.lines(1, 0, 12)] == [10, 11]
    assert recording.activities() == {1: 30}
    assert Timeline(recording).total == 20


def test_a_page_in_memory_needs_no_file(path: Path) -> None:
    found = [*pages(CHUNKS, iter([10] * 3), 99, Flows())]
    newest = Newest()
    with closing(Recording(path, newest=newest)) as recording:
        wanted = [recording.lines(1, first, 30) for first in (10, 20, 27)]
        newest.put(found[1:])
        recording._db.set_progress_handler(lambda: True, 1)
        assert [recording.lines(1, first, 30) for first in (20, 27)] == wanted[1:]
        with pytest.raises(RecordingError):
            recording.lines(1, 9, 30)
        with pytest.raises(RecordingError):
            recording.lines(1, 25, 31)
        recording._db.set_progress_handler(None, 0)
        assert recording.lines(1, 10, 30) == wanted[0]
        assert recording.lines(1, 0, 31) == recording.lines(1, 0, 30)


def test_no_page_has_more_chunks_than_is_believed(recording: Recording, path: Path) -> None:
    change(path, "UPDATE page SET chunks = 70000, times = zeroblob(280000)")
    assert recording.activities() == {}
    assert Timeline(recording).total == 3
