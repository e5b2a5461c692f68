"""The traffic view: millions of rows, of which only those in sight are ever drawn.

`Traffic.refresh` is called at every tick of the pump and costs two calls when nothing has changed.
The view follows the newest row until someone scrolls up, and again once the end is reached. Rows
are chosen by number, so a choice survives scrolling and reaches over rows that are not drawn.
"""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Sequence
from functools import partial
from tkinter import ttk
from typing import Literal

from gui.models.rows import RowSource
from gui.theme.theme import Theme
from gui.translated import Message, set_text
from gui.views.clearing import Clearing
from gui.views.copying import Copying, Data
from gui.views.scrolling import Scrolling
from gui.views.viewport import Viewport
from gui.widgets.empty import Empty
from gui.widgets.menus import Entry, Menu, Plain, context_menu
from gui.widgets.tooltip import tip
from netlib import N_
from netlib.value import NamedTuple, value

Anchor = Literal["center", "se"]


@value()
class Actions:
    """What the view asks of its tab; an absent one has no menu entry."""

    copy: Callable[[int, int], str] | None = None
    """Text of rows first to last-1; without it the rows as they are drawn."""
    data: Data | None = None
    save: Callable[[], None] | None = None
    clear: Callable[[], int] | None = None
    """Empty the view; returns how many rows it took away."""
    restore: Callable[[], None] = lambda: None
    """Bring back what was cleared last."""
    tell: Callable[[str], None] = lambda _sentence: None
    """Show a short sentence, for example what was copied."""


class Status(NamedTuple):
    """What is in sight, for a label such as "1–40 of 12,345, 3 chosen"."""

    first: int
    """Number of the first row in sight, from 1; 0 when there is none."""
    last: int
    total: int
    chosen: int


