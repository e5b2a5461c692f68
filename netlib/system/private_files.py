"""Files that nobody else has a say in: ours by owner, never a link, and held while we live.

What others could have put in a place is not believed: `is_own_file` and `is_own_folder` look at the
thing itself (lstat). On Windows the folders of a user are closed to others, and nobody is asked.
"""

from __future__ import annotations

import errno
import os
import stat
import sys
from pathlib import Path

from netlib.i18n import _
from netlib.text import visible_text

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

_NO_LINK = getattr(os, "O_NOFOLLOW", 0)
_NO_WAITING = getattr(os, "O_NONBLOCK", 0)
"""Opening a FIFO would wait for its other end."""


class FileLock:
    """A file that this program holds until it ends, however it ends, or until `release`."""

    def __init__(self, path: Path, *, create: bool = False) -> None:
        """Hold it at once. Raises OSError: another program does, or it is none of ours.

        `create`: it is made, and must not be there.
        """
        make = os.O_CREAT | os.O_EXCL if create else 0
        self._descriptor = os.open(path, os.O_RDWR | _NO_LINK | make, 0o600)
        try:
            _lock(self._descriptor)
            # Whoever held it may have removed it while we waited at the door.
            if not os.path.samestat(os.fstat(self._descriptor), path.lstat()):
                raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT))
        except OSError:
            self.release()
            raise

    def release(self) -> None:
        """Let others hold it; once."""
        os.close(self._descriptor)


def empty_file(path: Path) -> tuple[os.stat_result, bool]:
    """Make a file that nobody else may read, or take an empty one that is there. Raises OSError.

    Return what was found, and whether it was made. FileExistsError: there is something else, a file
    with something in it, a link, even to nothing, a folder, a device or a FIFO.
    """
    made = not os.path.lexists(path)
    if not made:  # first: opening a device does something, and so does closing a file in use
        _check_empty(path.lstat(), path)
    make = os.O_CREAT | os.O_EXCL if made else _NO_WAITING
    descriptor = os.open(path, os.O_RDWR | _NO_LINK | make, 0o600)
    try:
        found = os.fstat(descriptor)
        _check_empty(found, path)
        _make_private(descriptor, found)
    finally:
        os.close(descriptor)
    return found, made


def own_folder(path: Path) -> Path:
    """Make a folder for its owner alone where there is none, and return it. Raises OSError."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not is_own_folder(path):
        sentence = _("{path} is a link, or belongs to somebody else")
        raise PermissionError(errno.EPERM, sentence.format(path=visible_text(str(path), 200)))
    path.chmod(0o700)
    return path


def is_own_folder(path: Path) -> bool:
    """Tell whether it is a folder of this user's, and no link to one."""
    return _is_own(path, stat.S_IFDIR)


def is_own_file(path: Path) -> bool:
    """Tell whether it is a plain file of this user's, and no link to one."""
    return _is_own(path, stat.S_IFREG)


def _check_empty(found: os.stat_result, path: Path) -> None:
    if found.st_size or not stat.S_ISREG(found.st_mode):
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path))


def _is_own(path: Path, kind: int) -> bool:
    try:
        found = path.lstat()
    except OSError:
        return False
    ours = sys.platform == "win32" or found.st_uid == os.geteuid()
    return ours and stat.S_IFMT(found.st_mode) == kind


if sys.platform == "win32":

    def _make_private(_descriptor: int, _found: os.stat_result) -> None:
        """The folders of a user are closed to others."""

    def _lock(descriptor: int) -> None:
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError as held:  # as POSIX says it
            raise BlockingIOError(errno.EWOULDBLOCK, os.strerror(errno.EWOULDBLOCK)) from held

else:

    def _make_private(descriptor: int, found: os.stat_result) -> None:
        if stat.S_IMODE(found.st_mode) & 0o077:
            os.fchmod(descriptor, 0o600)

    def _lock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
