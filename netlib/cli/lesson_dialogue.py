"""A lesson in a terminal: its text, its questions, what happens in a run, and what was proven."""

from __future__ import annotations

import unicodedata
from argparse import Namespace
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from netlib import Chunk, EventQueue, Item, LineBuffer, _, broken, now, visible, wall_clock
from netlib.cli.console import BLOCK_BYTES, Console, UsageError, read_input, terminal_columns
from netlib.cli.files import Output, read_file
from netlib.cli.lesson_results import handing_in
from netlib.cli.online import TICK_SECONDS, online
from netlib.cli.reports import json_report
from netlib.lessons.ladders import ladder_text
from netlib.lessons.player import Player
from netlib.lessons.progress import Progress, read_progress, summary
from netlib.lessons.run import Run
from netlib.live_cases.live import why_not_live
from netlib.teaching.cases import Case, find_case
from netlib.teaching.lesson import (
    Choice,
    Lesson,
    Paragraph,
    Question,
    source_in_words,
    spans,
    typed_number,
)
from netlib.teaching.lesson_script import in_words
from netlib.teaching.lines import PLAIN, LogEntry, format_row

SHOWN_BYTES: Final = 60
"""How much of each chunk is shown."""
MOST_COLUMNS: Final = 100
_PROOFS: Final = frozenset({"expect", "not-yet", "cannot-send"})


class LeftError(Exception):
    """The input has ended before the lesson."""


