"""Calls and messages over one axis of bytes."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from netlib.i18n import set_language
from netlib.teaching.boundaries import SHOWN, Boundaries, Lane, LaneName, Piece
from netlib.teaching.boundary_words import remark

TEXT = "hello class!\n你好\n".encode()


def of(
    data: bytes,
    sends: list[int] | None,
    receives: list[int] | None,
    messages: list[int] | None = None,
    framing: str = "none",
) -> Boundaries:
    """Return boundaries of a stream, by the offsets after each call."""
    sent, received, said = (
        None if ends is None else Lane(ends) for ends in (sends, receives, messages)
    )
    return Boundaries(lambda first, last: data[first:last], sent, received, said, framing)


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    set_language("en")
    yield
    set_language("en")


@pytest.fixture
def lesson() -> Boundaries:
    return of(TEXT, [5, 11, 13, 20], [7, 14, 20], [13, 20], "line")


def only(lesson: Boundaries, name: LaneName, number: int) -> Piece:
    lane = lesson.lane(name)
    assert lane is not None
    return [*lane.pieces(0, lesson.size)][number - 1]


@pytest.mark.parametrize(
    ("data", "cut"),
    [
        (b"\xbd\xbd\xbd", 1),  # continuation without a beginning
        (b"\xe4ab", 1),  # a beginning without continuation
        (b"\xe0\x80\x80", 1),  # longer than need be
        (b"\xed\xa0\x80", 2),  # half of a pair
        ("你好".encode(), 3),  # between two
        ("你好".encode(), 6),  # after the last
    ],
)
def test_what_is_no_character_is_not_divided(data: bytes, cut: int) -> None:
    assert of(data, [len(data)], [cut]).divided(cut) is None


def test_characters_of_two_and_four_bytes_are_divided_too() -> None:
    data = "é😀".encode()
    found = [of(data, [6], None).divided(cut) for cut in range(7)]
    assert [one and one.text for one in found] == [None, "é", None, "😀", "😀", "😀", None]


def test_words_show_blanks_and_bytes_that_are_no_characters(lesson: Boundaries) -> None:
    words = [lesson.words("receives", only(lesson, "receives", number)) for number in (1, 2, 3)]
    assert words == ["hello␣c", r"lass!\n e4", r"bd a0 好\n"]
    assert lesson.words("messages", only(lesson, "messages", 1)) == "hello␣class!"


def test_a_message_is_shown_without_its_length() -> None:
    framed = of(b"\0\2hi\0\1!", [7], [7], [4, 7], "length2")
    assert [framed.words("messages", only(framed, "messages", n)) for n in (1, 2)] == ["hi", "!"]


def test_of_a_long_piece_some_bytes_are_shown_and_no_half_character() -> None:
    data = b"x" + "你".encode() * 1000
    words = of(data, [len(data)], None).words("sends", Piece(1, 1, 0, len(data)))
    assert words == "x" + "你" * ((SHOWN - 1) // 3) + "…"


def test_a_million_calls_cost_what_is_in_sight() -> None:
    ends = range(3, 3_000_001, 3)
    read: list[int] = []

    def look(first: int, last: int) -> bytes:
        read.append(last - first)
        return bytes(last - first)

    many = Boundaries(look, Lane(ends), Lane(range(7, 3_000_000, 7)))
    pieces = [*Lane(ends).pieces(0, 3_000_000, 3000)]
    assert len(pieces) == 1000
    assert {one.last - one.number for one in pieces} == {999}
    assert [one.number for one in Lane(ends).pieces(1_500_000, 1_500_009)] == [
        500001,
        500002,
        500003,
    ]
    assert remark(many).startswith("3 bytes sent and not received.")
    assert sum(read) < 10_000
