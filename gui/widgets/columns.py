"""The columns of a table: which of them there is room for, how wide, and by which it is sorted."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from tkinter import font as tkfont
from tkinter import ttk
from typing import Final, Literal

from gui.theme.theme import Theme
from gui.translated import Message, set_heading, translate
from netlib import language
from netlib.value import NamedTuple

CELL_PADDING: Final = 26
"""Logical pixels of a cell left and right of its text, and of the edge that cuts it."""
_ARROWS: Final = {False: "▲", True: "▼"}


class Column(NamedTuple):
    """A column: its key, heading, width in logical pixels, and side of its text."""

    key: str
    heading: Message
    width: int
    side: Literal["w", "e", "center"] = "w"
    stretch: bool = False
    """It takes what room is left, and is cut first where there is too little."""
    rank: int = 0
    """Where there is too little room, columns of the highest rank go first; 0: never."""
    whole: bool = False
    """Its text is never cut: it grows with the longest there was."""


class Order(NamedTuple):
    """By which column a table is sorted; backwards: the largest first."""

    key: str = ""
    backwards: bool = False


class Columns:
    """Fits the columns of a Treeview to the width it is given, and follows clicks on their heads.

    What is shown follows from the width, the size of text and the longest text there was, never
    from what was shown before.
    """

    def __init__(
        self, tree: ttk.Treeview, theme: Theme, columns: Sequence[Column], chips: Column | None
    ) -> None:
        """Show all of them; `chips` is the column of those before the cells, if there are any."""
        self._tree, self._theme, self._columns = tree, theme, columns
        self._longest: dict[str, tuple[int, str]] = {}
        self._first = None if chips is None else chips._replace(key="#0")
        self._on_sort: Callable[[Order], None] | None = None
        self.order = Order()
        self._known: tuple[object, ...] = ()
        """What the columns were fitted to."""
        self.shown: tuple[str, ...] = ()
        """Keys of the columns there is room for."""
        for column in self._all():
            set_heading(tree, column.key, partial(self._words, column))
            tree.heading(column.key, anchor=column.side)

    def sort_by(self, on_sort: Callable[[Order], None], first: str) -> None:
        """Let a click on a head sort by its column, another one backwards; now by `first`."""
        self._on_sort = on_sort
        self.order = Order(first)
        for column in self._all():
            key = first if column.key == "#0" else column.key
            self._tree.heading(column.key, command=partial(self._sort, key))
        self._label()

    def fit(self, width: int) -> None:
        """Show the columns there is room for in a width of pixels; free if nothing has changed."""
        known = width, self._theme.scale, language(), *self._longest.values()
        if known == self._known:
            return
        self._known = known
        room = width - (self._wide(self._first) if self._first else 0)
        shown = list(self._columns)
        least = sum(map(self._least, shown))
        for column in sorted(self._columns, key=lambda one: -one.rank):
            if least > room and column.rank:
                shown.remove(column)
                least -= self._least(column)
        spare = room - least
        widths = {column.key: self._least(column) for column in shown}
        for column in shown:  # first what each usually has, then all the rest to those that stretch
            more = min(self._wide(column) - widths[column.key], max(spare, 0))
            widths[column.key] += more
            spare -= more
        self._show(tuple(column.key for column in shown), widths)

    def measure(self, rows: Iterable[Sequence[str]]) -> bool:
        """Look for texts that are longer than those before; True: a column has to grow."""
        wanted = [(at, one.key) for at, one in enumerate(self._columns) if one.whole]
        grown = False
        for cells in rows:
            for at, key in wanted:
                length, _text = self._longest.get(key, (0, ""))
                if len(cells[at]) > length:
                    self._longest[key] = len(cells[at]), cells[at]
                    grown = True
        return grown

    # -- inside ----------------------------------------------------------------------------------

    def _all(self) -> list[Column]:
        return ([self._first] if self._first else []) + list(self._columns)

    def _show(self, shown: tuple[str, ...], widths: dict[str, int]) -> None:
        if shown != self.shown:
            self.shown = shown
            self._tree.configure(displaycolumns=shown)
        if self._first:
            self._tree.column("#0", width=self._wide(self._first), stretch=False, anchor="w")
        for column in self._columns:
            if (wide := widths.get(column.key)) is not None:
                self._tree.column(
                    column.key, width=wide, minwidth=8, stretch=column.stretch, anchor=column.side
                )

    def _wide(self, column: Column) -> int:
        """Return how wide a column usually is: its heading, and the longest text there was, fit."""
        _length, longest = self._longest.get(column.key, (0, ""))
        told = self._measured("TkDefaultFont", longest)
        return max(self._theme.px(column.width), told, self._heading(column))

    def _least(self, column: Column) -> int:
        """Return how far a column may be narrowed before others go."""
        wide = self._wide(column)
        shrinks = column.stretch and not column.whole
        return max(wide // 2, self._heading(column)) if shrinks else wide

    def _heading(self, column: Column) -> int:
        return self._measured("TkHeadingFont", translate(column.heading) if column.heading else "")

    def _measured(self, font: str, text: str) -> int:
        if not text:
            return 0
        return tkfont.nametofont(font, root=self._tree).measure(text) + self._theme.px(CELL_PADDING)

    def _sort(self, key: str) -> None:
        self.order = Order(key, key == self.order.key and not self.order.backwards)
        self._label()
        if self._on_sort is not None:
            self._on_sort(self.order)

    def _label(self) -> None:
        for column in self._all():
            self._tree.heading(column.key, text=self._words(column))

    def _words(self, column: Column) -> str:
        """Return a heading, with an arrow where it is sorted by."""
        words = translate(column.heading) if column.heading else ""
        first = self._first is not None and self.order.key not in {one.key for one in self._columns}
        here = column.key == self.order.key or (first and column.key == "#0" and self.order.key)
        return f"{words} {_ARROWS[self.order.backwards]}" if here else words


def bar(tree: tk.Misc, size: tuple[int, int], colour: str) -> tk.PhotoImage:
    """Return a plain picture of one colour, as the number of a client has in the log."""
    picture = tk.PhotoImage(master=tree, width=size[0], height=size[1])
    picture.put(colour, to=(0, 0, *size))
    return picture
