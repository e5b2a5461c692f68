"""Recordings in both formats written without a journal, and what reading them should give."""

from __future__ import annotations

import random
import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

from netlib.engine.records import FLOW_BITS
from netlib.recording.cut import CARRY_BYTES
from netlib.recording.page import SHOWN_KINDS, Page, column
from netlib.recording.schema import FORMAT, INSERT_FLOW, INSERT_PAGE, SCHEMA, segment_path

WALL = 1_700_000_000_000_000
"""Microseconds by the calendar when the monotonic clock began."""

VERSION_1 = """
CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;
CREATE TABLE chunk(
    id INTEGER PRIMARY KEY, at REAL, wall REAL, activity INTEGER, connection INTEGER,
    kind INTEGER, peer TEXT, line INTEGER, lines INTEGER, data BLOB);
CREATE INDEX chunk_line ON chunk(activity, line);
INSERT INTO meta VALUES ('format', 'socketboard-1');
"""


class Chunk(NamedTuple):
    """Bytes that crossed, or an event."""

    data: bytes = b""
    kind: int = 1
    activity: int = 1
    connection: int = 1
    peer: str | None = None
    at: int = 0
    """Microseconds."""

    @property
    def pieces(self) -> list[bytes]:
        """Its lines."""
        if SHOWN_KINDS[self.kind] not in (1, 2):
            return [self.data]
        *lines, rest = self.data.split(b"\n")
        return [*(line + b"\n" for line in lines), *([rest] if rest or not lines else [])]


class Expected(NamedTuple):
    """A line as a plain reader of everything finds it."""

    activity: int
    number: int
    at: float
    wall: float
    connection: int
    kind: int
    peer: str | None
    data: bytes
    carry: bytes
    first: bool
    size: int


def expected(chunks: Iterable[Chunk]) -> list[Expected]:
    """Return all lines in order of time, made without any page."""
    lines: list[Expected] = []
    numbers: dict[int, int] = defaultdict(int)
    tails: dict[tuple[int, int], bytes] = {}
    for chunk in chunks:
        kind, carry = SHOWN_KINDS[chunk.kind], b""
        if chunk.connection and kind in (1, 2):
            way = (chunk.connection, kind)
            carry = tails.get(way, b"")
            whole = carry + chunk.data
            tails[way] = whole[whole.rfind(b"\n") + 1 :][-CARRY_BYTES:]
        for index, data in enumerate(chunk.pieces):
            lines.append(
                Expected(
                    chunk.activity,
                    numbers[chunk.activity],
                    chunk.at / 1e6,
                    (WALL + chunk.at) / 1e6,
                    chunk.connection,
                    kind,
                    chunk.peer and chunk.peer.partition(" ")[0],
                    data,
                    b"" if index else carry,
                    not index,
                    len(chunk.data),
                )
            )
            numbers[chunk.activity] += 1
    return lines


def write_1(path: Path, chunks: Sequence[Chunk]) -> Path:
    """Write a recording of format 1."""
    numbers: dict[int, int] = defaultdict(int)
    with closing(sqlite3.connect(path)) as db, db:
        db.executescript(VERSION_1)
        for id, chunk in enumerate(chunks, 1):
            lines, line = len(chunk.pieces), numbers[chunk.activity]
            numbers[chunk.activity] += lines
            data = chunk.data if chunk.kind else chunk.data.decode("utf-8", "replace")
            values = (id, chunk.at / 1e6, (WALL + chunk.at) / 1e6, chunk.activity)
            cells = (chunk.connection, SHOWN_KINDS[chunk.kind], chunk.peer, line, lines, data)
            db.execute("INSERT INTO chunk VALUES (?,?,?,?,?,?,?,?,?,?)", values + cells)
    return path


class Flows:
    """Numbers for connections and peers, as a journal gives them."""

    def __init__(self) -> None:
        self.known: dict[tuple[int, int, str | None], int] = {}

    def code(self, chunk: Chunk) -> int:
        """Return the code of a chunk."""
        flow = (chunk.activity, chunk.connection, chunk.peer)
        return (self.known.setdefault(flow, len(self.known) + 1) << FLOW_BITS) + chunk.kind


def pages(chunks: Sequence[Chunk], packs: Iterator[int], most: int, flows: Flows) -> Iterator[Page]:
    """Yield the pages of chunks, pack by pack; a page has at most so many chunks."""
    begin, lines = 0, dict[int, int]()
    while begin < len(chunks):
        pack = chunks[begin : begin + next(packs)]
        own: dict[int, list[tuple[int, Chunk]]] = defaultdict(list)
        for number, chunk in enumerate(pack, begin):
            own[chunk.activity].append((number, chunk))
        for activity, numbered in own.items():
            for start in range(0, len(numbered), most):
                page = _page(numbered[start : start + most], lines.get(activity, 0), flows)
                lines[activity] = page.line + page.lines
                yield page
        begin += len(pack)


