"""A Text that holds only the rows in sight, with its place in a list of any length.

A place is a row number and how many characters of that row lie above the window, because one row
may be many lines (a hex dump, a wrapped message). Characters, not display lines: Tk finds the
thousandth display line of a row by laying the row out a thousand times. Rows above and below are
drawn only as far as a move needs them. Each drawing is one Tk call.
"""

from __future__ import annotations

import tkinter as tk
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import accumulate
from tkinter import font as tkfont
from typing import Any

from gui.models.rows import Row, RowSource
from gui.theme.palette import HUES, TRAFFIC
from gui.theme.theme import Theme
from gui.views.selection import RowSelection
from netlib import Measure, broken
from netlib.teaching.lines import CHIP

CHOSEN = "chosen"
"""Tag of the rows that are chosen."""


HANGING = 4
"""Characters by which the second line of a wrapped row is set in."""
SPEAKER = "speaker"
"""Tag of the name of who speaks."""
LONG = 2000
"""Characters of a row that is left to Tk to break, wherever the line ends: it is no sentence."""
PIECE = 500
"""Characters of a piece of a row: for each line, Tk on Windows measures all that is left of it."""
OTHER = "other"
"""Tag of every second piece: what has the same tags is one piece to Tk."""
MARKS = 2
"""Characters in the width of one, on average at most: accents that combine take no room."""
_FAR = 1 << 60


