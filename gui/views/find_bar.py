"""Find and filter: one line in which people type what they look for, and what became of it."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from tkinter import ttk
from typing import Final, Protocol

from gui.models.rows import Progress
from gui.theme.theme import Theme
from gui.translated import LANGUAGE_CHANGED, set_text, translate
from gui.widgets.bubble import Bubble
from gui.widgets.flow import Flow
from gui.widgets.placeholder import Placeholder
from gui.widgets.tooltip import enable, tip
from netlib import N_

TYPING_MS: Final = 300
"""Pause in typing after which the search begins by itself."""
_SYNTAX = N_("words, hex:e5 b7, peer:127.0.0.1, dir:in, conn:3, after:10:31, at:10:31:02")
_HINT = N_(
    "Words, or: hex:e5 b7 · peer:127.0.0.1 · dir:in (out, event) · conn:3 · after:10:31:02 · "
    "before:10:32 · at:10:31:02 goes to a time. Quotes keep spaces. Esc ends the search."
)


class Finder(Protocol):
    """What the bar works on: the rows of a view."""

    def find(self, typed: str) -> str | None:
        """Begin to search; a translated sentence says what is wrong with the words."""

    def end(self) -> None:
        """Search no more; show everything."""

    def step(self, way: int) -> None:
        """Go to the next (1) or the previous (-1) match."""

    def show_only(self, matches: bool) -> None:
        """Show the matches only, or every row."""

    def progress(self) -> Progress | None:
        """Tell how far the search is; None: there is none."""


class FindBar(Flow):
    """The line, the steps from match to match, and the count."""

    def __init__(
        self, parent: tk.Misc, theme: Theme, finder: Finder, close: Callable[[], None]
    ) -> None:
        """Search nothing yet. `close` takes the bar away."""
        super().__init__(parent, theme, gap=4)
        self.finder = finder
        """Where it searches; see `use`."""
        self._close = close
        self._told: Progress | None = None
        gap = theme.px(4)
        icon = ttk.Label(self, style="Muted.TLabel", text="⌕")
        self.entry = ttk.Entry(self, width=18, font="TkTextFont")
        tip(self.entry, _HINT)
        self._typed_text = Placeholder(self.entry, theme, _SYNTAX, self._typed).text
        self._waiting = self._looked_for = ""
        self._bubble = Bubble(self.entry, theme)
        self._tools = ttk.Frame(self)
        self.only = self._make_tools(gap)
        self.add(icon, self.entry, self._tools, elastic=self.entry)
        self.show(self._tools, False)
        self._bind_keys()

    def _make_tools(self, gap: int) -> ttk.Checkbutton:
        self._filter = tk.BooleanVar(self, True)
        only = ttk.Checkbutton(
            self._tools,
            variable=self._filter,
            command=lambda: self.finder.show_only(self._filter.get()),
        )
        set_text(only, N_("Only matches"))
        only.pack(side="left", padx=gap * 2)
        self.steps: list[ttk.Button] = []
        for text, way, hint in (
            ("▲", -1, N_("The previous match (Shift+F3).")),
            ("▼", 1, N_("The next match (F3).")),
        ):
            button = ttk.Button(self._tools, style="Tool.TButton", text=text, width=-2)
            button.configure(command=lambda way=way: self.finder.step(way))  # type: ignore[misc]
            tip(button, hint)
            button.pack(side="left")
            self.steps.append(button)
        self._count = ttk.Label(self._tools, style="Muted.TLabel")
        self._count.pack(side="left", padx=gap)
        close = ttk.Button(self._tools, style="Tool.TButton", text="✕", width=-2, command=self.end)
        tip(close, N_("End the search and show every row (Esc)."))
        close.pack(side="left")
        return only

    def _bind_keys(self) -> None:
        entry = self.entry
        entry.bind("<Return>", lambda _event: self.enter())
        entry.bind("<KP_Enter>", lambda _event: self.enter())
        entry.bind("<Escape>", self._escaped)
        entry.bind("<F3>", lambda _event: self.finder.step(1))
        entry.bind("<Shift-F3>", lambda _event: self.finder.step(-1))
        self.bind(LANGUAGE_CHANGED, lambda _event: self.refresh(again=True))
        self.bind("<Destroy>", lambda _event: self._stop_waiting())

    def use(self, finder: Finder) -> None:
        """Search in another view from now on, for what is typed."""
        self.finder.end()
        self.finder = finder
        if self._looked_for:
            self.begin()
        self.refresh(again=True)

    # -- what the user does ----------------------------------------------------------------------

    def enter(self) -> None:
        """Search for what is typed, or say what is wrong with it; again: go to the next match."""
        typed = self.entry.get()
        if not typed.strip():
            self.end()
        elif typed == self._looked_for:
            self.finder.step(1)
        elif wrong := self.begin():
            self._bubble.show(wrong)

    def begin(self) -> str | None:
        """Search for what is typed; a sentence says what is wrong with it."""
        self._stop_waiting()
        typed = self.entry.get()
        wrong = self.finder.find(typed)
        self._looked_for = "" if wrong or _is_time(typed) else typed
        if wrong:
            self.entry.state(["invalid"])
        else:
            self.finder.show_only(self._filter.get())
            self.refresh(again=True)
        return wrong

    def end(self) -> None:
        """Search no more."""
        self._typed_text.set("")
        self._stop_waiting()
        self._looked_for = ""
        self._close()
        self.refresh(again=True)

    def _typed(self) -> None:
        """Search when the typing pauses; go to a time only when that is asked for by Enter."""
        self.entry.state(["!invalid"])
        self._bubble.hide()
        self._stop_waiting()
        typed = self._typed_text.get()
        if not typed.strip():
            self._looked_for = ""
            self.finder.end()
            self.refresh(again=True)
        elif not _is_time(typed):
            self._waiting = self.after(TYPING_MS, self.begin)

    def _stop_waiting(self) -> None:
        if self._waiting:
            self.after_cancel(self._waiting)
            self._waiting = ""

    def _escaped(self, _event: tk.Event[tk.Misc]) -> str:
        self.end()
        return "break"

    # -- what is shown ---------------------------------------------------------------------------

    def refresh(self, *, again: bool = False) -> None:
        """Show how far the search is; called at every tick."""
        progress = self.finder.progress()
        if progress == self._told and not again:
            return
        self._told = progress
        if progress is None:
            self.show(self._tools, False)
            return
        self.show(self._tools, True)
        self._count.configure(text=_progress_words(progress))
        for button in self.steps:
            enable(button, progress.found > 0, N_("Nothing is found yet."))


def _is_time(typed: str) -> bool:
    return typed.lstrip().lower().startswith(("at:", "at："))


def _progress_words(progress: Progress) -> str:
    if progress.error:
        return f"✗ {progress.error}"
    found = f"{progress.found:,}"
    if progress.scanned >= progress.total:
        return translate(N_("{found} found"), found=found)
    share = f"{100 * progress.scanned // max(progress.total, 1)} %"
    return translate(N_("{found} found, {share} searched…"), found=found, share=share)
