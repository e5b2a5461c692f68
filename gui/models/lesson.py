"""The Lessons tab: the lesson that is being played, step by step, and what is to be done now."""

from __future__ import annotations

from typing import Literal

from gui.models.backend import Backend
from gui.models.lesson_files import KeptAnswers, Playable
from gui.models.lesson_run import LessonRun
from netlib.lessons.player import Player
from netlib.lessons.progress import Progress
from netlib.teaching.lesson_reader import Complaint

Moment = Literal["predict", "run", "see", "why"]
"""Predict, wait for the proofs, say what was seen, understand."""


class LessonModel:
    """State and intents. `changes` grows whenever something looks different."""

    def __init__(self, backend: Backend, kept: KeptAnswers) -> None:
        self._backend, self._kept = backend, kept
        self.lesson_run = LessonRun(backend, self._keep)
        self.player: Player | None = None
        """Who plays the lesson; None: none is open, or nothing of it can be played."""
        self.playable: Playable | None = None
        """What is open."""
        self.complaints: tuple[Complaint, ...] = ()
        """What is wrong with its file."""
        self.problem = ""
        """Why answers are missing or not kept, in a translated sentence."""
        self._own_changes = 0
        self._unproven = False
        """The step goes on without its proof."""

    @property
    def changes(self) -> int:
        """A number that grows."""
        return self._own_changes + self.lesson_run.changes

    @property
    def moment(self) -> Moment:
        """What is to be done now."""
        if self.player is None:
            return "predict"
        state, run = self.player.state, self.player.run
        if run is not None and not run.over:
            return "run"
        if state.proof or self._unproven:
            return "see" if state.seen is None else "why"
        return "predict" if run is None else "run"

    # -- what the user does ----------------------------------------------------------------------

    def open(self, playable: Playable) -> None:
        """Go on with a lesson where it was left. ValueError with a sentence: it cannot be read.

        What another has begun ends.
        """
        reading = playable.read()
        self.leave()
        self.playable, self.complaints = playable, reading.complaints
        if reading.lesson is not None:
            progress, self.problem = self._kept.read(playable.key, reading.lesson)
            kept = self.lesson_run.kept(playable.key)
            self.player = Player(reading.lesson, self._backend.network, progress, *kept)
            self._show_step()

    def leave(self) -> None:
        """Play no lesson; what it has begun ends, its answers stay."""
        self._end_run()
        self.lesson_run.rows.show_only([])
        self.player = self.playable = None
        self.complaints, self.problem = (), ""

    def translate(self) -> None:
        """Go on in the language of the moment. ValueError with a sentence: that cannot be done."""
        if self.playable is None:
            return
        reading = self.playable.read()
        if self.player is not None and reading.lesson is not None:
            self.player.translate(reading.lesson)
        self.complaints = reading.complaints
        self._own_changes += 1

    def go_to(self, number: int) -> None:
        """Turn to a step, from 0; what the one before has begun ends."""
        if self.player is not None:
            self._end_run()
            self.player.go_to(number)
            self._show_step()

    def begin_again(self) -> None:
        """Forget all answers to this lesson, and turn to its first step."""
        if self.player is not None and self.playable is not None:
            lesson = self.player.lesson
            self._end_run()
            fresh = Progress(lesson.name, len(lesson.steps))
            self.lesson_run.forget(self.playable.key)
            kept = self.lesson_run.kept(self.playable.key)
            self.player = Player(lesson, self._backend.network, fresh, *kept)
            self._keep()
            self._show_step()

    def run(self, given: float | None = None, *, live: bool = False) -> None:
        """Run the step; `given` is the prediction, where there is none yet: it needs one.

        `live`: record its case here and now.
        """
        if self.player is None or self.playable is None:
            return
        if self.player.state.prediction is None:
            if given is None:
                raise ValueError("a step is run after its prediction")
            self.player.predict(given)
        self._unproven = False
        try:
            live_in = self.lesson_run.live.folder if live else None
        except OSError as refusal:
            self.problem = str(refusal)
        else:
            place = (self.playable.key, self.player.number)
            self.lesson_run.begin(self.player, place, live_in)
        self._keep()
        self._own_changes += 1

    def stop(self) -> None:
        """End the run that is under way."""
        self._end_run()

    def go_on(self) -> None:
        """Go on without the proof, which did not come."""
        self._unproven = True
        self._own_changes += 1

    def see(self, given: float) -> None:
        """Take the answer to what was seen."""
        if self.player is not None:
            self.player.see(given)
            self._keep()
            self._own_changes += 1

    # -- inside ----------------------------------------------------------------------------------

    def _end_run(self) -> None:
        self.lesson_run.end()
        if self.player is not None:
            self.player.close()
        self._unproven = False
        self._own_changes += 1

    def _show_step(self) -> None:
        assert self.player is not None
        assert self.playable is not None
        self.lesson_run.show((self.playable.key, self.player.number))
        self._own_changes += 1

    def _keep(self) -> None:
        assert self.player is not None
        assert self.playable is not None
        try:
            self._kept.write(self.playable.key, self.player.progress)
        except ValueError as wrong:
            self.problem = str(wrong)
            self._own_changes += 1
