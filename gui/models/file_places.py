"""Where files are looked for and kept, and under which name: documents first, then there again."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path


class FilePlaces:
    """What the file dialogs of one window have in common."""

    def __init__(self) -> None:
        self._last: Path | None = None

    @property
    def folder(self) -> Path:
        """Where a dialog begins: where one was last in this session, else with the documents."""
        return self._last or documents()

    def remember(self, path: Path) -> None:
        """Begin where this file is from now on."""
        self._last = path.parent


def documents() -> Path:
    """Return the folder in which this system keeps documents; without one, the home folder."""
    import platformdirs

    folder = Path(platformdirs.user_documents_dir())
    return folder if folder.is_dir() else Path.home()


def dated_name(end: str, words: str = "") -> str:
    """Return a name for a file of now: socketboard-2026-11-24-2030.socketboard."""
    between = f"-{words}" if words else ""
    return f"socketboard{between}-{datetime.now():%Y-%m-%d-%H%M}{end}"
