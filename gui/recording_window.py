"""A recording opened from a file, in a window of its own: all that happened, in order of time."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Sequence
from pathlib import Path
from tkinter import ttk

from gui.context import Context
from gui.models.archive import Archive, ArchiveRows
from gui.pump import Pump
from gui.translated import LANGUAGE_CHANGED, set_title
from gui.views.pane import TrafficPane
from gui.widgets.columns import Column
from gui.widgets.split import Split
from gui.widgets.table import CHOSEN, Table, TableRow
from netlib import N_, visible_text

COLUMNS = (
    Column("number", N_("No."), 60),
    Column("name", N_("Server or client"), 420, stretch=True),
    Column("began", N_("Started"), 160),
    Column("rows", N_("Rows"), 110, "e"),
)
SIZE = (1000, 640)
"""Logical pixels."""


class RecordingWindow(tk.Toplevel):
    """Shows one recording until it is closed."""

    def __init__(self, root: tk.Tk, context: Context, path: Path) -> None:
        """Open `path`. ValueError with a translated sentence when it is no recording."""
        archive = Archive(path)
        super().__init__(root)
        px = context.theme.px
        self._context, self._archive = context, archive
        set_title(self, N_("Socketboard: {name}"), name=visible_text(path.name))
        self.geometry(f"{px(SIZE[0])}x{px(SIZE[1])}")
        self.rows = ArchiveRows(archive)
        inside = ttk.Frame(self, padding=px(12))
        inside.pack(fill="both", expand=True)
        split = Split(inside, orient="vertical", share=0.25)
        split.pack(fill="both", expand=True)
        self.table = Table(split, context.theme, COLUMNS, N_("This recording is empty."))
        empty = N_("Select a row above.")
        self.pane = TrafficPane(split, context, self.rows, N_("Traffic"), empty, complete=True)
        split.both(self.table, self.pane)
        self._fill()
        self.table.choose(map(str, archive.activities))
        self.table.bind(CHOSEN, lambda _event: self._show_chosen())
        self.table.bind(LANGUAGE_CHANGED, lambda _event: self._fill())
        self.bind("<Control-f>", self.pane.open_find)
        self.bind("<Escape>", lambda _event: self.close())
        self.protocol("WM_DELETE_WINDOW", self.close)
        self._pump = Pump(self, self.pane.refresh)
        self._pump.start()
        self.focus_set()

    def _fill(self) -> None:
        """Show the list; what is in sight is read when it is."""
        numbers = self._archive.activities

        def fetch(first: int, last: int) -> Sequence[TableRow]:
            return [
                TableRow(str(one), self._archive.entry(one).cells) for one in numbers[first:last]
            ]

        self.table.set_rows(len(numbers), fetch)

    def _show_chosen(self) -> None:
        try:
            self.rows.show_only(sorted(map(int, self.table.chosen)))
        except ValueError as gone:
            self._context.tell(str(gone))

    def close(self) -> None:
        """Close the window and let the file go."""
        self._pump.stop()
        self.pane.stop()
        self._archive.close()
        self.destroy()
