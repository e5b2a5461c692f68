"""Echo, without a socket."""

from __future__ import annotations

import pytest

from netlib.services import Options
from netlib.services.base import REPEAT_SECONDS, REPEATS
from netlib.services.echo import Echo
from tests.samples import THERE, service_options


def test_echo_changes_nothing() -> None:
    echo = Echo(service_options())
    handler = echo.handler(THERE)
    assert [handler.received(b"a"), handler.received(b"\x00\n")] == [b"a", b"\x00\n"]
    assert handler.messages == 2
    assert echo.answer_to(THERE)(b"", THERE) == b""


def test_a_datagram_that_only_comes_and_goes_is_left_alone_after_a_while() -> None:
    clock = [0.0]
    answer = Echo(Options(now=lambda: clock[0])).answer_to(THERE)
    pinged = [answer(b"ping", THERE) for _ in range(20)]
    answered = 1 + REPEATS // 2  # each repeat is a datagram and its echo
    assert pinged == [b"ping"] * answered + [None] * (20 - answered)
    assert answer(b"pong", THERE) == b"pong"
    assert answer(b"ping", THERE) == b"ping"


@pytest.mark.parametrize("seconds", [REPEAT_SECONDS, 3600.0, -3600.0])
def test_what_comes_later_is_echoed_again(seconds: float) -> None:
    clock = [0.0]
    answer = Echo(Options(now=lambda: clock[0])).answer_to(THERE)
    while answer(b"", THERE) is not None:
        clock[0] += 0.01
    clock[0] += seconds
    assert answer(b"", THERE) == b""


def test_one_peer_does_not_silence_another() -> None:
    echo = Echo(service_options())
    for _ in range(20):
        assert echo.answer_to(THERE)(b"x", THERE) == b"x"


def test_different_datagrams_are_always_echoed_however_fast() -> None:
    answer = Echo(service_options()).answer_to(THERE)
    for number in range(10_000):
        data = b"%d" % (number // 3)
        assert answer(data, THERE) == data
