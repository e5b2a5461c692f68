"""The line in which one types what is sent: nothing typed is lost, what is wrong is said."""

from __future__ import annotations

import tkinter as tk

import pytest

from gui.models.typed import Typed
from gui.theme.theme import Theme
from gui.translated import retranslate
from gui.widgets.composer import Composer
from gui.widgets.tooltip import words_of


class Sent:
    """Takes what a composer sends; refuses when told to."""

    def __init__(self) -> None:
        self.lines: list[Typed] = []
        self.refusal: str | None = None

    def __call__(self, typed: Typed) -> str | None:
        if not self.refusal:
            self.lines.append(typed)
        return self.refusal


@pytest.fixture
def sent() -> Sent:
    return Sent()


@pytest.fixture
def composer(root: tk.Tk, theme: Theme, sent: Sent) -> Composer:
    made = Composer(root, theme, sent, ["utf-8", "gb18030"])
    made.pack(fill="x", side="bottom")
    root.update()
    made.entry.focus_force()
    root.update()
    return made


def press(widget: tk.Misc, key: str) -> None:
    widget.event_generate(key)
    widget.update()


def test_return_sends_what_is_typed_and_empties_the_line(composer: Composer, sent: Sent) -> None:
    composer.text = "你好"
    press(composer.entry, "<Return>")
    assert sent.lines == [Typed("你好")]
    assert composer.text == ""


def test_what_cannot_be_sent_stays_typed_and_says_why(composer: Composer, sent: Sent) -> None:
    sent.refusal = "gbk has no 😀"
    composer.text = "smile 😀"
    composer.send_button.invoke()
    assert composer.text == "smile 😀"
    assert composer.wrong == "✗ gbk has no 😀"
    assert composer.entry.instate(["invalid"])
    press(composer.entry, "<KeyRelease-BackSpace>")
    assert composer.wrong == ""


def test_return_with_sending_disabled_keeps_the_line(composer: Composer, sent: Sent) -> None:
    composer.enable(False, "Connect first.")
    composer.text = "early"
    press(composer.entry, "<Return>")
    assert (composer.text, sent.lines) == ("early", [])
    assert words_of(composer.send_button) == "Connect first."


def test_up_brings_back_the_last_line_and_down_the_draft(composer: Composer) -> None:
    composer.text = "first"
    press(composer.entry, "<Return>")
    composer.text = "draft"
    press(composer.entry, "<Up>")
    assert composer.text == "first"
    press(composer.entry, "<Down>")
    assert composer.text == "draft"


def test_hex_carries_neither_line_ending_nor_encoding(composer: Composer, sent: Sent) -> None:
    composer.mode.choose("hex")
    assert composer.eol.instate(["disabled"])
    composer.text = "e5 b7 b2"
    press(composer.entry, "<Return>")
    assert sent.lines == [Typed("e5 b7 b2", "hex")]
    composer.mode.choose("text")
    assert not composer.eol.instate(["disabled"])


def test_a_word_about_an_error_goes_with_its_language(
    root: tk.Tk, composer: Composer, sent: Sent
) -> None:
    sent.refusal = "gbk has no 😀"
    composer.text = "😀"
    press(composer.entry, "<Return>")
    retranslate(root)
    assert composer.wrong == ""
