"""The foot of a lesson: what is to be done now, in words, and the buttons that do it."""

from __future__ import annotations

from collections.abc import Callable
from tkinter import ttk
from typing import Final

from gui.models.lesson import LessonModel
from gui.models.lesson_text import has_failed, is_asked, so_far, waits_for
from gui.theme.theme import Theme
from gui.translated import Message, set_text, translate
from gui.views.lesson_page import LessonPage
from gui.widgets.fit import Paragraph
from gui.widgets.flip import FlipButton
from gui.widgets.flow import Flow
from gui.widgets.tooltip import enable
from netlib import N_, _

LOCKED: Final = N_("Answer the question first: that unlocks Run.")
READY: Final = N_("Your answer stays as it is once the step has run.")
ASKED: Final = N_("Look at what happened, and say what you saw; then it is explained.")
FAILED: Final = N_("The proof has not come. Run the step again, or go on without it.")


class LessonFoot:
    """A sentence, and below it a line of buttons."""

    def __init__(
        self,
        parent: ttk.Frame,
        theme: Theme,
        model: LessonModel,
        page: LessonPage,
        leave: Callable[[], object],
        *,
        catch_up: Callable[[], object],
    ) -> None:
        """Offer nothing yet; answers are given in `page`, which `catch_up` brings in line."""
        self._model, self._page, self._leave, self._catch_up = model, page, leave, catch_up
        self.told = Paragraph(parent, theme, "Muted.TLabel")
        self.told.pack(side="top", fill="x", pady=(0, theme.px(4)))
        self.flow = flow = Flow(parent, theme)
        flow.pack(side="top", fill="x")
        self.back = self._button(N_("Back"), lambda: self._step(-1))
        self.again = self._button(N_("Run again"), model.run)
        self.live = self._button(N_("Record it here"), self._record)
        self.without = self._button(N_("Go on without the proof"), model.go_on)
        self.main = FlipButton(flow, self._press)
        flow.add(self.back, self.again, self.live, self.without)
        flow.spread()
        flow.add(self.main)

    def _button(self, words: Message, does: Callable[[], object]) -> ttk.Button:
        button = ttk.Button(self.flow, command=does)
        set_text(button, words)
        return button

    @property
    def ready(self) -> bool:
        """Whether the main button can be pressed."""
        return not is_asked(self._model) or self._page.has_answer

    def refresh(self) -> None:
        """Offer what can be done now."""
        model, player = self._model, self._model.player
        for button in (self.back, self.main):
            self.flow.show(button, player is not None)
        explained = model.moment in {"see", "why"}
        self.flow.show(self.again, explained and not (player and player.by_case))
        self.flow.show(self.without, has_failed(model))
        self._offer_live()
        enable(self.back, player is not None and player.number > 0, N_("This is the first step."))
        self.main.say(self._words())
        enable(self.main, self.ready, ASKED if explained else LOCKED)
        self.told.label.configure(text="" if player is None else self._told())

    def _words(self) -> Message:
        """Return what the main button does now."""
        player = self._model.player
        last = player is not None and player.number == len(player.lesson.steps) - 1
        by_case = player is not None and player.by_case
        shown = N_("Show the recorded case")
        again = shown if by_case else N_("Run again")
        return {
            "predict": shown if by_case else N_("Run"),
            "run": again if has_failed(self._model) else N_("Stop"),
            "see": N_("Answer"),
            "why": N_("To the list") if last else N_("Next step"),
        }[self._model.moment]

    def _offer_live(self) -> None:
        """Offer to record the case of this step here, or say why that cannot be."""
        model, player = self._model, self._model.player
        offered = player is not None and player.by_case and not model.lesson_run.under_way
        self.flow.show(self.live, offered)
        if offered:
            live = model.lesson_run.live
            locked = model.moment == "predict" and not self.ready
            permitted = live.permitted
            enable(self.live, permitted and not locked, LOCKED if permitted else live.why_not)

    def _record(self) -> None:
        """Have the case happen here and now."""
        self._catch_up()
        given = None
        if self._model.moment == "predict" and is_asked(self._model):
            given = self._page.answer()
            if given is None:
                return
        self._model.run(given, live=True)

    def _told(self) -> str:
        """Return what is to be done, or waited for."""
        moment = self._model.moment
        if moment == "predict":
            return translate(READY if self.ready else LOCKED)
        if moment == "run":
            waiting = _("Waiting for: {what}").format(what=waits_for(self._model))
            return translate(FAILED) if has_failed(self._model) else waiting
        return translate(ASKED) if moment == "see" else so_far(self._model)

    def _press(self) -> None:
        """Do what the main button says; what has only now come is answered once it is shown."""
        model = self._model
        self._catch_up()
        given = self._page.answer() if is_asked(model) else None
        if is_asked(model) and given is None:
            return
        if model.moment == "why":
            self._step(1)
        elif model.moment == "see":
            model.see(given or 0.0)
        elif model.lesson_run.under_way:
            model.stop()
        else:
            model.run(given)

    def _step(self, way: int) -> None:
        player = self._model.player
        if player is not None and player.number + way < len(player.lesson.steps):
            self._model.go_to(player.number + way)
        else:
            self._leave()