def _page(numbered: Sequence[tuple[int, Chunk]], line: int, flows: Flows) -> Page:
    chunks = [chunk for _number, chunk in numbered]
    number, at = numbered[0][0], chunks[0].at
    line_ends, ends, data = list[int](), list[int](), b"".join(chunk.data for chunk in chunks)
    for chunk in chunks:
        line_ends.append((line_ends[-1] if line_ends else 0) + len(chunk.pieces))
        ends.append((ends[-1] if ends else 0) + len(chunk.data))
    numbers = [one - number for one, _chunk in numbered]
    return Page(
        activity=chunks[0].activity,
        line=line,
        lines=line_ends[-1],
        chunks=len(chunks),
        number=number,
        last=numbered[-1][0],
        at=at,
        until=chunks[-1].at,
        wall=WALL,
        received=sum(len(chunk.data) for chunk in chunks if chunk.kind in (1, 3)),
        sent=sum(len(chunk.data) for chunk in chunks if chunk.kind in (2, 4)),
        times=column([chunk.at - at for chunk in chunks]),
        codes=column([*map(flows.code, chunks)]),
        ends=column(ends),
        line_ends=None if line_ends[-1] == len(chunks) else column(line_ends),
        numbers=None if numbers == [*range(len(chunks))] else column(numbers),
        size=len(data),
        segment=None,
        offset=0,
        data=data,
    )


def write_2(
    path: Path,
    chunks: Sequence[Chunk],
    packs: Callable[[], int] = lambda: 1024,
    most: int = 1024,
    segments: int = 0,
) -> Path:
    """Write a recording of format 2; `segments`: payloads stand in so many files beside it."""
    flows, files = (
        Flows(),
        [segment_path(path, number + 1).open("wb") for number in range(segments)],
    )
    with closing(sqlite3.connect(path)) as db, db:
        db.executescript(SCHEMA)
        db.execute("INSERT INTO meta VALUES ('format', ?)", (FORMAT,))
        for count, page in enumerate(pages(chunks, iter(packs, 0), most, flows)):
            where: dict[str, Any] = {}
            if files:
                file = files[count % len(files)]
                where = {"data": None, "segment": count % len(files) + 1, "offset": file.tell()}
                assert isinstance(page.data, bytes)
                file.write(page.data)
            db.execute(INSERT_PAGE, page._replace(**where))
        for (activity, connection, peer), number in flows.known.items():
            db.execute(INSERT_FLOW, (number, activity, connection, peer))
    for file in files:
        file.close()
    return path


def write_either(path: Path, chunks: Sequence[Chunk], seed: int) -> Path:
    """Write a recording of one format or the other, cut into packs, pages and files by chance."""
    chance = random.Random(seed)
    if chance.random() < 0.3:
        return write_1(path, chunks)
    most = chance.choice([1, 3, 1024])
    return write_2(path, chunks, lambda: chance.randint(1, 12), most, chance.choice([0, 0, 1, 3]))


def many_tables(path: Path, many: int) -> Path:
    """Add so many tables to a database, all of them in one place."""
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("CREATE TABLE t(x)")
        db.execute("PRAGMA writable_schema = ON")
        db.execute(
            "WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r LIMIT ?)"
            "INSERT INTO sqlite_schema SELECT type, 't' || n, 't' || n, rootpage,"
            " 'CREATE TABLE t' || n || '(x)' FROM r JOIN sqlite_schema ON name = 't'",
            (many,),
        )
    return path


def same_rows_again(path: Path, name: str, levels: int = 5, fan: int = 200) -> Path:
    """Let all children of the pages of a table or an index be one (sqlite.org/fileformat2, 1.6).

    Its rows come again and again, as often as `fan` to the power of `levels`.
    """
    with closing(sqlite3.connect(path)) as db:
        found = db.execute("SELECT rootpage FROM sqlite_schema WHERE name = ?", (name,))
        ((root,), (size,)) = found.fetchone(), db.execute("PRAGMA page_size").fetchone()
    file = bytearray(path.read_bytes())
    here = slice((root - 1) * size, root * size)
    leaf = file[here]
    kind, key, file = 5, b"\xff\xff\x7f", file + leaf
    if leaf[0] == 10:  # an index: the key is its first row
        at = int.from_bytes(leaf[8:10], "big")
        kind, key = 2, bytes(leaf[at : at + leaf[at] + 1])
    for level in range(levels):
        child = (len(file) // size).to_bytes(4, "big")
        cell = child + key
        first = size - fan * len(cell)
        head = (
            bytes((kind, 0, 0)) + fan.to_bytes(2, "big") + first.to_bytes(2, "big") + b"\0" + child
        )
        places = b"".join(at.to_bytes(2, "big") for at in range(first, size, len(cell)))
        page = head + places + bytes(first - len(head + places)) + cell * fan
        if level == levels - 1:
            file[here] = page
        else:
            file += page
    file[28:32] = (len(file) // size).to_bytes(4, "big")
    path.write_bytes(file)
    return path
