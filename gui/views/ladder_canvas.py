"""The rows of a ladder that are in sight, and which they are: drawing, scrolling, choosing.

A place is a row: rows differ in height, and of a million only those in sight are ever laid out.
"""

from __future__ import annotations

import tkinter as tk
from bisect import bisect_left, bisect_right
from collections.abc import Callable
from typing import Final

from gui.models.ladder import LadderRows
from gui.theme.theme import Theme
from gui.views.canvas_shapes import Brush
from gui.views.selection import RowSelection
from netlib.teaching.ladder import Rung, sites
from netlib.teaching.ladder_picture import Picture, picture, row_tops
from netlib.teaching.lifelines import Lifelines, Paper, lifelines, most_sites
from netlib.teaching.shapes import Label

ZOOMS: Final = (0.75, 1.0, 1.35, 1.8, 2.4)
"""How far rows stand apart; where there is little room, a step less."""


FOOT: Final = 0.4
"""Lines of text by which the words of the newest row reach below it where rows are close."""


class LadderCanvas:
    """A Canvas with the rows in sight."""

    def __init__(
        self,
        parent: tk.Misc,
        theme: Theme,
        rows: LadderRows,
        changed: Callable[[], None],
        *,
        follows: bool,
    ) -> None:
        """Show nothing yet; `changed` is called after each drawing."""
        self.canvas = tk.Canvas(
            parent, width=10, height=10, highlightthickness=0, borderwidth=0, takefocus=True
        )
        self.brush = Brush(self.canvas, theme)
        self._theme, self._rows, self._changed = theme, rows, changed
        self._follows = self.following = follows
        """Whether the newest row is kept in sight."""
        self.selection = RowSelection()
        self.remarks = True
        """Whether there are sentences beside the rows, where there is room."""
        self.top = 0
        """The first row in sight."""
        self.drawn: list[Rung] = []
        """The rows in sight; the last may be cut."""
        self.lines: Lifelines = Lifelines((), (), 0, 0)
        self.wrong = ""
        """Why rows cannot be read, in a translated sentence."""
        self._zoom, self._crowded = 1, False
        self._picture = Picture([], [0])
        self._first_whole = self._after_whole = 0
        """Among the rows in sight those that are seen whole."""
        self._above = 0
        """Pixels of the first row above the window: the newest row is seen whole."""

    # -- drawing ---------------------------------------------------------------------------------

    def draw(self) -> None:
        """Draw the rows in sight, or the newest ones."""
        height, count = self.canvas.winfo_height(), self._rows.count()
        paper = self.paper()
        many = height // round(paper.line * 1.1) + 2
        if self.following:
            self.top = max(count - many, 0)
        self.top = max(min(self.top, count - 1), 0)
        self.wrong = ""
        try:
            rungs = self._rows.rungs(self.top, min(self.top + many, count))
        except ValueError as wrong:
            rungs, self.wrong = [], str(wrong)
        self._lay_out(rungs, paper, height)
        shapes = self._picture.shapes
        if self.wrong:
            middle = self.canvas.winfo_width() // 2
            shapes = [Label(middle, height // 2, self.wrong, "center", "bad")]
        self.brush.draw(shapes, -self._above)
        self._changed()

    def _lay_out(self, rungs: list[Rung], paper: Paper, height: int) -> None:
        """Lay out those rows that are in sight: of the first ones, or of the last."""
        tops = row_tops(rungs, paper)
        first, last = 0, bisect_left(tops, height, hi=len(rungs))
        foot = round(paper.line * FOOT) if paper.zoom < 1 else 0
        if self.following and tops[-1] + foot > height:
            first = bisect_right(tops, tops[-1] + foot - height) - 1
            last = len(rungs)
        self.top, rungs = self.top + first, rungs[first:last]
        tops = [top - tops[first] for top in tops[first : last + 1]]
        self.drawn = rungs
        self.lines = lifelines(sites(rungs, most_sites(paper)), paper)
        chosen = {rung.key for row, rung in enumerate(rungs, self.top) if row in self.selection}
        self._picture = picture(rungs, self.lines, paper, chosen, tops)
        self._above = max(tops[-1] + foot - height, 0) if self.following else 0
        self._first_whole = bisect_left(tops, self._above)
        self._after_whole = bisect_right(tops, self._above + height) - 1

    def paper(self) -> Paper:
        """Return how large things are now."""
        return Paper(
            width=self.canvas.winfo_width(),
            line=self.brush.line,
            measure=self.brush.measure,
            zoom=ZOOMS[max(self._zoom - self._crowded, 0)],
            encoding=self._rows.log.format.encoding,
            remarks=self.remarks,
            breaking=self.brush.broken,
        )

    def show_remarks(self, on: bool) -> None:
        """Let there be sentences beside the rows, where there is room, or not."""
        self.remarks = on
        self.draw()

    def crowd(self, low: bool) -> None:
        """Let rows stand as close together as they can while there is little room for them."""
        self._crowded = low
        self.draw()

    def zoom(self, step: int) -> None:
        """Let rows stand further apart (1), or closer together (-1)."""
        self._zoom = min(max(self._zoom + step, 0), len(ZOOMS) - 1)
        self.draw()

    # -- where -----------------------------------------------------------------------------------

    @property
    def in_sight(self) -> tuple[int, int]:
        """The first row that is seen whole, and the one after the last."""
        return self.top + self._first_whole, self.top + max(self._after_whole, 1)

    def row_at(self, y: int) -> int | None:
        """Return the row at a height of the window; None: there is none."""
        for number, bottom in enumerate(self._picture.tops[1:]):
            if y + self._above < bottom:
                return self.top + number
        return None

    def rung(self, row: int | None) -> Rung | None:
        """Return a row that is in sight."""
        at = -1 if row is None else row - self.top
        return self.drawn[at] if 0 <= at < len(self.drawn) else None

    # -- moving ----------------------------------------------------------------------------------

    def move(self, rows: int) -> None:
        """Scroll by rows; the newest are followed again once the end is reached."""
        first, last = self.in_sight
        at_end = last + rows >= self._rows.count()
        self.following = self._follows and rows > 0 and at_end
        self.top = first if self.following else max(first + rows, 0)
        if rows > 0 and at_end and not self._follows:
            self.top = first if last >= self._rows.count() else self.top
        self.draw()

    def to(self, row: int) -> None:
        """Bring a row to the head of the window."""
        self.following = self._follows and row >= self._rows.count() - 1
        self.top = row
        self.draw()

    def choose(self, row: int, *, extend: bool = False) -> None:
        """Choose a row, and bring it into sight."""
        count = self._rows.count()
        if not count:
            return
        row = max(0, min(row, count - 1))
        self.selection.choose(row, extend=extend)
        first, last = self.in_sight
        self.following = False
        if not first <= row < last:
            self.top = row if row < first else max(row - max(last - first, 1) + 1, 0)
        else:
            self.top = first
        self.draw()
        if row >= self.in_sight[1] and row > self.top:  # rows differ in height
            self.top = row - max((self.in_sight[1] - self.top) // 2, 0)
            self.draw()

    def follow(self) -> None:
        """Go to the newest row, and stay with it where more come."""
        count = self._rows.count()
        if self._follows:
            self.following = True
            self.draw()
        elif count:
            self.choose(count - 1)
