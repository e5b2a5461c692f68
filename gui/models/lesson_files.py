"""Which lessons can be played, and the answers that are kept of each: a JSON file a lesson."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Final

from netlib import N_, AtomicFile, _, language, own_folder, put_aside, visible_text
from netlib.lessons.progress import MOST_BYTES, Progress, read_progress
from netlib.teaching.experiment_list import EXPERIMENTS, shipped_experiment
from netlib.teaching.lesson import Lesson
from netlib.teaching.lesson_list import LESSONS, shipped_lesson, translations
from netlib.teaching.lesson_reader import MOST_FILE_BYTES, Reading, read_lesson
from netlib.value import NamedTuple


class Playable(NamedTuple):
    """Something that can be played, read in the language of the moment."""

    key: str
    """Of the answers that are kept."""
    read: Callable[[], Reading]
    """ValueError with a translated sentence: it cannot be read."""
    path: Path | None = None
    """A file of somebody's own; None: it comes with the program."""


class Group(NamedTuple):
    """Lessons that stand together in the list."""

    words: str
    """To be translated."""
    names: tuple[str, ...]
    read: Callable[[str], Lesson]
    kind: str = ""
    """Of these only those of this kind: it is known once they are read."""

    def playables(self) -> list[Playable]:
        """Return what may be in it."""
        before = "experiment-" if self.kind else ""
        return [Playable(f"{before}{one}", partial(self._reading, one)) for one in self.names]

    def _reading(self, name: str) -> Reading:
        return Reading(self.read(name), ())


GROUPS: Final = {
    "lessons": Group(N_("Lessons"), LESSONS, shipped_lesson),
    "weird": Group(N_("Weird"), EXPERIMENTS, shipped_experiment, "weird"),
    "useful": Group(N_("Useful"), EXPERIMENTS, shipped_experiment, "useful"),
    "lesson": Group(N_("Misunderstood"), EXPERIMENTS, shipped_experiment, "lesson"),
}
"""What comes with the program; a further group is a line here."""


def own_lesson(path: Path) -> Playable:
    """Return what is in a file of somebody's own; it is read each time."""
    return Playable(f"own-{path.name.partition('.')[0]}", lambda: _read_own(path), path)


def _read_own(path: Path) -> Reading:
    """Read a file and complain of its translation, if there is one that it is to be read in."""
    other = translations(path).get(language())
    if other is None or other == path or not other.exists():
        return read_lesson(_contents(path, MOST_FILE_BYTES))
    return read_lesson(_contents(other, MOST_FILE_BYTES))


def _contents(path: Path, most: int) -> bytes:
    """Return what a plain file holds, up to a byte too many. ValueError with a sentence."""
    sentence = _("{name} cannot be opened: {reason}")
    name = visible_text(path.name, 200)
    try:
        if not path.is_file():  # looked at first: a pipe that nobody writes to is waited for
            raise FileNotFoundError(_("there is no such file"))
        with path.open("rb") as file:
            return file.read(most + 1)
    except OSError as refusal:
        reason = visible_text(refusal.strerror or str(refusal), 200)
        raise ValueError(sentence.format(name=name, reason=reason)) from refusal


class Kept(NamedTuple):
    """What is known of earlier answers."""

    progress: Progress
    problem: str = ""
    """In a translated sentence: why there are none, though there is a file."""


class KeptAnswers:
    """The answers of this user, in a folder that nobody else may read."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._unread: set[str] = set()
        """Whose file could neither be read nor put aside: it is not written over."""

    def read(self, key: str, lesson: Lesson) -> Kept:
        """Return the answers to a lesson; a file that holds none is put aside."""
        path = self._path(key)
        fresh = Progress(lesson.name, len(lesson.steps))
        if not path.exists():
            return Kept(fresh)
        try:
            return Kept(read_progress(_contents(path, MOST_BYTES), lesson))
        except ValueError as wrong:
            return Kept(fresh, self._keep_aside(key, str(wrong)))

    def known(self, key: str, lesson: Lesson) -> Progress | None:
        """Return the answers to a lesson, for a list; None: there are none that can be read."""
        with suppress(ValueError):
            return read_progress(_contents(self._path(key), MOST_BYTES), lesson)
        return None

    def write(self, key: str, progress: Progress) -> None:
        """Keep the answers. ValueError with a translated sentence: that cannot be done."""
        if key in self._unread:
            return
        path, draft = self._path(key), None
        try:
            own_folder(path.parent)
            draft = AtomicFile(path, private=True)
            with draft.open() as file:
                file.write(progress.to_json())
            draft.commit()
        except OSError as refusal:
            reason = visible_text(refusal.strerror or str(refusal), 200)
            told = _("The answers cannot be kept: {reason}")
            raise ValueError(told.format(reason=reason)) from refusal
        finally:
            with suppress(OSError):
                if draft is not None:
                    draft.discard()

    def _path(self, key: str) -> Path:
        return self._folder / f"{key}.json"

    def _keep_aside(self, key: str, wrong: str) -> str:
        """Put a file aside; say what was wrong with it, and where it is now."""
        path = self._path(key)
        try:
            put_aside(path)
        except OSError:
            self._unread.add(key)
            told = _("Earlier answers cannot be read, and new ones are not kept: {wrong}")
            return told.format(wrong=wrong)
        told = _("Earlier answers cannot be read: {wrong} Their file is kept as {name}.")
        name = visible_text(f"{path.name}.unreadable", 200)
        return told.format(wrong=wrong, name=name)