class Traffic(ttk.Frame):
    """A virtual list of rows with scrollbars, choosing, copying, and a follow latch."""

    def __init__(
        self,
        parent: tk.Misc,
        theme: Theme,
        source: RowSource,
        actions: Actions | None = None,
        empty: Message = "",
        *,
        follows: bool = True,
    ) -> None:
        """Show `source`; `empty` says what to click first while there is nothing.

        `follows`: rows come, and the newest is kept in sight at first.
        """
        super().__init__(parent, style="Field.TFrame", padding=theme.px(3))
        self._source, self._actions = source, actions or Actions()
        self._seen = (-1, -1)
        self._follows = follows
        self.following = follows
        """Whether the newest row is kept in sight: not while rows are pressed or chosen."""
        self._view = Viewport(self, theme, source)
        self.text = self._view.text
        self.focus_rows = self.text.focus_set
        """Give the rows the keyboard."""
        self.height = partial(_height, self._view)
        """How many pixels it takes to have so many lines in sight."""
        self._scrolling = Scrolling(self._view, source.count, self._moved, self._hold)
        self._copying = copying = Copying(self, self.chosen, self._actions.tell)
        self.copy = partial(copying.rows, self._actions.copy or partial(_as_drawn, source))
        """Put the chosen rows on the clipboard, and say how many."""
        clear = self._actions.clear or (lambda: 0)
        self.clearing = Clearing(self, theme, clear, self._actions.restore, self._begin_anew)
        self.clearing.grid(row=0, column=0, columnspan=2, sticky="we")
        self.clearing.grid_remove()
        self._build(empty)
        self._listen()

    def refresh(self) -> None:
        """Show what is new; costs next to nothing when nothing is, or nobody sees it."""
        now = self._source.count(), self._source.version()
        if now == self._seen or not self.winfo_viewable():
            return
        (before, version), self._seen = self._seen, now
        if now[0] < before:
            self._view.selection.limit(now[0])
            self.following = self._follows and (self.following or not now[0])
        if self.following or version != now[1] or len(self._view.drawn) < self._view.page:
            self._redraw()
        self._settle()

    def follow(self) -> None:
        """Go to the newest row and stay with it."""
        self._scrolling.to_end()

    def go_to(self, row: int) -> None:
        """Bring a row to the head of the view and choose it."""
        self._view.selection.choose(row)
        self._scrolling.to_row(row)

    def _begin_anew(self) -> None:
        """The rows are others now: none is chosen."""
        self._view.selection.clear()
        self.follow()

    def wrap(self, on: bool, *, by_words: bool = False) -> None:
        """Break long lines at the edge of the view, or let them run beyond it.

        `by_words`: only between words and Chinese characters, as a reader would.
        """
        self._view.by_words = by_words
        self.text.configure(wrap="char" if on else "none")
        if on:
            self._across.grid_remove()
        else:
            self._across.grid()
        self._redraw()

    def status(self) -> Status:
        """Return what is in sight and chosen."""
        first, last = self._view.in_sight
        count = self._source.count()
        return Status(min(first + 1, count), min(last, count), count, len(self._view.selection))

    def chosen(self) -> tuple[int, int]:
        """Return the first chosen row and the one after the last; equal when there is none."""
        return self._view.selection.range

    def choose_all(self) -> None:
        """Choose every row there is."""
        self._view.selection.choose_all(self._source.count())
        self._view.mark_selection()

    def _build(self, empty: Message) -> None:
        self.columnconfigure(0, weight=1)
        self.rowconfigure(1, weight=1)
        self._down = ttk.Scrollbar(self, command=self._scrolling.yview, takefocus=False)
        self._across = ttk.Scrollbar(
            self, orient="horizontal", command=self.text.xview, takefocus=False
        )
        self.text.configure(xscrollcommand=self._across.set)
        ground = ttk.Label(self, style="Empty.TLabel")
        ground.grid(row=1, column=0, sticky="nswe")
        whole = partial(_place_whole, self._view, ground)
        ground.bind("<Configure>", whole)
        self.bind("<<ThemeChanged>>", lambda _event: self.after_idle(whole), add=True)
        self._down.grid(row=1, column=1, sticky="ns")
        self._across.grid(row=2, column=0, sticky="we")
        self._empty = Empty(self, empty)
        self.say_empty = self._empty.say
        """Say something else while there are no rows."""
        self._catch = ttk.Button(self, command=self.follow, takefocus=False)
        set_text(self._catch, N_("↓ Follow"))
        tip(self._catch, N_("Follow the newest row (End)."))

    def _listen(self) -> None:
        text = self.text
        text.bind("<<Copy>>", lambda _event: self.copy())
        text.bind("<<SelectAll>>", lambda _event: self.choose_all())
        text.bind("<<Undo>>", lambda _event: self.clearing.restore())
        text.bind("<Configure>", lambda _event: self._redraw())
        text.bind("<FocusIn>", lambda _event: self.state(["focus"]))
        text.bind("<FocusOut>", lambda _event: self.state(["!focus"]))
        self.bind("<<ThemeChanged>>", lambda _event: self._redraw(dress=True), add=True)
        data = self._actions.data
        entries = (
            Entry(N_("Copy"), self.copy, "Ctrl+C"),
            (N_("Copy bytes as hex"), data and partial(self._copying.hex, data)),
            (N_("Copy bytes for Python"), data and partial(self._copying.literal, data)),
            Entry(N_("Select all"), self.choose_all, "Ctrl+A"),
            None,
            (N_("Save…"), self._actions.save),
            (N_("Clear"), self._actions.clear and self.clearing.clear),
            Entry(N_("Undo clear"), self._actions.clear and self.clearing.restore, "Ctrl+Z"),
        )
        menu = context_menu(text, *entries)
        nothing = self._actions.clear is None  # then the last entry is not there
        menu.configure(postcommand=lambda: _offer(menu, entries, nothing or self.clearing.can_undo))

    def _moved(self) -> None:
        """After a move by the user: let go of the newest row, or catch it again at the end."""
        self.following = self._follows and self._view.at_end()
        self._settle()

    def _hold(self) -> None:
        """While rows are pressed, and when some are chosen: stay, whatever comes."""
        self.following = False
        self._settle()

    def _redraw(self, *, dress: bool = False) -> None:
        if dress:
            self._view.dress()
        if self.following:
            self._view.show_end()
        else:
            self._view.show(*self._view.place)
        self._settle()

    def _settle(self) -> None:
        """Bring scrollbar, follow button and empty state in line with what is in sight."""
        count = self._source.count()
        first, last = self._view.in_sight
        self._down.set(first / max(count, 1), 1.0 if self.following else last / max(count, 1))
        self._empty.fit(self.text.winfo_width() - 2 * int(self.text.cget("padx")))
        _overlay(self._empty, self.text, not count, relx=0.5, rely=0.45, anchor="center")
        may_catch = self._follows and not self.following
        _overlay(self._catch, self.text, may_catch, relx=0.99, rely=0.98, anchor="se")


def _as_drawn(source: RowSource, first: int, last: int) -> str:
    return "".join(f"{row.text}\n" for row in source.rows(first, last))


def _place_whole(view: Viewport, ground: ttk.Label, _event: object = None) -> None:
    """Make the text as high as so many whole rows are, on its ground, which takes all the room."""
    edge = 2 * int(view.text.cget("pady"))
    rows = max((ground.winfo_height() - edge) // view.line_height, 1)
    view.text.place(in_=ground, relwidth=1, height=rows * view.line_height + edge)
    view.text.lift(ground)


def _overlay(
    widget: tk.Widget, over: tk.Text, wanted: bool, *, anchor: Anchor, relx: float, rely: float
) -> None:
    """Lay a widget over a Text, or take it away."""
    if wanted and not widget.winfo_manager():
        widget.place(in_=over, anchor=anchor, relx=relx, rely=rely)
    elif not wanted and widget.winfo_manager():
        widget.place_forget()


def _height(view: Viewport, lines: int) -> int:
    return lines * view.line_height + 2 * int(view.text.cget("pady"))


def _offer(menu: Menu, entries: Sequence[Plain | Entry | None], can_undo: bool) -> None:
    """Fill a menu before it opens; its last entry, which undoes, is dim with nothing to undo."""
    menu.fill(*entries)
    last = menu.index("end")
    if last is not None and not can_undo:
        menu.dim(last)
