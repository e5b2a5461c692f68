"""The list of lessons, in groups; one is begun, or gone on with, by Enter or its button."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Sequence
from pathlib import Path
from tkinter import ttk
from typing import TYPE_CHECKING, Final

from gui.context import Context
from gui.models.lesson_catalogue import GROUP_WORDS, Catalogue, Entry
from gui.translated import set_text
from gui.widgets.choice import Choice, Segments
from gui.widgets.columns import Column
from gui.widgets.file_dialogs import ask_open
from gui.widgets.flip import FlipButton
from gui.widgets.flow import Flow
from gui.widgets.table import CHOSEN, OPENED, Table, TableRow
from gui.widgets.tooltip import enable
from netlib import N_, _

if TYPE_CHECKING:
    from gui.models.lesson_files import Playable

COLUMNS: Final = (
    Column("title", N_("Lesson"), 340, stretch=True),
    Column("minutes", N_("Minutes"), 80, "e", rank=2),
    Column("come", N_("Steps done"), 110, "e", whole=True),
    Column("right", N_("Predictions right"), 130, "e", rank=1),
)
_EMPTY: Final = N_("No file was opened yet. docs/lessons.md says how one is written.")
_READING: Final = N_("Reading…")
_CHOOSE: Final = N_("Choose a lesson in the list.")


class LessonList:
    """The head and the table of the list; the tab packs them."""

    def __init__(
        self,
        head: tk.Misc,
        body: tk.Misc,
        context: Context,
        catalogue: Catalogue,
        play: Callable[[Playable], object],
    ) -> None:
        """`play`: begin a lesson, or go on with it."""
        theme = context.theme
        self._places, self._catalogue, self._play = context.places, catalogue, play
        self._shown: tuple[object, ...] = ()
        self.head = Flow(head, theme)
        self.group: Segments[str] = Segments(self.head, GROUP_WORDS, self._turn)
        self._narrow: Choice[str] = Choice(self.head, GROUP_WORDS)
        self._narrow.bind(
            "<<ComboboxSelected>>", lambda _event: self.group.choose(self._narrow.key), add=True
        )
        self.begin = FlipButton(self.head, self.play_chosen)
        set_text(self.begin, N_("Begin or go on"))
        self.open = ttk.Button(self.head, command=self.ask_open)
        set_text(self.open, N_("Open a lesson file…"))
        self.head.add(self.group, self.begin, self.open)
        self.head.replace(self.group, self._narrow)
        self.head.fold(1, self.open)
        self.table = Table(body, theme, COLUMNS, _READING)
        self.table.bind(OPENED, lambda _event: self.play_chosen())
        self.table.bind(CHOSEN, lambda _event: self._choose())
        self._choose()

    def refresh(self) -> None:
        """Show what is known; called at every tick while the list is in sight."""
        group = self.group.key
        reading = self._catalogue.read_next(group)
        shown = (group, self._catalogue.changes, reading)
        if shown == self._shown:
            return
        self._shown = shown
        self.table.set_empty(_READING if reading else _EMPTY)
        entries = self._catalogue.entries(group)
        rows = [_row(one) for one in entries]

        def fetch(first: int, last: int) -> Sequence[TableRow]:
            return rows[first:last]

        self.table.set_rows(len(rows), fetch)
        if not {*self.table.chosen} & {row.id for row in rows}:
            self.table.choose([rows[0].id] if rows else [])
        self._choose()

    def play_chosen(self) -> None:
        """Begin the chosen lesson, or go on with it."""
        for entry in self._catalogue.entries(self.group.key):
            if entry.playable.key in self.table.chosen[-1:]:
                self._play(entry.playable)
                return

    def ask_open(self) -> None:
        """Ask for a file with a lesson of somebody's own."""
        types = ((_("Lessons"), "*.md"), (_("All files"), "*"))
        path = ask_open(self.table, self._places, _("Open a lesson file"), types)
        if path is not None:
            self.open_file(path)

    def open_file(self, path: Path) -> None:
        """Play the lesson in a file; what is wrong with it is shown above its text."""
        self._play(self._catalogue.add_own(path))

    def _turn(self, group: str) -> None:
        self._narrow.key = group
        self.refresh()

    def _choose(self) -> None:
        enable(self.begin, bool(self.table.chosen), _CHOOSE)


def _row(entry: Entry) -> TableRow:
    cells = (entry.title, entry.minutes, entry.come, entry.right)
    return TableRow(entry.playable.key, cells, "warn" if entry.broken else "")
