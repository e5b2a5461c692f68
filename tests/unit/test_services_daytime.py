"""The daytime service, without a socket."""

from __future__ import annotations

import pytest

from netlib.events import CloseReason
from netlib.services import Options
from netlib.services.daytime import Daytime
from tests.samples import THERE, service_options

LINE = b"Friday, July 19, 2024 09:37:05-UTC\r\n"


def test_who_connects_is_told_the_time_and_closed() -> None:
    handler = Daytime(service_options()).handler(THERE)
    assert handler.opened() == LINE
    assert handler.close_reason is CloseReason.BY_US


@pytest.mark.parametrize("query", [b"", b"\n", b"what time is it?"])
def test_any_datagram_is_answered_with_the_time(query: bytes) -> None:
    assert Daytime(service_options()).answer_to(THERE)(query, THERE) == LINE


@pytest.mark.parametrize(
    "told", [LINE, LINE.upper(), b"2024-07-19T09:37:05Z", "已接收: ".encode() + LINE]
)
def test_what_tells_the_time_itself_is_not_answered(told: bytes) -> None:
    assert Daytime(service_options()).answer_to(THERE)(told, THERE) is None


def test_who_asks_on_and_on_is_left_alone_until_the_time_is_another() -> None:
    clock = [0.0]
    answer = Daytime(Options(now=lambda: clock[0])).answer_to(THERE)
    assert [bool(answer(b"?", THERE)) for _ in range(10)] == [True] * 5 + [False] * 5
    clock[0] = 1.0
    assert answer(b"?", THERE)


@pytest.mark.parametrize("now", [-1e12, 1e12, float("inf"), float("nan")])
def test_a_clock_outside_the_years_1_to_9999_leaves_the_server_silent(now: float) -> None:
    service = Daytime(Options(now=lambda: now))
    assert service.answer_to(THERE)(b"?", THERE) is None
    handler = service.handler(THERE)
    assert handler.opened() == b""
    assert handler.close_reason is CloseReason.BY_US
