"""What somebody did in a lesson, as one file to hand in: JSON, or a page to print."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from copy import deepcopy
from datetime import datetime
from html import escape
from pathlib import Path
from typing import Final

from netlib import Background, _, language, ngettext, visible_text
from netlib.lessons.ladders import Ladder, step_ladders
from netlib.lessons.progress import BY_RUN, LIVE, Answer, Progress, StepProgress, summary
from netlib.recording.ladder_file import write_whole, written
from netlib.teaching.cases import CASES
from netlib.teaching.lesson import Lesson, Paragraph, Question, Step

_STYLE: Final = """
body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: #141c26; background: #fff;
  font: 1rem/1.5 system-ui, "Segoe UI", "Noto Sans CJK SC", "Microsoft YaHei", sans-serif; }
h1, h2, h3 { line-height: 1.25; break-after: avoid; }
h2 { margin-top: 2.5rem; border-top: 1px solid #838f9e; padding-top: 1rem; }
h3 { margin-bottom: 0.25rem; font-size: 1rem; }
p, ul { margin: 0.25rem 0; }
ul { list-style: none; padding-left: 1rem; }
li { text-indent: -1.25rem; padding-left: 1.25rem; }
pre, code { font-family: ui-monospace, "DejaVu Sans Mono", Consolas, "Noto Sans CJK SC",
  monospace; }
pre { font-size: 0.85rem; white-space: pre-wrap; background: #eef2f8; padding: 0.5rem; }
figure { margin: 0.5rem 0; break-inside: avoid; }
svg { max-width: 100%; height: auto; }
.name { display: inline-block; min-width: 20rem; border-bottom: 1px solid #838f9e; }
.at { color: #4c5968; font-size: 0.85rem; }
.right { color: #0b6b3a; } .wrong, .missing { color: #b3201a; }
.right, .wrong, .missing { font-weight: bold; }
@page { size: A4; margin: 15mm; }
@media print {
  body { max-width: none; margin: 0; padding: 0; font-size: 10pt; print-color-adjust: exact;
    -webkit-print-color-adjust: exact; }
  pre, div { break-inside: avoid; }
}
"""

_HEAD: Final = """<!DOCTYPE html>
<html lang="{lang}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width">
<title>{title}</title>
<style>{style}</style>
</head>
<body>
"""
_STUDENT: Final = '<p>{word} <span class="name">{name}&nbsp;</span></p>\n'
_TAGS: Final = {"en": "en", "zh": "zh-CN"}


def write_results(
    path: Path, lesson: Lesson, progress: Progress, ladders: Mapping[int, Ladder]
) -> None:
    """Write a page (.html), or JSON (.json) without ladders; whole, and readable by nobody else.

    `ladders`: of the proven steps (`ladders.step_ladders`), by number from 0. ValueError with a
    sentence: its name ends in neither. Raises OSError.
    """
    if _is_page(path):
        write_whole(path, results_page(lesson, progress, ladders).encode())
    else:
        write_whole(path, progress.to_json())


def results_file(
    path: Path,
    lesson: Lesson,
    progress: Progress,
    runs: Mapping[int, Collection[int]],
    recording: Path | None,
    *,
    live: Mapping[int, Path],
) -> Background:
    """Begin to write what `write_results` does, with what is drawn of a recording; see `written`.

    `runs`: the activities of the runs in it (see `Player.proving`); `live`: see
    `Player.recordings`. ValueError as there.
    """
    page, kept = _is_page(path), deepcopy(progress)  # answers may change while it is written

    def made() -> bytes:
        if not page:
            return kept.to_json()
        return results_page(lesson, kept, step_ladders(kept, runs, recording, live)).encode()

    return written(path, made)


def _is_page(path: Path) -> bool:
    kind = path.suffix.lower()
    if kind not in {".html", ".htm", ".json"}:
        raise ValueError(_("Results are a page (.html) or JSON (.json)."))
    return kind != ".json"


def results_page(lesson: Lesson, progress: Progress, ladders: Mapping[int, Ladder]) -> str:
    """Return one HTML document that needs nothing else: no script, no other file."""
    title = _shown(lesson.title)
    parts = [
        _HEAD.format(lang=_TAGS[language()], title=title, style=_STYLE),
        f"<h1>{title}</h1>\n",
        _STUDENT.format(word=_("Student"), name=_shown(progress.student)),
        *(_sentence(one) for one in summary(progress)),
    ]
    pairs = zip(lesson.steps, progress.steps, strict=True)
    for number, (step, state) in enumerate(pairs):
        parts += [
            f"<section>\n<h2>{number + 1}. {_shown(step.title)}</h2>\n",
            *_paragraphs(step.task),
            *_question(_("Prediction"), step.prediction, state.prediction),
            *_run(step, state, ladders.get(number, ())),
            *_question(_("What was seen"), step.seen, state.seen),
            "</section>\n",
        ]
    return "".join([*parts, "</body>\n</html>\n"])


def _question(heading: str, question: Question, answer: Answer | None) -> Iterator[str]:
    """Yield a question, and what was answered."""
    yield f"<div>\n<h3>{_shown(heading)}</h3>\n"
    yield from _paragraphs(question.text)
    if question.number is None:
        yield "<ul>\n"
        for place, choice in enumerate(question.choices):
            given = answer is not None and answer.given == place
            mark = "●" if given else "○"
            verdict = _verdict(choice.right) if given else ""
            yield f"<li>{mark} {_marked(choice.text)}{verdict}</li>\n"
        yield "</ul>\n"
    elif answer is not None:
        number = _shown(f"{answer.given:.12g} {question.number.unit}")
        yield f"<p>● {number}{_verdict(answer.right)}</p>\n"
    if answer is None:
        yield _sentence(_("Not answered."), "missing")
    else:
        yield _sentence(_time(answer.at), "at")
    yield "</div>\n"


def _run(step: Step, state: StepProgress, ladder: Ladder) -> Iterator[str]:
    """Yield the script, how it was proven, and what happened."""
    heading = _("Run")
    yield f"<h3>{_shown(heading)}</h3>\n"
    if step.script:
        script = "\n".join(_shown(line.text) for line in step.script)
        yield f"<pre>{script}</pre>\n"
    if not state.proof:
        told = ngettext(
            "Run {count} time, not proven.", "Run {count} times, not proven.", state.runs
        )
        told = told.format(count=state.runs) if state.runs else _("Not run.")
        yield _sentence(told, "missing")
        return
    yield _sentence(f"✓ {_proof(state.proof)}")
    yield _sentence(_time(state.proven_at), "at")
    for picture in ladder:
        yield f"<figure>{picture[picture.index('<svg') :]}</figure>\n"
    if not ladder:
        yield _sentence(_("Its ladder was not recorded."))


def _proof(proof: str) -> str:
    """Return how a step was proven, in a sentence."""
    if proof == BY_RUN:
        return _("Proven by a run on real sockets.")
    for case in CASES:
        if proof.removeprefix(LIVE) == f"case {case.name}":
            told = _("Proven by the recorded case {name} ({title}).")
            if proof.startswith(LIVE):
                told = _("Proven by the case {name} ({title}), recorded live.")
            return told.format(name=case.name, title=_(case.title))
    return _("Proven by: {proof}").format(proof=proof)


def _verdict(right: bool) -> str:
    kind, word = ("right", _("right")) if right else ("wrong", _("wrong"))
    return f' – <span class="{kind}">{_shown(word)}</span>'


def _sentence(text: str, kind: str = "") -> str:
    named = f' class="{kind}"' if kind else ""
    return f"<p{named}>{_shown(text)}</p>\n"


def _paragraphs(paragraphs: Iterable[Paragraph]) -> Iterator[str]:
    for paragraph in paragraphs:
        yield f"<p>{_marked(paragraph.text)}</p>\n"


def _marked(text: str) -> str:
    """Return the HTML of a paragraph's Markdown, bold and code; nothing else in it is markup."""

    def tagged(found: re.Match[str]) -> str:
        tag = "code" if found[1] == "`" else "strong"
        return f"<{tag}>{found[2]}</{tag}>"

    return re.sub(r"(\*\*|`)(.+?)\1", tagged, _shown(text))


def _shown(text: str) -> str:
    """Return any text so that it may stand in HTML."""
    return escape(visible_text(text, None))


def _time(at: str) -> str:
    """Return a time (RFC 3339) on this computer's clock; what is none, as it is."""
    try:
        return datetime.fromisoformat(at).astimezone().strftime("%Y-%m-%d %H:%M:%S %z")
    except (ValueError, OverflowError, OSError):
        return at
