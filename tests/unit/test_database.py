"""A stranger's file: plain tables are read, nothing is run, nobody waits."""

from __future__ import annotations

import os
import sqlite3
import sys
from contextlib import closing
from pathlib import Path, PurePath, PurePosixPath, PureWindowsPath
from typing import Any, NoReturn

import pytest

from netlib.recording import database, page_table
from netlib.recording.database import (
    CELL_BYTES,
    Database,
    RecordingError,
    TooLongError,
    file_uri,
    has_writer,
)
from netlib.recording.schema import SCHEMA
from tests.pages import many_tables

ENDLESS = "WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r) SELECT n AS value FROM r"
WANTED = {"thing": ("value",)}


def made(path: Path, script: str) -> Path:
    with closing(sqlite3.connect(path)) as db:
        db.executescript(script)
    return path


@pytest.mark.parametrize(
    ("script", "there"),
    [
        ("CREATE TABLE thing(value)", True),
        ("CREATE TABLE thing(value, more)", True),
        ("CREATE TABLE thing(other)", False),
        ("CREATE TABLE other(value)", False),
        (f"CREATE VIEW thing AS {ENDLESS}", False),
        ("CREATE TABLE thing(other, value AS (hex(zeroblob(100000000))))", False),
        ("CREATE VIRTUAL TABLE thing USING fts5(value)", False),
    ],
)
def test_only_plain_tables_count(tmp_path: Path, script: str, there: bool) -> None:
    with closing(Database(made(tmp_path / "x.db", script), 0.0)) as db:
        assert db.tables(WANTED) is there


@pytest.mark.parametrize(
    ("columns", "there"),
    [
        ("(id INTEGER PRIMARY KEY, value)", True),
        ("(id INTEGER, value, PRIMARY KEY (id))", True),
        ("(id, value)", False),
        ("(id INTEGER, value)", False),
        ("(id INTEGER UNIQUE, value PRIMARY KEY)", False),
        ("(id INT PRIMARY KEY, value)", False),
        ("(id INTEGER PRIMARY KEY DESC, value)", False),
        ("(id INTEGER, value, PRIMARY KEY (id, value))", False),
        ("(id INTEGER PRIMARY KEY, value) WITHOUT ROWID", False),
    ],
)
def test_an_id_is_the_number_of_its_row(tmp_path: Path, columns: str, there: bool) -> None:
    with closing(Database(made(tmp_path / "x.db", f"CREATE TABLE thing{columns}"), 0.0)) as db:
        assert db.tables({"thing": ("id", "value")}) is there


def test_what_takes_too_long_is_given_up(tmp_path: Path) -> None:
    with closing(Database(made(tmp_path / "x.db", "CREATE TABLE thing(value)"), 0.0)) as db:
        with db.within(0.0), pytest.raises(RecordingError, match="takes too long"):
            db.select(f"SELECT count(*) FROM ({ENDLESS})")
        with db.within(0.0), pytest.raises(RecordingError, match="takes too long"):
            db.check_time()
        db.give_up_when(lambda: True)
        with pytest.raises(RecordingError, match="interrupted"):
            db.select(f"SELECT count(*) FROM ({ENDLESS})")
        db.give_up_when(lambda: False)
        assert db.select("SELECT 1") == [(1,)]


def test_opening_is_given_up_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = many_tables(made(tmp_path / "x.db", "CREATE TABLE thing(value)"), 300)
    with pytest.raises(RecordingError, match="interrupted"):
        Database(path, 0.0, lambda: True)
    monkeypatch.setattr(database, "PATIENCE", 0.0)
    with pytest.raises(TooLongError, match="takes too long"):
        Database(path, 0.0)


def test_no_more_is_read_of_the_schema_than_a_recording_has(tmp_path: Path) -> None:
    path = many_tables(made(tmp_path / "x.db", "CREATE TABLE thing(value)"), 300)
    with pytest.raises(RecordingError, match="it has too many tables"):
        Database(path, 0.0)
    long = f"CREATE VIEW thing AS SELECT 1 IN ({'1,' * 10_000} 1)"
    with pytest.raises(RecordingError, match="too big"):
        Database(made(tmp_path / "y.db", long), 0.0)
    with closing(Database(made(tmp_path / "z.db", SCHEMA), 0.0)) as db:
        assert db.tables(page_table.TABLES)


