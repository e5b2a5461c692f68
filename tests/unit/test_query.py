"""One line says what is looked for."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from netlib.events import Direction
from netlib.recording.event_json import EVENT
from netlib.recording.query import Query, parse_query
from tests.samples import refusal

DAY = date(2024, 7, 19)


def moment(clock: str) -> float:
    """Return seconds since 1970 of a local time on `DAY`."""
    return datetime.fromisoformat(f"{DAY}T{clock}").timestamp()


@pytest.mark.parametrize(
    ("typed", "query"),
    [
        ("", Query()),
        ("hello", Query(text="hello")),
        ("GET / HTTP/1.1", Query(text="GET / HTTP/1.1")),
        ('"two  spaces" more', Query(text="two  spaces more")),
        ('"dir:in"', Query(text="dir:in")),
        ("Host: x http://a:80/", Query(text="Host: x http://a:80/")),
        ('say "', Query(text='say "')),
        ("hex:e5b7", Query(hex=b"\xe5\xb7")),
        ("hex:e5 b7 b2 rest", Query(hex=b"\xe5\xb7\xb2", text="rest")),
        ('hex:"e5 b7" be', Query(hex=b"\xe5\xb7", text="be")),
        ("peer:127.0.0.1 x", Query(peer="127.0.0.1", text="x")),
        ("dir:in", Query(kinds=frozenset({Direction.RECEIVED}))),
        ("dir:out,event", Query(kinds=frozenset({Direction.SENT, EVENT}))),
        ("DIR：收 dir:发 dir:事件", Query(kinds=frozenset({EVENT, *Direction}))),
        ("conn:#3", Query(connection=3)),
        ("after:10:31", Query(since=moment("10:31:00"))),
        ("before:10：31：02.5", Query(until=moment("10:31:02.500"))),
        (
            "after:2024-07-19T10:31:02Z",
            Query(since=datetime(2024, 7, 19, 10, 31, 2, tzinfo=UTC).timestamp()),
        ),
    ],
)
def test_what_is_typed_is_understood(typed: str, query: Query) -> None:
    assert parse_query(typed, "utf-8", DAY) == query


@pytest.mark.parametrize(
    ("typed", "named"),
    [
        ("hex:xy", "hex: "),
        ("hex:", "hex: "),
        ("peer: ", "peer: "),
        ("dir:up", '"up"'),
        ("conn:two", '"two"'),
        ("after:noon", 'after: "noon"'),
        ("before:25:00", "before: "),
        ("before:9999-99-99", "before: "),
    ],
)
def test_a_part_that_is_wrong_is_named(typed: str, named: str) -> None:
    assert named in str(refusal(parse_query, typed, "utf-8", DAY))


def test_a_character_the_encoding_lacks_is_told() -> None:
    assert '"你"' in str(refusal(parse_query, "你好", "latin-1"))
