"""What may stand behind an option: taken, or refused with a sentence."""

from __future__ import annotations

from argparse import ArgumentTypeError
from collections.abc import Callable

import pytest

from netlib.address import Endpoint
from netlib.cli import values
from netlib.teaching.cases import find_case


@pytest.mark.parametrize(
    ("read", "text", "value"),
    [
        (values.address, "[::1]:80", Endpoint("::1", 80)),
        (values.address, ":80", Endpoint("localhost", 80)),
        (values.seconds, "0", 0.0),
        (values.seconds, "1e3", 1000.0),
        (values.some_seconds, "0.5", 0.5),
        (values.offset, "-2.5", -2.5),
        (values.offset, "+1e9", 1e9),
        (values.probability, "0.3", 0.3),
        (values.probability, "1", 1.0),
        (values.positive, "007", 7),
        (values.whole, "0", 0),
        (values.whole, "042", 42),
        (values.size, "7", 7),
        (values.size, "20k", 20_480),
        (values.size, "2G", 2 << 30),
        (values.hex_bytes, "0xe5, b7 b2", b"\xe5\xb7\xb2"),
        (values.not_empty, " a ", " a "),
        (values.file_name, "a\nb", "a\nb"),
        (values.recording, "lesson.socketboard", "lesson.socketboard"),
        (values.recording, "./case:reset", "./case:reset"),
        (values.recording, "case:reset", str(find_case("reset").path)),
    ],
)
def test_what_is_meant_is_taken(read: Callable[[str], object], text: str, value: object) -> None:
    assert read(text) == value


@pytest.mark.parametrize(
    ("read", "text", "words"),
    [
        (values.seconds, "-1", '"-1" is not a time'),
        (values.seconds, "nan", "not a time"),
        (values.seconds, "inf", "not a time"),
        (values.seconds, "1e9", "not a time"),  # thirty years: a slip of the hand
        (values.some_seconds, "0", "more than 0"),
        (values.offset, "1e11", "not a number of seconds"),
        (values.offset, "nan", "not a number of seconds"),
        (values.probability, "30%", '"30%" is not a number from 0 to 1'),
        (values.probability, "-0.1", "from 0 to 1"),
        (values.probability, "nan", "from 0 to 1"),
        (values.positive, "0", "from 1 upwards"),
        (values.whole, "-1", "from 0 upwards"),
        (values.whole, "", "from 0 upwards"),
        (values.size, "G", "from 1 upwards"),
        (values.size, "2GM", "from 1 upwards"),
        (values.positive, "+1", "from 1 upwards"),
        (values.positive, "１", "from 1 upwards"),
        (values.positive, "9" * 13, "from 1 upwards"),
        (values.hex_bytes, " ", "two hexadecimal digits"),
        (values.not_empty, "a\rb", "one line"),
        (values.file_name, "a\0b", "missing"),
        (values.recording, "", "missing"),
        (values.recording, "case:", "there are: handshake"),
        (values.recording, "case:../cases/reset", "there are: handshake"),
        (values.encoding, "klingon", "klingon"),
    ],
)
def test_what_cannot_be_meant_is_refused_in_words(
    read: Callable[[str], object], text: str, words: str
) -> None:
    with pytest.raises(ArgumentTypeError) as refusal:
        read(text)
    assert words in str(refusal.value)


def test_a_refusal_shows_no_more_of_a_long_text_than_a_line_holds_and_nothing_wild() -> None:
    with pytest.raises(ArgumentTypeError) as refusal:
        values.positive("\x1b[2J" + "x" * 1000)
    assert "\x1b" not in str(refusal.value)
    assert len(str(refusal.value)) < 120
