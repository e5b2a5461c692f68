"""Saving what was done in a lesson, to hand it in: whose it is, and in which file."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from pathlib import Path
from tkinter import ttk
from typing import Final

from gui.context import Context
from gui.models.lesson import LessonModel
from gui.models.lesson_results import results_of
from gui.tabs.page import Page
from gui.theme.screens import show_over
from gui.translated import set_text, set_title
from gui.widgets.field import Field
from gui.widgets.file_dialogs import ask_save
from gui.widgets.fit import Paragraph
from netlib import N_, Background, _

WIDE: Final = 460
"""Logical pixels."""
_STUDENT: Final = "lessons.student"
_EXPLAINED: Final = N_(
    "A page to print or to hand in: your answers, and the ladder of each step that was run in this "
    "window. Or JSON, for a program to read."
)


class LessonResults:
    """The window that asks, and the file that is being written."""

    def __init__(self, parent: Page, context: Context, model: LessonModel) -> None:
        self._parent, self._context, self._model = parent, context, model
        self.window: ResultsWindow | None = None
        self._under_way: Background | None = None
        context.backend.each_tick.append(self._tick)

    def ask(self) -> None:
        """Open the window, or bring it to the front."""
        if self.window is None or not self.window.winfo_exists():
            self.window = ResultsWindow(self._parent, self._context, self.save)
        self.window.lift()
        self.window.student.entry.focus_set()

    def save(self, path: Path, student: str) -> None:
        """Begin to write the results. ValueError with a translated sentence: they are not."""
        self._under_way = results_of(self._model, path, student)
        self._context.tell(_("Saving…"))

    def _tick(self) -> None:
        """Tell what became of it, once it is known; what was not written is not overlooked."""
        done = self._under_way
        if done is None or done.outcome is None:
            return
        self._under_way = None
        if done.failed:
            self._parent.banner.complain(done.outcome)
        self._context.tell(done.outcome)


class ResultsWindow(tk.Toplevel):
    """Asks for a name, then for a file; Esc closes it."""

    def __init__(
        self, parent: tk.Misc, context: Context, save: Callable[[Path, str], object]
    ) -> None:
        super().__init__(parent)
        self._context, self._save = context, save
        px = context.theme.px
        set_title(self, N_("Save results"))
        self.transient(context.theme.root)
        inside = ttk.Frame(self, padding=px(16))
        inside.pack(fill="both", expand=True)
        explained = Paragraph(inside, context.theme)
        set_text(explained.label, _EXPLAINED)
        explained.configure(width=min(px(WIDE), self.winfo_screenwidth() - px(60)))
        explained.pack(fill="x")
        self.student = Field(inside, context.theme, N_("Your name"), width=28)
        self.student.text = context.settings.get(_STUDENT, "")
        self.student.pack(fill="x", pady=px(12))
        self.told = Paragraph(inside, context.theme, "bad.TLabel")
        self.told.pack(fill="x")
        bar = ttk.Frame(inside)
        bar.pack(fill="x")
        self.close = ttk.Button(bar, command=self.destroy)
        set_text(self.close, N_("Close"))
        self.close.pack(side="right")
        self.save = ttk.Button(bar, style="Accent.TButton", command=self._ask)
        set_text(self.save, N_("Save…"))
        self.save.pack(side="right", padx=px(8))
        self.bind("<Escape>", lambda _event: self.destroy())
        self.student.entry.bind("<Return>", lambda _event: self._ask())
        show_over(self, context.theme.root, self.student.entry)

    def _ask(self) -> None:
        types = ((_("Page (HTML)"), "*.html"), ("JSON", "*.json"))
        context = self._context
        path = ask_save(self, context.places, _("Save results"), types, ".html")
        if path is None:
            return
        student = self.student.text.strip()
        context.settings.set(_STUDENT, student)
        try:
            self._save(path, student)
        except ValueError as wrong:
            self.told.label.configure(text=str(wrong))
            return
        self.destroy()
