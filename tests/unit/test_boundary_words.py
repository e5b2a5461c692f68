"""What is said of calls and messages over one axis of bytes."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from netlib.i18n import set_language
from netlib.teaching.boundaries import Boundaries, Lane, Piece
from netlib.teaching.boundary_words import describe, remark, title
from tests.unit.test_boundaries import TEXT, of, only


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    set_language("en")
    yield
    set_language("en")


@pytest.fixture
def lesson() -> Boundaries:
    return of(TEXT, [5, 11, 13, 20], [7, 14, 20], [13, 20], "line")


def test_the_title_is_the_result(lesson: Boundaries) -> None:
    assert title(lesson) == "4 sends, 3 receives, 2 messages."
    assert title(of(b"ab", [1, 2], [2])) == "2 sends, 1 receive."
    set_language("zh")
    assert title(lesson) == "4 次发送、3 次接收、2 条消息。"


def test_a_receive_that_ends_inside_a_character_is_named(lesson: Boundaries) -> None:
    assert remark(lesson) == (
        "TCP carries bytes in order; it does not keep the calls apart. Receive 2 ends inside 你."
    )
    assert "It ends inside 你." in describe(lesson, "receives", only(lesson, "receives", 2))
    assert "inside" not in describe(lesson, "receives", only(lesson, "receives", 1))


def test_a_character_that_would_change_the_order_is_spelt_out() -> None:
    data = "\u202e".encode()
    assert remark(of(data, [3], [1, 3])).endswith("ends inside <U+202E>.")


def test_what_is_under_way_is_counted() -> None:
    lost = of(TEXT, [5, 20], [14], [13], "line")
    assert lost.missing == 6
    assert remark(lost) == (
        "6 bytes sent and not received. Receive 1 ends inside 你. "
        "1 byte at the end is no whole message yet."
    )
    assert lost.rest("receives") == Piece(2, 2, 14, 20)
    assert lost.rest("messages") == Piece(2, 2, 13, 14)
    assert lost.rest("sends") is None


def test_calls_that_happen_to_match_are_no_promise() -> None:
    assert "does not promise" in remark(of(b"abcd", [2, 4], [2, 4]))
    assert remark(of(b"", [], [])) == ""


def test_one_end_alone_is_shown_as_far_as_it_is_known() -> None:
    received = of(TEXT, None, [7, 20])
    assert (title(received), remark(received)) == ("2 receives.", "Only one end is known.")
    assert received.missing == 0
    sent = of(TEXT, [5, 20], None)
    assert (title(sent), sent.missing, sent.size) == ("2 sends.", 0, 20)


def test_a_piece_says_where_its_bytes_are_else(lesson: Boundaries) -> None:
    assert describe(lesson, "sends", only(lesson, "sends", 2)) == (
        "Send 2: 6 bytes from offset 5. It arrived in receives 1 to 2."
    )
    assert describe(lesson, "receives", only(lesson, "receives", 3)) == (
        "Receive 3: 6 bytes from offset 14. Its bytes are of send 4."
    )
    assert describe(lesson, "messages", only(lesson, "messages", 1)) == (
        "Message 1: 13 bytes from offset 0. It arrived in receives 1 to 2, and is whole again."
    )
    assert describe(lesson, "sends", Piece(1, 3, 0, 13)) == "Sends 1 to 3: 13 bytes from offset 0."


def test_a_call_says_when_it_ended() -> None:
    timed = Boundaries(lambda _first, _last: b"ab", Lane([1, 2], times=[0.00042, 1]), Lane([2]))
    assert "It ended 0.42 ms after the first send began." in describe(
        timed, "sends", Piece(1, 1, 0, 1)
    )


def test_a_byte_says_of_which_character_it_is(lesson: Boundaries) -> None:
    assert describe(lesson, "stream", only(lesson, "stream", 15)) == (
        "Offset 14: bd, byte 2 of 3 of the character 你."
    )
    assert describe(lesson, "stream", only(lesson, "stream", 13)) == (
        r"Offset 12: \n, hexadecimal 0a."
    )
