"""Captured segments in words."""

from __future__ import annotations

from typing import Any

import pytest

from netlib.address import Endpoint
from netlib.i18n import set_language
from netlib.segment import ACK, FIN, PSH, RST, SYN, Segment
from netlib.teaching.segments import Captured, absolute, numbers, told, what

HERE, THERE = Endpoint("127.0.0.1", 50000), Endpoint("127.0.0.1", 8080)


def captured(flags: int, size: int = 0, **more: Any) -> Captured:
    """Return a segment whose numbers, counted from the SYN, are 7 and 9, and its window 500."""
    head = Segment(HERE, THERE, flags, 3_000_000_007, 4_000_000_009, 500, size)
    known = Captured(1, 0.0, 0.0, 0, head, sequence=7, acknowledged=9, window=500)
    return known._replace(**more)


def test_numbers_are_counted_from_the_syn_and_stand_in_the_header_too() -> None:
    found = captured(PSH | ACK, 1460)
    assert numbers(found) == "seq 7  ack 9  len 1,460  win 500"
    assert absolute(found) == "seq 3000000007  ack 4000000009"


def test_what_was_not_captured_is_not_made_up() -> None:
    found = captured(ACK, sequence=None, acknowledged=None, window=None)
    assert numbers(found) == "seq 3000000007  ack 4000000009  win 500 << ?"
    assert numbers(captured(SYN, sequence=0)) == "seq 0  win 500"
    assert numbers(captured(RST)) == "seq 7"


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (captured(ACK), ""),
        (captured(ACK, again=True), "again"),
        (captured(ACK, fills=True), "fills a gap"),
        (captured(ACK, again=True, damaged=True), "checksum wrong"),
        (captured(ACK, probe=True), "probe"),
        (captured(ACK, opened=True), "window open again"),
        (captured(ACK, window=0), "window 0"),
        (captured(RST, window=0), ""),
    ],
)
def test_what_is_remarkable_is_said_in_a_word(found: Captured, words: str) -> None:
    assert what(found) == words


@pytest.mark.parametrize(
    ("found", "part"),
    [
        (captured(SYN), "begin at 3000000007"),
        (captured(SYN | ACK), "The server agrees"),
        (captured(SYN, again=True), "sent again"),
        (captured(ACK, 5, fills=True), "what follows it was seen before"),
        (captured(ACK, 5, damaged=True), "thrown away"),
        (captured(ACK), "before number 9 has arrived"),
        (captured(PSH | ACK, 1460), "1,460 bytes of data"),
        (captured(FIN | ACK), "nothing more to send"),
        (captured(RST | ACK), "over at once"),
        (captured(ACK, probe=True), "asks for an answer"),
        (captured(ACK, window=0), "Window 0"),
        (captured(ACK, opened=True), "room again"),
        (Captured(1, 0.0, 0.0, -1, missed=3), "3 packets of this computer were missed"),
    ],
)
def test_a_sentence_says_what_it_is_for(found: Captured, part: str) -> None:
    assert part in told(found)


@pytest.fixture(params=["en", "zh"])
def _language(request: pytest.FixtureRequest) -> Any:
    set_language(request.param)
    yield
    set_language("en")


@pytest.mark.usefixtures("_language")
def test_every_sentence_can_be_said_in_both_languages() -> None:
    for flags in range(32):
        for more in ({}, {"again": True}, {"probe": True}, {"opened": True}, {"window": 0}):
            sentence = told(captured(flags, 5, **more))
            assert "{" not in sentence
