"""Recordings as files: opening one in a window of its own, keeping a copy of the present one."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from gui.context import Context
from gui.widgets.file_dialogs import ask_open, ask_save
from netlib import _
from netlib.teaching.explain import in_short

if TYPE_CHECKING:
    from gui.models.crash_recovery import CrashRecovery
    from gui.recording_window import RecordingWindow
    from netlib.recording.save_copy import SaveCopy

SUFFIX = ".socketboard"


class RecordingFiles:
    """What the menu does with recordings."""

    def __init__(
        self, root: tk.Tk, context: Context, complain: Callable[[], Callable[[str], None]]
    ) -> None:
        """Belong to the main window; `complain`: who shows what went wrong, on the tab in sight."""
        self._root, self._context, self._complain = root, context, complain
        self._recovered: Path | None = None
        """Where to open what was saved of a crash."""
        self._copying: SaveCopy | None = None
        self._recovery: CrashRecovery | None = None
        self._then: Callable[[], object] | None = None
        self._rows = 0
        self.saved = 0
        """Rows that the newest copy of the recording holds."""

    def recover_crashed(self) -> None:
        """Save recordings of windows that ended badly; `tick` tells."""
        from gui.models.crash_recovery import CrashRecovery

        self._recovery = CrashRecovery(self._context.settings.path.parent)

    def ask_open(self) -> None:
        """Ask for a recording and show it."""
        files, self._recovered = self._recovered, None
        path = ask_open(self._root, self._context.places, _("Open recording"), _types(), files)
        if path is not None:
            self.open(path)

    def open(self, path: Path) -> RecordingWindow:
        """Show a recording in a window of its own, or say why that cannot be."""
        from gui.recording_window import RecordingWindow

        return RecordingWindow(self._root, self._context, path, self._complain)

    def ask_save_copy(self, then: Callable[[], object] | None = None) -> None:
        """Ask where to keep a copy of the recording of this window; `then`: once it is there."""
        title = _("Save recording as")
        path = ask_save(self._root, self._context.places, title, _types(), SUFFIX)
        if path is not None:
            self.save_copy(path, then)

    def save_copy(self, path: Path, then: Callable[[], object] | None = None) -> None:
        """Begin to copy; `tick` tells when it is done, and does what is to be done `then`."""
        from netlib.recording.save_copy import SaveCopy

        if self._copying is not None:
            return
        self._then, self._rows = then, self._context.backend.under_way().rows
        try:
            self._copying = SaveCopy(self._context.backend.recording.path, path)
        except ValueError as nothing_recorded:
            self._context.tell(str(nothing_recorded))
        else:
            self._context.tell(_("Saving…"))

    def tick(self) -> None:
        """Say what became of a copy and of a crash, and why recording or capturing ended."""
        error = self._context.backend.record_error()
        if error is not None:
            self._complain()(_("Recording has stopped: {why}").format(why=in_short(error)))
        not_captured = self._context.backend.packets.tick()
        if not_captured:
            self._context.tell(not_captured)
        if self._recovery is not None and self._recovery.outcome is not None:
            if self._recovery.outcome:
                self._context.tell(self._recovery.outcome)
                self._recovered = self._context.settings.path.parent
            self._recovery = None
        if self._copying is not None and self._copying.outcome is not None:
            self._context.tell(self._copying.outcome)
            if self._copying.progress == 1:
                self.saved = self._rows
                self._root.after_idle(self._then or (lambda: None))
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
