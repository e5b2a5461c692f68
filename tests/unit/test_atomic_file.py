"""Files appear whole or not at all, and what is no plain file is never replaced."""

from __future__ import annotations

import os
import stat
import sys
import threading
from pathlib import Path

import pytest

from netlib.system.atomic_file import AtomicFile


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
