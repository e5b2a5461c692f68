"""A lesson as data: what an answer is worth, and what two translations must have in common."""

from __future__ import annotations

import pytest

from netlib.teaching.lesson import Span, differences, spans, typed_number
from tests.lessons import SMALL, lesson


def test_each_answer_has_its_reply() -> None:
    first, second = lesson().steps[0].prediction, lesson().steps[0].seen
    assert [(one.right, one.text) for one in map(first.reply, (0, 1))] == [
        (True, "The line, with a prefix."),
        (False, "Nothing."),
    ]
    assert second.number is not None
    assert second.number.unit == "lines"
    assert [second.reply(given).right for given in (1, 1.5, 0, float("nan"))] == [
        True,
        False,
        False,
        False,
    ]
    for given in (2, -1, 0.5):
        with pytest.raises(ValueError, match="choice"):
            first.reply(given)


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("12", 12.0),
        (" -3.5 ", -3.5),
        ("−0.0001", -0.0001),  # as the program writes a clock that is behind
        ("－１２．５", -12.5),  # as an input method of Chinese does
        *((wrong, None) for wrong in ("", "3,5", "1e400", "nan", "٣", "1_0", "--1", "9" * 10)),
    ],
)
def test_a_number_is_one_as_people_type_it(typed: str, number: float | None) -> None:
    assert typed_number(typed) == number


def test_claims_without_a_source_are_found_by_their_lines() -> None:
    assert lesson().without_source() == []
    text = SMALL.replace("The server answers each line. [run]", "The server answers each line.")
    (line,) = lesson(text).without_source()
    assert text.splitlines()[line - 1] == "The server answers each line."
    text = SMALL.replace("  Count again. [run]", "  Count again. [a friend]")
    assert len(lesson(text).without_source()) == 1, "not everything in brackets is a source"


@pytest.mark.parametrize(
    ("old", "new", "same"),
    [
        ("A client sends a line.", "客户端发送一行。", True),
        ("How many lines", "多少行", True),
        ('send client "hi\\n"', 'send client "ho\\n"', False),
        ("- [x] The line", "- [ ] The line", None),
        ("[=] 1 ±0", "[=] 2 ±0", False),
        ("[RFC 9293 §3.8.1]", "[RFC 9293 §3.8]", False),
        ("case handshake\n```", "case close\n```", False),
        ("minutes: 5", "minutes: 6", False),
    ],
)
def test_translations_have_the_same_actions_answers_and_sources(
    old: str, new: str, same: bool | None
) -> None:
    text = SMALL.replace(old, new, 1)
    assert text != SMALL
    if same is None:  # no lesson any more: two right answers moved
        text = text.replace("- [ ] Nothing.", "- [x] Nothing.", 1)
        same = False
    assert (list(differences(lesson(), lesson(text))) == []) is same


@pytest.mark.parametrize(
    ("markdown", "expected"),
    [
        ("plain", [("plain", "")]),
        ("**Bold** and `a**b`.", [("Bold", "bold"), (" and ", ""), ("a**b", "code"), (".", "")]),
        ("2 ** 3, a ` alone", [("2 ** 3, a ` alone", "")]),
        ("", []),
    ],
)
def test_a_paragraph_is_cut_where_it_looks_different(
    markdown: str, expected: list[tuple[str, str]]
) -> None:
    assert list(spans(markdown)) == [Span(*one) for one in expected]  # type: ignore[arg-type]


def test_items_of_a_list_say_that_they_are_some() -> None:
    why = lesson(
        SMALL.replace("The server answers each line. [run]", "So. [run]\n\n- One. [run]\n- Two.")
    )
    assert [(one.text, one.item) for one in why.steps[0].why] == [
        ("So.", False),
        ("One.", True),
        ("Two.", True),
    ]
