"""A recording elsewhere: copied while it is written, or moved when its writer is gone."""

from __future__ import annotations

import os
from contextlib import closing
from pathlib import Path

import pytest

from netlib.recording.journal import Journal
from netlib.recording.reader import Recording
from netlib.recording.save_copy import SaveCopy, copy_recording, move_recording
from netlib.recording.schema import segment_path
from tests.helpers import wait_until
from tests.recordings import all_lines, chunk, record
from tests.records import put


def outcome(copy: SaveCopy) -> str:
    wait_until(lambda: copy.outcome is not None, what="the end of the copy")
    return copy.outcome or ""


def names(folder: Path) -> list[str]:
    return sorted(place.name for place in folder.iterdir())


def test_a_copy_holds_what_is_written_by_now_in_one_file(tmp_path: Path) -> None:
    to = tmp_path / "kept" / "课.socketboard"
    to.parent.mkdir()
    with closing(Journal(tmp_path / "live.sqlite")) as journal:
        put(journal, chunk(b"one\n"))
        assert journal.flush()
        assert outcome(SaveCopy(journal.path, to)) == "The recording is kept in 课.socketboard"
        put(journal, chunk(b"two\n"))
        assert journal.flush()
    assert names(to.parent) == [to.name]
    assert os.name == "nt" or to.stat().st_mode & 0o777 == 0o600  # its owner's alone
    assert [line.data for line in all_lines(to)] == [b"one\n"]


def test_a_copy_of_a_recording_in_segments_is_one_file(tmp_path: Path) -> None:
    big, to = b"x" * 300_000 + b"\n", tmp_path / "kept" / "a"
    to.parent.mkdir()
    with closing(Journal(tmp_path / "live.sqlite", segmented=True)) as journal:
        for data in (b"one\n", big, b"two\n"):
            put(journal, chunk(data))
            assert journal.flush()
        assert outcome(SaveCopy(journal.path, to)) == "The recording is kept in a"
        assert [line.data for line in all_lines(to)] == [b"one\n", big, b"two\n"]
    segment_path(journal.path, 1).unlink()  # Windows lets nobody do that while it is written
    assert outcome(SaveCopy(journal.path, to)).endswith("without 3 rows, the oldest")
    assert names(to.parent) == ["a"]


def test_what_is_moved_is_one_file_too(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "live.sqlite", segmented=True)
    put(journal, chunk(b"last words\n"))
    assert journal.flush()
    assert journal.close()
    (tmp_path / "to").mkdir()
    move_recording(journal.path, tmp_path / "to" / "saved")
    assert names(tmp_path / "to") == ["saved"]
    assert [line.data for line in all_lines(tmp_path / "to" / "saved")] == [b"last words\n"]


@pytest.mark.parametrize("name", ["missing/a", "folder"])
def test_a_place_that_cannot_be_written_is_named(tmp_path: Path, name: str) -> None:
    recording = record(tmp_path / "r.sqlite", [chunk(b"one\n")])
    (tmp_path / "folder").mkdir()
    told = outcome(SaveCopy(recording, tmp_path / name))
    assert told.startswith(f"{Path(name).name} could not be written: ")
    assert names(tmp_path) == ["folder", "r.sqlite"]


def test_a_recording_that_has_gone_leaves_what_was_there(tmp_path: Path) -> None:
    to = tmp_path / "a"
    to.write_text("old")
    told = outcome(SaveCopy(tmp_path / "gone.sqlite", to))
    assert "unable to open" in told
    assert to.read_text() == "old"
    assert names(tmp_path) == ["a"]


def test_a_cancelled_copy_leaves_nothing(tmp_path: Path) -> None:
    recording = record(tmp_path / "r.sqlite", [chunk(b"one\n") for _ in range(10_000)])
    (tmp_path / "to").mkdir()
    copy = SaveCopy(recording, tmp_path / "to" / "a")
    assert copy.cancel(5.0)
    told = outcome(copy)
    if "kept in" in told:  # it was quicker
        assert names(tmp_path / "to") == ["a"]
    else:
        assert told == "Cancelled: a was not written."
        assert names(tmp_path / "to") == []


def test_a_copy_that_nobody_wants_is_an_error_not_half_a_file(tmp_path: Path) -> None:
    recording = record(tmp_path / "r.sqlite", [chunk(b"one\n") for _ in range(10_000)])
    with pytest.raises(OSError, match="interrupted"):
        copy_recording(recording, tmp_path / "a", lambda: True)


def test_what_a_dead_writer_had_not_merged_comes_along(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "live.sqlite")
    reader = Recording(journal.path)  # open: the last one to close merges
    put(journal, chunk(b"last words\n"))
    assert journal.flush()
    assert journal.close()
    for end in ("", "-wal"):  # as a crash leaves them
        place = Path(f"{journal.path}{end}")
        (tmp_path / f"left.sqlite{end}").write_bytes(place.read_bytes())
    reader.close()
    (tmp_path / "to").mkdir()
    move_recording(tmp_path / "left.sqlite", tmp_path / "to" / "saved")
    assert names(tmp_path / "to") == ["saved"]
    assert not (tmp_path / "left.sqlite").exists()
    assert [line.data for line in all_lines(tmp_path / "to" / "saved")] == [b"last words\n"]
