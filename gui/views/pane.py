"""A traffic view with its toolbar: how rows read, find and filter, copy, export, clear."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Mapping
from pathlib import Path
from tkinter import ttk
from typing import TYPE_CHECKING, Final

from gui.context import Context
from gui.models.rows import Progress
from gui.models.traffic import TrafficRows
from gui.translated import Message, set_text, translate
from gui.views.find_bar import FindBar
from gui.views.other_view import Offer, OtherView
from gui.views.row_list import Actions, Traffic
from gui.widgets.choice import Segments
from gui.widgets.file_dialogs import ask_save
from gui.widgets.flow import Flow
from gui.widgets.tooltip import enable, tip
from netlib import N_, _
from netlib.teaching.lines import Format, View

if TYPE_CHECKING:
    from netlib.recording.export import Export

VIEWS: dict[View, Message] = {"log": N_("Log"), "text": N_("Text"), "hex": N_("Hex")}
FORMATS: dict[str, Format] = {".txt": "text", ".csv": "csv", ".jsonl": "jsonl", ".bin": "raw"}
"""In which form a file is written, by the end of its name."""

_NO_ROWS: Final = N_("This view has no rows; Log, Text and Hex have.")
_CLEAR_TIP = N_("Empty this view. The recording keeps everything.")
_EXPORT_TIP = N_(
    "Write the selected rows, or all of this view, to a file: text, CSV, JSON Lines, or raw bytes."
)


class TrafficPane(ttk.Frame):
    """A traffic view over `TrafficRows`."""

    def __init__(
        self,
        parent: tk.Misc,
        context: Context,
        rows: TrafficRows,
        title: Message,
        empty: Message,
        *,
        complete: bool = False,
        wrapped: bool = False,
        others: Mapping[str, Offer] | None = None,
    ) -> None:
        """Show `rows`; `empty` says what to click first. `complete`: no further rows come.

        `others`: what else can be shown in place of the rows, by name.
        """
        super().__init__(parent)
        self._others = dict(others or {})
        self._made: dict[str, OtherView] = {}
        self.other: OtherView | None = None
        """What is shown in place of the rows."""
        self._context, self.rows = context, rows
        self._export: Export | None = None
        self._shown = ""
        actions = Actions(
            data=rows.data,
            save=self.save,
            clear=None if complete else rows.clear,
            restore=rows.restore,
            tell=context.tell,
        )
        self._bar = Flow(self, context.theme, gap=6)
        self._bar.pack(side="top", fill="x", pady=(0, context.theme.px(4)))
        self.find_bar = FindBar(self, context.theme, self)
        self.traffic = Traffic(self, context.theme, rows, actions, empty, follows=not complete)
        self.traffic.pack(fill="both", expand=True)
        self._fill_bar(title, complete)
        if wrapped:
            self._wrapped.set(True)
            self.traffic.wrap(True)
        self.traffic.text.bind("<Control-f>", self.open_find)
        self.traffic.text.bind("<F3>", lambda _event: self.step(1))
        self.traffic.text.bind("<Shift-F3>", lambda _event: self.step(-1))
        self.bind("<Destroy>", lambda _event: self.stop())

    def _fill_bar(self, title: Message, complete: bool) -> None:
        bar = self._bar
        heading = ttk.Label(bar, style="Bold.TLabel")
        set_text(heading, title)
        bar.add(heading, optional=True)
        views: dict[str, Message] = dict(VIEWS.items())
        views |= {name: offer.words for name, offer in self._others.items()}
        self.view = Segments(bar, views, self.show)
        self._wrapped = tk.BooleanVar(self, False)
        wrap = ttk.Checkbutton(
            bar, variable=self._wrapped, command=lambda: self.traffic.wrap(self._wrapped.get())
        )
        set_text(wrap, N_("Wrap"))
        tip(wrap, N_("Wrap long lines at the edge of the view."))
        bar.add(self.view, wrap)
        tools: list[tk.Widget] = [wrap]
        bar.spread()
        self._count = ttk.Label(bar, style="Muted.TLabel")
        bar.add(self._count, optional=True)
        for words, does, hint in (
            (N_("Copy"), self.traffic.copy, N_("Copy the selected rows (Ctrl+C).")),
            (N_("Find"), self.open_find, N_("Search and filter these rows (Ctrl+F).")),
            (N_("Clear"), None if complete else self.traffic.clearing.clear, _CLEAR_TIP),
            (N_("Export…"), self.save, _EXPORT_TIP),
        ):
            if does is None:
                continue
            button = ttk.Button(bar, style="Tool.TButton", command=does)
            set_text(button, words)
            tip(button, hint)
            bar.add(button)
            tools.append(button)
        bar.fold(1, *tools)  # what one line has no room for goes behind a button
        self._tools = tools

    # -- what is shown ---------------------------------------------------------------------------

    def show(self, name: str) -> None:
        """Show the rows in one of three ways, or another view in their place."""
        for view in VIEWS:
            if name == view:
                self.rows.set_view(view)
        if name in self._others and name not in self._made:
            self._made[name] = self._others[name].make(self)
        before, self.other = self.other or self.traffic, self._made.get(name)
        shown = self.other or self.traffic
        if shown is not before:
            before.pack_forget()
            shown.pack(fill="both", expand=True)
            self.refresh()  # what it showed last may be long over
        for tool in self._tools:
            if isinstance(tool, ttk.Widget):
                enable(tool, self.other is None, _NO_ROWS)

    def refresh(self) -> None:
        """Show what is new; called at every tick."""
        if self.other is not None:
            self.other.refresh()
        self.traffic.refresh()
        self.find_bar.refresh()
        words = self._count_words()
        if words != self._shown:
            self._shown = words
            self._count.configure(text=words)
            self._bar.fit()
        export = self._export
        if export is not None and export.outcome is not None:
            self._context.tell(export.outcome)
            self._export = None

    def _count_words(self) -> str:
        status = self.traffic.status()
        text = translate(
            N_("{shown} of {total} rows"),
            shown=f"{status.total:,}",
            total=f"{self.rows.total():,}",
        )
        if status.chosen:
            text += translate(N_(", {count} selected"), count=f"{status.chosen:,}")
        return text

    # -- Finder ----------------------------------------------------------------------------------

    def find(self, typed: str) -> str | None:
        """Begin to search, or go to a time; a sentence says what is wrong with the words."""
        try:
            row = self.rows.find(typed)
        except ValueError as wrong:
            return str(wrong)
        if row is not None:
            self.traffic.go_to(row)
        return None

    def end(self) -> None:
        """Search no more; show everything, with the row that was chosen still in sight."""
        first, last = self.traffic.chosen()
        row = self.rows.end_search(first if last > first else None)
        if row is not None:
            self.traffic.refresh()
            self.traffic.go_to(row)

    def close(self) -> None:
        """Search no more, and take the line away."""
        self.find_bar.pack_forget()
        self.traffic.text.focus_set()
        self.end()

    def step(self, way: int) -> None:
        """Go to the next (1) or the previous (-1) match."""
        first, last = self.traffic.chosen()
        row = self.rows.next_match(first if last > first else None, way)
        if row is not None:
            self.traffic.go_to(row)

    def show_only(self, matches: bool) -> None:
        """Show the matches only, or every row."""
        self.rows.show_matches_only(matches)

    def progress(self) -> Progress | None:
        """Tell how far the search is; None: there is none."""
        return self.rows.progress()

    # -- what the user does ----------------------------------------------------------------------

    def open_find(self, _event: object = None) -> str:
        """Show the line to search in, and go there; "break": Tk's own Ctrl+F is not wanted."""
        if not self.find_bar.winfo_manager():
            gap = self._context.theme.px(4)
            self.find_bar.pack(side="top", fill="x", pady=(0, gap), before=self.traffic)
        self.find_bar.entry.focus_set()
        return "break"

    def save(self) -> None:
        """Ask for a file, then write the chosen rows, or all, while the window stays alive."""
        types = (
            (_("Text"), "*.txt"),
            ("CSV", "*.csv"),
            ("JSON Lines", "*.jsonl"),
            (_("Raw bytes, a file for each direction"), "*.bin"),
        )
        path = ask_save(self, self._context.places, _("Export the traffic"), types, ".txt")
        if path is not None:
            self.export(path)

    def export(self, path: Path) -> None:
        """Begin to write the chosen rows, or all, in the form that the file's name asks for."""
        from netlib.recording.export import Export

        if self._export is not None:
            self._export.cancel()
        format = FORMATS.get(path.suffix.lower(), "text")
        first, last = self.traffic.chosen()
        chosen = (first, last) if last > first else None
        target = path.with_suffix("") if format == "raw" else path
        try:
            options = self.rows.export_options(format, chosen)
        except ValueError as nothing_recorded:
            self._context.tell(str(nothing_recorded))
            return
        self._export = Export(options, target)
        self._context.tell(_("Saving…"))

    def stop(self) -> None:
        """Give up an export and a search that are under way: the view goes."""
        if self._export is not None:
            self._export.cancel()
            self._export = None
        self.rows.connection = 0
        self.rows.end_search()
