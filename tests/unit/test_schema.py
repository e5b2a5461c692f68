"""The view `chunk`: what yesterday's SQL finds in a recording of today."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from netlib.address import Endpoint
from netlib.events import Closed, CloseReason, Direction, Named, Plaintext, WireChunk
from netlib.recording.event_json import to_json
from tests.recordings import IN, OUT, accepted, chunk, record

THERE = Endpoint("10.0.0.1", 7)
NAMES = ["id", "at", "wall", "activity", "connection", "kind", "peer", "line", "lines", "data"]


def test_it_has_the_columns_of_version_1_and_a_row_for_each_chunk_and_event(tmp_path: Path) -> None:
    hello = accepted(THERE)
    named = Named(at=1000.5, activity=1, connection=1, name="小 明")
    closed = Closed(at=1002.0, activity=1, connection=1, reason=CloseReason.BY_PEER)
    path = record(
        tmp_path / "r",
        [
            hello,
            chunk(b"one\ntwo", at=1000.25),
            named,
            chunk(b"\x00\xff\n", OUT, at=1001.0),
            chunk(b"", connection=0, activity=2, peer=THERE, at=1001.5),
            closed,
        ],
    )
    with closing(sqlite3.connect(path)) as db:
        found = db.execute("SELECT * FROM chunk")
        assert [column[0] for column in found.description] == NAMES
        rows = [dict(zip(NAMES, row, strict=True)) for row in found]
    assert [row["id"] for row in rows] == list(range(6))
    assert [row["at"] for row in rows] == [1000.0, 1000.25, 1000.5, 1001.0, 1001.5, 1002.0]
    assert {round(row["wall"] - row["at"] - rows[0]["wall"] + 1000.0, 2) for row in rows} == {0.0}
    assert [row["kind"] for row in rows] == [0, 1, 0, 2, 1, 0]
    assert [row["activity"] for row in rows] == [1, 1, 1, 1, 2, 1]
    assert [row["connection"] for row in rows] == [1, 1, 1, 1, 0, 1]
    assert [(row["line"], row["lines"]) for row in rows] == [
        (0, 1), (1, 2), (3, 1), (4, 1), (0, 1), (5, 1)
    ]  # fmt: skip
    peer = str(THERE)
    assert [row["peer"] for row in rows] == [
        peer, peer, f"{peer} 小 明", f"{peer} 小 明", peer, f"{peer} 小 明"
    ]  # fmt: skip
    assert [row["data"] for row in rows] == [
        to_json(hello), b"one\ntwo", to_json(named), b"\x00\xff\n", b"", to_json(closed)
    ]  # fmt: skip


def test_under_tls_plain_text_is_1_and_2_and_ciphertext_3_and_4(tmp_path: Path) -> None:
    path = record(
        tmp_path / "r",
        [
            accepted(THERE),
            WireChunk(1000.0, 1, 1, IN, None, b"\x17\n\n"),
            Plaintext(1000.0, 1, 1, IN, None, b"hello\n"),
            Plaintext(1000.0, 1, 1, OUT, None, b"hi"),
            WireChunk(1000.0, 1, 1, Direction.SENT, None, b"\n"),
        ],
    )
    with closing(sqlite3.connect(path)) as db:
        rows = db.execute("SELECT kind, lines, data FROM chunk WHERE kind > 0").fetchall()
    assert rows == [(3, 1, b"\x17\n\n"), (1, 1, b"hello\n"), (2, 1, b"hi"), (4, 1, b"\n")]


def test_more_than_a_page_and_columns_of_8_bytes_are_found(tmp_path: Path) -> None:
    def item(number: int):  # type: ignore[no-untyped-def]
        return chunk(b"%d\n" % number, at=number * 10_000.0, activity=1 + number % 3)

    path = record(tmp_path / "r", [item(number) for number in range(3000)])
    with closing(sqlite3.connect(path)) as db:
        rows = db.execute("SELECT at, line, data FROM chunk WHERE activity = 2").fetchall()
        (wide,) = db.execute("SELECT max(length(times) / chunks) FROM page").fetchone()
    assert wide == 8
    wanted = [number for number in range(3000) if number % 3 == 1]
    assert rows == [
        (number * 10_000.0, line, b"%d\n" % number) for line, number in enumerate(wanted)
    ]
