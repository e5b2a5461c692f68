"""Lessons and experiments in Markdown: a small header, then steps.

A step stands under `##`, its parts under `###`.

docs/lessons.md has the format. Nothing is run and no other file is read; what cannot be read is a
complaint with its line, and a step without complaint can be played all the same.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from netlib.i18n import _
from netlib.teaching.cases import CASES
from netlib.teaching.lesson import Choice, Lesson, Number, Paragraph, Question, Step
from netlib.teaching.lesson_script import Line, parse_line
from netlib.text import visible
from netlib.value import NamedTuple, replace

if TYPE_CHECKING:
    from markdown_it.tree import SyntaxTreeNode

MOST_FILE_BYTES: Final = 1 << 18
MOST_EXPERIMENT_MINUTES: Final = 2
KINDS: Final = ("weird", "useful", "lesson")
"""What an experiment may be."""

HEADINGS: Final = {
    "predict": ("Predict", "预测"),
    "run": ("Run", "运行"),
    "seen": ("What did you see?", "你看到了什么？"),
    "why": ("Why", "为什么"),
    "loopback": ("Not on loopback", "环回上看不到"),
}
"""The parts of a step, and their headings in each language; what comes before them is the task."""
_OPTIONAL: Final = {"loopback"}

_SOURCE: Final = r"\s*\[(RFC \d+ §[0-9A-Z][0-9.]*|RFC \d{1,3}|case ([a-z-]+)|run)\]$"
"""RFC 768 has no numbered sections, nor have most that are as old."""
_CHOICE: Final = r"\[([ x=])\]\s+(.+)"
_NUMBER: Final = r"(-?\d+(?:\.\d+)?)(?:\s*±\s*(\d+(?:\.\d+)?))?(?:\s+(.*))?"
_HAN: Final = r"\u4e00-\u9fff"
_FULL_WIDTH: Final = r"\u3000-\u303f\uff00-\uffef“”"


class Complaint(NamedTuple):
    """What is wrong with a lesson."""

    line: int
    sentence: str
    """What was found, and what was expected."""


class Reading(NamedTuple):
    """What could be read of a lesson."""

    lesson: Lesson | None
    """With the steps that have no complaint; None: there is nothing to play."""
    complaints: tuple[Complaint, ...]


def read_lesson(data: bytes) -> Reading:
    """Read a lesson, UTF-8."""
    try:
        return _Reader(_lines(data)).read()
    except ValueError as refused:
        return Reading(None, (Complaint(1, str(refused)),))


def _lines(data: bytes) -> list[str]:
    """Return the lines of a file. ValueError with a sentence: it cannot be a lesson."""
    if not data.strip():
        raise ValueError(_("The file is empty; expected a lesson."))
    if len(data) > MOST_FILE_BYTES:
        told = _("{size:,} bytes; a lesson has at most {most:,}.")
        raise ValueError(told.format(size=len(data), most=MOST_FILE_BYTES))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ValueError(_("The file is not UTF-8.")) from None
    lines = text.replace("\r\n", "\n").split("\n")
    if lines[0].rstrip() != "---" or "---" not in map(str.rstrip, lines[1:]):
        raise ValueError(_("Expected a header: name, title and minutes between two lines ---."))
    return lines


class _Reader:
    """One file, while it is read."""

    def __init__(self, lines: Sequence[str]) -> None:
        self._lines = lines
        self._complaints: list[Complaint] = []
        self._places: dict[str, int] = {}
        """The line of each key of the header."""

    def read(self) -> Reading:
        """Read it all."""
        from markdown_it import MarkdownIt
        from markdown_it.tree import SyntaxTreeNode

        end = next(n for n, line in enumerate(self._lines[1:], 1) if line.rstrip() == "---")
        header = self._header(end)
        body = "\n" * (end + 1) + "\n".join(self._lines[end + 1 :])
        root = SyntaxTreeNode(MarkdownIt("commonmark").parse(body))
        first, *sections = _sections(root.children, "h2")
        if header["kind"]:
            sections = self._only(header, sections)
        steps = [step for section in sections if (step := self._step(section))]
        if not sections:
            self._complain(1, _("Expected a step: a line that begins with ##."))
        lesson = Lesson(
            name=header["name"],
            title=header["title"],
            minutes=int(header["minutes"]),
            introduction=self._prose(first.nodes),
            steps=tuple(steps),
            kind=header["kind"],
            refutes=header["refutes"],
            documented=header["documented"],
        )
        complaints = tuple(sorted(self._complaints))
        return Reading(lesson if steps else None, complaints)

    def _complain(self, line: int, sentence: str) -> None:
        self._complaints.append(Complaint(line, sentence))

    def _header(self, end: int) -> dict[str, str]:
        """Read the lines between the two ---; what is missing has a value all the same."""
        found: dict[str, str] = {}
        for number, line in enumerate(self._lines[1:end], 2):
            key, colon, text = (part.strip() for part in line.partition(":"))
            if not colon or key not in _HEADER or key in self._places:
                told = _("Expected one of these, once, with a colon: {words}.")
                self._complain(number, told.format(words=", ".join(_HEADER)))
                continue
            self._places[key] = number
            if re.fullmatch(_HEADER[key].pattern, text):
                found[key] = text
            else:
                self._complain(number, _HEADER[key].expected())
        for key in _HEADER.keys() - self._places.keys() - _OF_EXPERIMENTS:
            self._complain(1, _("The header lacks: {word}.").format(word=key))
        for key in () if "kind" in self._places else _OF_EXPERIMENTS & self._places.keys():
            told = _("Only experiments have that: expected a line with kind, too.")
            self._complain(self._places[key], told)
        return {key: part.usual for key, part in _HEADER.items()} | found

    def _only(self, header: Mapping[str, str], sections: list[_Section]) -> list[_Section]:
        """Return the one step that an experiment has; see that it is short."""
        if int(header["minutes"]) > MOST_EXPERIMENT_MINUTES:
            told = _("An experiment takes at most {most} minutes.")
            line = self._places.get("minutes", 1)
            self._complain(line, told.format(most=MOST_EXPERIMENT_MINUTES))
        for section in sections[1:]:
            self._complain(section.line, _("An experiment has one step; expected no other."))
        return sections[:1]

    # -- a step ----------------------------------------------------------------------------------

    def _step(self, section: _Section) -> Step | None:
        """Read a step; None: there was something to complain of."""
        before = len(self._complaints)
        task, *parts = _sections(section.nodes, "h3")
        found: dict[str, _Section] = {}
        for part in parts:
            key = next((key for key, words in HEADINGS.items() if part.title in words), "")
            if not key or key in found:
                told = _('Found "{found}"; expected, once each: {words}.')
                words = ", ".join("/".join(pair) for pair in HEADINGS.values())
                self._complain(part.line, told.format(found=visible(part.title), words=words))
            else:
                found[key] = part
        missing = HEADINGS.keys() - found.keys() - _OPTIONAL
        for key in missing if len(self._complaints) == before else ():
            told = _('This step lacks a part "### {heading}".')
            self._complain(section.line, told.format(heading=HEADINGS[key][0]))
        nodes = {key: found[key].nodes if key in found else [] for key in HEADINGS}
        prediction, seen = (
            self._question(found[key]) if key in found else None for key in ("predict", "seen")
        )
        script = self._script(found["run"]) if "run" in found else []
        why, loopback = self._prose(nodes["why"]), self._prose(nodes["loopback"])
        step_task = self._prose(task.nodes)
        if len(self._complaints) > before or prediction is None or seen is None:
            return None
        named = {line.verb: str(line.operand) for line in script if not line.actor}
        return Step(
            line=section.line,
            title=section.title,
            task=step_task,
            prediction=prediction,
            script=tuple(line for line in script if line.actor),
            seen=seen,
            why=why,
            loopback=loopback,
            case=named.get("case", ""),
            systems=tuple(named["only-on"].split(",")) if "only-on" in named else (),
        )

    def _script(self, section: _Section) -> list[Line]:
        """Read the one fenced block of a run."""
        if len(section.nodes) != 1 or section.nodes[0].type != "fence":
            self._complain(section.line, _("Expected one block between two lines ```."))
            return []
        fence, actors, read = section.nodes[0], set[str](), list[Line]()
        first = _line(fence) + 1
        for number, text in enumerate(fence.content.splitlines(), first):
            if not text.strip() or text.lstrip().startswith("#"):
                continue
            try:
                read.append(parse_line(text, number, actors))
            except ValueError as wrong:
                self._complain(number, str(wrong))
                return read  # what follows would be complained of for this line's sake
        self._check_whole(read, first)
        return read

    def _check_whole(self, script: Sequence[Line], first: int) -> None:
        """See that a script proves something, wherever it is played."""
        verbs = [line.verb for line in script]
        if not {"expect", "case"} & set(verbs):
            self._complain(
                first, _("Expected a line with expect, or case: a run proves something.")
            )
        elif "only-on" in verbs and "case" not in verbs:
            self._complain(first, _("Expected a line with case: it stands for other systems."))

    # -- text and questions ----------------------------------------------------------------------

    def _question(self, section: _Section) -> Question | None:
        """Read a text, and the list of its choices."""
        if len(section.nodes) < 2 or section.nodes[-1].type != "bullet_list":
            told = _("Expected a question, and a list of choices: - [ ] wrong, - [x] right.")
            self._complain(section.line, told)
            return None
        *text, last = section.nodes
        before = len(self._complaints)
        marks, choices = [], []
        for item in last.children:
            mark, choice = self._choice(item)
            marks.append(mark)
            choices.append(choice)
        number = None
        if "=" in marks:
            number = self._number(section, marks, choices[0].text)
        elif marks.count("x") != 1 or len(marks) < 2:
            told = _("Expected two choices or more, and one of them right: [x].")
            self._complain(_line(last), told)
        question = Question(self._prose(text), tuple(choices), number)
        return question if len(self._complaints) == before else None

    def _choice(self, item: SyntaxTreeNode) -> tuple[str, Choice]:
        """Read a choice: its mark and text, then what is said to who chooses it."""
        reply = item.children[1:]
        text = _text(item.children[0]) if item.children else ""
        found = re.match(_CHOICE, text, re.DOTALL)
        if found is None:
            self._complain(
                _line(item), _("Expected a choice: [ ] wrong, [x] right, or [=] a number.")
            )
        elif not reply:
            self._complain(
                _line(item), _("Expected, below the choice, what is said to who gives it.")
            )
        mark, words = found.groups() if found is not None else (" ", "")
        return mark, Choice(_line(item), words, mark != " ", self._prose(reply))

    def _number(self, section: _Section, marks: list[str], text: str) -> Number | None:
        """Read the number that is right; the choice after it is for all others."""
        found = re.fullmatch(_NUMBER, text)
        if marks != ["=", " "] or found is None:
            told = _("Expected two choices: [=] 3 ±1 UNIT, and [ ] for every other number.")
            self._complain(section.line, told)
            return None
        return Number(float(found[1]), float(found[2] or 0.0), found[3] or "")

    def _prose(self, nodes: Sequence[SyntaxTreeNode]) -> tuple[Paragraph, ...]:
        return tuple(self._paragraphs(nodes))

    def _paragraphs(self, nodes: Sequence[SyntaxTreeNode]) -> Iterator[Paragraph]:
        """Yield paragraphs and the items of lists, each without its sources."""
        for node in nodes:
            if node.type == "paragraph":
                yield self._paragraph(_line(node), _text(node))
            elif node.type == "bullet_list":
                for item in node.children:
                    inside = self._paragraphs(item.children)
                    yield from (replace(one, item=True) for one in inside)
            else:
                self._complain(_line(node), _("Expected a paragraph or a list."))

    def _paragraph(self, line: int, text: str) -> Paragraph:
        sources = []
        while found := re.search(_SOURCE, text):
            sources.append(found[1])
            text = text[: found.start()]
            if found[2] and found[2] not in [case.name for case in CASES]:
                names = ", ".join(case.name for case in CASES)
                self._complain(
                    line, _("There is no such case; there are: {names}").format(names=names)
                )
        return Paragraph(line, text, tuple(reversed(sources)))


class _HeaderKey(NamedTuple):
    """A key of the header."""

    pattern: str
    expected: Callable[[], str]
    usual: str
    """Where it is missing or wrong."""


_HEADER: Final[Mapping[str, _HeaderKey]] = {
    "name": _HeaderKey(
        r"[a-z][a-z0-9-]{0,39}",
        lambda: _("Expected a name of at most 40 small letters, digits and hyphens."),
        "lesson",
    ),
    "title": _HeaderKey(r".{1,80}", lambda: _("Expected a title of 1 to 80 characters."), "–"),
    "minutes": _HeaderKey(r"[1-9][0-9]?", lambda: _("Expected minutes, from 1 to 99."), "1"),
    "kind": _HeaderKey(
        "|".join(KINDS),
        lambda: _("Expected one of: {words}.").format(words=", ".join(KINDS)),
        "",
    ),
    "refutes": _HeaderKey(
        r"M[1-9][0-9]?",
        lambda: _("Expected the number of a misconception: M1 to M99."),
        "",
    ),
    "documented": _HeaderKey(
        r".{1,200}",
        lambda: _("Expected where it is documented, in 1 to 200 characters."),
        "",
    ),
}
_OF_EXPERIMENTS: Final = frozenset({"kind", "refutes", "documented"})
"""Keys that only experiments have, and need not have."""


class _Section(NamedTuple):
    """A heading and what is below it."""

    line: int
    title: str
    nodes: list[SyntaxTreeNode]


def _sections(nodes: Sequence[SyntaxTreeNode], level: str) -> list[_Section]:
    """Cut at the headings of a level; the first section is what comes before them."""
    sections = [_Section(_line(nodes[0]) if nodes else 1, "", [])]
    for node in nodes:
        if node.type == "heading" and node.tag == level:
            sections.append(_Section(_line(node), _text(node), []))
        else:
            sections[-1].nodes.append(node)
    return sections


def _line(node: SyntaxTreeNode) -> int:
    """Return the line where it begins, from 1."""
    return node.map[0] + 1 if node.map else 1


def _text(node: SyntaxTreeNode) -> str:
    """Return the Markdown of a paragraph or heading, in one line; Chinese joins without a blank."""
    content = node.children[0].content if node.children else ""
    text = re.sub(rf"(?<=[{_FULL_WIDTH}])\n\s*|(?<=[{_HAN}])\n\s*(?=[{_HAN}])", "", content)
    return re.sub(r"\s*\n\s*", " ", text).strip()
