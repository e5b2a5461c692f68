"""Files appear whole or not at all, and what is no plain file is never replaced."""

from __future__ import annotations

import errno
import os
import stat
import sys
import threading
from pathlib import Path

import pytest

from netlib.system.atomic_file import RETRIES, AtomicFile


def test_a_file_appears_only_when_it_is_committed(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    file = AtomicFile(path)
    with file.open() as out:
        out.write(b"whole")
    assert not path.exists()
    file.commit()
    assert path.read_bytes() == b"whole"
    assert [one.name for one in tmp_path.iterdir()] == ["page.html"]


def test_what_is_discarded_leaves_nothing_and_the_old_file_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_bytes(b"old")
    file = AtomicFile(path)
    with file.open() as out:
        out.write(b"half")
    file.discard()
    assert path.read_bytes() == b"old"
    assert [one.name for one in tmp_path.iterdir()] == ["page.html"]


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    target, link = tmp_path / "target", tmp_path / "link"
    target.write_bytes(b"old")
    link.symlink_to(target)
    file = AtomicFile(link)
    with file.open() as out:
        out.write(b"new")
    file.commit()
    assert link.is_symlink()
    assert target.read_bytes() == b"new"


def test_a_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(IsADirectoryError):
        AtomicFile(tmp_path)


if sys.platform != "win32":

    def test_a_pipe_is_written_to_and_never_replaced(tmp_path: Path) -> None:
        pipe = tmp_path / "pipe"
        os.mkfifo(pipe)
        got: list[bytes] = []
        reader = threading.Thread(target=lambda: got.append(pipe.read_bytes()))
        reader.start()
        file = AtomicFile(pipe)
        with file.open() as out:
            out.write(b"through")
        file.commit()
        file.discard()
        reader.join(5)
        assert got == [b"through"]
        assert stat.S_ISFIFO(pipe.stat().st_mode)

    def test_the_null_device_is_written_to_and_stays(tmp_path: Path) -> None:
        file = AtomicFile(Path(os.devnull))
        with file.open() as out:
            out.write(b"nowhere")
        file.commit()
        file.discard()
        assert stat.S_ISCHR(Path(os.devnull).stat().st_mode)
        assert not list(tmp_path.iterdir())


class Held:
    """Another program has the old file open: the first `times` tries fail with `code` (Windows)."""

    def __init__(self, code: int, times: int) -> None:
        self.tries, self._code, self._times = 0, code, times

    def patch(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Take the place of `Path.replace`."""
        replace = Path.replace

        def try_to(beside: Path, target: Path) -> Path:
            self.tries += 1
            if self.tries > self._times:
                return replace(beside, target)
            refusal = PermissionError(errno.EACCES, "Access is denied")
            refusal.winerror = self._code  # type: ignore[attr-defined,unused-ignore]
            raise refusal

        monkeypatch.setattr("netlib.system.atomic_file.RETRY_SECONDS", 0.0)
        monkeypatch.setattr(Path, "replace", try_to)


def written(path: Path, data: bytes) -> AtomicFile:
    file = AtomicFile(path)
    with file.open() as out:
        out.write(data)
    return file


@pytest.mark.parametrize("code", [5, 32, 33])
def test_a_file_that_is_open_elsewhere_for_a_moment_is_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    path = tmp_path / "page.csv"
    path.write_bytes(b"old")
    held = Held(code, times=RETRIES)
    held.patch(monkeypatch)
    written(path, b"new").commit()
    assert path.read_bytes() == b"new"
    assert held.tries == RETRIES + 1


def test_a_file_that_stays_open_elsewhere_is_told_as_such_and_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "page.csv"
    path.write_bytes(b"old")
    Held(32, times=100).patch(monkeypatch)
    file = written(path, b"new")
    with pytest.raises(OSError, match="another program has it open"):
        file.commit()
    file.discard()
    assert path.read_bytes() == b"old"
    assert [one.name for one in tmp_path.iterdir()] == ["page.csv"]


def test_where_nothing_is_in_the_way_denied_means_denied(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = Held(5, times=100)
    held.patch(monkeypatch)
    with pytest.raises(PermissionError, match="denied"):
        written(tmp_path / "page.csv", b"new").commit()
    assert held.tries == 1
