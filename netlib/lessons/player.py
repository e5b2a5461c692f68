"""Playing a lesson: a prediction, then the run, then what was seen, then the next step.

It belongs to one thread, which hands it what happens (`hear`) and calls `turn` while a run is under
way. Nothing here waits, and nothing is shown: that is for whoever asks it.
"""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from secrets import token_hex

from netlib import Item, Network, _, system_name, wall_clock
from netlib.lessons.progress import BY_RUN, LIVE, Answer, Progress, StepProgress
from netlib.lessons.run import Run
from netlib.teaching.cases import find_case
from netlib.teaching.lesson import Choice, Lesson, Question, Step, differences


class Player:
    """One lesson that is being played, from `progress` on. `close` ends what a run has begun."""

    def __init__(
        self,
        lesson: Lesson,
        network: Network,
        progress: Progress | None = None,
        proving: dict[int, frozenset[int]] | None = None,
        recordings: dict[int, Path] | None = None,
    ) -> None:
        """`proving`, `recordings`: what to keep in how each step was proven."""
        self.lesson = lesson
        self.progress = progress or Progress(lesson.name, len(lesson.steps))
        self.number = min(self.progress.next_step, len(lesson.steps) - 1)
        """Which step is played, from 0."""
        self.run: Run | None = None
        """The last run of this step."""
        self.proving = {} if proving is None else proving
        """The activities of the last run that proved a step, by its number: whose ladder it is."""
        self.recordings = {} if recordings is None else recordings
        """Where the case of a step was recorded here and now, by its number."""
        self._network = network

    @property
    def step(self) -> Step:
        """The step that is played."""
        return self.lesson.steps[self.number]

    @property
    def state(self) -> StepProgress:
        """How far it has come."""
        return self.progress.steps[self.number]

    @property
    def by_case(self) -> bool:
        """Whether this step is shown with its recorded case: it cannot be run here."""
        step = self.step
        elsewhere = bool(step.systems) and system_name() not in step.systems
        return bool(step.case) and (elsewhere or not step.script)

    def go_to(self, number: int) -> None:
        """Turn to a step; what the one before has begun ends."""
        if number not in range(len(self.lesson.steps)):
            raise ValueError(f"step {number} of {len(self.lesson.steps)}")
        self.close()
        self.number = number

    def translate(self, lesson: Lesson) -> None:
        """Go on in another language. ValueError: it is another lesson."""
        if any(differences(self.lesson, lesson)):
            raise ValueError(f"{lesson.name} is not a translation of {self.lesson.name}")
        self.lesson = lesson

    def predict(self, given: float) -> Choice:
        """Take a prediction; return what is said to it, once the step has been run."""
        choice, answer = _answered(self.step.prediction, given)
        self.progress.set(self.number, prediction=answer)
        return choice

    def begin(self, live_in: Path | None = None) -> None:
        """Run the step, or run it again: with sockets of its own, or by its recorded case.

        `live_in`: a folder; a case is recorded there anew, here and now.
        """
        self.close()
        self.progress.set(self.number, runs=self.state.runs + 1)
        if self.by_case and live_in is not None:
            from netlib.lessons.live_run import LiveRun  # processes: few steps need them

            path = live_in / f"{token_hex(8)}.socketboard"  # lessons may share a folder
            self.run = LiveRun(self._network, self.step.case, path)
        else:
            self.run = Run(self._network, () if self.by_case else self.step.script)
        self.turn()

    def hear(self, item: Item) -> None:
        """Take what happened on the network."""
        if self.run is not None:
            self.run.hear(item)

    def turn(self) -> None:
        """Let the run go on."""
        run = self.run
        if run is None or run.why_not:
            return
        run.turn()
        if not run.proven:
            return
        if not self.by_case:
            self.proving[self.number] = frozenset(run.names)
        proof, known = self._proof(run), self.state.proof
        if not known or (run.recording and known != proof):
            if self.by_case:
                run.why_not = _missing(self.step.case, run.recording)
            if not run.why_not:
                self.progress.set(self.number, proof=proof, proven_at=_now())
        if run.recording is not None and not run.why_not:
            self.recordings[self.number] = run.recording

    def _proof(self, run: Run) -> str:
        """Return what a run of this step proves it by."""
        if not self.by_case:
            return BY_RUN
        return (LIVE if run.recording else "") + f"case {self.step.case}"

    def see(self, given: float) -> Choice:
        """Take the answer to what was seen; return what is said to it."""
        choice, answer = _answered(self.step.seen, given)
        self.progress.set(self.number, seen=answer)
        return choice

    def close(self) -> None:
        """Stop what the last run has begun."""
        if self.run is not None:
            self.run.close()
            self.run = None


def _answered(question: Question, given: float) -> tuple[Choice, Answer]:
    choice = question.reply(given)
    return choice, Answer(given=given, right=choice.right, at=_now())


def _missing(case: str, live: Path | None) -> str:
    """Return in words why a case proves nothing; empty: its packets are there, or in `live`."""
    from netlib.recording.reader import RecordingError, open_recording  # SQLite: few steps need it

    try:
        with closing(open_recording(live or find_case(case).path)) as recording:
            if any(recording.packets(most=1)):
                return ""
    except (RecordingError, ValueError) as refusal:
        return str(refusal)
    return _("The recorded case holds no packets.")


def _now() -> str:
    return datetime.fromtimestamp(wall_clock.now(), UTC).isoformat(timespec="seconds")
