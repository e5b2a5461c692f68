"""A row is believed to be a page only if each of its cells may be that of one."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

import pytest

from netlib.engine.records import FLOW_BITS
from netlib.recording.database import Database, RecordingError
from netlib.recording.page import Page
from netlib.recording.page_table import KEPT_CHUNKS, KEPT_FLOWS, PAGE_COST, PageTable
from netlib.recording.payload import MissingError
from netlib.recording.tables import Span
from tests.pages import Chunk, same_rows_again, write_2

CHUNKS = [
    Chunk(b"one\ntwo\n", at=1),
    Chunk(b"three", 2, at=2),
    Chunk(b"four\n", activity=2, connection=2, peer="[::1]:7 Ada", at=3),
    Chunk(b"five\n", at=4),
]
WRONG = ["NULL", "'text'", "x'ff'", "9e999", "-1", "1.5", "9223372036854775807", "1 << 63"]
MAY_BE = {
    *(("line_ends", "NULL"), ("numbers", "NULL"), ("segment", "NULL"), ("wall", "-1")),
    ("data", "NULL"),
}
"""Not wrong of itself."""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return write_2(tmp_path / "r.socketboard", CHUNKS)


@pytest.fixture
def table(path: Path) -> Iterator[PageTable]:
    with closing(Database(path, 0.0)) as db, closing(PageTable(db, path)) as table:
        yield table


def change(path: Path, cells: str, where: str = "activity = 1") -> None:
    with closing(sqlite3.connect(path)) as db, db:
        db.execute(f"UPDATE page SET {cells} WHERE {where}")


def pages(table: PageTable) -> Sequence[tuple[int, Page]]:
    return [*table.pages(Span(1, 0, 99))]


@pytest.mark.parametrize("value", WRONG)
@pytest.mark.parametrize("column", Page._fields)
def test_a_wrong_cell_makes_a_row_no_page(
    table: PageTable, path: Path, column: str, value: str
) -> None:
    assert len(pages(table)) == 1
    change(path, f"{column} = {value}")
    if (column, value) in MAY_BE and column not in ("line_ends", "data"):
        return
    assert pages(table) == []
    assert table.by_number([1, 2]).keys() == {2}


@pytest.mark.parametrize(
    "cells",
    [
        *("lines = 1", "lines = 100", "chunks = 2", "chunks = 1000000", "last = number + 1"),
        *("received = size + 1", "size = 3", "segment = 0, data = NULL", "segment = 'a'"),
        *("times = zeroblob(5)", "size = 1 << 40, segment = 1, data = NULL"),
    ],
)
def test_cells_that_contradict_each_other_make_none(
    table: PageTable, path: Path, cells: str
) -> None:
    change(path, cells)
    assert pages(table) == []


def test_a_page_and_its_bytes_are_found(table: PageTable) -> None:
    ((id, page),) = pages(table)
    opened = table.open(id, page)
    assert [opened.start(chunk) for chunk in range(3)] == [0, 8, 13]
    assert [opened.line(chunk) for chunk in range(3)] == [0, 2, 3]
    assert table.payload(id, page).whole() == b"one\ntwo\nthreefive\n"
    assert table.open(id, page) is opened
    row = opened.row(1, (4, None), b"thr")
    assert (row.at, row.connection, row.kind, row.line, row.size) == (2e-6, 4, 2, 2, 5)


@pytest.mark.parametrize(
    "value", ["NULL", "5", "'one two threefive\n'", "'18 characters long'", "x'00'"]
)
def test_bytes_that_are_no_longer_those_of_the_page_are_missing(
    table: PageTable, path: Path, value: str
) -> None:
    ((id, page),) = pages(table)
    change(path, f"data = {value}")
    with pytest.raises(MissingError):
        table.payload(id, page)


def test_pages_that_an_index_names_again_without_end_are_not_in_order(
    table: PageTable, path: Path
) -> None:
    change(path, "line = 0, activity = 1", "1")
    same_rows_again(path, "page_line")
    with pytest.raises(RecordingError, match="its rows are not in order"):
        pages(table)


def test_codes_are_told_and_remembered(table: PageTable, path: Path) -> None:
    flows = table.flows({code << FLOW_BITS for code in range(5)})
    assert sorted(flows.values(), key=str) == [(1, None), (2, "[::1]:7 Ada")]
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("UPDATE flow SET connection = 'x' WHERE id = 1")
        db.execute("UPDATE flow SET peer = x'00' WHERE id = 2")
    assert table.flows([1 << FLOW_BITS]) == flows
    table.flows([*range(0, (KEPT_FLOWS + 9) << FLOW_BITS, 1 << FLOW_BITS)])
    with closing(Database(path, 0.0)) as other:
        assert PageTable(other, path).flows([8, 16]) == {}


def test_the_page_before_is_one_that_ends_there(table: PageTable, path: Path) -> None:
    ((id, page),) = pages(table)
    opened = table.open(id, page)
    assert table.before(opened) is None
    change(path, "line = 4")
    ((_id, later),) = pages(table)
    change(path, "activity = 1, line = 3", "activity = 2")
    found = table.before(opened._replace(page=later))
    assert found is not None
    assert found.page.line == 3
    change(path, "line = 2", "line = 3")
    assert table.before(opened._replace(page=later)) is None


def test_the_pages_read_last_are_kept_and_no_more_however_small(table: PageTable) -> None:
    ((_id, page),) = pages(table)
    most = KEPT_CHUNKS // (page.chunks + PAGE_COST)
    opened = [table.open(number, page) for number in range(1, 2 * most + 1)]
    assert all(table.open(one.id, page) is one for one in opened[-most:])
    assert table.open(most - 1, page) is not opened[most - 2]