def test_memory_that_there_is_not_is_told(tmp_path: Path) -> None:
    def refuse(_text: bytes) -> NoReturn:
        raise MemoryError

    with closing(Database(made(tmp_path / "x.db", "CREATE TABLE thing(value)"), 0.0)) as db:
        db.connection.text_factory = refuse
        with pytest.raises(RecordingError, match="there is not enough memory for it"):
            db.select("SELECT 'x'")


def test_a_limit_within_a_limit_does_not_make_it_longer(tmp_path: Path) -> None:
    with closing(Database(made(tmp_path / "x.db", "CREATE TABLE thing(value)"), 0.0)) as db:
        with db.within(0.0), db.within(1000.0), pytest.raises(RecordingError):
            db.check_time()
        db.check_time()


def test_no_cell_is_longer_than_it_may_be(tmp_path: Path) -> None:
    script = f"CREATE TABLE thing(value); INSERT INTO thing VALUES (zeroblob({CELL_BYTES + 1}))"
    with closing(Database(made(tmp_path / "x.db", script), 0.0)) as db:
        with pytest.raises(RecordingError, match="too big"):
            db.select("SELECT value FROM thing")
        with pytest.raises(RecordingError, match="too big"):
            db.select("SELECT hex(zeroblob(100000000))")


@pytest.mark.skipif(sys.platform == "win32", reason="there are no FIFOs")
def test_what_is_no_file_is_not_waited_for(tmp_path: Path) -> None:
    if sys.platform != "win32":
        os.mkfifo(tmp_path / "fifo")
    for name in ("fifo", "."):
        with pytest.raises(ValueError):
            Database(tmp_path / name, 0.0)
    (tmp_path / "loop").symlink_to("loop")
    with pytest.raises((ValueError, RecordingError, OSError)):
        Database(tmp_path / "loop", 0.0)


@pytest.mark.parametrize(
    ("path", "uri"),
    [
        (PurePosixPath("/home/李/a b.db"), "file:///home/%E6%9D%8E/a%20b.db"),
        (PureWindowsPath(r"H:\课堂\a#1.db"), "file:///H:/%E8%AF%BE%E5%A0%82/a%231.db"),
        (PureWindowsPath(r"\\school\home\a?.db"), "file:////school/home/a%3F.db"),
        (PureWindowsPath(r"\\?\C:\long.db"), "file:////%3F/C%3A/long.db"),
    ],
)
def test_a_share_of_windows_is_a_path_and_no_server_to_sqlite(path: PurePath, uri: str) -> None:
    assert file_uri(path) == uri


def test_sqlite_opens_what_begins_with_four_slashes(tmp_path: Path) -> None:
    there = made(tmp_path / "a b.db", "CREATE TABLE thing(value)")
    as_windows_may_write_it = rf"\\?\{there}" if sys.platform == "win32" else f"/{there}"
    share = file_uri(PureWindowsPath(as_windows_may_write_it))
    assert share.startswith("file:////")
    with closing(sqlite3.connect(f"{share}?mode=ro", uri=True)) as db:
        assert db.execute("SELECT count(*) FROM thing").fetchone() == (0,)


if sys.platform != "win32":

    def test_the_path_that_is_opened_is_the_one_that_was_given(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        made(tmp_path / "real.db", "CREATE TABLE thing(value)")
        (tmp_path / "drive.db").symlink_to("real.db")
        opened: list[str] = []
        connect = sqlite3.connect

        def seen(place: str, **options: Any) -> Any:
            opened.append(place)
            return connect(place, **options)

        monkeypatch.setattr("netlib.recording.database.sqlite3.connect", seen)
        Database(tmp_path / "drive.db", 0.0).close()
        assert opened == [f"{(tmp_path / 'drive.db').as_uri()}?mode=ro"]


def test_a_file_has_a_writer_while_its_log_stands_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "x.db"
    assert not has_writer(path)
    with closing(sqlite3.connect(path)) as db:
        db.execute("CREATE TABLE thing(value)")
        assert not has_writer(path)
        db.execute("PRAGMA journal_mode=WAL")
        db.execute("INSERT INTO thing VALUES (1)")
        assert has_writer(path)
    assert not has_writer(path)


def test_a_link_to_a_file_has_its_writer(tmp_path: Path) -> None:
    path, link = tmp_path / "x.db", tmp_path / "link"
    link.symlink_to(path)
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA journal_mode=WAL")
        db.execute("CREATE TABLE thing(value)")
        assert has_writer(link)
