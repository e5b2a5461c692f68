"""A recording read back: the same lines wherever a page begins, and a reason where it cannot be."""

from __future__ import annotations

import os
import sqlite3
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from netlib.address import Endpoint
from netlib.events import Accepted, Closed, CloseReason, Named
from netlib.recording.journal import Journal
from netlib.recording.reader import Recording, RecordingError, open_recording
from netlib.teaching.lines import Line
from tests.recordings import OUT, accepted, chunk, record
from tests.records import put
from tests.samples import THERE

NOBODY = 65_534
"""A user who owns nothing."""


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    journal = Journal(tmp_path / "recording.db")
    yield journal
    assert journal.close()


def lines(path: Path, activity: int = 1, first: int = 0, last: int = 1 << 30) -> list[Line]:
    with closing(Recording(path)) as recording:
        return recording.lines(activity, first, last)


def test_a_page_shows_the_same_lines_wherever_it_begins(journal: Journal) -> None:
    for data in (b"one\ntwo\nthr", b"ee\n\n", b"", b"four"):
        put(journal, chunk(data))
    put(journal, accepted(THERE))
    put(journal, chunk(b"six\n"))
    assert journal.flush()
    whole = lines(journal.path)
    assert [line.data for line in whole] == [
        *(b"one\n", b"two\n", b"thr", b"ee\n", b"\n", b"", b"four", b"", b"six\n"),
    ]
    assert [line.number for line in whole] == list(range(9))
    assert isinstance(whole[7].event, Accepted)
    for first in range(9):
        for last in range(first + 1, 10):
            assert lines(journal.path, 1, first, last) == whole[first:last]


@pytest.mark.parametrize("encoding", ["utf-8", "gbk", "gb18030", "utf-16-le"])
def test_a_character_split_between_chunks_is_carried(journal: Journal, encoding: str) -> None:
    text = "你好丂𠀀"
    data = text.encode(encoding, "ignore")
    for at in range(len(data)):
        put(journal, chunk(b"other", connection=2))
        put(journal, chunk(data[at : at + 1]))
    assert journal.flush()
    for first in range(len(data)):
        line = next(one for one in lines(journal.path, 1, first * 2) if one.connection == 1)
        end = line.number // 2 + 1
        assert line.carry + line.data == data[:end]


def test_a_character_split_after_many_lines_is_carried(journal: Journal) -> None:
    first, second = "好".encode()[:2], "好".encode()[2:]
    put(journal, chunk(b"\n" * 1000 + first))
    put(journal, chunk(second))
    assert journal.flush()
    (line,) = lines(journal.path, 1, 1001)
    assert line.carry + line.data == "好".encode()


def test_datagrams_carry_nothing_and_name_their_peer(journal: Journal) -> None:
    for data in (b"\xe4\xbd", b"\xa0", b""):
        put(journal, chunk(data, connection=0, peer=Endpoint("::1", 7)))
    assert journal.flush()
    found = [(line.data, line.carry, line.peer) for line in lines(journal.path)]
    assert found == [
        (b"\xe4\xbd", b"", "[::1]:7"),
        (b"\xa0", b"", "[::1]:7"),
        (b"", b"", "[::1]:7"),
    ]


def test_activities_and_their_sizes_are_counted(tmp_path: Path) -> None:
    items = [chunk(b"one\ntwo\n"), chunk(b"three", OUT), chunk(b"", activity=7)]
    with closing(Recording(record(tmp_path / "r.db", items))) as recording:
        assert recording.activities() == {1: 3, 7: 1}
        assert [recording.sizes(activity) for activity in (1, 7, 9)] == [(8, 5), (0, 0), (0, 0)]


@pytest.mark.parametrize("content", [b"", b"hello, this is text\n" * 100])
def test_what_is_no_recording_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "notes.txt"
    path.write_bytes(content)
    with pytest.raises(ValueError):
        Recording(path)


def test_what_is_not_there_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(RecordingError, match="unable to open"):
        Recording(tmp_path / "gone.db")


