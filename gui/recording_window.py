"""A recording opened from a file, in a window of its own: what it holds, in the same views."""

from __future__ import annotations

import tkinter as tk
from pathlib import Path
from tkinter import ttk

from gui.context import Context
from gui.models.archive import Archive, entry_cells
from gui.models.traffic import TrafficRows
from gui.pump import Pump
from gui.translated import set_title
from gui.views.pane import TrafficPane
from gui.widgets.columns import Column
from gui.widgets.split import Split
from gui.widgets.table import CHOSEN, Table, TableRow
from netlib import N_, visible_text

COLUMNS = (
    Column("number", N_("No."), 60, "e"),
    Column("began", N_("Started"), 160),
    Column("rows", N_("Rows"), 110, "e"),
    Column("words", N_("First row"), 420, stretch=True),
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
        self._archive = archive
        self._entries = archive.entries()
        set_title(self, N_("Socketboard: {name}"), name=visible_text(path.name))
        self.geometry(f"{px(SIZE[0])}x{px(SIZE[1])}")
        self.rows = TrafficRows(archive, peers=True)
        inside = ttk.Frame(self, padding=px(12))
        inside.pack(fill="both", expand=True)
        split = Split(inside, orient="vertical", share=0.25)
        split.pack(fill="both", expand=True)
        self.table = Table(split, context.theme, COLUMNS, N_("This recording is empty."))
        self.pane = TrafficPane(split, context, self.rows, N_("Traffic"), N_("Select a row above."))
        split.both(self.table, self.pane)
        self.table.bind(CHOSEN, lambda _event: self._show_chosen())
        self._fill()
        self.bind("<Escape>", lambda _event: self.close())
        self.protocol("WM_DELETE_WINDOW", self.close)
        self._pump = Pump(self, self.pane.refresh)
        self._pump.start()
        self.focus_set()

    def _fill(self) -> None:
        cells = [TableRow(str(entry.activity), entry_cells(entry)) for entry in self._entries]
        self.table.set_rows(len(cells), lambda first, last: cells[first:last])
        self.table.choose(row.id for row in cells)
        self._show_chosen()

    def _show_chosen(self) -> None:
        self.rows.show_only(sorted(map(int, self.table.chosen)))

    def close(self) -> None:
        """Close the window and let the file go."""
        self._pump.stop()
        self.pane.stop()
        self._archive.close()
        self.destroy()
