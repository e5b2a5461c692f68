"""What is seen beside the text of a lesson: the traffic of the run, or a recorded case."""

from __future__ import annotations

import tkinter as tk
from pathlib import Path
from tkinter import ttk
from typing import TYPE_CHECKING

from gui.context import Context
from gui.models.archive import Archive, ArchiveRows
from gui.models.lesson_run import LessonRun
from gui.views.offered import kernel
from gui.views.pane import LADDER, TrafficPane
from gui.widgets.fit import fixed_request
from netlib import N_

if TYPE_CHECKING:
    from netlib.recording.opening import Opening

_NOTHING = N_("Answer the question, then run it: what happens appears here.")
_NO_ROWS = N_("This recording is empty.")


class LessonPicture(ttk.Frame):
    """One pane in sight; `show_case` puts that of a recorded case in place of the run's."""

    def __init__(self, parent: tk.Misc, context: Context, run: LessonRun) -> None:
        """Show the run, as a ladder."""
        super().__init__(parent)
        fixed_request(self)
        self._context, self._lesson_run = context, run
        self._case: Path | None = None
        self._opening: Opening | None = None
        self._archive: Archive | None = None
        others = kernel(context, run.sockets)
        self.run = TrafficPane(self, context, run.rows, N_("The run"), _NOTHING, others=others)
        self.run.view.choose(LADDER)
        self.run.pack(fill="both", expand=True)
        self.shown = self.run
        """The pane in sight."""

    def show_case(self, path: Path | None) -> None:
        """Show the recording of a case; None: the run again."""
        if path == self._case:
            return
        self._close_case()
        self._case = path
        if path is not None:
            self._open(path)

    def refresh(self) -> None:
        """Show what is new; called at every tick."""
        opening = self._opening
        if opening is not None and opening.contents is not None:
            self._opening = None
            self._show(Archive(opening.contents))
        elif opening is not None and opening.outcome is not None:
            self._opening = None
            self._context.tell(opening.outcome)
        self.shown.refresh()

    def _open(self, path: Path) -> None:
        from netlib.recording.opening import Opening  # SQLite: few steps need it

        self._opening = Opening(path)

    def _show(self, archive: Archive) -> None:
        self._archive = archive
        rows = ArchiveRows(archive)
        pane = TrafficPane(self, self._context, rows, N_("Recorded case"), _NO_ROWS, complete=True)
        self._put(pane)
        pane.view.choose(LADDER)

    def _put(self, pane: TrafficPane) -> None:
        self.shown.pack_forget()
        self.shown = pane
        pane.pack(fill="both", expand=True)

    def _close_case(self) -> None:
        if self._opening is not None:
            self._opening.give_up()
            self._opening = None
        if self._archive is not None:
            case = self.shown
            self._put(self.run)
            case.stop()
            case.destroy()
            self._archive.close()
            self._archive = None

    def destroy(self) -> None:
        """Let the file go, and what is recorded here and now, also when the program ends."""
        if self._opening is not None:
            self._opening.give_up()
        self._lesson_run.close()
        super().destroy()
