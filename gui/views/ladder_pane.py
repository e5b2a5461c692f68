"""The ladder in a traffic pane: its rows, searching them, finding a pattern, copying."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from pathlib import Path
from tkinter import ttk
from typing import TYPE_CHECKING, Final

from gui.context import Context
from gui.models.ladder import LadderRows, row_of_line, svg_file
from gui.translated import translate
from gui.views.clearing import Clearing
from gui.views.copying import Copying
from gui.views.finding import Finding
from gui.views.ladder_view import LadderView
from gui.views.pattern_bar import PatternBar
from gui.views.row_list import Status
from gui.widgets.file_dialogs import ask_open
from gui.widgets.menus import Entry, context_menu
from netlib import N_, Background, _
from netlib.recording.ladder_file import written
from netlib.recording.places import is_packet
from netlib.teaching.ladder import Rung

if TYPE_CHECKING:
    from gui.views.comparison_window import ComparisonWindow

_NO_ROW: Final = N_("A packet has no row in the log: calls have.")

OpenRow = Callable[[int, int, float], None]
"""Shows a line in the log: activity, line, and when it was (seconds since 1970)."""


class LadderPane(ttk.Frame):
    """What a pane shows in place of the log."""

    def __init__(
        self,
        parent: tk.Misc,
        context: Context,
        rows: LadderRows,
        open_row: OpenRow,
        *,
        follows: bool,
        clear: Callable[[], int],
        restore: Callable[[], None],
    ) -> None:
        """Show rows of calls.

        `clear` and `restore` empty every view of the pane, and bring back what was cleared.
        """
        super().__init__(parent)
        self._context, self._open_row = context, open_row
        self.rows = rows
        self.view = LadderView(self, context, self.rows, self._open, follows=follows)
        self.columnconfigure(0, weight=1)
        self.rowconfigure(2, weight=1)
        self.view.grid(row=2, sticky="nswe")
        self.clearing = Clearing(self, context.theme, clear, restore, self._begin_anew)
        self.clearing.grid(row=0, sticky="we")
        self.clearing.grid_remove()
        self.finding = Finding(self.rows, self.rows.find, self.view)
        self.pattern = PatternBar(self, context.theme, self.rows, self.view)
        hint = N_("Find calls that follow each other: send, send, receive.")
        self.view.add_tool(N_("Find a pattern"), hint, self.open_pattern)
        hint = N_("Show another recording beside these rows, and what is different.")
        self.view.add_tool(N_("Compare…"), hint, self.ask_to_compare)
        self._copying = Copying(self, self.view.chosen, context.tell)
        self._wanted: tuple[int, int] | None = None
        canvas = self.view.ladder.canvas
        self._make_menu(canvas)
        canvas.bind("<<Copy>>", lambda _event: self.copy())
        canvas.bind("<<Undo>>", lambda _event: self.clearing.restore())
        canvas.bind("<F3>", lambda _event: self.finding.step(1))
        canvas.bind("<Shift-F3>", lambda _event: self.finding.step(-1))

    def _make_menu(self, canvas: tk.Canvas) -> None:
        """Offer everything that can be done here, also where the tools have no room."""
        view = self.view
        context_menu(
            canvas,
            Entry(N_("Show in the log"), view.open_log, "Enter"),
            Entry(N_("Copy"), self.copy, "Ctrl+C"),
            None,
            Entry(N_("Rows closer together"), lambda: view.ladder.zoom(-1), "−"),
            Entry(N_("Rows further apart"), lambda: view.ladder.zoom(1), "+"),
            Entry(N_("Commentary"), view.commentary.invoke),
            Entry(N_("Real packets"), view.packets.invoke),
            None,
            Entry(N_("Find a pattern"), self.open_pattern),
            Entry(N_("Compare…"), self.ask_to_compare),
        )

    def refresh(self) -> None:
        """Show what is new; called at every tick while this is in sight."""
        self.view.refresh()
        self.pattern.refresh()
        if self._wanted is not None and not self.rows.arranging and self.rows.count():
            wanted, self._wanted = self._wanted, None
            row = row_of_line(self.rows, *wanted)
            if row is not None:
                self.view.go_to(row)

    def begin_at(self, line: tuple[int, int] | None) -> None:
        """Go to the call of a line (activity and number) as soon as it is known."""
        self._wanted = line

    def focus_rows(self) -> None:
        """Give the rows the keyboard."""
        self.view.focus_rows()

    def status(self) -> Status:
        """Return what is in sight and chosen."""
        first, last = self.view.ladder.in_sight
        count = self.rows.count()
        chosen = self.view.chosen()
        return Status(min(first + 1, count), min(last, count), count, chosen[1] - chosen[0])

    def copy(self) -> None:
        """Put the chosen rows on the clipboard: one line an arrow."""
        self._copying.rows(self.view.text)

    def svg_file(self, path: Path) -> Background:
        """Begin to write the chosen rows, or all. ValueError with a translated sentence: no."""
        first, last = self.view.chosen()
        return svg_file(self.rows, (first, last), self.view.text_options(), path)

    def png_file(self, path: Path) -> Background:
        """Write what is in sight. ValueError with a translated sentence: no."""
        canvas = self.view.ladder.canvas
        picture = tk.PhotoImage(master=self, width=canvas.winfo_width())
        try:
            self.tk.call(canvas, "image", picture)
        except tk.TclError:
            sentence = _("A PNG picture needs Tk 9.0 or later, this is {version}: write an SVG.")
            version = self.tk.call("info", "patchlevel")
            raise ValueError(sentence.format(version=version)) from None
        data = bytes(picture.tk.call(picture, "data", "-format", "png"))
        return written(path, lambda: data)

    def open_pattern(self) -> None:
        """Show the line in which a pattern is typed, and go there."""
        if not self.pattern.winfo_manager():
            self.pattern.grid(row=1, sticky="we")
        self.pattern.entry.focus_set()

    def ask_to_compare(self) -> None:
        """Ask for another recording."""
        types = ((_("Recordings"), "*.socketboard"), (_("All files"), "*"))
        path = ask_open(self, self._context.places, _("Compare with a recording"), types)
        if path is not None:
            self.compare(path)

    def compare(self, other: Path) -> ComparisonWindow | None:
        """Show another recording beside the rows."""
        from gui.views.comparison_window import ComparisonWindow

        try:
            own = self.rows.log.source.recording.path
        except ValueError as nothing_recorded:
            self._context.tell(str(nothing_recorded))
            return None
        places = self.rows.positions(0, self.rows.count())
        calls = [place for place in places if not is_packet(place)]
        return ComparisonWindow(self, self._context, own, calls, other)

    def _begin_anew(self) -> None:
        """The rows are others now: none is chosen."""
        self.view.ladder.selection.clear()
        self.view.ladder.follow()

    def _open(self, rung: Rung) -> None:
        if rung.packet is not None:
            self._context.tell(translate(_NO_ROW))
            return
        calls = self.rows.calls
        if calls is not None:
            activity = calls.pairing.ends[rung.call.end].activity
            self._open_row(activity, rung.call.line, rung.call.wall)
