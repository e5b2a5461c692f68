"""Calls and messages over one axis of bytes, and what is said of them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from netlib.i18n import set_language
from netlib.teaching.boundaries import SHOWN, Boundaries, FramingName, Lane, LaneName, Piece

TEXT = "hello class!\n你好\n".encode()


def of(
    data: bytes,
    sends: list[int] | None,
    receives: list[int] | None,
    messages: list[int] | None = None,
    framing: FramingName = "none",
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


def test_the_title_is_the_result(lesson: Boundaries) -> None:
    assert lesson.title() == "4 sends, 3 receives, 2 messages."
    assert of(b"ab", [1, 2], [2]).title() == "2 sends, 1 receive."
    set_language("zh")
    assert lesson.title() == "4 次发送、3 次接收、2 条消息。"


def test_a_receive_that_ends_inside_a_character_is_named(lesson: Boundaries) -> None:
    assert lesson.remark() == (
        "TCP carries bytes in order; it does not keep the calls apart. Receive 2 ends inside 你."
    )
    assert "It ends inside 你." in lesson.describe("receives", only(lesson, "receives", 2))
    assert "inside" not in lesson.describe("receives", only(lesson, "receives", 1))


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


def test_a_character_that_would_change_the_order_is_spelt_out() -> None:
    data = "\u202e".encode()
    assert of(data, [3], [1, 3]).remark().endswith("ends inside <U+202E>.")


def test_what_is_under_way_is_counted() -> None:
    lost = of(TEXT, [5, 20], [14], [13], "line")
    assert lost.missing == 6
    assert lost.remark() == (
        "6 bytes sent and not received. Receive 1 ends inside 你. "
        "1 byte at the end is no whole message yet."
    )
    assert lost.rest("receives") == Piece(2, 2, 14, 20)
    assert lost.rest("messages") == Piece(2, 2, 13, 14)
    assert lost.rest("sends") is None


def test_calls_that_happen_to_match_are_no_promise() -> None:
    assert "does not promise" in of(b"abcd", [2, 4], [2, 4]).remark()
    assert of(b"", [], []).remark() == ""


def test_one_end_alone_is_shown_as_far_as_it_is_known() -> None:
    received = of(TEXT, None, [7, 20])
    assert (received.title(), received.remark()) == ("2 receives.", "Only one end is known.")
    assert received.missing == 0
    sent = of(TEXT, [5, 20], None)
    assert (sent.title(), sent.missing, sent.size) == ("2 sends.", 0, 20)


def test_a_piece_says_where_its_bytes_are_else(lesson: Boundaries) -> None:
    assert lesson.describe("sends", only(lesson, "sends", 2)) == (
        "Send 2: 6 bytes from offset 5. It arrived in receives 1 to 2."
    )
    assert lesson.describe("receives", only(lesson, "receives", 3)) == (
        "Receive 3: 6 bytes from offset 14. Its bytes are of send 4."
    )
    assert lesson.describe("messages", only(lesson, "messages", 1)) == (
        "Message 1: 13 bytes from offset 0. It arrived in receives 1 to 2, and is whole again."
    )
    assert lesson.describe("sends", Piece(1, 3, 0, 13)) == "Sends 1 to 3: 13 bytes from offset 0."


def test_a_call_says_when_it_ended() -> None:
    timed = Boundaries(lambda _first, _last: b"ab", Lane([1, 2], times=[0.00042, 1]), Lane([2]))
    assert "It ended 0.42 ms after the first send began." in timed.describe(
        "sends", Piece(1, 1, 0, 1)
    )


def test_a_byte_says_of_which_character_it_is(lesson: Boundaries) -> None:
    assert lesson.describe("stream", only(lesson, "stream", 15)) == (
        "Offset 14: bd, byte 2 of 3 of the character 你."
    )
    assert lesson.describe("stream", only(lesson, "stream", 13)) == (
        r"Offset 12: \n, hexadecimal 0a."
    )


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
    assert many.remark().startswith("3 bytes sent and not received.")
    assert sum(read) < 10_000
