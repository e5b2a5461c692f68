"""A virtual table: a Treeview whose few lines are filled from a list of any length.

Made for 5,000 clients redrawn four times a second: there are only as many Treeview items as fit in
sight, they are made once per resize, and a refresh touches only lines whose values changed. What is
chosen is remembered by row id, so it stays chosen while rows come, go and move.
"""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Container, Iterable, Sequence
from functools import partial
from itertools import zip_longest
from tkinter import ttk
from typing import Literal

from gui.theme.theme import Theme
from gui.translated import Message
from gui.widgets.columns import Column, Columns, bar
from gui.widgets.empty import Empty
from netlib.value import NamedTuple

Tone = Literal["", "gone", "warn"]
"""How a row looks: grey because it is past, amber because somebody should look at it."""


class TableRow(NamedTuple):
    """One row as it is drawn."""

    id: str
    """Stable while the row exists."""
    cells: tuple[str, ...]
    """Already visible text."""
    tone: Tone = ""
    chip: str = ""
    """What stands before the cells: the number of a client, the state of a server."""
    colour: str = ""
    """Of the chip, `#rrggbb`; empty: none."""


Fetch = Callable[[int, int], Sequence[TableRow]]
"""Rows first to last-1."""
CHOSEN = "<<TableChosen>>"
"""Sent when the user has changed what is chosen."""
OPENED = "<<TableOpened>>"
"""Sent by a double click or Return on a row."""
WHEEL_ROWS = 3
_SHIFT, _CONTROL = 0x1, 0x4
_FAR = 1 << 60


