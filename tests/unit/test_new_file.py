"""The file of a new recording: whose it is, and what is left where it cannot be made."""

from __future__ import annotations

import errno
import os
import sqlite3
import stat
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from netlib.recording.new_file import create

REAL = sqlite3.connect


def tables(path: Path) -> int:
    with closing(REAL(path)) as db:
        return int(db.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0])


@pytest.mark.parametrize("given", [False, True])
def test_of_two_programs_that_begin_at_once_the_second_leaves_the_recording_of_the_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, given: bool
) -> None:
    path, first = tmp_path / "r", []
    if given:
        path.touch()

    def second(*arguments: Any, **options: Any) -> sqlite3.Connection:
        """Connect to a file that is still empty, and in which another program then records."""
        monkeypatch.setattr(sqlite3, "connect", REAL)
        ours: sqlite3.Connection = REAL(*arguments, **options)
        first.append(create(path))
        return ours

    monkeypatch.setattr(sqlite3, "connect", second)
    with pytest.raises(FileExistsError):
        create(path)
    with closing(first[0]) as db, db:
        db.execute("INSERT INTO flow VALUES (1, 1, 1, NULL)")
    assert tables(path) > 0


def test_a_file_that_another_program_writes_to_just_now_is_told_as_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "r"
    monkeypatch.setattr("netlib.recording.new_file.LOCK_SECONDS", 0.01)
    path.touch()
    with closing(REAL(path)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(FileExistsError):
            create(path)
    assert path.exists()


if sys.platform != "win32":

    @pytest.mark.parametrize("given", [False, True])
    def test_nobody_else_may_read_a_recording_even_in_a_file_that_was_there(
        tmp_path: Path, given: bool
    ) -> None:
        path = tmp_path / "r"
        if given:
            path.touch()
            path.chmod(0o644)
        with closing(create(path)):
            modes = {one.name: stat.S_IMODE(one.stat().st_mode) for one in tmp_path.iterdir()}
        assert modes == {"r": 0o600, "r-wal": 0o600, "r-shm": 0o600}

    @pytest.mark.parametrize("kind", ["link", "link to nothing", "device", "FIFO", "folder"])
    def test_what_is_no_plain_file_is_told_as_something_that_exists(
        tmp_path: Path, kind: str
    ) -> None:
        path, target = tmp_path / "r", tmp_path / "target"
        if kind == "FIFO":
            os.mkfifo(path)
        elif kind == "folder":
            path.mkdir()
        elif kind == "device":
            path = Path(os.devnull)
        else:
            path.symlink_to(target)
            if kind == "link":
                target.touch()
        with pytest.raises(FileExistsError):
            create(path)
        assert not target.exists() or target.stat().st_size == 0

    @pytest.fixture
    def network_drive(monkeypatch: pytest.MonkeyPatch) -> None:
        """Let SQLite do without shared memory, as on a network drive."""
        connect = sqlite3.connect

        def there(path: Path, **options: Any) -> Any:
            return connect(f"{path.as_uri()}?vfs=unix-dotfile", uri=True, **options)

        monkeypatch.setattr("netlib.recording.new_file.sqlite3.connect", there)

    @pytest.mark.usefixtures("network_drive")
    def test_where_views_could_not_read_along_nothing_is_recorded_and_nothing_left(
        tmp_path: Path,
    ) -> None:
        with pytest.raises(OSError, match="network drive") as caught:
            create(tmp_path / "r")
        assert caught.value.errno == errno.EOPNOTSUPP
        assert list(tmp_path.iterdir()) == []
        (tmp_path / "given").touch()
        with pytest.raises(OSError, match="network drive"):
            create(tmp_path / "given")
        assert [place.name for place in tmp_path.iterdir()] == ["given"]

    @pytest.mark.usefixtures("network_drive")
    def test_a_copy_can_be_kept_there_all_the_same(tmp_path: Path) -> None:
        with closing(create(tmp_path / "r", journal="MEMORY")) as db:
            assert db.execute("SELECT count(*) FROM page").fetchone() == (0,)
