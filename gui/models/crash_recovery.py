"""Recordings of windows that ended badly: found at the next start, and kept where they are found.

A window records into a folder of its own, among the state that this system keeps for a user, holds
a lock in it for as long as it lives, and removes it when it is closed. A folder that is ours and
whose lock nobody holds is what a crash has left: its recording is moved beside the settings, where
*Open recording* begins to look; of those, the newest few are kept. All else is left alone.
"""

from __future__ import annotations

import shutil
import tempfile
from contextlib import suppress
from pathlib import Path

from netlib import N_, Background, FileLock, Logger, _, is_own_file, is_own_folder, own_folder
from netlib.recording.save_copy import move_recording
from netlib.value import NamedTuple

log = Logger(__name__)

PREFIX = "window-"
RECORDING = "recording.sqlite"
LOCK = "lock"
KEPT = 3
"""Recordings of crashed windows that are kept; older ones go."""

_RESCUED = N_(
    "The window closed unexpectedly last time: its recording was saved, see ☰ Open recording."
)


class Held(NamedTuple):
    """A folder of ours that no other program has a hand in."""

    folder: Path
    lock: FileLock

    def remove(self) -> None:
        """Remove it with all that is in it.

        The lock goes last: what can be locked must not look like what a crash has left. Windows
        removes no file that is open.
        """
        shutil.rmtree(self.folder, ignore_errors=True)
        self.lock.release()
        shutil.rmtree(self.folder, ignore_errors=True)


def state_folder() -> Path:
    """Return where this system keeps what a program of this user needs while it runs."""
    import platformdirs

    return Path(platformdirs.user_state_dir("Socketboard", appauthor=False))


def new_folder(places: Path | None = None) -> Held:
    """Make a folder for this window's recording, and hold it. Raises OSError."""
    places = own_folder(places or state_folder())
    while True:
        folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=places))
        # Another window that looks for left-overs may have held the lock first, and cleared up.
        with suppress(BlockingIOError, FileNotFoundError):
            return Held(folder, FileLock(folder / LOCK, create=True))


def recover(to: Path, places: Path | None = None) -> list[Path]:
    """Move what crashed windows left in `places` to the folder `to`; return the new files."""
    recovered = []
    for held in _abandoned(places or state_folder()):
        recording = held.folder / RECORDING
        try:
            if recording.exists() and recording.stat().st_size:
                recovered.append(_move(recording, to))
        except OSError as refusal:  # it stays where it is: the next start tries again
            log.warning("%s is not recovered: %s", recording, refusal)
            held.lock.release()
        else:
            held.remove()
    kept = filter(is_own_file, to.glob("crashed-*.socketboard"))
    for old in sorted(kept, key=_age)[KEPT:]:
        old.unlink(missing_ok=True)
    return recovered


def _abandoned(places: Path) -> list[Held]:
    """Hold what nobody holds any more."""
    found: list[Held] = []
    if not is_own_folder(places):
        return found
    for folder in filter(is_own_folder, places.glob(f"{PREFIX}*")):
        with suppress(OSError):  # a window lives in it, or is just moving in or out
            lock, ours = FileLock(folder / LOCK), False
            try:  # Windows lets nobody list a folder that is just being removed
                ours = all(map(is_own_file, folder.iterdir()))
            finally:
                if ours:
                    found.append(Held(folder, lock))
                else:
                    lock.release()
    return found


def _move(recording: Path, to: Path) -> Path:
    """Move a recording to the first name that is free in the folder `to`; return that."""
    to.mkdir(parents=True, exist_ok=True)
    target = _reserved(to)
    try:
        move_recording(recording, target)
    except OSError:
        target.unlink(missing_ok=True)
        raise
    return target


def _reserved(to: Path) -> Path:
    """Make an empty file of the first name that is free: another window may want it as well."""
    number = 1
    while True:
        target = to / f"crashed-{number}.socketboard"
        try:
            target.touch(0o600, exist_ok=False)
        except FileExistsError:
            number += 1
        else:
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
