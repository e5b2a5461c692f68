"""Without standard streams, as a windowed program on Windows is: a log file, and a box of words."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

LOG_BYTES: Final = 1 << 20
"""A log that is larger is begun anew."""
_INFORMATION: Final = 0x40
"""MB_ICONINFORMATION."""


class LogFile(io.TextIOBase):
    """A text stream into a file that is there only once something was written.

    What cannot be written is left out: there is nobody to be told.
    """

    def __init__(self, path: Path) -> None:
        """Write nothing yet."""
        self.path = path
        self._begun = False

    def writable(self) -> bool:
        """Return True: it is for writing only."""
        return True

    def write(self, text: str) -> int:
        """Add to the file, at once: the program may be about to end badly."""
        with suppress(OSError):
            self.path.parent.mkdir(parents=True, exist_ok=True)
            full = self.path.is_file() and self.path.stat().st_size > LOG_BYTES
            with self.path.open(
                "w" if full else "a", encoding="utf-8", errors="backslashreplace"
            ) as file:
                file.write(text if self._begun else self._head() + text)
                self._begun = True
        return len(text)

    def _head(self) -> str:
        from datetime import datetime

        from netlib import __version__

        now = datetime.now().astimezone().isoformat(" ", "seconds")
        return f"\n{now} Socketboard {__version__}, Python {sys.version}\n"


def replace_streams() -> None:
    """Give a program without standard streams some: output goes nowhere, errors to a log file."""
    from gui.settings import default_path

    sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115
    sys.stderr = LogFile(default_path().with_name("socketboard.log"))


def log_path() -> Path | None:
    """Return the file that errors are written to; None: they can be seen where we were started."""
    return sys.stderr.path if isinstance(sys.stderr, LogFile) else None


def refers_to_console(arguments: Sequence[str]) -> bool:
    """Say in a box which program has the command line; False: there are no such boxes here."""
    if sys.platform != "win32":
        return False
    import ctypes

    from netlib import _, set_language, system_language

    set_language(system_language())
    words = _("This is the window. For the command line, type:") + "\n\n"
    command = " ".join(("socketboard-cli", *arguments))
    ctypes.windll.user32.MessageBoxW(None, words + command, "Socketboard", _INFORMATION)
    return True
