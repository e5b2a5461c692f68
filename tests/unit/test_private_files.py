"""What is ours by owner and no link, and a file held by one program at a time."""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path

import pytest

from netlib.system.private_files import FileLock, is_own_file, is_own_folder, own_folder


def test_a_file_is_held_by_one_only_until_it_is_released(tmp_path: Path) -> None:
    held = FileLock(tmp_path / "lock", create=True)
    with pytest.raises(BlockingIOError):
        FileLock(tmp_path / "lock")
    held.release()
    FileLock(tmp_path / "lock").release()


def test_a_file_that_is_there_is_not_made_again(tmp_path: Path) -> None:
    (tmp_path / "lock").touch()
    with pytest.raises(FileExistsError):
        FileLock(tmp_path / "lock", create=True)


def test_links_are_not_ours(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "folder").mkdir()
    assert is_own_file(tmp_path / "file")
    assert is_own_folder(tmp_path / "folder")
    assert not is_own_file(tmp_path / "folder")
    assert not is_own_folder(tmp_path / "file")
    for name in ("file", "folder", "nothing"):
        link = tmp_path / f"link to {name}"
        link.symlink_to(tmp_path / name)
        assert not is_own_file(link)
        assert not is_own_folder(link)
        with pytest.raises(OSError, match=r".+"):
            own_folder(link)


if sys.platform != "win32":

    def test_a_lock_that_is_a_link_is_not_followed(tmp_path: Path) -> None:
        (tmp_path / "other").touch()
        (tmp_path / "lock").symlink_to(tmp_path / "other")
        with pytest.raises(OSError, match=r"[Ll]inks"):
            FileLock(tmp_path / "lock")

    def test_what_belongs_to_another_user_is_not_ours(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (tmp_path / "file").touch()
        somebody = os.geteuid() + 1
        monkeypatch.setattr(os, "geteuid", lambda: somebody)
        assert not is_own_file(tmp_path / "file")
        assert not is_own_folder(tmp_path)
        with pytest.raises(PermissionError, match="belongs to somebody else"):
            own_folder(tmp_path)

    def test_an_own_folder_is_closed_to_all_others(tmp_path: Path) -> None:
        folder = tmp_path / "new" / "state"
        assert stat.S_IMODE(own_folder(folder).stat().st_mode) == 0o700
        folder.chmod(0o755)
        assert stat.S_IMODE(own_folder(folder).stat().st_mode) == 0o700
