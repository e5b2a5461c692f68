"""Playing a lesson in the window, as a person would: by its controls, read as it is shown."""

from __future__ import annotations

import re
from pathlib import Path

from gui.models.lesson_catalogue import GROUP_WORDS
from gui.models.lesson_text import answer_in_words
from gui.tabs.lessons import LessonsTab
from gui.translated import translate
from netlib import N_
from netlib.lessons.player import Player
from netlib.teaching.lesson import Question, spans
from tests.gui.window import Window

RUN_SECONDS = 60.0


class Reader:
    """Somebody at the Lessons tab."""

    def __init__(self, window: Window) -> None:
        tab = window.app.tabs["lessons"]
        assert isinstance(tab, LessonsTab)
        self.window, self.tab = window, tab

    @property
    def player(self) -> Player:
        """Who plays the lesson."""
        assert self.tab.model.player is not None
        return self.tab.model.player

    @property
    def text(self) -> str:
        """What is to be read."""
        return self.tab.page.words()

    @property
    def main(self) -> str:
        """What the main button says."""
        return str(self.tab.foot.main.cget("text"))

    @property
    def locked(self) -> bool:
        """Whether the main button cannot be pressed."""
        return bool(self.tab.foot.main.instate(["disabled"]))

    def open(self, key: str) -> None:
        """Choose a lesson in the list, and begin."""
        self.window.go("lessons")
        for group in GROUP_WORDS:
            self.tab.list.group.choose(group)
            self.window.wait(lambda: not self.tab.catalogue.read_next(group))  # noqa: B023
            if key in self.listed():
                break
        self.tab.list.table.choose([key])
        self.tab.list.begin.invoke()
        self.window.settle()

    def open_text(self, folder: Path, text: str, name: str = "mine.md") -> None:
        """Open a file with this lesson."""
        (folder / name).write_text(text, encoding="utf-8")
        self.tab.list.open_file(folder / name)
        self.window.settle()

    def listed(self) -> list[str]:
        """Return the keys of the lessons in the list."""
        group = self.tab.list.group.key
        return [entry.playable.key for entry in self.tab.catalogue.entries(group)]

    def answer(self, question: Question, *, rightly: bool) -> None:
        """Choose or type an answer."""
        page = self.tab.page
        if question.number is None:
            right = [choice.right for choice in question.choices]
            page.radios[right.index(rightly)].invoke()
        else:
            assert page.field is not None
            wanted = question.number.wanted + (0 if rightly else question.number.tolerance + 1)
            page.field.entry.delete(0, "end")
            page.field.entry.insert(0, f"{wanted:g}")

    def press(self) -> None:
        """Press the main button."""
        assert not self.locked
        self.tab.foot.main.invoke()
        self.window.settle()

    def run(self) -> None:
        """Press the main button, and wait until the run is over."""
        self.press()
        running = self.tab.model.lesson_run
        self.window.wait(lambda: not running.under_way, RUN_SECONDS)
        self.window.settle()

    def play_step(self, *, predicts_rightly: bool, sees_rightly: bool) -> None:
        """Play a step from its prediction to its explanation, and look at what is said."""
        step = self.player.step
        assert self.locked
        self.answer(step.prediction, rightly=predicts_rightly)
        self.run()
        run = self.player.run
        assert run is not None
        assert run.why_not == ""
        assert self.locked
        assert plain(step.why[0].text) not in self.text
        self.answer(step.seen, rightly=sees_rightly)
        self.press()


def play(window: Window, key: str) -> None:
    """Play a lesson to its end: wrong answers to every other step, right ones to the rest."""
    reader = Reader(window)
    reader.open(key)
    count = len(reader.player.lesson.steps)
    for number in range(count):
        assert reader.player.number == number
        rightly = number % 2 == 1
        reader.play_step(predicts_rightly=rightly, sees_rightly=not rightly)
        step, state = reader.player.step, reader.player.state
        assert state.prediction is not None
        assert state.seen is not None
        assert (state.prediction.right, state.seen.right) == (rightly, not rightly)
        assert state.done
        for question, answer in ((step.prediction, state.prediction), (step.seen, state.seen)):
            reply = question.reply(answer.given)
            for told in (answer_in_words(question, answer.given), reply.reply[0].text):
                assert plain(told) in reader.text
        verdicts = [translate(N_("Right.")), translate(N_("Not so."))]
        assert all(reader.text.count(verdict) >= 1 for verdict in verdicts)
        assert all(plain(one.text) in reader.text for one in (*step.why, *step.loopback))
        assert all(source in reader.text for one in step.why for source in rfcs(one.sources))
        reader.press()
    assert reader.tab.model.playable is None  # back at the list
    window.wait(lambda: key in reader.listed())
    entries = reader.tab.catalogue.entries(reader.tab.list.group.key)
    (entry,) = [one for one in entries if one.playable.key == key]
    assert re.findall(r"\d+", entry.come) == [str(count), str(count)]
    assert re.findall(r"\d+", entry.right) == [str(count // 2), str(count)]


def plain(markdown: str) -> str:
    """Return a paragraph as it is read."""
    return "".join(span.text for span in spans(markdown))


def rfcs(sources: tuple[str, ...]) -> list[str]:
    """Return the sources that are sections of an RFC."""
    return [one for one in sources if one.startswith("RFC")]
