"""The list of lessons: what there is in each group, and how far one has come in each."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from gui.models.lesson_files import GROUPS, KeptAnswers, Playable, own_lesson
from netlib import N_, _, visible_text
from netlib.value import NamedTuple

OWN: Final = "own"
"""The group of files that were opened."""
MOST_OWN: Final = 20
"""The oldest of them go."""
GROUP_WORDS: Final = {
    **{key: group.words for key, group in GROUPS.items()},
    OWN: N_("Own files"),
}


class Entry(NamedTuple):
    """A lesson in the list."""

    playable: Playable
    title: str
    minutes: str
    come: str
    """How many of its steps are done."""
    right: str
    """How many predictions were right."""
    kind: str = ""
    """Of an experiment."""
    broken: bool = False
    """There is nothing to play."""


class Catalogue:
    """Reads the lessons one by one, so that nobody waits; `changes` grows with each."""

    def __init__(self, kept: KeptAnswers, own: list[str]) -> None:
        """`own`: paths of the files that were opened, the oldest first."""
        self._kept = kept
        self.own = own[-MOST_OWN:]
        self.changes = 0
        self._known: dict[str, Entry] = {}

    def playables(self, group: str) -> list[Playable]:
        """Return what there is in a group."""
        if group == OWN:
            return [own_lesson(Path(path)) for path in reversed(self.own)]
        return GROUPS[group].playables()

    def entries(self, group: str) -> list[Entry]:
        """Return what is known of a group's lessons."""
        keys = [playable.key for playable in self.playables(group)]
        known = [self._known[key] for key in keys if key in self._known]
        return [one for one in known if group == OWN or one.kind == GROUPS[group].kind]

    def read_next(self, group: str) -> bool:
        """Read one more lesson of a group; False: all are known."""
        missing = [one for one in self.playables(group) if one.key not in self._known]
        if not missing:
            return False
        self._known[missing[0].key] = self._entry(missing[0])
        self.changes += 1
        return True

    def forget(self, key: str = "") -> None:
        """Read a lesson again, or all: they have changed."""
        for known in [key] if key else [*self._known]:
            self._known.pop(known, None)
        self.changes += 1

    def add_own(self, path: Path) -> Playable:
        """Put a file into the list, and return it."""
        added = own_lesson(path)
        others = [one for one in self.own if own_lesson(Path(one)).key != added.key]
        self.own = [*others, str(path)][-MOST_OWN:]
        self.forget(added.key)
        return added

    def find(self, key: str) -> Playable | None:
        """Return the lesson of this key; None: there is none."""
        every = (one for group in GROUP_WORDS for one in self.playables(group))
        return next((one for one in every if one.key == key), None)

    def _entry(self, playable: Playable) -> Entry:
        try:
            reading = playable.read()
        except ValueError as wrong:
            return Entry(playable, str(wrong), "", "", "", broken=True)
        lesson = reading.lesson
        if lesson is None:
            name = visible_text(playable.path.name if playable.path else playable.key, 80)
            sentence = _("{name}: nothing in it can be played")
            return Entry(playable, sentence.format(name=name), "", "", "", broken=True)
        progress = self._kept.known(playable.key, lesson)
        steps = [] if progress is None else progress.steps
        given = [one.prediction for one in steps if one.prediction is not None]
        fraction = _("{part} of {whole}")
        come = fraction.format(part=sum(one.done for one in steps), whole=len(lesson.steps))
        right = fraction.format(part=sum(one.right for one in given), whole=len(given))
        title = visible_text(lesson.title, 80)
        right = right if given else ""
        return Entry(playable, title, str(lesson.minutes), come, right, lesson.kind)