class LessonDialogue:
    """One lesson, with questions, or (--auto) without."""

    def __init__(self, lesson: Lesson, options: Namespace, console: Console) -> None:
        """UsageError: the file of answers is of no use."""
        self._lesson, self._options, self._console = lesson, options, console
        self._report = json_report(options, console)
        self._typed = LineBuffer(BLOCK_BYTES)
        self._lines: list[bytes] = []
        self._folder = Path()
        """For cases that are recorded here and now."""
        self._why_not_live = ""
        """Why none can be, where that is wanted; empty: they are."""
        self._columns = min(terminal_columns(), MOST_COLUMNS)

    def play(self) -> int:
        """Play all steps, or those that are not done; return the exit code."""
        lesson = self._lesson
        progress = self._kept() or Progress(lesson.name, len(lesson.steps))
        progress.student = self._options.student or progress.student
        if self._options.live:
            self._why_not_live = why_not_live()
        self._keep(progress)  # before anything is played: it can be written there
        first = progress.next_step
        with (
            handing_in(lesson, progress, self._options, self._console) as (recorded, kept),
            online(recorded, self._console) as (network, queue),
        ):
            self._say(f"{lesson.title}\n")
            player = Player(lesson, network, progress, kept.proving, kept.live)
            self._folder = kept.folder
            try:
                if not first:
                    self._tell(lesson.introduction)
                for number in range(first, len(lesson.steps)):
                    player.go_to(number)
                    self._step(player, queue)
            except LeftError:
                self._console.note(_("The lesson was left before its end."))
            finally:
                player.close()
                self._keep(progress)
        return self._conclude(progress)

    # -- a step ----------------------------------------------------------------------------------

    def _step(self, player: Player, queue: EventQueue) -> None:
        step, asks = player.step, not self._options.auto
        self._say(f"\n{player.number + 1}. {step.title}\n")
        self._tell(step.task)
        predicted = player.predict(self._ask(step.prediction)) if asks else None
        while not self._run(player, queue) and asks and self._again():
            pass
        if asks:
            self._reply(player.see(self._ask(step.seen)))
        if predicted is not None:
            self._say(_("Your prediction: {text}").format(text=predicted.text))
            self._reply(predicted)
        self._say(_("Why"))
        self._tell(step.why)
        if step.loopback:
            self._say(_("What loopback cannot show"))
            self._tell(step.loopback)
        if where := self._lesson.documented:
            self._say(
                _("That people believe otherwise is documented: {where}").format(where=where) + "\n"
            )
        self._keep(player.progress)

    def _run(self, player: Player, queue: EventQueue) -> bool:
        """Run the step and show what happens; tell whether it was proven."""
        live = self._options.live and not self._why_not_live
        player.begin(live_in=self._folder if live else None)
        run = player.run
        assert run is not None
        shown = 0
        while True:
            for line in run.script[shown : run.done]:
                if line.verb in _PROOFS:
                    self._say(f"   ✓ {in_words(line)}")
            shown = run.done
            if run.over:
                break
            queue.wait(TICK_SECONDS / 5)
            for item in queue.take():
                self._show(item, run.names)
                player.hear(item)
            player.turn()
        self._proven(player, run)
        return not run.why_not

    def _proven(self, player: Player, run: Run) -> None:
        """Say how a run has ended."""
        step, why_not = player.step, run.why_not
        result = why_not
        if why_not:
            self._console.note(f"   ✗ {player.number + 1}. {visible(step.title)}: {why_not}")
        elif player.by_case:
            case = find_case(step.case)
            result = _proven_by(case, run, self._why_not_live)
            self._say(f"   ✓ {result}\n\n{_(case.look)} [{_(case.source)}]\n")
            if run.recording is not None:
                self._say("\n".join(ladder_text(run.recording)) + "\n")
        else:
            self._say("   ✓ " + _("Proven.") + "\n")
        if self._report is not None:
            self._console.record(
                {
                    "event": "step",
                    "at": round(now() + wall_clock.offset(), 6),
                    "title": step.title,
                    "ok": not why_not,
                    "proof": player.state.proof if not why_not else "",
                    "result": result,
                }
            )

    def _show(self, item: Item, names: dict[int, str]) -> None:
        """Show one thing that happened."""
        if self._report is not None:
            self._report(item)
        elif item.activity in names:
            if isinstance(item, Chunk):
                entry = LogEntry(0.0, item.direction, visible(item.data, limit=SHOWN_BYTES))
            else:
                entry = LogEntry(0.0, item)
            self._say(f"     {names[item.activity]}  {format_row(entry, PLAIN)[1]}")

    # -- text and questions ----------------------------------------------------------------------

    def _say(self, text: str) -> None:
        """Write words of ours or of the lesson's, which may be a stranger's; not among JSON."""
        if self._report is None:
            self._console.received(f"{text}\n")

    def _tell(self, paragraphs: Iterable[Paragraph]) -> None:
        """Write paragraphs, each with its sources."""
        for paragraph in paragraphs:
            sources = "".join(f" [{source_in_words(one)}]" for one in paragraph.sources)
            text = "• " * paragraph.item + plain(paragraph.text) + sources
            lines = broken(text, _width, self._columns) if self._console.is_terminal else [text]
            self._say("\n".join(lines) + "\n")

    def _reply(self, choice: Choice) -> None:
        self._say(_("Right.") if choice.right else _("Not so."))
        self._tell(choice.reply)

    def _ask(self, question: Question) -> float:
        """Ask until there is an answer. LeftError: there is no more input."""
        self._tell(question.text)
        number = question.number
        if number is None:
            for place, choice in enumerate(question.choices, 1):
                self._say(f"  {place}  {plain(choice.text)}")
        prompt = _("Your answer, a number") if number is not None else _("Your answer")
        while True:
            self._say(f"{prompt}:")
            given = typed_number(self._line())
            if given is not None and number is not None:
                return given
            if given is not None and given - 1 in range(len(question.choices)):
                return given - 1
            self._say(_("Please type a number, and Enter."))

    def _again(self) -> bool:
        self._say(_("Run it again? Enter: yes; n: go on without the proof."))
        return self._line().lower() not in {"n", "no"}

    def _line(self) -> str:
        """Return the next line that is typed. LeftError: there is none."""
        while not self._lines:
            data = read_input(BLOCK_BYTES)
            self._lines += self._typed.feed(data).splitlines()
            if not data:
                if not (rest := self._typed.rest()):
                    raise LeftError
                self._lines.append(rest)
        return self._lines.pop(0).decode(errors="replace").strip()

    # -- answers ---------------------------------------------------------------------------------

    def _kept(self) -> Progress | None:
        """Read the answers that were kept; None: there are none."""
        name = self._options.answers
        if name is None or not Path(name).exists():
            return None
        try:
            return read_progress(read_file(name), self._lesson)
        except ValueError as wrong:
            raise UsageError(_("{name}: {text}").format(name="--answers", text=wrong)) from None

    def _keep(self, progress: Progress) -> None:
        if self._options.answers is not None:
            with Output(Path(self._options.answers)) as output:
                output.write(progress.to_json())
                output.commit()

    def _conclude(self, progress: Progress) -> int:
        """Say how much was proven, and how many answers were right; return the exit code."""
        for sentence in summary(progress):
            self._say(sentence)
        return max(self._console.code, int(not all(step.proof for step in progress.steps)))


def _proven_by(case: Case, run: Run, why_not_live: str) -> str:
    """Return in words that a case has proven a step, recorded live or, with the reason, not."""
    told = _("Not run here: the recorded case proves it, {name} ({title}).")
    if run.recording is not None:
        told = _("Recorded here just now: {name} ({title}).")
    told = told.format(name=f"case:{case.name}", title=_(case.title))
    if not why_not_live:
        return told
    why = _("Not recorded here: {why}.").format(why=why_not_live)
    return _("{one} {other}").format(one=why, other=told)


def plain(text: str) -> str:
    """Return a paragraph's Markdown as plain text: without marks for emphasis and code."""
    return "".join(span.text for span in spans(text))


def _width(text: str) -> int:
    """Return how many columns a text takes in a terminal."""
    return sum(1 + (unicodedata.east_asian_width(one) in "WF") for one in text)
