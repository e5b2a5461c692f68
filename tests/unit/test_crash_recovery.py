"""A window that crashed leaves its recording; the next one saves it, and trusts nothing else."""

from __future__ import annotations

import errno
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from gui.models import crash_recovery
from gui.models.crash_recovery import (
    KEPT,
    LOCK,
    PREFIX,
    RECORDING,
    CrashRecovery,
    new_folder,
    recover,
)
from netlib import FileLock
from netlib.events import Chunk, Direction
from netlib.recording.journal import Journal
from netlib.recording.reader import Recording
from netlib.recording.save_copy import move_recording
from tests.helpers import wait_until
from tests.records import put

HOUSE = Path(__file__).resolve().parent.parent.parent
IN_WAL_MODE = b"\2\2"

LIVING = """
import sys
from pathlib import Path
from gui.models.crash_recovery import new_folder
held = new_folder(Path(sys.argv[1]))
print(held.folder, flush=True)
sys.stdin.read()
"""


@pytest.fixture
def places(tmp_path: Path) -> Path:
    """Where windows record."""
    folder = tmp_path / "state"
    folder.mkdir(mode=0o700)
    return folder


def leave(places: Path) -> Path:
    """Leave a recording of one chunk behind, as a window that crashed does."""
    held = new_folder(places)
    record(held.folder / RECORDING)
    held.lock.release()
    return held.folder


def record(path: Path) -> None:
    journal = Journal(path)
    put(journal, Chunk(1.0, 1, 1, Direction.RECEIVED, None, b"last words\n"))
    assert journal.flush()
    assert journal.close()


@contextmanager
def living(places: Path) -> Iterator[tuple[subprocess.Popen[str], Path]]:
    """Run a program that records, as a window does; yield it and its folder."""
    pipe = subprocess.PIPE
    call = [sys.executable, "-c", LIVING, str(places)]
    with subprocess.Popen(call, stdin=pipe, stdout=pipe, text=True, cwd=HOUSE) as process:
        try:
            assert process.stdout is not None
            yield process, Path(process.stdout.readline().strip())
        finally:
            process.kill()


def test_what_a_crashed_window_left_is_saved_and_can_be_opened(
    tmp_path: Path, places: Path
) -> None:
    folder = leave(places)
    (saved,) = recover(tmp_path / "kept", places)
    assert not folder.exists()
    with closing(Recording(saved)) as recording:
        (line,) = recording.lines(1, 0, 1)
    assert line.data == b"last words\n"


def test_a_recording_is_taken_when_its_window_is_gone_whatever_its_number(
    tmp_path: Path, places: Path
) -> None:
    with living(places) as (process, folder):
        record(folder / RECORDING)
        assert recover(tmp_path / "kept", places) == []
        assert (folder / RECORDING).exists()
        process.kill()
        process.wait(10)
        assert len(recover(tmp_path / "kept", places)) == 1
    assert not folder.exists()


def test_only_the_newest_few_are_kept(tmp_path: Path, places: Path) -> None:
    for _ in range(KEPT + 2):
        leave(places)
    recover(tmp_path / "kept", places)
    assert len(list((tmp_path / "kept").iterdir())) == KEPT


def test_strange_folders_and_empty_ones_do_no_harm(tmp_path: Path, places: Path) -> None:
    new_folder(places).lock.release()
    strange = (places / "of-somebody", places / f"{PREFIX}without-a-lock")
    for folder in strange:
        folder.mkdir()
    assert recover(tmp_path / "kept", places) == []
    assert sorted(places.iterdir()) == sorted(strange)


def test_what_cannot_be_saved_stays_for_the_next_start(tmp_path: Path, places: Path) -> None:
    folder = leave(places)
    kept = tmp_path / "kept"
    kept.write_text("a file where the folder should be")
    assert recover(kept, places) == []
    assert (folder / RECORDING).exists()
    kept.unlink()
    assert len(recover(kept, places)) == 1


def test_what_a_later_version_left_is_left_to_it(tmp_path: Path, places: Path) -> None:
    folder = leave(places)
    (folder / "of-a-later-version").write_bytes(b"payload")
    with closing(sqlite3.connect(folder / RECORDING)) as db, db:
        db.execute("UPDATE meta SET value = 'socketboard-3' WHERE key = 'format'")
    before = contents(folder)
    assert recover(tmp_path / "kept", places) == []
    assert contents(folder) == before
    assert list((tmp_path / "kept").iterdir()) == []
    FileLock(folder / LOCK).release()


def contents(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir()}


