"""The ladder: an arrow for each call, between lifelines; live, and of recordings.

What is chosen, or under the pointer, has its bytes in a strip below: a tooltip would hide the next
arrow.
"""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from functools import partial
from tkinter import ttk
from typing import Final

from gui.context import Context
from gui.models.ladder import LadderRows
from gui.translated import LANGUAGE_CHANGED, Message, set_text, translate
from gui.views.canvas_shapes import Brush
from gui.views.ladder_canvas import LadderCanvas
from gui.views.ladder_keys import PAGE, LadderKeys
from gui.views.packets_check import PacketsCheck
from gui.views.whole_page import is_low
from gui.widgets.empty import NO_MATCH
from gui.widgets.flow import Flow
from gui.widgets.tooltip import tip
from netlib import N_, language
from netlib.teaching.ladder import Rung
from netlib.teaching.ladder_text import (
    TextOptions,
    hexadecimal,
    ladder_lines,
    note,
    row_head,
    words,
)
from netlib.teaching.lifelines import fitting, heads
from netlib.teaching.segments import absolute, numbers

LEAST_LINES: Final = 12
"""In a view that is less high, in lines of text, there is nothing but rows, close together; so it
is in a low window."""

_EMPTY: Final = N_("Each send and receive call is an arrow here, once there is one.")
_ARRANGING: Final = N_("Going through the recording…")
_HINT: Final = N_("Choose an arrow: its bytes are shown here. Enter shows its row in the log.")


