"""What a query asks for is found where it begins, once a line."""

from __future__ import annotations

import pytest

from netlib.events import Idle
from netlib.recording import matching
from netlib.recording.event_json import to_json
from netlib.recording.matching import Matcher, Needle
from netlib.recording.query import Query

EVENT = to_json(Idle(at=1.0, activity=1, connection=1, seconds=60.0))


@pytest.fixture(params=[1, 4, 1 << 18], autouse=True)
def slices(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(matching, "SLICE_BYTES", request.param)


@pytest.mark.parametrize(
    ("needle", "any_case", "chunks", "hits"),
    [
        (b"x", True, [b"aXxb", b"x"], [(0, 0), (1, 0)]),
        (b"X", False, [b"ax", b"X"], [(1, 0)]),
        (b"b\nc", False, [b"a\nb\nc\nb\nc"], [(0, 1), (0, 3)]),
        (b"ab", False, [b"xa", b"b", b"", b"abab\nab"], [(3, 0), (3, 1)]),
        (b"\n", False, [b"\n\n", b"", b"\n"], [(0, 0), (0, 1), (2, 0)]),
        (b"aa", False, [b"a", b"aa"], [(1, 0)]),
    ],
)
def test_lines_are_told_in_which_it_begins(
    needle: bytes, any_case: bool, chunks: list[bytes], hits: list[tuple[int, int]]
) -> None:
    ends = [len(b"".join(chunks[: index + 1])) for index in range(len(chunks))]
    assert [*Needle(needle, any_case).hits(b"".join(chunks), lambda: ends)] == hits


def test_where_nothing_is_found_nobody_is_asked_where_chunks_end() -> None:
    def never() -> list[int]:
        raise AssertionError

    assert [*Needle(b"absent", any_case=True).hits(b"x" * 1000, never)] == []


def test_text_and_bytes_must_both_begin_in_a_line() -> None:
    data = b"one\x00\ntwo\x00\none\n"
    assert Matcher(Query(text="ONE", hex=b"\0")).hits(data, lambda: [len(data)]) == [(0, 0)]


def test_of_an_event_its_sentence_is_looked_at() -> None:
    assert Matcher(Query(text="60 S")).tells(EVENT)
    assert Matcher(Query(text="60 S")).tells(EVENT.encode())
    assert Matcher(Query()).tells(EVENT)
    assert not Matcher(Query(text="connection")).tells(EVENT)
    assert not Matcher(Query(text="60", hex=b"6")).tells(EVENT)
    assert not Matcher(Query(text="x")).tells("x" * 3_000_000)
    assert not Matcher(Query(text="x")).tells(b"\xffx")


def test_fields_are_compared() -> None:
    query = Query(peer="ADA", kinds=frozenset({1}), connection=3)
    assert Matcher(query).is_wanted(3, 1, "::1 ada")
    for wrong in ((4, 1, "ada"), (3, 2, "ada"), (3, 1, "bob"), (3, 1, None)):
        assert not Matcher(query).is_wanted(*wrong)