class Viewport:
    """Draws rows of a source into one Text and knows which rows are in sight."""

    def __init__(self, parent: tk.Misc, theme: Theme, source: RowSource) -> None:
        """Create the Text; the caller places `self.text`."""
        self._theme = theme
        self._source = source
        self._first, self._total = 0, 0
        self._lines: list[int] = [1]
        self.by_words = False
        """Whether wrapped rows are broken between words and Chinese characters only."""
        self.selection = RowSelection()
        self.text = tk.Text(
            parent, wrap="none", width=1, height=1, cursor="arrow", insertwidth=0, takefocus=True
        )
        self.text.configure(exportselection=False, undo=False)
        self.text.bindtags((str(self.text), str(self.text.winfo_toplevel()), "all"))
        self.dress()

    def dress(self) -> None:
        """Take colours and sizes from the theme."""
        px, palette = self._theme.px, self._theme.palette
        self.text.configure(padx=px(8), pady=px(4), spacing1=px(1), spacing3=px(1))
        font = tkfont.nametofont("TkFixedFont", root=self.text)
        self._character = font.measure("0")
        hanging = self._character * HANGING
        self._breaks = Breaks(_by_character(font), " " * HANGING)
        self._bold = font.copy()
        self._bold.configure(weight="bold")
        for tag, role in TRAFFIC.items():
            self.text.tag_configure(tag, foreground=getattr(palette, role), lmargin2=hanging)
        self.text.tag_configure(
            CHOSEN, background=palette.selection, foreground=palette.on_selection
        )
        for client in range(1, HUES + 1):
            self.text.tag_configure(_hue(client), foreground=palette.client(client))
        self.text.tag_configure(SPEAKER, font=self._bold)
        self.text.tag_raise(CHOSEN)
        self.line_height = font.metrics("linespace") + 2 * px(1)

    @property
    def page(self) -> int:
        """How many lines fit in the window, the cut one at the foot included."""
        return max(self.text.winfo_height() // self.line_height, 1) + 1

    @property
    def drawn(self) -> range:
        """The rows that stand in the Text, in sight or just beyond."""
        return range(self._first, self._first + len(self._lines) - 1)

    @property
    def place(self) -> tuple[int, int]:
        """The row at the head of the window and how many of its characters are above it."""
        head = self.text.index("@0,0")
        row = self._row_of(head)
        above = self.text.tk.call(self.text, "count", "-chars", self._start_of(row), head)
        return row, int(above)

    @property
    def in_sight(self) -> tuple[int, int]:
        """First row in sight and the one after the last."""
        if not self.drawn:
            return 0, 0
        return self._row_of(self.text.index("@0,0")), self.row_at(self.text.winfo_height()) + 1

    def at_end(self) -> bool:
        """Whether the last line of the last row was fully in sight when drawn."""
        if self.drawn.stop < self._total:
            return False
        line = self.text.dlineinfo("end -1 chars")
        return line is not None and line[1] + line[3] <= self.text.winfo_height()

    def row_at(self, y: int) -> int:
        """Return the row at a height of the window, the nearest one beyond its edges."""
        return self._row_of(self.text.index(f"@0,{y}"))

    def show_end(self) -> None:
        """Draw the newest rows with the last line at the foot of the window."""
        count = self._total = self._source.count()
        self._draw(max(0, count - self.page), count, count)
        self.text.yview_moveto(1.0)

    def show(self, row: int, characters: int = 0, lines: int = 0) -> None:
        """Draw so that the display line of a row's character is at the head, or `lines` further."""
        count, page = self._source.count(), self.page
        self._total = count
        first = max(0, min(row + min(lines, 0), count - page))
        last = min(count, max(row, 0) + max(lines, 0) + page)
        self._draw(first, last, row, abs(lines))
        self.text.yview(f"{self._start_of(row)} +{characters} chars")
        if lines:
            self.text.yview_scroll(lines, "units")

    def reveal(self, row: int) -> None:
        """Move as little as needed to bring a row into sight."""
        if row < self.drawn.start:
            self.show(row)
        elif row >= self.drawn.stop:
            self.show(row, lines=2 - self.page)
        self.text.see(f"{self._start_of(row + 1)} -1 chars")
        self.text.see(self._start_of(row))
        self.show(*self.place)

    def mark_selection(self) -> None:
        """Show which of the drawn rows are chosen, without drawing them again."""
        self.text.tag_remove(CHOSEN, "1.0", "end")
        first, last = self.selection.range
        first, last = max(first, self.drawn.start), min(last, self.drawn.stop)
        if first < last:
            self.text.tag_add(CHOSEN, self._start_of(first), self._start_of(last))

    def _draw(self, first: int, last: int, at: int, beyond: int = 0) -> None:
        """Draw rows `first` to `last` - 1, but not what is out of sight of row `at` anyway.

        Forty wrapped rows of some thousand characters each would keep Tk busy for seconds.
        """
        rows = self._source.rows(first, last)
        wrapped = str(self.text.cget("wrap")) != "none"
        columns = max(self.text.winfo_width() // self._character, 1) if wrapped else _FAR
        middle, lines = min(max(at - first, 0), len(rows)), self.page + beyond
        above = _filling(rows[:middle][::-1], lines, columns)
        below = _filling(rows[middle + 1 :], lines, columns)  # row `at` may lie above the window
        rows = rows[middle - above : middle + 1 + below]
        if wrapped and self.by_words:
            edges = 2 * int(self.text.cget("padx")) + HANGING * self._character
            rows = self._breaks.of(rows, self.text.winfo_width() - edges)
        self._first = first = first + middle - above
        self._lines = [*accumulate((row.text.count("\n") + 1 for row in rows), initial=1)]
        if tab := max((row.tab for row in rows), default=0):
            self.text.configure(tabs=tab * self._character)
        self.text.replace("1.0", "end", *_runs(rows, first, self.selection))

    def _start_of(self, row: int) -> str:
        """Index of a row's first character; the nearest there is for a row that is not drawn."""
        return f"{self._lines[max(0, min(row - self._first, len(self._lines) - 1))]}.0"

    def _row_of(self, index: str) -> int:
        line = int(index.partition(".")[0])
        within = bisect_right(self._lines, line, hi=max(len(self._lines) - 1, 0)) - 1
        return self._first + max(within, 0)


class Breaks:
    """Breaks rows where a reader would; those that were drawn last are remembered."""

    def __init__(self, measure: Measure, hanging: str) -> None:
        """Let lines after the first begin with `hanging`."""
        self._measure, self._between = measure, f"\n{hanging}"
        self._room = 0
        self._broken: dict[str, str] = {}

    def of(self, rows: Sequence[Row], room: int) -> list[Row]:
        """Return the rows, broken into lines of at most `room` pixels behind what hangs."""
        known = self._broken if room == self._room else {}
        self._room = room
        self._broken = {row.text: known.get(row.text) or self._break(row.text) for row in rows}
        return [row._replace(text=self._broken[row.text]) for row in rows]

    def _break(self, text: str) -> str:
        if len(text) > LONG:
            return text
        return self._between.join(broken(text, self._measure, self._room))


def _filling(rows: Sequence[Row], lines: int, columns: int) -> int:
    """Return how many of `rows` surely fill `lines` lines of `columns` characters, or all."""
    for number, row in enumerate(rows):
        if lines <= 0:
            return number
        lines -= max(row.text.count("\n") + 1, len(row.text) // (columns * MARKS))
    return len(rows)


def _runs(rows: Sequence[Row], first: int, selection: RowSelection) -> list[Any]:
    """Text and tags in turn, as Tk wants them; no line end after the last row."""
    runs: list[Any] = []
    for number, row in enumerate(rows, first):
        tags = (row.tag, CHOSEN) if number in selection else (row.tag,)
        chip, end = _chip(row)
        if end:
            marked = (
                (*tags, _hue(row.client), SPEAKER) if row.speaker else (*tags, _hue(row.client))
            )
            runs += [row.text[:chip], tags, row.text[chip:end], marked]
        runs += _pieces(f"{row.text[end:]}\n", tags)
    if rows:
        runs[-2] = runs[-2].removesuffix("\n")
    return runs or [""]


def _pieces(text: str, tags: tuple[str, ...]) -> Iterator[Any]:
    for number, begin in enumerate(range(0, len(text), PIECE)):
        yield text[begin : begin + PIECE]
        yield (*tags, OTHER) if number % 2 else tags


def _by_character(font: tkfont.Font) -> Measure:
    """Measure by characters, each asked for once: letters of such a font are not drawn together."""
    wide = cache(font.measure)
    return lambda text: sum(map(wide, text))


def _chip(row: Row) -> tuple[int, int]:
    """Return where the number of a row's client, or a name, begins and ends; (0, 0): no such."""
    if row.speaker:
        begin = row.text.find(f" {row.speaker}:") + 1
        return (begin, begin + len(row.speaker)) if begin else (0, 0)
    begin = row.text.find(CHIP) if row.client else -1
    return (begin, begin + len(CHIP) + len(f"{row.client:02}")) if begin >= 0 else (0, 0)


def _hue(client: int) -> str:
    """Return the tag of a client's colour: as many as the palette has."""
    return f"client{(client - 1) % HUES}"
