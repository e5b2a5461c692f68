"""The beginning and the end of long chunks: either the bytes of the payload, or none."""

from __future__ import annotations

from itertools import product

import pytest

from netlib.recording.excerpt import EDGE, Excerpt

CHUNKS = [bytes([65 + number]) * size for number, size in enumerate((3, 0, EDGE, 3 * EDGE, 0))]
PAYLOAD = b"".join(CHUNKS)
FIRST, LAST = 3 + EDGE, 3 + 4 * EDGE
"""Where the long one begins and ends."""


def test_whatever_is_asked_for_it_is_that_or_nothing() -> None:
    excerpt = Excerpt(CHUNKS)
    places = sorted({place + step for place in (0, 3, FIRST, FIRST + EDGE, LAST - EDGE, LAST)
                     for step in (-1, 0, 1)} & {*range(len(PAYLOAD) + 1)})  # fmt: skip
    for start, stop in product(places, places):
        if start <= stop:
            assert excerpt.part(start, stop) in {None, PAYLOAD[start:stop]}, (start, stop)


@pytest.mark.parametrize(
    ("start", "stop"),
    [
        (0, 3),
        (3, FIRST),
        (FIRST, FIRST + EDGE),
        (FIRST + 10, FIRST + 20),
        (LAST - EDGE, LAST),
        (LAST, LAST),
    ],
)
def test_what_a_row_shows_is_there(start: int, stop: int) -> None:
    assert Excerpt(CHUNKS).part(start, stop) == PAYLOAD[start:stop]


@pytest.mark.parametrize(
    ("start", "stop"), [(0, 4), (FIRST, LAST), (FIRST + EDGE, FIRST + EDGE + 1), (2, FIRST)]
)
def test_what_lies_between_is_not(start: int, stop: int) -> None:
    assert Excerpt(CHUNKS).part(start, stop) is None


def test_it_is_as_long_as_what_it_holds() -> None:
    assert len(Excerpt([b"x" * (1 << 20)] * 3)) == 3 * 2 * EDGE
