"""Where messages end."""

from __future__ import annotations

import pytest

from netlib.protocols.framing import (
    Framing,
    LineBuffer,
    LineSplitter,
    LineTooLong,
    message_ends,
)


def test_complete_lines_come_out_together_and_half_a_line_waits() -> None:
    lines = LineBuffer(100)
    assert lines.feed(b"one\ntwo\r\nthr") == b"one\ntwo\r\n"
    assert lines.held == 3
    assert lines.feed(b"e") == b""
    assert lines.feed(b"e\n\n") == b"three\n\n"
    assert lines.held == 0


def test_a_chunk_of_whole_lines_is_not_copied() -> None:
    data = b"a line\n" * 10
    assert LineBuffer(100).feed(data) is data


def test_rest_gives_the_unfinished_line_once() -> None:
    lines = LineBuffer(100)
    lines.feed(b"a\nb")
    lines.feed(b"c")
    assert (lines.rest(), lines.held, lines.rest()) == (b"bc", 0, b"")


def test_a_line_of_just_the_limit_is_fine() -> None:
    assert LineBuffer(4).feed(b"1234\n\n1234\n") == b"1234\n\n1234\n"


def test_one_byte_more_is_too_long_and_the_good_lines_before_it_are_kept() -> None:
    with pytest.raises(LineTooLong) as caught:
        LineBuffer(4).feed(b"1\n1234\n12345\n2\n")
    assert caught.value.before == b"1\n1234\n"


def test_a_line_is_too_long_as_soon_as_it_cannot_end_in_time() -> None:
    lines = LineBuffer(4)
    lines.feed(b"123")
    with pytest.raises(LineTooLong) as caught:
        lines.feed(b"45")
    assert caught.value.before == b""
    with pytest.raises(LineTooLong) as caught:
        lines.feed(b"ok\n12345")
    assert caught.value.before == b"ok\n"
    assert lines.held == 0


def test_a_trickle_of_single_bytes_makes_few_objects() -> None:
    lines = LineBuffer(1 << 20)
    for _ in range(10_000):
        lines.feed(b"x")
        assert len(lines._pieces or ()) <= 65 + lines.held // 1024
    assert lines.feed(b"\n") == b"x" * 10_000 + b"\n"


def test_lines_keep_their_ends_and_a_lone_cr_is_no_end() -> None:
    lines = LineSplitter()
    assert lines.feed(b"a\rb\r\n\nc") == [b"a\rb\r\n", b"\n"]
    assert lines.rest() == b"c"


def test_a_line_beyond_the_limit_comes_in_pieces() -> None:
    lines = LineSplitter(limit=4)
    assert lines.feed(b"123456789\n1234\n12345") == [b"1234", b"5678", b"9\n", b"1234\n", b"1234"]


def test_a_size_that_makes_no_sense_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 1"):
        LineSplitter(0)


@pytest.mark.parametrize(
    ("framing", "framed"),
    [
        (Framing(), b"hi"),
        (Framing(lf=True), b"hi\n"),
        (Framing(prefix=2), b"\0\2hi"),
        (Framing(prefix=4), b"\0\0\0\2hi"),
        (Framing(size=5), b"hi   "),
    ],
)
def test_a_message_is_marked(framing: Framing, framed: bytes) -> None:
    assert framing.frame(b"hi") == framed


def test_a_message_that_has_its_lf_gets_no_second_one() -> None:
    assert Framing(lf=True).frame(b"hi\n") == b"hi\n"


@pytest.mark.parametrize("framing", [Framing(prefix=1), Framing(size=255)])
def test_a_message_that_is_longer_than_can_be_marked_is_refused(framing: Framing) -> None:
    assert framing.frame(bytes(255))
    with pytest.raises(ValueError, match="room for 255 bytes; a message has 256"):
        framing.frame(bytes(256))


def test_without_framing_nothing_tells_where_a_message_ends() -> None:
    assert [*message_ends(Framing(), [b"hi\n"])] == []


def test_a_length_that_is_cut_is_waited_for() -> None:
    assert [*message_ends(Framing(prefix=2), [b"\0", b"\1", b"a\0\0\0", b"\3ab"])] == [3, 5]


def test_a_message_that_has_not_ended_is_none() -> None:
    assert [*message_ends(Framing(size=3), [b"abcde"])] == [3]
    assert [*message_ends(Framing(prefix=4), [b"\xff\xff\xff\xff" + bytes(100)])] == []
