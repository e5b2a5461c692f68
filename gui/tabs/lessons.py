"""The Lessons tab: predict, run it on real sockets, say what was seen, understand."""

from __future__ import annotations

import tkinter as tk
from typing import TYPE_CHECKING, Final

from gui.context import Context
from gui.models.lesson import LessonModel, Moment
from gui.models.lesson_catalogue import Catalogue
from gui.models.lesson_files import KeptAnswers
from gui.models.lesson_text import case_shown, page_of
from gui.models.notice import Cure, Notice
from gui.tabs.lesson_foot import LessonFoot
from gui.tabs.lesson_head import LessonHead
from gui.tabs.lesson_list import LessonList
from gui.tabs.lesson_results import LessonResults
from gui.tabs.page import Page
from gui.translated import LANGUAGE_CHANGED, Message, translate
from gui.views.lesson_page import LessonPage
from gui.views.lesson_picture import LessonPicture
from gui.views.whole_page import is_low
from gui.widgets.focus import focused
from gui.widgets.split import Split
from gui.widgets.stages import Stages
from netlib import N_

if TYPE_CHECKING:
    from gui.models.lesson_files import Playable

NARROW: Final = 860
"""Logical pixels: in a narrower page text or picture are shown, not both."""
LOWEST: Final = 300
"""Logical pixels: in a lower page a picture has the foot's room, too."""
STAGES: Final[dict[Moment, Message]] = {
    "predict": N_("Predict"),
    "run": N_("The run"),
    "see": N_("See"),
    "why": N_("Understand"),
}
_NO_TRANSLATION: Final = N_("There is no translation of this lesson; its text stays as it is.")
_FORGET: Final = N_("All answers to this lesson would be forgotten.")