def test_two_windows_that_recover_at_once_take_different_names(
    tmp_path: Path, places: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = tmp_path / "kept"
    also: list[Path] = []

    def move(recording: Path, to: Path) -> None:
        if not also:  # meanwhile another window has crashed, and one more begins to recover
            also.append(to)
            leave(places)
            also.extend(recover(kept, places))
        move_recording(recording, to)

    monkeypatch.setattr(crash_recovery, "move_recording", move)
    leave(places)
    saved = recover(kept, places) + also[1:]
    assert len(set(saved)) == 2
    for file in saved:
        with closing(Recording(file)) as recording:
            assert recording.lines(1, 0, 1)[0].data == b"last words\n"


def recovered(to: Path) -> str:
    """Look for recordings as a window does; return what it tells."""
    work = CrashRecovery(to)
    wait_until(lambda: work.outcome is not None)
    return work.outcome or ""


def test_only_what_was_saved_is_told(
    tmp_path: Path, places: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(crash_recovery, "state_folder", lambda: places)
    assert recovered(tmp_path / "kept") == ""
    leave(places)
    assert "its recording was saved" in recovered(tmp_path / "kept")


def test_a_recording_that_is_a_link_is_not_followed(tmp_path: Path, places: Path) -> None:
    other = tmp_path / "other.db"
    with closing(sqlite3.connect(other)) as db:
        db.execute("PRAGMA journal_mode=WAL")
        db.execute("CREATE TABLE notes(text)")
    folder = leave(places)
    (folder / RECORDING).unlink()
    (folder / RECORDING).symlink_to(other)
    assert recover(tmp_path / "kept", places) == []
    assert other.read_bytes()[18:20] == IN_WAL_MODE
    assert (folder / RECORDING).is_symlink()


def test_a_folder_that_is_a_link_is_not_followed(tmp_path: Path, places: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    folder = leave(elsewhere)
    (places / f"{PREFIX}link").symlink_to(folder)
    assert recover(tmp_path / "kept", places) == []
    assert (folder / RECORDING).exists()


def test_places_that_are_a_link_are_not_followed(tmp_path: Path, places: Path) -> None:
    folder = leave(places)
    (tmp_path / "link").symlink_to(places)
    assert recover(tmp_path / "kept", tmp_path / "link") == []
    assert (folder / RECORDING).exists()
    with pytest.raises(PermissionError):
        new_folder(tmp_path / "link")


def test_a_folder_in_place_of_a_recording_is_left_alone_every_time(
    tmp_path: Path, places: Path
) -> None:
    planted = new_folder(places)
    (planted.folder / RECORDING).mkdir()
    planted.lock.release()
    for _ in range(2):
        leave(places)
        assert len(recover(tmp_path / "kept", places)) == 1
    assert (planted.folder / RECORDING).is_dir()


def test_a_folder_that_cannot_be_listed_is_not_held_for_ever(
    tmp_path: Path, places: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = leave(places)

    def refused(path: Path) -> bool:
        raise PermissionError(errno.EACCES, "Sharing violation", str(path))

    with monkeypatch.context() as patch:
        patch.setattr(crash_recovery, "is_own_file", refused)
        assert recover(tmp_path / "kept", places) == []
    assert len(recover(tmp_path / "kept", places)) == 1
    assert not folder.exists()


def test_folders_among_what_was_saved_do_no_harm(tmp_path: Path, places: Path) -> None:
    for number in range(1, KEPT + 3):
        (tmp_path / "kept" / f"crashed-{number}.socketboard").mkdir(parents=True)
    leave(places)
    assert len(recover(tmp_path / "kept", places)) == 1


def test_windows_that_start_together_keep_what_is_theirs(tmp_path: Path, places: Path) -> None:
    def start(_number: int) -> bool:
        held = new_folder(places)
        record(held.folder / RECORDING)
        saved = recover(tmp_path / "kept", places)
        there = (held.folder / RECORDING).exists()
        held.remove()
        # On Windows who looks at the lock in that moment keeps it there, and clears up later.
        gone = sys.platform == "win32" or not held.folder.exists()
        return there and not saved and gone

    with ThreadPoolExecutor(8) as windows:
        assert all(windows.map(start, range(40)))
    assert recover(tmp_path / "kept", places) == []
    assert not (tmp_path / "kept").exists()
    assert not list(places.iterdir())


if sys.platform != "win32":

    @pytest.mark.parametrize("ours", ["a student's, the other a teacher's", "root's"])
    def test_what_another_user_has_planted_is_never_taken(
        tmp_path: Path, places: Path, monkeypatch: pytest.MonkeyPatch, ours: str
    ) -> None:
        kept = tmp_path / "kept"
        for _ in range(KEPT):
            leave(places)
        mine = sorted(recover(kept, places))
        planted = [leave(places) for _ in range(KEPT)]
        owner = os.geteuid()
        if owner == 0:  # for the system too they are another user's
            owner = 12_345
            for place in (folder for one in planted for folder in (*one.iterdir(), one)):
                os.chown(place, owner, owner)
        else:
            monkeypatch.setattr(os, "geteuid", lambda: 0 if ours == "root's" else owner + 1)
        assert recover(kept, places) == []
        assert sorted(kept.iterdir()) == mine
        assert all((folder / RECORDING).exists() for folder in planted)

    def test_a_window_records_where_nobody_else_may_look(places: Path) -> None:
        held = new_folder(places)
        places.chmod(0o755)
        again = new_folder(places)
        assert {place.stat().st_mode & 0o777 for place in (places, held.folder)} == {0o700}
        assert (held.folder / LOCK).stat().st_mode & 0o777 == 0o600
        held.remove()
        again.remove()
