"""A traffic view with its toolbar: how rows read, find and filter, copy, export, clear."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from tkinter import ttk
from typing import TYPE_CHECKING, Final

from gui.context import Context
from gui.models.ladder import LadderRows
from gui.models.traffic import TrafficRows, line_of_row, row_of_line
from gui.translated import Message, set_text, translate
from gui.views.exporting import Exporting
from gui.views.find_bar import FindBar
from gui.views.finding import Finding
from gui.views.offered import boundaries
from gui.views.other_view import Offer, OtherView
from gui.views.row_list import Actions, Status, Traffic
from gui.views.whole_page import WholePage
from gui.widgets.choice import Choice, Segments
from gui.widgets.empty import NO_MATCH
from gui.widgets.flow import Flow
from gui.widgets.tooltip import enable, tip
from netlib import N_
from netlib.teaching.lines import View

if TYPE_CHECKING:
    from gui.views.ladder_pane import LadderPane

LADDER: Final = "ladder"
VIEWS: dict[View, Message] = {"log": N_("Log"), "text": N_("Text"), "hex": N_("Hex")}
"""How the rows read."""

_NO_ROWS: Final = N_("This view has no rows; Log, Text and Hex have.")
_NOT_IN_LOG: Final = N_("This row is not in the log of this tab: it is the peer's, or was cleared.")
_CLEAR_TIP = N_("Empty this view. The recording keeps everything.")
_EXPORT_TIP = N_(
    "Write the selected rows, or all of this view, to a file: text, CSV, JSON Lines, raw bytes, "
    "or packets for Wireshark."
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
        self.calls = LadderRows(rows)
        """What the ladder and the boundaries are made of."""
        self._others = boundaries(context, self.calls) | dict(others or {})
        self._made = dict[str, OtherView]()
        self.other: OtherView | None = None
        """What is shown in place of the rows and the ladder."""
        self.ladder: LadderPane | None = None
        """The ladder, once somebody wanted to see it."""
        self._context, self.rows, self._complete, self._words = context, rows, complete, ""
        self._empty = self._says = empty
        clear = None if complete else self._clear
        actions = Actions(None, rows.data, self.save, clear, self._restore, context.tell)
        self._bar = Flow(self, context.theme, gap=6)
        self._bar.pack(side="top", fill="x", pady=(0, context.theme.px(4)))
        self.traffic = Traffic(self, context.theme, rows, actions, empty, follows=not complete)
        self.exporting = Exporting(self, context, rows, self.traffic)
        self._log_finding = Finding(rows, rows.find, self.traffic)
        self.find_bar = FindBar(self, context.theme, self._log_finding, self.close_find)
        self.traffic.pack(fill="both", expand=True)
        self.shown: Traffic | LadderPane | OtherView = self.traffic
        """What is shown now."""
        self._fill_bar(title, complete, wrapped)
        self.traffic.wrap(wrapped)
        self.traffic.text.bind("<F3>", lambda _event: self.find_bar.finder.step(1))
        self.traffic.text.bind("<Shift-F3>", lambda _event: self.find_bar.finder.step(-1))
        self.traffic.text.bind("<Control-f>", self.open_find)
        self.bind("<Destroy>", lambda _event: self.stop())

    def _fill_bar(self, title: Message, complete: bool, wrapped: bool) -> None:
        bar = self._bar
        self.whole = WholePage(self, self._context, bar)
        heading = ttk.Label(bar, style="Bold.TLabel")
        set_text(heading, title)
        bar.add(heading, optional=True)
        log, *others = VIEWS.items()
        views: dict[str, Message] = {log[0]: log[1], LADDER: N_("Ladder")}
        views |= {name: offer.words for name, offer in self._others.items()} | dict(others)
        self.view = Segments(bar, views, self.show)
        self._list = Choice(bar, views)
        self._list.bind(
            "<<ComboboxSelected>>", lambda _event: self.view.choose(self._list.key), add=True
        )
        self._wrapped = tk.BooleanVar(self, wrapped)
        self._wrap = wrap = ttk.Checkbutton(
            bar, variable=self._wrapped, command=lambda: self.traffic.wrap(self._wrapped.get())
        )
        set_text(wrap, N_("Wrap"))
        tip(wrap, N_("Wrap long lines at the edge of the view."))
        bar.add(self.view, wrap)
        bar.replace(self.view, self._list)
        self._tools: list[ttk.Widget] = []
        bar.spread()
        self._count = ttk.Label(bar, style="Muted.TLabel")
        bar.add(self._count, optional=True)
        clear = (N_("Clear"), partial(_clear_shown, self), _CLEAR_TIP)
        for words, does, hint in (
            (N_("Copy"), lambda: self.rows_view().copy(), N_("Copy the selected rows (Ctrl+C).")),
            (N_("Find"), self.open_find, N_("Search and filter these rows (Ctrl+F).")),
            *(() if complete else (clear,)),
            (N_("Export…"), self.save, _EXPORT_TIP),
        ):
            button = ttk.Button(bar, style="Tool.TButton", command=does)
            set_text(button, words)
            tip(button, hint)
            bar.add(button)
            self._tools.append(button)
        bar.fold(1, wrap, *self._tools)  # what one line has no room for goes behind a button

    # -- what is shown ---------------------------------------------------------------------------

    def show(self, name: str) -> None:
        """Show the rows in one of three ways, or another view in their place."""
        for view in VIEWS:
            if name == view:
                self.rows.set_view(view)
        if name in self._others and name not in self._made:
            self._made[name] = self._others[name].make(self)
        before, self.other = self.shown, self._made.get(name)
        self.shown = self.other or (self._ladder() if name == LADDER else self.traffic)
        if self.shown is not before:
            before.pack_forget()
            self.shown.pack(fill="both", expand=True)
            if self.other is None:
                ladder = self._ladder_in_sight()
                self.find_bar.use(ladder.finding if ladder else self._log_finding)
            self.refresh()  # what it showed last may be long over
        self._list.key = name
        self.whole.show(picture=self.shown is not self.traffic)
        for tool in self._tools:
            enable(tool, self.other is None, _NO_ROWS)
        enable(self._wrap, self.shown is self.traffic, N_("Log, Text and Hex have long lines."))

    def _ladder(self) -> LadderPane:
        """Return the ladder, which goes to the row that is chosen in the log."""
        from gui.views.ladder_pane import LadderPane

        if self.ladder is None:
            self.ladder = LadderPane(
                self,
                self._context,
                self.calls,
                self._show_in_log,
                follows=not self._complete,
                clear=self._clear,
                restore=self._restore,
            )
        if not self._complete:
            self._context.backend.packets.begin_quietly()
        first, last = self.traffic.chosen()
        self.ladder.begin_at(line_of_row(self.rows, first) if last > first else None)
        return self.ladder

    def _ladder_in_sight(self) -> LadderPane | None:
        return self.ladder if self.shown is self.ladder else None

    def _show_in_log(self, activity: int, line: int, wall: float) -> None:
        """Show a line of the recording in the log."""
        row = row_of_line(self.rows, activity, line, wall)
        if row is None:
            self._context.tell(translate(_NOT_IN_LOG))
            return
        self.view.choose("log")
        self.traffic.refresh()
        self.traffic.go_to(row)
        self.traffic.text.focus_set()

    def refresh(self) -> None:
        """Show what is new; called at every tick."""
        self.shown.refresh()
        if self.shown is not self.traffic:
            self.traffic.refresh()
        self.find_bar.refresh()
        if self._says is not (says := NO_MATCH if self.rows.total() else self._empty):
            self._says = says
            self.traffic.say_empty(says)
        ladder = self._ladder_in_sight()
        rows = ladder.rows if ladder else self.rows
        status = ladder.status() if ladder else self.traffic.status()
        words = _count_words(status, rows.total(), reading=bool(ladder and ladder.rows.arranging))
        if words != self._words:
            self._words = words
            self._count.configure(text=words)
            self._bar.fit()
        self.exporting.refresh()

    # -- what the user does ----------------------------------------------------------------------

    def open_find(self, _event: object = None) -> str:
        """Show the line to search in, and go there; "break": Tk's own Ctrl+F is not wanted."""
        if self.other is not None:
            self._context.tell(translate(_NO_ROWS))
            return "break"
        if not self.find_bar.winfo_manager():
            gap = self._context.theme.px(4)
            self.find_bar.pack(side="top", fill="x", pady=(0, gap), before=self.shown)
        self.find_bar.entry.focus_set()
        return "break"

    def close_find(self) -> None:
        """Search no more, and take the line away."""
        self.find_bar.pack_forget()
        self.rows_view().focus_rows()
        self.find_bar.finder.end()

    def rows_view(self) -> Traffic | LadderPane:
        """Return the ladder, where it is in sight, or the log."""
        return self._ladder_in_sight() or self.traffic

    def _clear(self) -> int:
        """Begin anew with what comes next, in every view; return how many rows go."""
        self.calls.clear()
        return self.rows.clear()

    def _restore(self) -> None:
        """Bring back what was cleared last."""
        self.calls.restore()
        self.rows.restore()

    def save(self) -> None:
        """Ask for a file, then write the chosen rows, or all, while the window stays alive."""
        self.exporting.save(self._ladder_in_sight())

    def export(self, path: Path) -> None:
        """Begin to write the chosen rows, or all, in the form that the file's name asks for."""
        self.exporting.export(path, self._ladder_in_sight())

    def stop(self) -> None:
        """Give up an export and a search that are under way: the view goes."""
        self.exporting.stop()
        self.calls.close()
        self.rows.connection = 0
        self.rows.end_search()


def _clear_shown(pane: TrafficPane) -> None:
    """Empty the pane; the view in sight says how to bring the rows back."""
    pane.rows_view().clearing.clear()


def _count_words(status: Status, total: int, *, reading: bool) -> str:
    words = N_("{shown} rows so far") if reading else N_("{shown} of {total} rows")
    text = translate(words, shown=f"{status.total:,}", total=f"{total:,}")
    if status.chosen:
        text += translate(N_(", {count} selected"), count=f"{status.chosen:,}")
    return text
