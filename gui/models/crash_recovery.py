"""Recordings of windows that ended badly: found at the next start, and kept where they are found.

A window records into a folder of its own, named after its process, and removes it when it is
closed. A folder whose process is gone is what a crash has left: its recording is moved beside the
settings, where *Open recording* begins to look; of those, the newest few are kept.
"""

from __future__ import annotations

import logging
import os
import re
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path

from netlib import N_, Background, _
from netlib.recording.save_copy import move_recording

log = logging.getLogger(__name__)

PREFIX = "socketboard-"
RECORDING = "recording.sqlite"
KEPT = 3
"""Recordings of crashed windows that are kept; older ones go."""

_RESCUED = N_(
    "The window closed unexpectedly last time: its recording was saved, see ☰ Open recording."
)
_NAME = re.compile(re.escape(PREFIX) + r"(\d+)-")


def new_folder() -> Path:
    """Make a folder for this window's recording. Raises OSError."""
    return Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-"))


def recover(to: Path, places: Path | None = None) -> list[Path]:
    """Move what crashed windows left in `places` to the folder `to`; return the new files."""
    recovered = []
    for folder in _abandoned(places or Path(tempfile.gettempdir())):
        recording = folder / RECORDING
        try:
            if recording.exists() and recording.stat().st_size:
                recovered.append(_move(recording, to))
        except OSError as refusal:  # it stays where it is: the next start tries again
            log.warning("%s is not recovered: %s", recording, refusal)
        else:
            shutil.rmtree(folder, ignore_errors=True)
    for old in sorted(to.glob("crashed-*.socketboard"), key=_age)[KEPT:]:
        old.unlink(missing_ok=True)
    return recovered


def _abandoned(places: Path) -> list[Path]:
    try:
        import psutil
    except ImportError:
        return []
    found = []
    for folder in places.glob(f"{PREFIX}*"):
        name = _NAME.match(folder.name)
        if name and not psutil.pid_exists(int(name[1])):
            found.append(folder)
    return found


def _move(recording: Path, to: Path) -> Path:
    """Move a recording to the first name that is free in the folder `to`; return that."""
    to.mkdir(parents=True, exist_ok=True)
    number = 1
    while (target := to / f"crashed-{number}.socketboard").exists():
        number += 1
    move_recording(recording, target)
    return target


class CrashRecovery(Background):
    """`recover` in a thread of its own: a recording may be large, and the disk slow.

    Its outcome is a sentence where something was saved.
    """

    def __init__(self, to: Path) -> None:
        """Begin at once."""
        super().__init__("recover recordings", lambda _job: _recover_in_words(to))


def _recover_in_words(to: Path) -> str:
    try:
        recovered = recover(to)
    except OSError as refusal:
        log.warning("nothing recovered: %s", refusal)
        return ""
    return _(_RESCUED) if recovered else ""


def _age(path: Path) -> float:
    with suppress(OSError):
        return -path.stat().st_mtime
    return 0.0
