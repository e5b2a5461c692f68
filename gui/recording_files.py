"""Recordings as files: opening one in a window of its own, keeping a copy of the present one."""

from __future__ import annotations

import tkinter as tk
from pathlib import Path
from tkinter import filedialog
from typing import TYPE_CHECKING

from gui.context import Surroundings
from netlib.i18n import _

if TYPE_CHECKING:
    from gui.models.crash_recovery import Rescue
    from gui.recording_window import RecordingWindow
    from netlib.recording.save_copy import SaveCopy

SUFFIX = ".socketboard"


class Filing:
    """What the menu does with recordings."""

    def __init__(self, root: tk.Tk, around: Surroundings) -> None:
        """Belong to the main window."""
        self._root, self._around = root, around
        self._keeping: SaveCopy | None = None
        self._rescue: Rescue | None = None

    def look_for_leftovers(self) -> None:
        """Save recordings of windows that ended badly; `tick` tells."""
        from gui.models.crash_recovery import Rescue

        self._rescue = Rescue(self._around.settings.path.parent)

    def ask_open(self) -> None:
        """Ask for a recording and show it."""
        path = filedialog.askopenfilename(
            parent=self._root,
            title=_("Open recording"),
            filetypes=_types(),
            initialdir=str(self._around.settings.path.parent),
        )
        if path:
            self.open(Path(path))

    def open(self, path: Path) -> RecordingWindow | None:
        """Show a recording, or say why that cannot be."""
        from gui.recording_window import RecordingWindow

        try:
            return RecordingWindow(self._root, self._around, path)
        except ValueError as wrong:
            self._around.tell(str(wrong))
            return None

    def ask_keep(self) -> None:
        """Ask where to keep a copy of the recording of this window."""
        path = filedialog.asksaveasfilename(
            parent=self._root,
            title=_("Save recording as"),
            defaultextension=SUFFIX,
            initialfile="lesson" + SUFFIX,
            filetypes=_types(),
        )
        if path:
            self.keep(Path(path))

    def keep(self, path: Path) -> None:
        """Begin to copy; `tick` tells when it is done."""
        from netlib.recording.save_copy import SaveCopy

        if self._keeping is None:
            self._around.tell(_("Saving …"))
            self._keeping = SaveCopy(self._around.wire.recording.path, path)

    def tick(self) -> None:
        """Say what became of a copy, and what was saved of a crash."""
        if self._rescue is not None and self._rescue.outcome is not None:
            if self._rescue.outcome:
                self._around.tell(self._rescue.outcome)
            self._rescue = None
        if self._keeping is not None and self._keeping.outcome is not None:
            self._around.tell(self._keeping.outcome)
            self._keeping = None

    def stop(self) -> None:
        """The window closes: leave nothing half written."""
        if self._keeping is not None:
            self._keeping.cancel()


def _types() -> list[tuple[str, str]]:
    return [
        (_("Recordings"), "*" + SUFFIX),
        (_("SQLite files"), "*.sqlite *.db"),
        (_("All files"), "*"),
    ]