class Table(ttk.Frame):
    """Rows and columns of which only what is in sight exists."""

    def __init__(
        self,
        parent: tk.Misc,
        theme: Theme,
        columns: Sequence[Column],
        empty: Message = "",
        *,
        lines: int = 3,
        chips: Column | None = None,
    ) -> None:
        """Show no rows yet; `empty` says what would make some; ask for room for `lines`.

        `chips`: the column of what stands before the cells; without one nothing does.
        """
        super().__init__(parent, style="Field.TFrame", padding=theme.px(3))
        self._theme = theme
        self._count, self._first, self._cursor, self._anchor = 0, 0, 0, 0
        self._fetch: Fetch = lambda _first, _last: ()
        self._chosen: dict[str, None] = {}
        self._build(columns, chips, lines)
        self.set_empty(empty)
        self._listen()

    @property
    def chosen(self) -> tuple[str, ...]:
        """Ids of the chosen rows, in the order they were chosen."""
        return tuple(self._chosen)

    def choose(self, ids: Iterable[str]) -> None:
        """Choose rows by id."""
        self._chosen = dict.fromkeys(ids)
        self._lines.mark(self._chosen)

    def set_rows(self, count: int, fetch: Fetch) -> None:
        """Show a list of `count` rows; rows in sight are fetched now and at every scroll."""
        self._count, self._fetch = count, fetch
        self._cursor = min(self._cursor, max(count - 1, 0))
        self._show(self._first)

    def set_empty(self, empty: Message) -> None:
        """Say something else while there are no rows."""
        self._empty.say(empty)

    def copy(self) -> None:
        """Put the chosen rows on the clipboard: the columns in sight, a tab between two."""
        keys = self.tree.cget("columns")
        at = [keys.index(key) for key in self.columns.shown]
        rows = [row for row in self._fetch(0, self._count) if row.id in self._chosen]
        if rows:
            self.clipboard_clear()
            text = "\n".join("\t".join(row.cells[column] for column in at) for row in rows)
            self.clipboard_append(text)

    def _build(self, columns: Sequence[Column], chips: Column | None, lines: int) -> None:
        self.columnconfigure(0, weight=1)
        self.rowconfigure(0, weight=1)
        keys = [column.key for column in columns]
        self.tree = ttk.Treeview(self, columns=keys, height=lines, selectmode="none")
        self.tree.configure(show="tree headings" if chips else "headings")
        self._lines = Lines(self.tree, self._theme)
        self.columns = Columns(self.tree, self._theme, columns, chips)
        self._scrollbar = ttk.Scrollbar(self, takefocus=False)
        self._scrollbar.configure(command=self._yview)  # type: ignore[arg-type]  # "break" is for the wheel
        self.tree.grid(row=0, column=0, sticky="nswe")
        self._scrollbar.grid(row=0, column=1, sticky="ns")
        self._empty = Empty(self)
        self._dress()

    def _listen(self) -> None:
        tree = self.tree
        tree.bind("<Button-1>", self._press)
        tree.bind("<Double-1>", lambda event: self._press(event, opened=True))
        tree.bind("<Return>", lambda _event: self.event_generate(OPENED))
        tree.bind("<<SelectAll>>", lambda _event: self._pick(self._count - 1, 0, _SHIFT))
        up, down = (partial(self._yview, "scroll", way * WHEEL_ROWS) for way in (-1, 1))
        tree.bind("<MouseWheel>", lambda event: (up if event.delta > 0 else down)())
        tree.bind("<Button-4>", lambda _event: up())
        tree.bind("<Button-5>", lambda _event: down())
        for key, step in {"Up": -1, "Down": 1, "Home": -_FAR, "End": _FAR}.items():
            tree.bind(f"<{key}>", partial(self._step, step))
        tree.bind("<Prior>", lambda event: self._step(-_page(tree, self._row_height), event))
        tree.bind("<Next>", lambda event: self._step(_page(tree, self._row_height), event))
        tree.bind("<<Copy>>", lambda _event: self.copy())
        tree.bind("<Configure>", lambda _event: self._show(self._first))
        tree.bind("<FocusIn>", lambda _event: self.state(["focus"]))
        tree.bind("<FocusOut>", lambda _event: self.state(["!focus"]))
        self.bind("<<ThemeChanged>>", lambda _event: self._dress())

    def _dress(self) -> None:
        """Take sizes and colours from the theme."""
        self._row_height = int(ttk.Style(self).lookup("Treeview", "rowheight"))
        self._lines.dress()
        self._show(self._first)

    def see(self, row: int) -> None:
        """Move as little as needed to bring a row into sight."""
        page = _page(self.tree, self._row_height)
        self._show(min(max(self._first, row - page + 1), row))

    def _press(self, event: tk.Event[tk.Misc], *, opened: bool = False) -> str | None:
        if self.tree.identify_region(event.x, event.y) in {"heading", "separator"}:
            return None
        self.tree.focus_set()
        line = self.tree.identify_row(event.y)
        if line:
            row = self._first + self.tree.index(line)
            self._pick(row, self._anchor, int(event.state))
        if line and opened:
            self.event_generate(OPENED)
        return "break"

    def _step(self, rows: int, event: tk.Event[tk.Misc]) -> str:
        """Move the cursor row, keep it in sight, and choose it."""
        if self._count:
            row = max(0, min(self._cursor + rows, self._count - 1)) if self._chosen else self._first
            self.see(row)
            self._pick(row, self._anchor, int(event.state) & _SHIFT)
        return "break"

    def _pick(self, row: int, anchor: int, state: int) -> None:
        """Choose a row; with Shift all from the anchor to it, with Control beside the others."""
        self._cursor = row
        self._anchor = anchor if state & _SHIFT else row
        first, last = sorted((self._anchor, row))
        ids = dict.fromkeys(row.id for row in self._fetch(max(first, 0), last + 1))
        if state & _CONTROL:
            both = self._chosen.keys() & ids.keys()
            ids = {name: None for name in (self._chosen | ids) if name not in both}
        self.choose(ids)
        self.event_generate(CHOSEN)

    def _yview(self, action: str, amount: str | int, unit: str = "") -> str:
        """Obey the scrollbar, or the wheel."""
        if action == "scroll":
            self._show(
                self._first
                + int(amount) * (_page(self.tree, self._row_height) if unit == "pages" else 1)
            )
        else:
            self._show(round(float(amount) * self._count))
        return "break"

    def _show(self, first: int) -> None:
        """Fill the lines with the rows from `first`, touching only what differs."""
        page = _page(self.tree, self._row_height)
        self._first = max(0, min(first, self._count - page))
        rows = list(self._fetch(self._first, min(self._first + page + 1, self._count)))
        self.columns.measure(row.cells for row in rows)
        self.columns.fit(self.tree.winfo_width())
        self._lines.fill(rows)
        self._lines.mark(self._chosen)
        total = max(self._count, 1)
        self._scrollbar.set(self._first / total, (self._first + page) / total)
        if self._count:
            self._empty.place_forget()
        else:
            self._empty.fit(self.tree.winfo_width() - self._row_height)
            head = self.tree.winfo_reqheight() - int(self.tree.cget("height")) * self._row_height
            least = head + self._empty.winfo_reqheight() // 2
            y = max(self.tree.winfo_height() * 11 // 20, least)  # below the heads of the columns
            self._empty.place(relx=0.5, y=self.tree.winfo_y() + y, anchor="center")


class Lines:
    """The few lines of a Treeview, and which rows stand in them."""

    def __init__(self, tree: ttk.Treeview, theme: Theme) -> None:
        self._tree, self._theme = tree, theme
        self._pictures: dict[str, tk.PhotoImage] = {}
        self._shown: list[TableRow] = []

    def dress(self) -> None:
        """Take colours from the theme, and draw everything again at the next `fill`."""
        palette = self._theme.palette
        self._pictures.clear()
        self._shown = []
        self._tree.tag_configure("gone", foreground=palette.muted)
        self._tree.tag_configure("warn", foreground=palette.warn, background=palette.warn_ground)

    def fill(self, rows: list[TableRow]) -> None:
        """Show these rows, touching only the lines that differ."""
        lines = self._tree.get_children()
        for _missing in range(len(rows) - len(lines)):
            self._tree.insert("", "end")
        self._tree.delete(*lines[len(rows) :])
        for line, row, shown in zip_longest(
            self._tree.get_children(), rows, self._shown[: len(rows)]
        ):
            if shown is None or row[1:] != shown[1:]:
                self._draw(line, row)
        self._shown = rows

    def mark(self, chosen: Container[str]) -> None:
        """Show which rows are chosen."""
        lines = zip(self._tree.get_children(), self._shown, strict=True)
        self._tree.selection_set([line for line, row in lines if row.id in chosen])

    def _draw(self, line: str, row: TableRow) -> None:
        picture = self._pictures.get(row.colour)
        if picture is None and row.colour:
            high = int(ttk.Style(self._tree).lookup("Treeview", "rowheight")) * 2 // 3
            picture = bar(self._tree, (self._theme.px(5), high), row.colour)
            self._pictures[row.colour] = picture
        chip = f" {row.chip}" if row.chip else ""
        tags = (row.tone,) if row.tone else ()
        self._tree.item(line, values=row.cells, tags=tags, text=chip, image=picture or "")


def _page(tree: ttk.Treeview, row_height: int) -> int:
    """Return how many rows fit below the headings."""
    lines = tree.get_children()
    place = tree.bbox(lines[0]) if lines else ""
    head = place[1] if place else row_height
    return max((tree.winfo_height() - head) // row_height, 1)
