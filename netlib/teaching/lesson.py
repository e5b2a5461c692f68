"""A lesson as data: steps, questions, explanations. `lesson_reader` makes one of Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, Literal

from netlib.i18n import _
from netlib.teaching.lesson_script import Line
from netlib.text import half_width
from netlib.value import NamedTuple, value

_MARKS: Final[dict[str, Literal["bold", "code"]]] = {"**": "bold", "`": "code"}
_NUMBER: Final = r"-?[0-9]{1,9}(\.[0-9]{1,9})?"


def typed_number(text: str) -> float | None:
    """Return the number that was typed, or copied from a lesson's picture; None: it is none."""
    plain = half_width(text).replace("−", "-").strip()
    return float(plain) if re.fullmatch(_NUMBER, plain) else None


class Span(NamedTuple):
    """A piece of a paragraph."""

    text: str
    look: Literal["", "bold", "code"]


def spans(markdown: str) -> Iterator[Span]:
    """Yield the text of a paragraph without its marks, each piece with how it looks."""
    for plain, mark, marked in re.findall(r"(?s)(.*?)(?:(\*\*|`)(.+?)\2|$)", markdown):
        if plain:
            yield Span(plain, "")
        if marked:
            yield Span(marked, _MARKS[mark])


@value()
class Paragraph:
    """A piece of text, in Markdown."""

    line: int
    text: str
    sources: tuple[str, ...] = ()
    """What proves it: `RFC 9293 §3.5`, `case handshake`, or `run`, the run of its own step."""
    item: bool = False
    """Whether it is an item of a list."""


def source_in_words(source: str) -> str:
    """Return how the source of a paragraph is shown."""
    kind, _blank, name = source.partition(" ")
    if kind == "case":
        return _("recorded case {name}").format(name=name)
    return _("seen in this run") if kind == "run" else source


@value()
class Choice:
    """A possible answer to a question, and what is said to who gives it."""

    line: int
    text: str
    right: bool
    reply: tuple[Paragraph, ...]


@value()
class Number:
    """The right answer to a question that asks for a number."""

    wanted: float
    tolerance: float
    unit: str


@value()
class Question:
    """A question, with choices of which one is right; or with a number.

    Of a number the first choice is what is said to who is right, the second to who is not.
    """

    text: tuple[Paragraph, ...]
    choices: tuple[Choice, ...]
    number: Number | None = None

    def reply(self, given: float) -> Choice:
        """Return what is said to an answer: the place of a choice from 0, or a number."""
        if self.number is not None:
            wrong = not abs(given - self.number.wanted) <= self.number.tolerance
            return self.choices[wrong]
        if given not in range(len(self.choices)):
            raise ValueError(f"choice {given} of {len(self.choices)}")
        return self.choices[int(given)]


@value(kw_only=True)
class Step:
    """One experiment: what to do, a prediction, a run, what was seen, and why."""

    line: int
    title: str
    task: tuple[Paragraph, ...]
    prediction: Question
    script: tuple[Line, ...]
    seen: Question
    why: tuple[Paragraph, ...]
    loopback: tuple[Paragraph, ...]
    """What loopback cannot show."""
    case: str
    """The recorded case that stands for a run; empty: there is none."""
    systems: tuple[str, ...]
    """The only systems where the script can run; none: it runs on all."""

    def claims(self) -> Iterator[Paragraph]:
        """Yield what is said to be true."""
        yield from self.why
        yield from self.loopback
        for question in (self.prediction, self.seen):
            for choice in question.choices:
                yield from choice.reply


@value(kw_only=True)
class Lesson:
    """A lesson in one language; or an experiment, which has one step and a kind."""

    name: str
    """ASCII without blank: as it is typed."""
    title: str
    minutes: int
    """How long it takes, about."""
    introduction: tuple[Paragraph, ...]
    steps: tuple[Step, ...]
    kind: str = ""
    """Of an experiment: `weird`, `useful` or `lesson`; empty: it is none."""
    refutes: str = ""
    """The number of the misconception that an experiment refutes: M7; empty: it refutes none."""
    documented: str = ""
    """Where it is documented that people believe it; empty: it is not told."""

    def without_source(self) -> list[int]:
        """Return the lines of claims that name no source."""
        claims = [*self.introduction, *(claim for step in self.steps for claim in step.claims())]
        return [claim.line for claim in claims if not claim.sources]


def differences(one: Lesson, other: Lesson) -> Iterator[tuple[int, int]]:
    """Yield the lines, in one translation and in the other, where they are not the same lesson."""
    if _head(one) != _head(other):
        yield 1, 1
        return
    for here, there in zip(one.steps, other.steps, strict=True):
        if _bones(here) != _bones(there):
            yield here.line, there.line


def _head(lesson: Lesson) -> tuple[object, ...]:
    """Return what must be the same in every language above the steps."""
    experiment = lesson.kind, lesson.refutes, lesson.documented
    return lesson.name, lesson.minutes, len(lesson.steps), *experiment


def _bones(step: Step) -> tuple[object, ...]:
    """Return what must be the same in every language."""
    questions = tuple(
        (
            tuple(choice.right for choice in question.choices),
            question.number and (question.number.wanted, question.number.tolerance),
        )
        for question in (step.prediction, step.seen)
    )
    sources = tuple(sorted(source for claim in step.claims() for source in claim.sources))
    script = tuple(line.text for line in step.script)
    return script, questions, sources, step.case, step.systems