class LessonsTab(Page):
    """A list of lessons or, in its place, the one that is played: its text, and what happens."""

    def __init__(self, parent: tk.Misc, context: Context) -> None:
        """Show the list, or the lesson that was open last time."""
        super().__init__(parent, context)
        settings = context.settings
        kept = KeptAnswers(settings.path.with_name("lessons"))
        self.model = LessonModel(context.backend, kept)
        self.catalogue = Catalogue(kept, settings.texts("lessons.own", []))
        self._changes, self._problem = -1, ""
        self._at: tuple[object, ...] = ()
        """Which step is shown, and what is to be done in it."""
        self.cures = {"forget": lambda _cure: self.model.begin_again()}
        self.list = LessonList(self.who, self.body, context, self.catalogue, self.play)
        self.head = LessonHead(
            self.who,
            self.theme,
            self.model,
            self.leave,
            self.show_part,
            begin_again=self.ask_to_begin_again,
            save_results=LessonResults(self, context, self.model).ask,
        )
        self.stages = Stages(self.who, self.theme, STAGES)
        self.panes = Split(self.body, orient="horizontal", share=0.45)
        self.keep(self.panes, "lessons.text_share")
        self.page = LessonPage(self.panes, self.theme, self._answered, self.main_action)
        self.foot = LessonFoot(
            self.composer_area,
            self.theme,
            self.model,
            self.page,
            self.leave,
            catch_up=self._catch_up,
        )
        self.picture = LessonPicture(self.panes, context, self.model.lesson_run)
        self.main, self.traffic = self.foot.main, self.picture.shown
        _show_list(self)
        self._wanted = settings.get("lessons.open", "")
        """The lesson that was open last time, until the tab is first in sight."""
        _listen(self)

    # -- what the user does ----------------------------------------------------------------------

    def play(self, playable: Playable) -> None:
        """Begin a lesson, or go on with it; what another has begun ends."""
        self.banner.clear()
        try:
            self.model.open(playable)
        except ValueError as wrong:
            self.banner.complain(str(wrong))
            return
        self._changes, self._at = -1, ()
        _show_lesson(self)

    def leave(self) -> None:
        """Go back to the list."""
        self.banner.clear()
        if self.model.playable is not None:
            self.catalogue.forget(self.model.playable.key)
        self.model.leave()
        _show_list(self)
        self.list.table.tree.focus_set()

    def ask_to_begin_again(self) -> None:
        """Offer to forget all answers."""
        self.banner.show(Notice("warn", lambda: translate(_FORGET), cure=Cure("forget")))

    def main_action(self) -> None:
        """Do what the main button of the list or the lesson does."""
        (self.foot.main if self.model.playable is not None else self.list.begin).press()

    def find(self) -> None:
        """Open the search in the rows of the run."""
        if self.model.playable is not None:
            self.head.part.choose("picture")
            self.traffic.open_find()

    def cancel(self) -> None:
        """Stop the run; else close the message."""
        if self.model.lesson_run.under_way:
            self.model.stop()
        else:
            super().cancel()

    # -- what is shown ---------------------------------------------------------------------------

    def tick(self) -> None:
        """Show what has changed."""
        wanted, self._wanted = self._wanted, ""
        if wanted and (playable := self.catalogue.find(wanted)):
            self.play(playable)
        if self.model.playable is None:
            self.list.refresh()
            return
        self._catch_up()
        self.picture.refresh()
        self.traffic = self.picture.shown

    def show_part(self, _part: str = "") -> None:
        """Show text and picture beside each other or, where there is no room, one of them."""
        width, panes = self.master.winfo_width(), self.panes
        if self.model.playable is None or width <= 1:
            return
        narrow = width < self.theme.px(NARROW)
        picture = narrow and self.head.part.key == "picture"
        self.head.flow.show(self.head.part, narrow)
        if narrow:
            panes.only(self.picture if picture else self.page)
        else:
            panes.both(self.page, self.picture)
        if is_low(self, self.theme):
            self.stages.pack_forget()
        elif not self.stages.winfo_manager():
            self.stages.pack(side="top", fill="x", pady=(self.theme.px(8), 0))
        says = not picture or self.master.winfo_height() >= self.theme.px(LOWEST)
        if says != self.says:
            self.says = says
            self.show_parts()

    def _catch_up(self) -> None:
        """Show where the lesson is, if that has changed."""
        if self.model.changes != self._changes:
            self._changes = self.model.changes
            self._show()

    def _show(self) -> None:
        """Show where the lesson is."""
        model, player = self.model, self.model.player
        place = None
        if player is not None:
            place = model.playable and model.playable.key, player.number
        self.picture.show_case(case_shown(model))
        self.page.show(place, page_of(model))
        self.head.refresh()
        self.stages.show(model.moment)
        self._answered()
        if (at := (place, model.moment)) != self._at:
            self._at = at
            self._turn(model.moment)
        if model.problem != self._problem:
            self._problem = model.problem
            if model.problem:
                self.banner.complain(model.problem)

    def _answered(self) -> None:
        """Offer what can be done with the answers given by now."""
        self.foot.refresh()
        self.emphasise(self.foot.main if self.foot.ready else None, self.foot.main)

    def _turn(self, moment: Moment) -> None:
        """Give sight and keyboard to what is to be done now."""
        if moment != "see":  # then one still looks at the picture
            self.head.part.key = "picture" if moment == "run" else "text"
        self.show_part()
        if focused(self).startswith(f"{self}."):
            (self.page.text.focus_set if moment == "why" else self.page.focus_question)()

    def remember(self) -> None:
        """Put into the settings what is open, and which files were."""
        playable = self.model.playable
        key = self._wanted if playable is None else playable.key
        self.context.settings.set("lessons.open", key)
        self.context.settings.set("lessons.own", [*self.catalogue.own])


def _listen(tab: LessonsTab) -> None:
    tab.bind(LANGUAGE_CHANGED, lambda _event: _translate(tab), add=True)
    for event in ("<Configure>", "<<ThemeChanged>>"):
        tab.bind(event, lambda _event: tab.show_part(), add=True)


def _translate(tab: LessonsTab) -> None:
    tab.catalogue.forget()
    tab.picture.refresh()  # also where the list is in sight, and no tick does it
    try:
        tab.model.translate()
    except ValueError:
        tab.banner.complain(translate(_NO_TRANSLATION))


def _show_list(tab: LessonsTab) -> None:
    for part in (tab.panes, tab.head.flow, tab.stages):
        part.pack_forget()
    tab.list.head.pack(fill="x")
    tab.list.table.pack(fill="both", expand=True)
    tab.says = False
    tab.show_parts()


def _show_lesson(tab: LessonsTab) -> None:
    for part in (tab.list.table, tab.list.head):
        part.pack_forget()
    tab.head.flow.pack(fill="x")
    tab.panes.pack(fill="both", expand=True)
    tab.says = True
    tab.show_parts()
    tab.show_part()
    tab.tick()
    tab.page.focus_question()
