"""A line in which a pattern of calls is typed: send, send, receive; and the places where it is."""

from __future__ import annotations

import tkinter as tk
from bisect import bisect_right
from tkinter import ttk
from typing import Final

from gui.models.ladder import LadderRows, find_pattern, row_of_call
from gui.theme.theme import Theme
from gui.translated import LANGUAGE_CHANGED, translate
from gui.views.ladder_view import LadderView
from gui.widgets.bubble import Bubble
from gui.widgets.flow import Flow
from gui.widgets.placeholder import Placeholder
from gui.widgets.tooltip import enable, tip
from netlib import N_, ngettext
from netlib.recording.pattern_search import PatternSearch

_SYNTAX: Final = N_("send send receive")
_HINT: Final = N_(
    "Words in the order of the calls of one connection: send, receive, connect, accept, fin, rst, "
    "timeout, any. Enter goes from place to place, Esc ends it."
)


class PatternBar(Flow):
    """The line, the steps from place to place, and the count."""

    def __init__(self, parent: tk.Misc, theme: Theme, rows: LadderRows, view: LadderView) -> None:
        """Look for nothing yet."""
        super().__init__(parent, theme, gap=4)
        self._rows, self._view = rows, view
        self._search: PatternSearch | None = None
        self._looked_for = ""
        self.entry = ttk.Entry(self, width=18, font="TkTextFont")
        tip(self.entry, _HINT)
        Placeholder(self.entry, theme, _SYNTAX, self._typed)
        self._bubble = Bubble(self.entry, theme)
        self._count = ttk.Label(self, style="Muted.TLabel")
        self.steps: list[ttk.Button] = []
        for text, way, hint in (
            ("▲", -1, N_("The previous place.")),
            ("▼", 1, N_("The next place.")),
        ):
            button = ttk.Button(self, style="Tool.TButton", text=text, width=-2)
            button.configure(command=lambda way=way: self.step(way))  # type: ignore[misc]
            tip(button, hint)
            self.steps.append(button)
        close = ttk.Button(self, style="Tool.TButton", text="✕", width=-2, command=self.close)
        tip(close, N_("Look for no pattern any more (Esc)."))
        self.add(self.entry, *self.steps, self._count, close, elastic=self.entry)
        for key in ("<Return>", "<KP_Enter>"):
            self.entry.bind(key, lambda _event: self.enter())
        self.entry.bind("<Escape>", lambda _event: self.close())
        self.bind(LANGUAGE_CHANGED, lambda _event: self._show())
        self.bind("<Destroy>", lambda _event: self._end())
        self._show()

    def enter(self) -> None:
        """Look for what is typed, or say what is wrong with it; again: go to the next place."""
        typed = self.entry.get().strip()
        if typed and typed == self._looked_for:
            self.step(1)
            return
        self._end()
        try:
            self._search = find_pattern(self._rows, typed)
        except ValueError as wrong:
            self.entry.state(["invalid"])
            self._bubble.show(str(wrong))
            self._show()
            return
        self._looked_for = typed
        self._show()
        self.refresh()  # in a short recording it is found already: go there, as is said

    def step(self, way: int) -> None:
        """Go to the next (1) or the previous (-1) place, round the end."""
        places = () if self._search is None else self._search.places
        found = {
            row: place
            for place in places
            if (row := row_of_call(self._rows, place[0])) is not None  # not cleared away since
        }
        if not found:
            return
        rows = [*found]
        first, last = self._view.chosen()
        at = first if last > first else -1
        index = bisect_right(rows, at) if way > 0 else bisect_right(rows, at - 1) - 1
        self._go(found[rows[index % len(rows)]])

    def close(self) -> str:
        """Look for nothing, and go."""
        self._end()
        self.grid_remove()
        self._view.focus_rows()
        return "break"

    def refresh(self) -> None:
        """Show what was found, once it is; called at every tick."""
        search = self._search
        if search is not None and search.outcome is not None and not search.told:
            search.told = True
            self._show()
            if search.places:
                self._go(search.places[0])

    def _go(self, place: tuple[int, ...]) -> None:
        """Choose the calls of a place."""
        rows = [row_of_call(self._rows, call) for call in place]
        known = [row for row in rows if row is not None]
        if known:
            self._view.ladder.choose(known[0])
            self._view.ladder.choose(known[-1], extend=True)

    def _typed(self) -> None:
        self.entry.state(["!invalid"])
        self._bubble.hide()

    def _end(self) -> None:
        if self._search is not None:
            self._search.cancel(0.0)
        self._search, self._looked_for = None, ""

    def _show(self) -> None:
        search = self._search
        found = 0 if search is None else len(search.places)
        words = ""
        if search is not None and search.outcome is None:
            words = translate(N_("looking…"))
        elif search is not None:
            words = search.outcome or ngettext("{count:,} place", "{count:,} places", found).format(
                count=found
            )
        self._count.configure(text=words)
        for button in self.steps:
            enable(button, found > 0, N_("Nothing is found yet."))
