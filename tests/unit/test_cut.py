"""A chunk cut into lines: whichever are wanted, as much of each as is wanted."""

from __future__ import annotations

import pytest

from netlib.recording.cut import CARRY_BYTES, Cut, Row, after_lines, calendar, cut, unfinished


def row(data: bytes, kind: int = 1, connection: int = 1, peer: str | None = None) -> Row:
    return Row(1.7e9, 5.0, connection, kind, peer, 10, data, len(data))


@pytest.mark.parametrize(
    ("data", "lines"),
    [
        (b"", [b""]),
        (b"one", [b"one"]),
        (b"one\n", [b"one\n"]),
        (b"one\n\ntwo", [b"one\n", b"\n", b"two"]),
        (b"\n\n", [b"\n", b"\n"]),
    ],
)
def test_lines_end_with_their_line_feed(data: bytes, lines: list[bytes]) -> None:
    picked = [*Cut(row(data)).pick(range(10))]
    assert [line.data for _index, line in picked] == lines
    assert [line.number for _index, line in picked] == [*range(10, 10 + len(lines))]
    assert [line.first for _index, line in picked] == [True, *[False] * (len(lines) - 1)]
    for index, line in picked:
        assert [*Cut(row(data)).pick([index])] == [(index, line)]
    assert [*Cut(row(data)).pick([len(lines)])] == []


def test_ciphertext_and_events_are_one_line() -> None:
    ((_index, wire),) = Cut(row(b"a\nb", kind=3)).pick(range(5))
    assert wire.data == b"a\nb"
    ((_index, unread),) = cut(row(b"no\nevent", kind=0), {}).pick(range(5))
    assert (unread.data, unread.event) == (b"no\nevent", None)


def test_what_is_beyond_a_limit_is_counted() -> None:
    long, short = (line for _index, line in Cut(row(b"12345\n12")).pick(range(2), limit=3))
    assert (long.data, long.more, long.chunk_size) == (b"123", 3, 8)
    assert (short.data, short.more) == (b"12", 0)
    begun = row(b"123")._replace(size=100)
    ((_index, line),) = Cut(begun).pick(range(1), limit=3)
    assert (line.data, line.more, line.chunk_size) == (b"123", 97, 100)


def test_many_line_feeds_are_passed_over_at_once() -> None:
    data = b"x\n" * 100_000 + b"end"
    assert after_lines(data, 0, 100_000) == 200_000
    assert after_lines(data, 4, 70_000) == 140_004
    assert after_lines(data, 0, 100_001) == -1
    assert after_lines(b"x" * 200_000, 0, 100) == -1


def test_a_stream_goes_on_where_it_stopped() -> None:
    tails: dict[tuple[int, int], bytes] = {}
    assert cut(row(b"a\nb"), tails).carry == b""
    assert cut(row(b"other", connection=2), tails).carry == b""
    assert cut(row(b"c"), tails).carry == b"b"
    assert cut(row(b"d\n"), tails, end=b"\n").carry == b"bc"
    assert cut(row(b"e"), tails).carry == b""
    assert unfinished(b"x" * CARRY_BYTES, b"y") == b"x" * (CARRY_BYTES - 1) + b"y"


@pytest.mark.parametrize(
    ("peer", "told"),
    [(None, (None, "")), ("", ("", "")), ("a:1", ("a:1", "")), ("a:1 小 明", ("a:1", "小 明"))],
)
def test_the_nickname_stands_after_the_address(
    peer: str | None, told: tuple[str | None, str]
) -> None:
    ((_index, line),) = Cut(row(b"x", peer=peer)).pick([0])
    assert (line.peer, line.name) == told


def test_lost_lines_are_one_that_says_so() -> None:
    ((index, line),) = Cut(row(b"", kind=0)._replace(lost="gone")).pick(range(3, 9))
    assert (index, line.number, line.lost) == (3, 13, "gone")


@pytest.mark.parametrize("claimed", [-1e300, -1.0, 1e300, float("inf")])
def test_no_time_is_beyond_the_calendar(claimed: float) -> None:
    assert 0.0 <= calendar(claimed) < 1e12
