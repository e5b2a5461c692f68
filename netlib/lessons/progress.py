"""How far somebody has come in a lesson: answers, when they were given, and what was proven."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final

from netlib import _, harmless_json, replace
from netlib.teaching.lesson import Lesson, Question, Step
from netlib.value import value

FORMAT: Final = 1
"""Number of the format of the file."""

BY_RUN: Final = "run"
"""A step was proven by a run on real sockets; else by `case NAME`."""
LIVE: Final = "live "
"""Before `case NAME`: the case was recorded here and now."""

MOST_BYTES: Final = 1 << 20


@value(kw_only=True)
class Answer:
    """An answer to a question."""

    given: float
    """The place of a choice from 0, or a number."""
    right: bool
    at: str
    """When, as in RFC 3339."""


@value(kw_only=True)
class StepProgress:
    """How far one step has come."""

    prediction: Answer | None = None
    runs: int = 0
    """How often it was run."""
    proof: str = ""
    """BY_RUN, `case NAME` or `live case NAME`; empty: it is not proven."""
    proven_at: str = ""
    seen: Answer | None = None

    @property
    def done(self) -> bool:
        """Whether all has been answered and proven."""
        return bool(self.prediction and self.proof and self.seen)


class Progress:
    """How far all steps of a lesson have come."""

    def __init__(self, name: str, steps: int) -> None:
        self.name = name
        self.student = ""
        """Whose answers they are; empty: that was not told."""
        self.steps = [StepProgress() for _step in range(steps)]

    def set(self, step: int, **changes: Any) -> None:
        """Change what is known of a step."""
        self.steps[step] = replace(self.steps[step], **changes)

    @property
    def next_step(self) -> int:
        """The first step that is not done, or how many there are."""
        undone = (number for number, step in enumerate(self.steps) if not step.done)
        return next(undone, len(self.steps))

    def to_json(self) -> bytes:
        """Return it as a file, UTF-8."""
        steps = [
            {
                "prediction": _told(step.prediction),
                "runs": step.runs,
                "proof": step.proof,
                "proven_at": step.proven_at,
                "seen": _told(step.seen),
            }
            for step in self.steps
        ]
        told = {
            "format": FORMAT,
            "lesson": self.name,
            "student": self.student,
            "steps": steps,
        }
        return f"{harmless_json(json.dumps(told, indent=1))}\n".encode()


def read_progress(data: bytes, lesson: Lesson) -> Progress:
    """Read what `to_json` returned. ValueError with a sentence: it is not of this lesson."""
    try:
        if len(data) > MOST_BYTES:
            raise ValueError  # noqa: TRY301 - one sentence for all that is no such file
        told = json.loads(data)
        name, steps = told["lesson"], told["steps"]
        known = told["format"] == FORMAT and isinstance(name, str) and isinstance(steps, list)
        same = known and (name, len(steps)) == (lesson.name, len(lesson.steps))
        progress = Progress(lesson.name, 0)
        progress.student = _text(told.get("student", ""))
        if same:
            pairs = zip(lesson.steps, steps, strict=True)
            progress.steps = [_step(step, answers) for step, answers in pairs]
    except (ValueError, LookupError, TypeError, AttributeError, ArithmeticError, RecursionError):
        known = False
    if not known:
        raise ValueError(_("This file holds no answers to a lesson."))
    if not same:
        raise ValueError(_("This file holds answers to another lesson."))
    return progress


def summary(progress: Progress) -> Iterator[str]:
    """Yield how much was proven, and how many answers were right, a sentence each."""
    steps = progress.steps
    proven = sum(bool(step.proof) for step in steps)
    yield _("Proven: {proven} of {count} steps.").format(proven=proven, count=len(steps))
    answers = {
        _("Predictions: {right} of {count} right."): [step.prediction for step in steps],
        _("What was seen: {right} of {count} right."): [step.seen for step in steps],
    }
    for told, some in answers.items():
        if given := [one for one in some if one is not None]:
            yield told.format(right=sum(one.right for one in given), count=len(given))


def _told(answer: Answer | None) -> dict[str, Any] | None:
    if answer is None:
        return None
    return {"given": answer.given, "right": answer.right, "at": answer.at}


def _step(step: Step, told: dict[str, Any]) -> StepProgress:
    return StepProgress(
        prediction=_answer(step.prediction, told["prediction"]),
        runs=int(told["runs"]),
        proof=_text(told["proof"]),
        proven_at=_text(told["proven_at"]),
        seen=_answer(step.seen, told["seen"]),
    )


def _answer(question: Question, told: dict[str, Any] | None) -> Answer | None:
    """Read an answer; whether it is right, the question says."""
    if told is None:
        return None
    given = float(told["given"])
    return Answer(given=given, right=question.reply(given).right, at=_text(told["at"]))


def _text(told: object) -> str:
    if not isinstance(told, str):
        raise TypeError
    return told
