"""What the page of a lesson says at each moment, as data: paragraphs and questions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import reduce
from pathlib import Path
from typing import Literal

from gui.models.lesson import LessonModel
from netlib import _
from netlib.lessons.player import Player
from netlib.lessons.progress import summary
from netlib.teaching.cases import find_case
from netlib.teaching.lesson import Choice, Paragraph, Question, source_in_words
from netlib.teaching.lesson_script import in_words
from netlib.value import NamedTuple

Kind = Literal["title", "head", "lead", "text", "item", "strong", "muted", "good", "warn", "bad"]
PROOFS = frozenset({"expect", "not-yet"})
"""The verbs of a script that prove something."""


class Words(NamedTuple):
    """A paragraph."""

    kind: Kind
    text: str
    """Markdown, but in titles and heads."""
    sources: str = ""
    """Shown small behind it."""


class Asked(NamedTuple):
    """A question's answers: to be chosen or typed, or given."""

    which: Literal["prediction", "seen"]
    question: Question
    given: float | None
    """None: it is asked now."""
    judged: bool
    """Whether it is shown which was right."""


Block = Words | Asked


def page_of(model: LessonModel) -> list[Block]:
    """Return what is to be read of the step that is played, down to what is to be done now."""
    player = model.player
    blocks = list(_complaints(model))
    if player is None:
        return blocks
    step, state, moment = player.step, player.state, model.moment
    lesson = player.lesson
    if not player.number:
        blocks += _told(lesson.introduction, "lead")
    blocks.append(Words("title", f"{player.number + 1}. {step.title}"))
    blocks += _told(step.task)
    blocks.append(Words("head", _("Your prediction")))
    blocks += _told(step.prediction.text)
    given = None if state.prediction is None else state.prediction.given
    blocks.append(Asked("prediction", step.prediction, given, moment == "why"))
    if moment == "predict":
        return blocks
    blocks += _ran(player)
    if moment == "run":
        return blocks
    blocks.append(Words("head", _("What did you see?")))
    blocks += _told(step.seen.text)
    seen = None if state.seen is None else state.seen.given
    blocks.append(Asked("seen", step.seen, seen, moment == "why"))
    return blocks + (list(_understood(player)) if moment == "why" else [])


def answer_in_words(question: Question, given: float) -> str:
    """Return an answer as its text, in Markdown, or as a number with its unit."""
    if question.number is None:
        return question.choices[int(given)].text
    return f"{given:.12g} {question.number.unit}".rstrip()


def waits_for(model: LessonModel) -> str:
    """Return in words what the run under way waits for; empty: for nothing."""
    run = None if model.player is None else model.player.run
    if run is None or run.over:
        return ""
    if run.recording is not None:
        return _("the case, which happens and is recorded now")
    return in_words(run.script[run.done])


def has_failed(model: LessonModel) -> bool:
    """Tell whether a run has ended without its proof, and nothing was decided since."""
    return model.moment == "run" and not model.lesson_run.under_way


def case_shown(model: LessonModel) -> Path | None:
    """Return the recording of the case that is to be seen now, of here and now if there is one."""
    player = model.player
    if player is None or not player.by_case or model.moment == "predict":
        return None
    if player.run is not None and player.run.recording is not None and not player.run.proven:
        return None
    return player.recordings.get(player.number) or find_case(player.step.case).path


def is_asked(model: LessonModel) -> bool:
    """Tell whether a question is to be answered now."""
    predicted = model.player is not None and model.player.state.prediction is not None
    return model.moment == "see" or (model.moment == "predict" and not predicted)


def so_far(model: LessonModel) -> str:
    """Return how much was proven, and how many answers were right."""
    return "" if model.player is None else reduce(two_sentences, summary(model.player.progress))


def two_sentences(one: str, other: str) -> str:
    """Return two sentences, with a blank between them where the language has one."""
    return _("{one} {other}").format(one=one, other=other)


def _complaints(model: LessonModel) -> Iterator[Block]:
    """Yield what is wrong with the file."""
    if not model.complaints:
        return
    nothing = _("There is nothing to play in this file. What is wrong with it:")
    some = _("Something is wrong with this file; the other steps can be played.")
    yield Words("strong", nothing if model.player is None else some)
    for complaint in model.complaints:
        told = _("Line {line}: {sentence}")
        yield Words("warn", told.format(line=complaint.line, sentence=complaint.sentence))


def _told(paragraphs: Iterable[Paragraph], kind: Kind = "text") -> list[Words]:
    return [
        Words(
            "item" if one.item else kind, one.text, _(", ").join(map(source_in_words, one.sources))
        )
        for one in paragraphs
    ]


def _ran(player: Player) -> Iterator[Block]:
    """Yield what the run has proven, and why it has not."""
    yield Words("head", _("The run"))
    run, state = player.run, player.state
    lines = () if run is None else run.script[: run.done]
    yield from (Words("good", in_words(line)) for line in lines if line.verb in PROOFS)
    if run is not None and run.why_not:
        yield Words("bad", run.why_not)
    elif player.by_case and (run is None or run.over):
        case = find_case(player.step.case)
        told = _("Not run here: its recorded case is shown, {title}.")
        if player.number in player.recordings:
            told = _("Recorded on this computer just now: {title}.")
        yield Words("good", told.format(title=_(case.title)))
        yield Words("text", _(case.look), _(case.source))
    elif run is not None and run.proven:
        yield Words("strong", _("Proven."))
    elif run is None and state.proof:
        yield Words("good", _("Proven in an earlier run. Run it again to see it."))
    elif run is None:
        yield Words("warn", _("Not proven."))


def _understood(player: Player) -> Iterator[Block]:
    """Yield what is said to the answers, and why it is so."""
    step, state = player.step, player.state
    yield Words("head", _("Your answers"))
    for question, answer, words in (
        (step.seen, state.seen, _("You saw: {text}")),
        (step.prediction, state.prediction, _("Your prediction: {text}")),
    ):
        if answer is not None:
            said = words.format(text=answer_in_words(question, answer.given))
            yield from _judged(said, question.reply(answer.given))
    yield Words("head", _("Why"))
    yield from _told(step.why)
    if step.loopback:
        yield Words("head", _("What loopback cannot show"))
        yield from _told(step.loopback)
    if where := player.lesson.documented:
        told = _("That people believe otherwise is documented: {where}")
        yield Words("muted", told.format(where=where))


def _judged(said: str, choice: Choice) -> Iterator[Block]:
    yield Words("strong", said)
    verdict = _("Right.") if choice.right else _("Not so.")
    kind: Kind = "good" if choice.right else "bad"
    first, *more = choice.reply
    told = _told([first], kind)[0]
    yield told._replace(text=two_sentences(verdict, told.text))
    yield from _told(more)
