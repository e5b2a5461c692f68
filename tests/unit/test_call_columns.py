"""The numbers of calls: their place in a stream, their size, and where their bytes are."""

from __future__ import annotations

import pytest

from netlib.recording import call_columns
from netlib.recording.call_columns import CallColumns
from netlib.teaching.calls import (
    EVENT,
    PLAIN_RECEIVED,
    PLAIN_SENT,
    RECEIVED,
    SENT,
    WIRE_RECEIVED,
    WIRE_SENT,
    Part,
)

HERE, THERE = 0, 1


def columns(*calls: tuple[int, int, int]) -> CallColumns:
    """Return calls by end, kind and size; their keys are 100, 101…"""
    found = CallColumns()
    for key, call in enumerate(calls, 100):
        found.append(key, *call)
    return found


def test_a_call_is_where_the_one_before_it_ended() -> None:
    found = columns(
        *((HERE, SENT, 3), (THERE, SENT, 9), (HERE, SENT, 0), (HERE, RECEIVED, 5)),
        *((HERE, SENT, 4), (HERE, EVENT, 70)),
    )
    assert [found.end(number) for number in range(6)] == [0, 1, 0, 0, 0, 0]
    assert [found.kind(number) for number in range(6)] == [SENT, SENT, SENT, RECEIVED, SENT, EVENT]
    assert [found.offset(number) for number in range(6)] == [0, 0, 3, 0, 3, 0]
    assert [found.size(number) for number in range(6)] == [3, 9, 0, 5, 4, 70]
    assert [*found.keys] == [100, 101, 102, 103, 104, 105]


def test_calls_of_an_end_are_known_by_kind() -> None:
    found = columns((HERE, SENT, 3), (THERE, SENT, 9), (HERE, EVENT, 1), (HERE, SENT, 2))
    assert [[*some] for some in found.of(HERE)] == [[2], [0, 3]]
    assert [*found.of_kind(HERE, SENT)] == [0, 3]
    assert [*found.of_kind(HERE)] == [2]
    assert [*found.of_kind(THERE)] == []
    assert found.of(7) == []


@pytest.mark.parametrize(
    ("sent", "received"),
    [(SENT, RECEIVED), (WIRE_SENT, WIRE_RECEIVED), (PLAIN_SENT, PLAIN_RECEIVED)],
)
def test_what_one_end_sent_is_what_the_other_received_at_the_same_place(
    sent: int, received: int
) -> None:
    found = columns(
        *((HERE, sent, 4), (HERE, sent, 3), (THERE, received, 2), (HERE, sent, 5)),
        *((THERE, received, 8), (THERE, sent, 100), (THERE, received, 1)),
    )
    assert found.parts(0, THERE) == [Part(2, 0, 2), Part(4, 2, 4)]
    assert found.parts(1, THERE) == [Part(4, 0, 3)]
    assert found.parts(3, THERE) == [Part(4, 0, 3), Part(6, 3, 4)]  # one byte waits
    assert found.parts(2, HERE) == [Part(0, 0, 2)]
    assert found.parts(4, HERE) == [Part(0, 0, 2), Part(1, 2, 5), Part(3, 5, 8)]
    assert found.parts(6, HERE) == [Part(3, 0, 1)]


def test_calls_of_no_bytes_have_no_part_in_anything() -> None:
    found = columns((HERE, SENT, 0), (THERE, RECEIVED, 0), (HERE, SENT, 2), (THERE, RECEIVED, 2))
    assert found.parts(0, THERE) == found.parts(1, HERE) == []
    assert found.parts(2, THERE) == [Part(3, 0, 2)]
    assert found.parts(3, HERE) == [Part(2, 0, 2)]


def test_what_nobody_has_received_has_no_parts() -> None:
    found = columns((HERE, SENT, 5))
    assert found.parts(0, THERE) == []


def test_of_very_many_calls_the_first_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(call_columns, "MOST_PARTS", 3)
    found = columns((HERE, SENT, 10), *[(THERE, RECEIVED, 1)] * 10)
    assert found.parts(0, THERE) == [Part(1, 0, 1), Part(2, 1, 2), Part(3, 2, 3)]


def test_a_peer_that_does_not_speak_tls_receives_the_ciphertext_as_it_is() -> None:
    found = columns(
        *((HERE, SENT, 4), (THERE, WIRE_RECEIVED, 4), (THERE, WIRE_SENT, 7), (HERE, RECEIVED, 7)),
    )
    assert found.parts(0, THERE) == [Part(1, 0, 4)]
    assert found.parts(1, HERE) == [Part(0, 0, 4)]
    assert found.parts(2, HERE) == [Part(3, 0, 7)]
    assert found.parts(3, THERE) == [Part(2, 0, 7)]
