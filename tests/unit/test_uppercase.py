"""Capitals, without a socket."""

from __future__ import annotations

from netlib.services.uppercase import Uppercase
from tests.samples import THERE, service_options


def test_letters_of_ascii_come_back_in_capitals_and_all_else_as_it_was() -> None:
    handler = Uppercase(service_options()).handler(THERE)
    assert handler.received("hello, é 插\0".encode()) == "HELLO, é 插\0".encode()
    assert handler.messages == 1


def test_a_character_that_is_cut_in_two_is_not_spoilt() -> None:
    handler = Uppercase(service_options()).handler(THERE)
    data = "aé插".encode()
    assert b"".join(handler.received(data[at : at + 1]) for at in range(len(data))) == (
        "Aé插".encode()
    )


def test_a_datagram_that_is_in_capitals_already_is_left_alone_after_a_while() -> None:
    answer = Uppercase(service_options()).answer_to(THERE)
    assert answer(b"ping", THERE) == b"PING"
    assert [answer(b"PING", THERE) for _ in range(10)] == [b"PING"] * 4 + [None] * 6