class LadderView(ttk.Frame):
    """Head, rows, scrollbar, strip and tools."""

    def __init__(
        self,
        parent: tk.Misc,
        context: Context,
        rows: LadderRows,
        open_row: Callable[[Rung], None],
        *,
        follows: bool = True,
    ) -> None:
        """Show `rows`. `open_row` shows the row of the log in which a call begins."""
        super().__init__(parent)
        self._theme, self._rows, self._open_row = context.theme, rows, open_row
        theme = context.theme
        self._seen: tuple[object, ...] = ()
        self._low = False
        self._field = ttk.Frame(self, style="Field.TFrame", padding=theme.px(3))
        self._head = tk.Canvas(
            self._field, width=10, height=10, highlightthickness=0, borderwidth=0
        )
        self._head_brush = Brush(self._head, theme)
        self.ladder = LadderCanvas(self._field, theme, rows, self._drawn, follows=follows)
        self.focus_rows = self.ladder.canvas.focus_set
        """Give the rows the keyboard."""
        self.remarks = tk.BooleanVar(self, True)
        self._build()
        self.packets = PacketsCheck(self.bar, rows, context.backend.packets, live=follows)
        self._build_bar()
        LadderKeys(self.ladder, rows.count, self.open_log, self.tell)
        self.bind("<Configure>", lambda _event: self._fit(), add=True)
        canvas = self.ladder.canvas
        canvas.bind("<Configure>", lambda _event: self.ladder.draw())
        canvas.bind("<FocusIn>", lambda _event: self._field.state(["focus"]))
        canvas.bind("<FocusOut>", lambda _event: self._field.state(["!focus"]))
        self.bind("<<ThemeChanged>>", lambda _event: self._dress(), add=True)
        self.bind(LANGUAGE_CHANGED, lambda _event: self.ladder.draw(), add=True)
        self._dress()

    # -- for the pane ----------------------------------------------------------------------------

    def refresh(self) -> None:
        """Show what is new; called at every tick while the ladder is in sight."""
        rows = self._rows
        rows.sync()
        self.packets.refresh()
        now = (rows.count(), rows.changes, rows.arranging, rows.refusal, language())
        if now == self._seen or not self.winfo_viewable():
            return
        self._seen = now
        self.ladder.selection.limit(rows.count())
        self.ladder.draw()

    def go_to(self, row: int) -> None:
        """Bring a row into sight and choose it."""
        self.ladder.choose(row)

    def chosen(self) -> tuple[int, int]:
        """Return the first chosen row and the one after the last; equal when there is none."""
        return self.ladder.selection.range

    def text(self, first: int, last: int) -> str:
        """Return rows `first` to `last` - 1: one line an arrow. ValueError: they cannot be read."""
        lines = ladder_lines(self._rows.rungs(first, last), self.text_options())
        return "".join(f"{line}\n" for line in lines)

    def text_options(self) -> TextOptions:
        """Return how rows read as text."""
        encoding = self._rows.log.format.encoding
        return TextOptions(self._rows.addresses(), encoding, self.remarks.get())

    # -- building --------------------------------------------------------------------------------

    def _build(self) -> None:
        px, field = self._theme.px, self._field
        field.columnconfigure(0, weight=1)
        field.rowconfigure(1, weight=1)
        self._down = ttk.Scrollbar(field, command=self._yview, takefocus=False)
        self._head.grid(row=0, column=0, sticky="we")
        self.ladder.canvas.grid(row=1, column=0, sticky="nswe")
        self._down.grid(row=1, column=1, sticky="ns")
        self._empty = ttk.Label(field, style="Empty.TLabel", justify="center", anchor="center")
        self.bar = Flow(self, self._theme, gap=6)
        self.bar.pack(side="bottom", fill="x")
        self._strip = ttk.Label(self, style="Muted.TLabel", anchor="w", font="TkFixedFont")
        self._strip.pack(side="bottom", fill="x", pady=px(3))
        field.pack(fill="both", expand=True)

    def _build_bar(self) -> None:
        self.commentary = remarks = ttk.Checkbutton(
            self.bar,
            variable=self.remarks,
            command=lambda: self.ladder.show_remarks(self.remarks.get()),
        )
        set_text(remarks, N_("Commentary"))
        tip(remarks, N_("A sentence beside each row of which there is something to say."))
        self.bar.add(remarks)
        self.bar.add(self.packets)
        self.bar.spread()
        for sign, step, hint in (
            ("−", -1, N_("Rows closer together (−).")),
            ("+", 1, N_("Rows further apart (+).")),
        ):
            button = ttk.Button(self.bar, style="Tool.TButton", text=sign, width=-2)
            button.configure(command=partial(self.ladder.zoom, step))
            tip(button, hint)
            self.bar.add(button)

    def add_tool(self, words: Message, hint: Message, does: Callable[[], object]) -> None:
        """Add a button below the rows."""
        button = ttk.Button(self.bar, style="Tool.TButton", command=does)
        set_text(button, words)
        tip(button, hint)
        self.bar.add(button)

    # -- what the user does ----------------------------------------------------------------------

    def open_log(self) -> str:
        """Show the chosen call in the log."""
        rung = self.ladder.rung(self.ladder.selection.cursor)
        if rung is not None:
            self._open_row(rung)
        return "break"

    def tell(self, row: int | None) -> None:
        """Say in the strip what a row is; None: what the chosen one is."""
        cursor = self.ladder.selection.cursor
        rung = self.ladder.rung(cursor if row is None else row)
        encoding = self._rows.log.format.encoding
        said = _in_brief(rung, encoding) if rung else translate(_HINT)
        room = max(self.winfo_width(), 1)
        self._strip.configure(text=fitting(said, self.ladder.paper(), "mono", room))

    def _yview(self, action: str, amount: str, unit: str = "") -> None:
        if action == "scroll":
            self.ladder.move(int(amount) * (PAGE if unit == "pages" else 1))
        else:
            self.ladder.to(round(float(amount) * self._rows.count()))

    def _fit(self) -> None:
        """Leave the strip and the tools out where there is hardly room for rows."""
        few = self.winfo_height() < LEAST_LINES * self._head_brush.line
        low = few or is_low(self, self._theme)
        for part in (self.bar, self._strip):
            if low and part.winfo_manager():
                part.pack_forget()
            elif not low and not part.winfo_manager():
                part.pack(side="bottom", fill="x", before=self._field)
        if low != self._low:
            self._low = low
            self.ladder.crowd(low)
            self._dress()

    # -- what is shown ---------------------------------------------------------------------------

    def _dress(self) -> None:
        self._head_brush.dress()
        self.ladder.brush.dress()
        lines = 1 if self._low else 2
        self._head.configure(height=lines * self._head_brush.line + self._theme.px(12))
        self.ladder.draw()

    def _drawn(self) -> None:
        """After each drawing: the head, the scrollbar, the strip, and why there is nothing."""
        ladder, addresses = self.ladder, self._rows.addresses()
        self._head_brush.draw(heads(ladder.lines, addresses, ladder.paper(), low=self._low))
        count = self._rows.count()
        first, last = self.ladder.in_sight
        self._down.set(first / max(count, 1), min(last / max(count, 1), 1.0))
        self.tell(None)
        if count:
            self._empty.place_forget()
        else:
            why = _ARRANGING if self._rows.arranging else NO_MATCH if self._rows.total() else _EMPTY
            self._empty.configure(text=self._rows.refusal or translate(why))
            self._empty.place(in_=self.ladder.canvas, relx=0.5, rely=0.45, anchor="center")


def _in_brief(rung: Rung, encoding: str) -> str:
    """Return what the strip says of a row."""
    head = row_head(rung).strip()
    if rung.packet is not None:
        return f"{head}  {numbers(rung.packet)}  ({absolute(rung.packet)})"
    if rung.size is None or not rung.arrows:
        return f"{head}  {note(rung, encoding)}"
    return f"{head}  {words(rung, encoding)}  {hexadecimal(rung)}"
