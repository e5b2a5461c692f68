"""Chunks of a page: a character begun before it is known, and no more is read than is shown."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from netlib.recording.cut import CARRY_BYTES, CARRY_LINES
from netlib.recording.database import Database
from netlib.recording.page_reader import PageReader
from netlib.recording.page_table import OpenPage, PageTable
from netlib.recording.payload import AHEAD, Payload
from netlib.recording.tables import Span
from tests.pages import Chunk, write_2


@contextmanager
def last_page(path: Path, chunks: list[Chunk], pack: int) -> Iterator[tuple[PageTable, OpenPage]]:
    write_2(path, chunks, lambda: pack)
    with closing(Database(path, 0.0)) as db, closing(PageTable(db, path)) as table:
        id, page = [*table.pages(Span(1, 0, 1 << 30))][-1]
        yield table, table.open(id, page)


def carry(path: Path, chunks: list[Chunk], pack: int) -> bytes:
    """Return what was left unfinished before the last chunk."""
    with last_page(path, chunks, pack) as (table, opened):
        reader = PageReader(table, opened, table.payload(opened.id, opened.page))
        ((_chunk, cut),) = reader.cuts([opened.page.chunks - 1], None)
        return cut.carry


END = Chunk(b"end\n")


@pytest.mark.parametrize("pack", [1, 2, 3, 1000])
@pytest.mark.parametrize(
    ("before", "left"),
    [
        ([Chunk(b"a"), Chunk(b"b")], b"ab"),
        ([Chunk(b"a\nb"), Chunk(b"other", connection=2), Chunk(b"back", 2)], b"b"),
        ([Chunk(b"a\nb"), Chunk(b"cipher\n", 3), Chunk(b"event\n", 0), Chunk(b"d", 5)], b"bd"),
        ([Chunk(b"x"), Chunk(b"a" * CARRY_BYTES + b"b")], b"a" * (CARRY_BYTES - 1) + b"b"),
        ([Chunk(b"a"), Chunk(b"whole\n")], b""),
        ([Chunk(b"a"), *[Chunk(b"\n", connection=2)] * (CARRY_LINES - 1)], b"a"),
        ([Chunk(b"a"), *[Chunk(b"\n", connection=2)] * CARRY_LINES], b""),
        ([Chunk(b"a", peer="p"), Chunk(b"b", peer="p Ada")], b"ab"),
    ],
)
def test_what_was_left_unfinished_is_carried(
    tmp_path: Path, before: list[Chunk], left: bytes, pack: int
) -> None:
    assert carry(tmp_path / "r", [*before, END], pack) == left


def test_of_long_lines_only_the_beginnings_and_ends_are_read(tmp_path: Path) -> None:
    chunks = [Chunk(b"x" * 1_000_000), Chunk(b"y" * 999_999 + b"\n"), Chunk(b"z" * 1_000_000)]
    with last_page(tmp_path / "r", chunks, 3) as (table, opened):
        asked = 0
        data = b"".join(chunk.data for chunk in chunks)

        def read(start: int, stop: int) -> bytes:
            nonlocal asked
            asked += stop - start
            return data[start:stop]

        reader = PageReader(table, opened, Payload(len(data), read))
        cuts = dict(reader.cuts(range(3), 4096))
        assert [cut.row.size for cut in cuts.values()] == [1_000_000] * 3
        assert [cut.carry for cut in cuts.values()] == [b"", b"x" * CARRY_BYTES, b""]
        assert asked <= 3 * (4096 + CARRY_BYTES + 2 * AHEAD)
