"""Two runs side by side in a window of their own; rows that only one of them has are marked."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Sequence
from pathlib import Path
from tkinter import ttk
from typing import Final

from gui.context import Context
from gui.translated import LANGUAGE_CHANGED, Message, set_title, translate
from gui.views.canvas_shapes import Brush
from gui.widgets.flow import Flow
from gui.widgets.tooltip import enable, tip
from netlib import N_, ngettext
from netlib.recording.comparison import Comparison, Run
from netlib.teaching.ladder import Rung, sites
from netlib.teaching.ladder_difference import MOST_ROWS, Pair
from netlib.teaching.ladder_picture import picture, row_tops
from netlib.teaching.lifelines import Paper, heads, lifelines, most_sites

SIZE: Final = (1180, 700)
"""Logical pixels."""
TICK_MS: Final = 50
WHEEL_ROWS: Final = 3
PAGE: Final = 10
_FAR: Final = 1 << 40


class ComparisonWindow(tk.Toplevel):
    """Shows what two runs have in common, until it is closed."""

    def __init__(
        self, parent: tk.Misc, context: Context, left: Path, numbers: Sequence[int], right: Path
    ) -> None:
        """Begin to compare calls of the recording `left` with all of `right`."""
        super().__init__(parent)
        px = context.theme.px
        self._context, self._top = context, 0
        self._different: list[int] = []
        set_title(self, N_("Socketboard: two runs side by side"))
        self.geometry(f"{px(SIZE[0])}x{px(SIZE[1])}")
        self._inside = ttk.Frame(self, padding=px(12))
        self._inside.pack(fill="both", expand=True)
        self._words = ttk.Label(self._inside, style="Muted.TLabel")
        self._build()
        self._bind_keys()
        self.comparison = Comparison(left, numbers, right)
        self._waiting = self.after(TICK_MS, self._look)
        self.focus_set()

    def _build(self) -> None:
        theme, inside = self._context.theme, self._inside
        bar = Flow(inside, theme, gap=6)
        bar.grid(row=0, column=0, columnspan=3, sticky="we")
        bar.add(self._words, elastic=self._words)
        self.steps: list[ttk.Button] = []
        for text, way, hint in (
            ("▲", -1, N_("The previous difference (Shift+F3).")),
            ("▼", 1, N_("The next difference (F3).")),
        ):
            button = ttk.Button(bar, style="Tool.TButton", text=text, width=-2)
            button.configure(command=lambda way=way: self.step(way))  # type: ignore[misc]
            tip(button, hint)
            bar.add(button)
            self.steps.append(button)
        self._names = [ttk.Label(inside, style="Bold.TLabel") for _side in range(2)]
        self._heads: list[Brush] = []
        self._rows: list[Brush] = []
        for side in range(2):
            inside.columnconfigure(side, weight=1, uniform="side")
            self._names[side].grid(row=1, column=side, sticky="w")
            for row, canvases in ((2, self._heads), (3, self._rows)):
                canvas = tk.Canvas(inside, width=10, height=10, highlightthickness=0, borderwidth=0)
                canvas.grid(row=row, column=side, sticky="nswe", padx=(0, theme.px(6)))
                canvases.append(Brush(canvas, theme))
        inside.rowconfigure(3, weight=1)
        self._down = ttk.Scrollbar(inside, command=self._yview, takefocus=False)
        self._down.grid(row=3, column=2, sticky="ns")

    def _bind_keys(self) -> None:
        for key, rows in {"Up": -1, "Down": 1, "Prior": -PAGE, "Next": PAGE, "Home": -_FAR}.items():
            self.bind(f"<{key}>", lambda _event, rows=rows: self.move(rows))  # type: ignore[misc]
        self.bind("<End>", lambda _event: self.move(_FAR))
        self.bind("<F3>", lambda _event: self.step(1))
        self.bind("<Shift-F3>", lambda _event: self.step(-1))
        self.bind("<Button-4>", lambda _event: self.move(-WHEEL_ROWS))
        self.bind("<Button-5>", lambda _event: self.move(WHEEL_ROWS))
        self.bind("<MouseWheel>", lambda event: self.move(-1 if event.delta > 0 else 1))
        self.bind("<Escape>", lambda _event: self.destroy())
        self.bind("<<ThemeChanged>>", lambda _event: self._dress(), add=True)
        self.bind(LANGUAGE_CHANGED, lambda _event: self.draw(), add=True)
        self._rows[0].canvas.bind("<Configure>", lambda _event: self.draw())

    def destroy(self) -> None:
        """Look no longer."""
        self.after_cancel(self._waiting)
        self.comparison.cancel(0.0)
        super().destroy()

    # -- what the user does ----------------------------------------------------------------------

    def move(self, rows: int) -> None:
        """Scroll by rows."""
        self._top = max(min(self._top + rows, len(self.comparison.pairs) - 1), 0)
        self.draw()

    def step(self, way: int) -> None:
        """Go to the next (1) or the previous (-1) difference, round the end."""
        places = self._different
        if not places:
            return
        after = [place for place in places if (place > self._top if way > 0 else place < self._top)]
        self._top = (after or places)[0 if way > 0 else -1]
        self.draw()

    def _yview(self, action: str, amount: str, unit: str = "") -> None:
        if action == "scroll":
            self.move(int(amount) * (PAGE if unit == "pages" else 1))
        else:
            self._top = round(float(amount) * len(self.comparison.pairs))
            self.move(0)

    # -- what is shown ---------------------------------------------------------------------------

    def _look(self) -> None:
        """Wait for the comparison."""
        if self.comparison.outcome is None:
            self._words.configure(text=translate(N_("Comparing…")))
            self._waiting = self.after(TICK_MS, self._look)
            return
        pairs = self.comparison.pairs
        self._different = [
            row
            for row, pair in enumerate(pairs)
            if None in pair and (not row or None not in pairs[row - 1])
        ]
        self._dress()

    def _dress(self) -> None:
        for brush in (*self._heads, *self._rows):
            brush.dress()
        for brush in self._heads:
            high = 2 * brush.line + self._context.theme.px(12)
            brush.canvas.configure(height=high)
        self.draw()

    def draw(self) -> None:
        """Draw the rows in sight of both runs."""
        runs, pairs = self.comparison.runs, self.comparison.pairs
        self._words.configure(text=self._sentence())
        for button in self.steps:
            enable(button, bool(self._different), N_("There is no difference."))
        if runs is None:
            return
        height = self._rows[0].canvas.winfo_height()
        some = pairs[self._top : self._top + height // self._rows[0].line + 1]
        papers = [self._paper(brush) for brush in self._rows]
        heights = [_height(pair, runs, papers) for pair in some]
        for side, (run, paper) in enumerate(zip(runs, papers, strict=True)):
            self._names[side].configure(text=run.name)
            rows, tops, y = [], [], 0
            for pair, high in zip(some, heights, strict=True):
                if (at := pair[side]) is not None:
                    rows.append(run.rows[at])
                    tops.append(y)
                y += high
            tops.append(y)
            only = {row.call.number for row in rows} - {
                run.rows[pair[side]].call.number  # type: ignore[index]
                for pair in some
                if None not in pair
            }
            lines = lifelines(sites(rows, most_sites(paper)), paper)
            self._rows[side].draw(picture(rows, lines, paper, only, tops).shapes)
            self._heads[side].draw(heads(lines, run.addresses, paper))
        seen = sum(1 for _row in _within(heights, height))
        total = max(len(pairs), 1)
        self._down.set(self._top / total, min((self._top + seen) / total, 1.0))

    def _paper(self, brush: Brush) -> Paper:
        return Paper(brush.canvas.winfo_width(), brush.line, brush.measure)

    def _sentence(self) -> str:
        if self.comparison.outcome is None:
            return translate(N_("Comparing…"))
        if self.comparison.outcome or self.comparison.runs is None:
            return self.comparison.outcome
        count = sum(None in pair for pair in self.comparison.pairs)
        words = ngettext("{count:,} row differs", "{count:,} rows differ", count)
        told = words.format(count=count)
        if any(run.total > MOST_ROWS for run in self.comparison.runs):
            some = translate(_SOME, count=f"{MOST_ROWS:,}")
            told = f"{told}. {some}"
        return told


_SOME: Message = N_("Compared are the first {count} rows of each.")


def _height(pair: Pair, runs: tuple[Run, Run], papers: Sequence[Paper]) -> int:
    """Return how high a row is: as the higher one of both runs."""
    rows: list[tuple[Rung, Paper]] = [
        (run.rows[at], paper)
        for run, paper, at in zip(runs, papers, pair, strict=True)
        if at is not None
    ]
    return max(row_tops([row], paper)[-1] for row, paper in rows)


def _within(heights: Sequence[int], height: int) -> list[int]:
    """Return those rows that fit."""
    found, y = [], 0
    for high in heights:
        y += high
        if y > height:
            break
        found.append(high)
    return found
