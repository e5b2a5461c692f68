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


def _is_own(path: Path, kind: int) -> bool:
    try:
        found = path.lstat()
    except OSError:
        return False
    ours = sys.platform == "win32" or found.st_uid == os.geteuid()
    return ours and stat.S_IFMT(found.st_mode) == kind


if sys.platform == "win32":

    def _lock(descriptor: int) -> None:
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError as held:  # as POSIX says it
            raise BlockingIOError(errno.EWOULDBLOCK, os.strerror(errno.EWOULDBLOCK)) from held

else:

    def _lock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
