"""A recording opened from a file, in a window of its own: all that happened, in order of time."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from tkinter import ttk

from gui.context import Context
from gui.models.archive import Archive, ArchiveRows
from gui.models.notice import of_case
from gui.pump import Pump
from gui.translated import LANGUAGE_CHANGED, set_text, set_title
from gui.views.pane import LADDER, TrafficPane
from gui.widgets.banner import Banner
from gui.widgets.columns import Column
from gui.widgets.split import Split
from gui.widgets.table import CHOSEN, Table, TableRow
from netlib import N_, _, visible_text
from netlib.teaching.cases import Case, case_at

COLUMNS = (
    Column("number", N_("No."), 60),
    Column("name", N_("Server or client"), 420, stretch=True),
    Column("began", N_("Started"), 160),
    Column("rows", N_("Rows"), 110, "e"),
)
SIZE = (1000, 700)
MARGIN = 80
"""Logical pixels: the window at first, and what it leaves of the screen."""
_MORE = "more"
"""The row of the table that is none of the recording's."""


class RecordingWindow(tk.Toplevel):
    """Shows one recording until it is closed."""

    def __init__(
        self,
        root: tk.Tk,
        context: Context,
        path: Path,
        complain: Callable[[], Callable[[str], None]],
    ) -> None:
        """Begin to open `path`; `complain` returns who is told if that cannot be done."""
        super().__init__(root)
        px = context.theme.px
        self._context, self._complain = context, complain
        self._case = case_at(path)
        set_title(self, partial(_title, path, self._case))
        screen = self.winfo_screenwidth(), self.winfo_screenheight()
        wide, high = (
            min(px(side), room - px(MARGIN)) for side, room in zip(SIZE, screen, strict=True)
        )
        self.geometry(f"{wide}x{high}")
        self._inside = ttk.Frame(self, padding=px(12))
        self._inside.pack(fill="both", expand=True)
        self._word = ttk.Label(self._inside)
        set_text(self._word, N_("Opening…"))
        self._word.pack(expand=True)
        self.view: RecordingView | None = None
        """What is in it; None: it is being opened."""
        from netlib.recording.opening import Opening

        self._opening = Opening(path)
        self.bind("<Escape>", lambda _event: self._cancel())
        self.protocol("WM_DELETE_WINDOW", self.close)
        self.focus_set()
        self._pump = Pump(self, self._tick)
        self._pump.start()

    def _tick(self) -> None:
        if self.view is not None:
            self.view.pane.refresh()
        elif self._opening.contents is not None:
            self._show(Archive(self._opening.contents))
        elif self._opening.outcome is not None:
            self.close()
            self._complain()(self._opening.outcome)

    def _show(self, archive: Archive) -> None:
        view = RecordingView(self._inside, self._context, archive)
        self._word.destroy()
        view.pack(fill="both", expand=True)
        self.bind("<Control-f>", view.pane.open_find)
        if self._case is not None:
            view.introduce(self._case)
        self.view = view

    def _cancel(self) -> None:
        """Close what is said above the rows, else the window."""
        if self.view is not None and self.view.banner.showing:
            self.view.banner.clear()
        else:
            self.close()

    def close(self) -> None:
        """Close the window and let the file go."""
        self._pump.stop()
        if self.view is not None:
            self.view.pane.stop()
        self.destroy()

    def destroy(self) -> None:
        """Let the file go, also when the program ends."""
        self._opening.give_up()
        super().destroy()


class RecordingView(ttk.Frame):
    """The list of what a recording holds, and the rows of what is selected there."""

    def __init__(self, parent: tk.Misc, context: Context, archive: Archive) -> None:
        """Show everything."""
        super().__init__(parent)
        self._context, self._archive = context, archive
        self.rows = ArchiveRows(archive)
        self.banner = Banner(self, context.theme)
        self._split = split = Split(self, orient="vertical", share=0.25)
        split.pack(fill="both", expand=True)
        self.table = Table(split, context.theme, COLUMNS, N_("This recording is empty."))
        empty = N_("Select a row above.")
        self.pane = TrafficPane(split, context, self.rows, N_("Traffic"), empty, complete=True)
        split.both(self.table, self.pane)
        pane = self.pane
        pane.whole.give(lambda on: split.only(pane) if on else split.both(self.table, pane))
        self._fill()
        self.table.choose(map(str, archive.activities))
        self.table.bind(CHOSEN, lambda _event: self._show_chosen())
        self.table.bind(LANGUAGE_CHANGED, lambda _event: self._fill())

    def introduce(self, case: Case) -> None:
        """Say what to look at in a recorded case, above its ladder; that has both ends."""
        self._split.only(self.pane)
        self._split.pack_configure(pady=(self._context.theme.px(8), 0))
        self.banner.show(of_case(case))
        self.pane.view.choose(LADDER)

    def _fill(self) -> None:
        """Show the list; what is in sight is read when it is."""
        numbers = self._archive.activities

        def fetch(first: int, last: int) -> Sequence[TableRow]:
            entries = self._archive.entries(numbers[first:last])
            found = [TableRow(str(entry.activity), entry.cells) for entry in entries]
            return found if last <= len(numbers) else [*found, _and_more()]

        self.table.set_rows(len(numbers) + (not self._archive.complete), fetch)

    def _show_chosen(self) -> None:
        try:
            self.rows.show_only(sorted(int(one) for one in self.table.chosen if one != _MORE))
        except ValueError as gone:
            self._context.tell(str(gone))


def _title(path: Path, case: Case | None) -> str:
    name = _(case.title) if case else visible_text(path.name)
    return _("Socketboard: {name}").format(name=name)


def _and_more() -> TableRow:
    """Return the row that stands for what was not listed."""
    return TableRow(_MORE, ("", _("… and more: reading takes too long"), "", ""), "warn")
