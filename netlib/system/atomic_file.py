"""Files that appear whole or not at all: written beside their place, then moved there.

What is no plain file, a device (/dev/null) or a pipe, is never replaced: it is written to itself.
A link is followed, so that it stays a link.
"""

from __future__ import annotations

import errno
import os
import time
from pathlib import Path
from typing import IO, Final

from netlib.i18n import _

RETRIES: Final = 5
RETRY_SECONDS: Final = 0.05
"""A virus scanner has a new file open for a moment."""

_SHARING: Final = frozenset({32, 33})
_ACCESS_DENIED: Final = 5
"""What Windows says of a file that somebody has open; the last also of one nobody may write."""


class AtomicFile:
    """What will be the file `path`. Every method may raise OSError."""

    def __init__(self, path: Path, *, private: bool = False) -> None:
        """Find out where to write: beside `path`, or to `path` itself.

        `private`: nobody else may read it.
        """
        self._private = private
        self.path = Path(os.path.realpath(path))
        if self.path.is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        self.is_plain = self.path.is_file() or not self.path.exists()
        """Else it is written to itself; that may block for as long as another program likes."""
        self._beside: Path | None = None

    def open(self) -> IO[bytes]:
        """Return a file to write bytes to; close it before `commit`."""
        if not self.is_plain:
            return self.path.open("wb")
        import tempfile  # late: slow to import, and not needed for the first picture of the window

        descriptor, name = tempfile.mkstemp(prefix=".socketboard-", dir=self.path.parent)
        self._beside = Path(name)
        return os.fdopen(descriptor, "wb")

    def beside(self) -> Path:
        """Return the path of an empty file to be filled by another library."""
        self.open().close()
        return self._beside or self.path

    def commit(self) -> None:
        """Move what was written to its place, open to whom a plain new file would be."""
        if self._beside is None:
            return
        if not self._private:
            mask = os.umask(0)
            os.umask(mask)
            self._beside.chmod(0o666 & ~mask)
        self._move(self._beside)
        self._beside = None

    def _move(self, beside: Path) -> None:
        """Move it to its place. Windows lets nobody replace what another program has open."""
        for left in reversed(range(1 + RETRIES)):
            try:
                beside.replace(self.path)
            except PermissionError as refusal:
                if not _is_held(refusal, self.path):
                    raise
                if not left:
                    words = _("another program has it open")
                    raise OSError(errno.EBUSY, words, str(self.path)) from refusal
            else:
                return
            time.sleep(RETRY_SECONDS)

    def discard(self) -> None:
        """Remove what was not committed; harmless after `commit`."""
        if self._beside is not None:
            self._beside.unlink(missing_ok=True)
            self._beside = None


def put_aside(path: Path) -> None:
    """Rename a file of ours that cannot be read: a later version perhaps can. Raises OSError."""
    path.replace(path.with_name(f"{path.name}.unreadable"))


def _is_held(refusal: OSError, path: Path) -> bool:
    """Tell whether a file cannot be replaced because somebody has it open; it may be written."""
    code = getattr(refusal, "winerror", None)
    return code in _SHARING or (code == _ACCESS_DENIED and os.access(path, os.W_OK))
