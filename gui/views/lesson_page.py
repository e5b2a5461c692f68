"""The text of a lesson: what is to be done, the questions with their answers, the explanation."""

from __future__ import annotations

import re
import tkinter as tk
from collections.abc import Callable
from functools import partial
from tkinter import ttk
from typing import Final

from gui.models.lesson_text import Asked, Block, answer_in_words
from gui.theme.theme import Theme
from gui.widgets.field import Field
from gui.widgets.prose import Prose
from netlib import N_, _
from netlib.teaching.lesson import Question, spans, typed_number

_LEADING: Final = ("Tab", "ISO_Left_Tab", "Up", "Down", "space")
_CHOSEN, _OTHER, _RIGHT, _WRONG = "●", "○", "✓", "✗"


class LessonPage(Prose):
    """Shows blocks; the answer to the one question that is asked is in `answer`."""

    def __init__(
        self,
        parent: tk.Misc,
        theme: Theme,
        on_answer: Callable[[], object],
        on_enter: Callable[[], object],
    ) -> None:
        """Show nothing yet; `on_answer`: something was chosen or typed; `on_enter`: go on."""
        super().__init__(parent, theme)
        self._on_answer, self._on_enter = on_answer, on_enter
        self._blocks: list[Block] = []
        self._starts: list[str] = []
        """Where each begins."""
        self._place: object = None
        self._asked: object = None
        """Which question was asked last."""
        self._chosen = tk.IntVar(self, -1)
        self._typed = tk.StringVar(self)
        self._trace = self._typed.trace_add("write", lambda *_change: on_answer())
        for key in ("<Return>", "<KP_Enter>"):
            self.text.bind(key, lambda _event: self._enter())
        self.radios: list[ttk.Radiobutton] = []
        """The choices of the question that is asked now."""
        self.field: Field | None = None
        """Where its number is typed."""

    def show(self, place: object, blocks: list[Block]) -> None:
        """Show the blocks of a place; what is new of them comes to the top."""
        if (place, blocks) == (self._place, self._blocks):
            return
        stays, top, before = place == self._place, self.text.yview()[0], len(self._blocks)
        self._place, self._blocks = place, blocks
        self._write()
        if stays and len(blocks) > before:
            self.text.yview(self._starts[before])
        else:
            self.text.yview_moveto(top if stays else 0.0)

    def destroy(self) -> None:
        """Go, and stop watching: a trace, which Tcl holds, would keep the whole window."""
        self._typed.trace_remove("write", self._trace)
        super().destroy()

    @property
    def has_answer(self) -> bool:
        """Whether something was chosen or typed."""
        return self._chosen.get() >= 0 or bool(self._typed.get().strip())

    def answer(self) -> float | None:
        """Return the answer; None: it is none, which is said beside the field."""
        if self.field is not None:
            return typed_number(self.field.text) if self.field.accept() else None
        return self._chosen.get() if self._chosen.get() >= 0 else None

    def focus_question(self) -> None:
        """Give the keyboard to what answers the question."""
        chosen = max(self._chosen.get(), 0)
        controls = [self.field.entry] if self.field is not None else self.radios[chosen:]
        (controls or [self.text])[0].focus_set()

    # -- inside ----------------------------------------------------------------------------------

    def _write(self) -> None:
        self.clear()
        self.field, self.radios, self._starts = None, [], []
        for block in self._blocks:
            self._starts.append(self.text.index("end-1c"))
            if not isinstance(block, Asked):
                marked = block.kind not in {"title", "head"}
                shown = spans(block.text) if marked else [(block.text, "")]
                self.add(block.kind, shown, block.sources)
            elif block.given is not None:
                self._answered(block, block.given)
            else:
                self._ask(block)
        self.text.delete("end-1c")

    def _ask(self, asked: Asked) -> None:
        """Ask; what was chosen or typed before is there again if it is the same question."""
        if (self._place, asked.which) != self._asked:
            self._asked = self._place, asked.which
            self._chosen.set(-1)
            self._typed.set("")
        if asked.question.number is not None:
            self._ask_number(asked.question.number.unit)
        else:
            self._ask_choice(asked.question)

    def _ask_choice(self, question: Question) -> None:
        for number, choice in enumerate(question.choices):
            radio = ttk.Radiobutton(
                self.text, value=number, variable=self._chosen, command=self._on_answer
            )
            self._listen(radio, radio)
            self.radios.append(radio)
            self.embed(radio)
            tag = f"choice-{number}"
            self.add("choice", spans(choice.text), tag=tag)
            self.text.tag_bind(tag, "<ButtonRelease-1>", partial(self._clicked, radio))

    def _clicked(self, radio: ttk.Radiobutton, _event: object) -> None:
        """Choose by a click on the words; not where they were selected."""
        if not self.text.tag_ranges("sel"):
            radio.invoke()
            radio.focus_set()

    def _ask_number(self, unit: str) -> None:
        field = self.field = Field(
            self.text, self._theme, N_("Your answer"), _wrong_number, width=10, unit=lambda: unit
        )
        field.entry.configure(textvariable=self._typed)
        self._listen(field.entry, field, *field.winfo_children())
        self.embed(field)
        self.text.insert("end", "\n", ("choice",))

    def _answered(self, asked: Asked, given: float) -> None:
        """Show what was answered; once it is judged, what was right."""
        question = asked.question
        if question.number is not None:
            right = question.reply(given).right
            signs = (_RIGHT if right else _WRONG) if asked.judged else _CHOSEN
            kind = ("good" if right else "bad") if asked.judged else ""
            answer = answer_in_words(question, given)
            self.add("answer", [(f"{signs} ", kind), (answer, "bold")])
            return
        for number, choice in enumerate(question.choices):
            chosen = number == given
            sign, look = (_CHOSEN, "") if chosen else (_OTHER, "muted")
            if asked.judged and (chosen or choice.right):
                sign, look = (_RIGHT, "good") if choice.right else (_WRONG, "bad")
            usual = "bold" if chosen else ""
            shown = [(one.text, one.look or usual) for one in spans(choice.text)]
            self.add("answer", [(f"{sign} ", look), *shown])

    def _listen(self, keyboard: tk.Misc, *parts: tk.Misc) -> None:
        """Let Enter in a control answer, and the wheel over its parts scroll the text.

        A key that leads to it brings it into sight; Enter, which asks the next question, does not:
        what is above the question is read first.
        """
        for key in ("<Return>", "<KP_Enter>"):
            keyboard.bind(key, lambda _event: self._enter())
        for key in _LEADING:
            keyboard.bind(f"<KeyRelease-{key}>", lambda _event: self.text.see(str(parts[0])))
        for part in parts:
            for event, way in (("<Button-4>", -1), ("<Button-5>", 1), ("<MouseWheel>", 0)):
                part.bind(event, partial(self._wheel, way))

    def _enter(self) -> str:
        """Go on, or say what is wrong with the number; "break": the key is used up."""
        if self.field is None or self.field.accept():
            self._on_enter()
        return "break"

    def _wheel(self, way: int, event: tk.Event[tk.Misc]) -> str:
        self.text.yview_scroll(3 * (way or (-1 if event.delta > 0 else 1)), "units")
        return "break"


def _wrong_number(typed: str) -> str | None:
    """Return in a sentence why a text is no number; None: it is one."""
    if typed_number(typed) is not None:
        return None
    if not typed.strip():
        return _("Please type a number first.")
    if (meant := typed_number(re.sub("[,，]", ".", typed))) is not None:
        return _("A point stands before the decimals: {example}").format(example=f"{meant:g}")
    return _("Please type a number, as in 12 or 3.5.")
