"""A window that crashed leaves its recording; the next one saves it and clears up."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from gui.models.crash_recovery import KEPT, PREFIX, RECORDING, CrashRecovery, recover
from netlib.events import Chunk, Direction
from netlib.recording.journal import Journal
from netlib.recording.reader import Recording
from tests.helpers import wait_until


def dead_process() -> int:
    """Return the number of a process that is gone."""
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


def leave(places: Path, number: int, name: str = "x") -> Path:
    """Leave a recording of one chunk behind, as process `number` would."""
    folder = places / f"{PREFIX}{number}-{name}"
    folder.mkdir()
    journal = Journal(folder / RECORDING)
    journal.put(Chunk(1.0, 1, 1, Direction.RECEIVED, None, b"last words\n"))
    assert journal.flush()
    assert journal.close()
    return folder


def test_what_a_crashed_window_left_is_saved_and_can_be_opened(tmp_path: Path) -> None:
    folder = leave(tmp_path, dead_process())
    (saved,) = recover(tmp_path / "kept", tmp_path)
    assert not folder.exists()
    with closing(Recording(saved)) as recording:
        (line,) = recording.lines(1, 0, 1)
    assert line.data == b"last words\n"


def test_the_recording_of_a_window_that_lives_is_left_alone(tmp_path: Path) -> None:
    folder = leave(tmp_path, os.getpid())
    assert recover(tmp_path / "kept", tmp_path) == []
    assert (folder / RECORDING).exists()


def test_only_the_newest_few_are_kept(tmp_path: Path) -> None:
    number = dead_process()
    for name in "abcde":
        leave(tmp_path, number, name)
    recover(tmp_path / "kept", tmp_path)
    assert len(list((tmp_path / "kept").iterdir())) == KEPT


def test_foreign_folders_and_empty_ones_do_no_harm(tmp_path: Path) -> None:
    (tmp_path / f"{PREFIX}{dead_process()}-empty").mkdir()
    foreign = tmp_path / f"{PREFIX}of-somebody"
    foreign.mkdir()
    assert recover(tmp_path / "kept", tmp_path) == []
    assert foreign.exists()


def test_what_cannot_be_saved_stays_for_the_next_start(tmp_path: Path) -> None:
    folder = leave(tmp_path, dead_process())
    kept = tmp_path / "kept"
    kept.write_text("a file where the folder should be")
    assert recover(kept, tmp_path) == []
    assert (folder / RECORDING).exists()
    kept.unlink()
    assert len(recover(kept, tmp_path)) == 1


def recovered(to: Path) -> str:
    """Look for recordings as a window does; return what it tells."""
    work = CrashRecovery(to)
    wait_until(lambda: work.outcome is not None)
    return work.outcome or ""


def test_only_what_was_saved_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    assert recovered(tmp_path / "kept") == ""
    leave(tmp_path, dead_process())
    assert "its recording was saved" in recovered(tmp_path / "kept")
