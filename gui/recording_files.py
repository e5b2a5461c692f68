"""Recordings as files: opening one in a window of its own, keeping a copy of the present one."""

from __future__ import annotations

import tkinter as tk
from pathlib import Path
from tkinter import filedialog
from typing import TYPE_CHECKING

from gui.context import Context
from netlib import _

if TYPE_CHECKING:
    from gui.models.crash_recovery import CrashRecovery
    from gui.recording_window import RecordingWindow
    from netlib.recording.save_copy import SaveCopy

SUFFIX = ".socketboard"


class RecordingFiles:
    """What the menu does with recordings."""

    def __init__(self, root: tk.Tk, context: Context) -> None:
        """Belong to the main window."""
        self._root, self._context = root, context
        self._copying: SaveCopy | None = None
        self._recovery: CrashRecovery | None = None

    def recover_crashed(self) -> None:
        """Save recordings of windows that ended badly; `tick` tells."""
        from gui.models.crash_recovery import CrashRecovery

        self._recovery = CrashRecovery(self._context.settings.path.parent)

    def ask_open(self) -> None:
        """Ask for a recording and show it."""
        path = filedialog.askopenfilename(
            parent=self._root,
            title=_("Open recording"),
            filetypes=_types(),
            initialdir=str(self._context.settings.path.parent),
        )
        if path:
            self.open(Path(path))

    def open(self, path: Path) -> RecordingWindow | None:
        """Show a recording, or say why that cannot be."""
        from gui.recording_window import RecordingWindow

        try:
            return RecordingWindow(self._root, self._context, path)
        except ValueError as wrong:
            self._context.tell(str(wrong))
            return None

    def ask_save_copy(self) -> None:
        """Ask where to keep a copy of the recording of this window."""
        path = filedialog.asksaveasfilename(
            parent=self._root,
            title=_("Save recording as"),
            defaultextension=SUFFIX,
            initialfile="lesson" + SUFFIX,
            filetypes=_types(),
        )
        if path:
            self.save_copy(Path(path))

    def save_copy(self, path: Path) -> None:
        """Begin to copy; `tick` tells when it is done."""
        from netlib.recording.save_copy import SaveCopy

        if self._copying is not None:
            return
        try:
            self._copying = SaveCopy(self._context.backend.recording.path, path)
        except ValueError as nothing_recorded:
            self._context.tell(str(nothing_recorded))
        else:
            self._context.tell(_("Saving …"))

    def tick(self) -> None:
        """Say what became of a copy, and what was saved of a crash."""
        if self._recovery is not None and self._recovery.outcome is not None:
            if self._recovery.outcome:
                self._context.tell(self._recovery.outcome)
            self._recovery = None
        if self._copying is not None and self._copying.outcome is not None:
            self._context.tell(self._copying.outcome)
            self._copying = None

    def stop(self) -> None:
        """The window closes: leave nothing half written."""
        if self._copying is not None:
            self._copying.cancel()


def _types() -> list[tuple[str, str]]:
    return [
        (_("Recordings"), "*" + SUFFIX),
        (_("SQLite files"), "*.sqlite *.db"),
        (_("All files"), "*"),
    ]
