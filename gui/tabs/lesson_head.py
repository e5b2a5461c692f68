"""The head of a lesson: back to the list, which step, and what is shown of it."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from tkinter import ttk
from typing import Final

from gui.models.lesson import LessonModel
from gui.theme.theme import Theme
from gui.translated import Message, set_text
from gui.widgets.choice import Choice, Segments
from gui.widgets.flow import Flow
from gui.widgets.tooltip import tip
from netlib import N_, visible_text

PARTS: Final[dict[str, Message]] = {"text": N_("Text"), "picture": N_("Picture")}
TITLE_CHARACTERS: Final = 40
_AGAIN_TIP: Final = N_("Forget all answers to this lesson, and begin with its first step.")


class LessonHead:
    """A line of controls; the tab packs it."""

    def __init__(
        self,
        parent: tk.Misc,
        theme: Theme,
        model: LessonModel,
        leave: Callable[[], object],
        show_part: Callable[[str], None],
        *,
        begin_again: Callable[[], object],
        save_results: Callable[[], object],
    ) -> None:
        """Show no step yet; `show_part` shows text or picture, where there is no room for both."""
        self._model = model
        self._offered: dict[str, Message] = {}
        self.flow = flow = Flow(parent, theme)
        self.leave = ttk.Button(flow, command=leave)
        set_text(self.leave, N_("‹ Lessons"))
        self.step: Choice[str] = Choice(flow, {"0": "1"})
        tip(self.step, N_("The steps of this lesson; ✓: all answered and proven."))
        self.step.bind("<<ComboboxSelected>>", lambda _event: self._go(), add=True)
        self.part = Segments(flow, PARTS, show_part)
        self.title = ttk.Label(flow, style="Bold.TLabel")
        self.again = ttk.Button(flow, style="Tool.TButton", command=begin_again)
        set_text(self.again, N_("Begin again"))
        tip(self.again, _AGAIN_TIP)
        self.results = ttk.Button(flow, style="Tool.TButton", command=save_results)
        set_text(self.results, N_("Save results…"))
        flow.add(self.leave, self.step, self.part)
        flow.add(self.title, optional=True)
        flow.spread()
        flow.add(self.results, self.again)
        flow.fold(1, self.step, self.results, self.again)

    def refresh(self) -> None:
        """Show which step is played, and how far each has come."""
        player, playable = self._model.player, self._model.playable
        path = playable.path if playable is not None else None
        title = player.lesson.title if player is not None else path.name if path is not None else ""
        if (title := visible_text(title, 80)) != self.title.cget("text"):
            self.title.configure(text=title)
        for control in (self.step, self.results, self.again):
            self.flow.show(control, player is not None)
        if player is None:
            return
        pairs = zip(player.lesson.steps, player.progress.steps, strict=True)
        offered: dict[str, Message] = {
            str(number): f"{number + 1}. {_short(step.title)}{' ✓' * state.done}"
            for number, (step, state) in enumerate(pairs)
        }
        if offered != self._offered:
            self._offered = offered
            self.step.offer({key: lambda words=words: words for key, words in offered.items()})  # type: ignore[misc]
        self.step.key = str(player.number)

    def _go(self) -> None:
        self._model.go_to(int(self.step.key))


def _short(title: str) -> str:
    shown = visible_text(title, None)
    return shown if len(shown) <= TITLE_CHARACTERS else f"{shown[:TITLE_CHARACTERS]}…"