def test_what_cannot_be_opened_is_said_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "notes").write_text("notes")
    (tmp_path / "folder").mkdir()
    for name, words in {
        "gone": "gone does not exist.",
        "notes": "notes is not a Socketboard recording.",
        "folder": "folder cannot be opened: ",
    }.items():
        with pytest.raises(ValueError, match=words):
            open_recording(tmp_path / name)


@contextmanager
def read_only(folder: Path) -> Iterator[None]:
    """While it lasts, nothing can be written in a folder, by root neither."""
    if sys.platform == "win32":
        raise NotImplementedError
    user = os.geteuid()
    for file in folder.iterdir():
        file.chmod(0o444)
    folder.chmod(0o555)
    os.seteuid(NOBODY if user == 0 else user)
    try:
        yield
    finally:
        os.seteuid(user)
        folder.chmod(0o700)


@pytest.mark.skipif(sys.platform == "win32", reason="no users to become")
@pytest.mark.parametrize("ended", ["as it should", "by a writer that left the WAL mode on"])
def test_a_recording_opens_where_nothing_may_be_written(ended: str) -> None:
    with tempfile.TemporaryDirectory() as name:  # one that everybody may enter
        path = record(Path(name, "r.db"), [chunk(b"one\n")])
        if ended != "as it should":
            with closing(sqlite3.connect(path)) as writer:
                writer.execute("PRAGMA journal_mode=WAL")
        with read_only(path.parent):
            assert [line.data for line in lines(path)] == [b"one\n"]


@pytest.mark.parametrize("mode", ["DELETE", "WAL"])
def test_reading_leaves_nothing_behind(tmp_path: Path, mode: str) -> None:
    path = record(tmp_path / "r.db", [chunk(b"one\n")])
    with closing(sqlite3.connect(path)) as writer:
        writer.execute(f"PRAGMA journal_mode={mode}")
    assert [line.data for line in lines(path)] == [b"one\n"]
    assert [place.name for place in tmp_path.iterdir()] == ["r.db"]


def test_a_recording_is_read_while_it_is_written(journal: Journal) -> None:
    with closing(Recording(journal.path)) as recording:
        put(journal, chunk(b"one\n"))
        assert journal.flush()
        assert recording.activities() == {1: 1}


def test_somebody_elses_database_is_refused(tmp_path: Path) -> None:
    other = sqlite3.connect(tmp_path / "other.db")
    other.execute("CREATE TABLE meta(key, value)")
    other.close()
    with pytest.raises(ValueError):
        Recording(tmp_path / "other.db")


def test_a_recording_that_is_locked_is_busy_and_not_somebody_elses(tmp_path: Path) -> None:
    path = record(tmp_path / "r.db", [chunk(b"one\n")])
    with closing(sqlite3.connect(path)) as other:
        other.execute("PRAGMA journal_mode=DELETE")
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(RecordingError, match="locked"):
            Recording(path, patience=0.0)


def test_what_is_given_up_is_no_empty_answer(tmp_path: Path) -> None:
    path = record(tmp_path / "r.db", [chunk(b"x\n" * 10) for _ in range(20_000)])
    with closing(Recording(path)) as recording:
        recording.give_up_when(lambda: True)
        with pytest.raises(RecordingError, match="interrupted"):
            recording.sizes(1)


def test_the_nickname_is_known_wherever_a_page_begins(journal: Journal) -> None:
    put(journal, accepted(THERE))
    put(journal, chunk(b"hello\n"))
    put(journal, Named(at=1.0, activity=1, connection=1, name="小 明"))
    put(journal, chunk(b"here\n"))
    put(journal, Closed(at=1.0, activity=1, connection=1, reason=CloseReason.BY_PEER))
    assert journal.flush()
    assert [(line.peer, line.name) for line in lines(journal.path)] == [
        *[(str(THERE), "")] * 2,
        *[(str(THERE), "小 明")] * 3,
    ]
    (last,) = lines(journal.path, first=4)
    assert last.name == "小 明"
