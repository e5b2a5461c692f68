"""pcapng: blocks as the draft has them, and times that never go back."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netlib.i18n import Language, language, set_language
from netlib.recording.export import export
from netlib.recording.export.pcapng import block
from netlib.recording.query import Query
from netlib.recording.reader import Recording
from netlib.recording.search import find
from tests.captures import Packet, blocks, connections, options, packets
from tests.pages import WALL, Chunk, write_1
from tests.recordings import never, order, spans, written


@pytest.fixture
def spoken() -> Iterator[None]:
    before = language()
    yield
    set_language(before)


@given(st.binary(max_size=9), st.lists(st.tuples(st.integers(1, 9), st.text(max_size=5))))
def test_a_block_is_whole_words_and_says_its_length_at_both_ends(
    body: bytes, told: list[tuple[int, str]]
) -> None:
    made = block(7, body, [(code, text.encode()) for code, text in told])
    ((kind, inside),) = blocks(made * 1)
    assert kind == 7
    assert inside.startswith(body)
    assert options(inside[len(body) + -len(body) % 4 :]) == dict(told)


@pytest.mark.parametrize(("name", "words"), [("en", "No packet was captured"), ("zh", "没有抓包")])
def test_a_capture_says_that_none_was_captured_in_the_language_in_use(
    lesson: Path, tmp_path: Path, spoken: None, name: Language, words: str
) -> None:
    set_language(name)
    capture = written(order(lesson, "pcapng"), tmp_path / "a.pcapng")
    (_kind, section), *_others = blocks(capture)
    assert words in options(section[16:])[1]


def test_a_capture_counts_its_packets(lesson: Path, tmp_path: Path) -> None:
    wanted = order(lesson, "pcapng")
    count = export(wanted, tmp_path / "a.pcapng", lambda _share: None, never)
    found = packets((tmp_path / "a.pcapng").read_bytes())
    assert count == len(found) == 3 + 2 + 2 + 1


def test_a_search_chooses_the_calls_and_nothing_found_is_a_capture_without_packets(
    lesson: Path, tmp_path: Path
) -> None:
    with closing(Recording(lesson)) as recording:
        for asked, sent in (
            (Query(text="1+1"), ["=1+1\n你好\r\n".encode()]),
            (Query(text="?"), []),
        ):
            some = find(recording, spans(lesson), asked)
            capture = written(order(lesson, "pcapng", positions=some), tmp_path / "a")
            assert [one.data for one in packets(capture) if one.data] == sent


def times(path: Path, folder: Path) -> list[Packet]:
    return packets(written(order(path, "pcapng"), folder / "a.pcapng"))


def test_a_clock_that_was_set_back_lets_the_monotonic_one_go_on(tmp_path: Path) -> None:
    said = [Chunk(b"x", peer="127.0.0.1:9", at=at * 1000) for at in range(5)]
    path = write_1(tmp_path / "r", said)
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("UPDATE chunk SET wall = wall - 3600 WHERE id >= 3")
    data = [one.at - WALL for one in times(path, tmp_path) if one.data]
    assert data == [0, 1000, 2000, 3000, 4000]


def test_a_clock_that_was_set_forward_is_followed(tmp_path: Path) -> None:
    path = write_1(tmp_path / "r", [Chunk(b"x", at=at) for at in (0, 10)])
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("UPDATE chunk SET wall = wall + 60 WHERE id = 2")
    data = [one.at - WALL for one in times(path, tmp_path) if one.data]
    assert data == [0, 60_000_010]


@pytest.mark.parametrize("value", ["9e999", "-9e999", "NULL", "1e300", "-1e300", "'x'"])
@pytest.mark.parametrize("column", ["at", "wall", "connection", "kind", "peer", "data", "line"])
def test_cells_that_somebody_else_wrote_do_no_harm(tmp_path: Path, column: str, value: str) -> None:
    said = [Chunk(b"one", peer="127.0.0.1:9"), Chunk(b"two", peer="127.0.0.1:9"), Chunk(b"three")]
    path = write_1(tmp_path / "r", said)
    with closing(sqlite3.connect(path)) as db, db:
        db.execute(f"UPDATE chunk SET {column} = {value} WHERE id = 2")
    found = times(path, tmp_path)
    assert [one.at for one in found] == sorted(one.at for one in found)
    assert b"one" in b"".join(one.data for one in found)
    assert len(connections(found)) <= 3
