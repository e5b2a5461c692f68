"""Lessons in Markdown: what is wrong is told by its line, and the rest can be played."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netlib.teaching.lesson_reader import MOST_FILE_BYTES, read_lesson
from tests.lessons import SMALL, lesson


def test_a_lesson_is_read_with_the_lines_of_its_parts() -> None:
    small = lesson()
    assert (small.name, small.title, small.minutes) == ("small", "A small lesson", 5)
    assert [(one.text, one.sources) for one in small.introduction] == [
        ("What it is about.", ("run",))
    ]
    first, second = small.steps
    lines = SMALL.splitlines()
    assert lines[first.line - 1] == "## One line"
    assert [lines[one.number - 1] for one in first.script] == [one.text for one in first.script]
    assert [lines[one.line - 1] for one in first.why] == ["The server answers each line. [run]"]
    assert first.loopback[0].sources == ("RFC 9293 §3.8.1",)
    assert (second.case, second.script, second.systems) == ("handshake", (), ())


def test_a_file_of_windows_and_a_byte_order_mark_are_read_alike() -> None:
    data = b"\xef\xbb\xbf" + SMALL.replace("\n", "\r\n").encode()
    assert read_lesson(data).lesson == lesson()


def test_headings_may_be_chinese_and_lines_of_chinese_join_without_a_blank() -> None:
    text = SMALL.replace("### Predict", "### 预测").replace("### Why", "### 为什么")
    text = text.replace(
        "The server answers each line. [run]", "服务器应答\n每一行，\nACK 除外。 [run]"
    )
    assert lesson(text).steps[0].why[0].text == "服务器应答每一行，ACK 除外。"


RUN = SMALL[SMALL.index("```") : SMALL.index("```\n\n###") + 3]

BROKEN: list[tuple[str, str, str, str]] = [
    # what is replaced, by what, the line that is named, what is expected there
    ("name: small", "name: Small Lesson", "name: Small Lesson", "small letters"),
    ("minutes: 5", "minutes: soon", "minutes: soon", "minutes, from 1 to 99"),
    ("minutes: 5", "author: me\nminutes: 5", "author: me", "name, title, minutes"),
    ("title: A small lesson", "title:", "title:", "1 to 80 characters"),
    ("title: A small lesson\n", "", "---", "lacks: title"),
    ("## One line", "## One line\n\n### Do", "### Do", "Predict/预测"),
    ("### Why\n\nThe server", "### Run\n\nThe server", "### Run", "once each"),
    ("### Why\n\nThe server answers each line. [run]", "", "## One line", "### Why"),
    ("### Predict\n\nWhat comes back?\n", "### Predict\n", "### Predict", "a question, and a list"),
    ("- [x] The line, with a prefix.", "- [ ] The line, with a prefix.",
     "- [ ] The line, with a prefix.", "one of them right"),
    ("- [ ] Nothing.", "- [x] Nothing.", "- [x] The line, with a prefix.", "one of them right"),
    ("- [ ] Nothing.", "- Nothing.", "- Nothing.", "a choice"),
    ("- [ ] Nothing.\n\n  It did. [run]", "- [ ] Nothing.", "- [ ] Nothing.", "who gives it"),
    ("[=] 1 ±0 lines", "[=] one line", "### What did you see?", "[=] 3 ±1 UNIT"),
    (RUN, "It runs by itself.", "### Run", "one block"),
    ("serve server acknowledge", "start server acknowledge", "start server acknowledge", "one of"),
    ("serve server acknowledge", "serve server telnet", "serve server telnet", "acknowledge, echo"),
    ("connect client server", "connect client example.com", "connect client example.com", "small"),
    ("send client", "send nobody", 'send nobody "hi\\n"', "client, server"),
    ('send client "hi\\n"', 'send client "hi', 'send client "hi', "closing quote"),
    ('expect client received starts="已接收"\n', "", "serve server acknowledge", "expect, or case"),
    ("serve server", "only-on linux\nserve server", "only-on linux", "with case"),
    ("case handshake\n", "case nothing\n", "case nothing", "handshake, segmentation"),
    ("There are three. [RFC", "There are three. [case nothing] [RFC",
     "There are three. [case nothing] [RFC 9293 §3.5]", "handshake, segmentation"),
    ("There are three.", "> There are three.", "> There are three. [RFC 9293 §3.5]", "a paragraph"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "line", "expected"), BROKEN)
def test_what_is_wrong_is_told_by_its_line_and_the_rest_opens(
    old: str, new: str, line: str, expected: str
) -> None:
    text = SMALL.replace(old, new, 1)
    assert text != SMALL
    reading = read_lesson(text.encode())
    assert len(reading.complaints) == 1, reading.complaints
    (complaint,) = reading.complaints
    assert text.splitlines()[complaint.line - 1] == line
    assert expected in complaint.sentence
    assert reading.lesson is not None
    in_header = complaint.line < text.splitlines().index("## One line") + 1
    assert len(reading.lesson.steps) == (2 if in_header else 1)


EXPERIMENT = SMALL.replace("minutes: 5", "minutes: 2\nkind: useful").split("## A recorded")[0]


def test_an_experiment_is_a_lesson_of_one_step_with_a_kind() -> None:
    assert (lesson().kind, lesson().refutes, lesson().documented) == ("", "", "")
    one = lesson(EXPERIMENT)
    assert (one.kind, one.refutes, one.documented, len(one.steps)) == ("useful", "", "", 1)
    more = "kind: weird\nrefutes: M7\ndocumented: example.org/a: b, 谢希仁"
    one = lesson(EXPERIMENT.replace("kind: useful", more))
    assert (one.kind, one.refutes, one.documented) == ("weird", "M7", "example.org/a: b, 谢希仁")


@pytest.mark.parametrize(
    ("old", "new", "line", "expected"),
    [
        ("kind: useful", "kind: funny", "kind: funny", "weird, useful, lesson"),
        ("kind: useful", "kind: weird\nrefutes: 7", "refutes: 7", "M1 to M99"),
        ("kind: useful", "kind: weird\ndocumented:", "documented:", "where it is documented"),
        ("kind: useful", "refutes: M7", "refutes: M7", "a line with kind"),
        ("minutes: 2", "minutes: 3", "minutes: 3", "at most 2 minutes"),
    ],
)
def test_what_is_wrong_with_an_experiment_is_told_by_its_line(
    old: str, new: str, line: str, expected: str
) -> None:
    text = EXPERIMENT.replace(old, new)
    reading = read_lesson(text.encode())
    ((number, sentence),) = reading.complaints
    assert text.splitlines()[number - 1] == line
    assert expected in sentence
    assert reading.lesson is not None


def test_an_experiment_has_no_second_step() -> None:
    text = EXPERIMENT + SMALL[SMALL.index("## A recorded") :]
    reading = read_lesson(text.encode())
    ((number, sentence),) = reading.complaints
    assert text.splitlines()[number - 1] == "## A recorded case"
    assert "one step" in sentence
    assert reading.lesson is not None
    assert len(reading.lesson.steps) == 1, "the first is played all the same"


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "empty"),
        (b" \n\n", "empty"),
        (SMALL.encode("utf-16"), "UTF-8"),
        (SMALL.replace("line", "行").encode("gbk", "replace"), "UTF-8"),
        (SMALL.removeprefix("---\n").encode(), "a header"),
        (SMALL.split("\n\n")[0].removesuffix("---").encode(), "a header"),
        (b"---\n---\n" + b"x" * MOST_FILE_BYTES, "at most"),
    ],
)
def test_what_is_no_lesson_is_refused_at_line_1(data: bytes, why: str) -> None:
    reading = read_lesson(data)
    assert reading.lesson is None
    assert [one.line for one in reading.complaints] == [1]
    assert why in reading.complaints[0].sentence


def test_without_a_step_there_is_nothing_to_play() -> None:
    reading = read_lesson(SMALL.split("## One")[0].encode())
    assert reading.lesson is None
    assert "##" in reading.complaints[0].sentence


@given(st.lists(st.integers(0, len(SMALL.splitlines()) - 1), max_size=12), st.text(max_size=20))
def test_whatever_lines_are_missing_or_changed_there_is_an_answer(
    places: list[int], text: str
) -> None:
    lines = SMALL.splitlines(keepends=True)
    for place in places:
        lines[place] = text
    data = "".join(lines).encode(errors="replace")
    reading = read_lesson(data)
    assert reading.lesson is not None or reading.complaints
    last = data.decode().replace("\r\n", "\n").count("\n") + 1
    assert all(1 <= one.line <= last for one in reading.complaints)


@given(st.binary(max_size=300))
def test_any_bytes_behind_a_header_have_an_answer(data: bytes) -> None:
    reading = read_lesson(b"---\nname: a\ntitle: b\nminutes: 1\n---\n" + data)
    assert reading.lesson is not None or reading.complaints
