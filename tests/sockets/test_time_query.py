"""Asking a time server: what it tells, and what its silence means."""

from __future__ import annotations

import socket
from typing import Any

import pytest

from netlib.activities.time_query import TimeConfig
from netlib.address import Endpoint
from netlib.events import (
    ActivityStopped,
    Direction,
    PortUnreachable,
    TimeLost,
    TimeReply,
)
from netlib.network import Network
from tests.helpers import free_port
from tests.sockets.conftest import (
    HOST,
    SECONDS,
    Events,
    port_of,
    serve,
)


def test_a_time_query_tells_round_trip_and_difference(network: Network, events: Events) -> None:
    server = serve(network, events, "time", udp=True)
    config = TimeConfig(endpoint=Endpoint(HOST, server.port), count=3, interval=0.0)
    number = network.query_time(config)
    events.wait_for(ActivityStopped, activity=number)
    replies = events.of(TimeReply, activity=number)
    assert [reply.number for reply in replies] == [1, 2, 3]
    for reply in replies:
        assert 0 < reply.rtt_seconds < 5
        assert reply.offset_seconds is not None
        assert reply.precision_seconds == (1.0 + reply.rtt_seconds) / 2
        assert abs(reply.offset_seconds) < 5
    assert events.data(Direction.SENT, number) == "获取时间".encode() * 3


def test_a_silent_or_absent_time_server_is_told_apart(network: Network, events: Events) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as silent:
        silent.bind((HOST, 0))
        config = TimeConfig(endpoint=Endpoint(HOST, port_of(silent)), timeout=0.05, retries=1)
        number = network.query_time(config)
        assert events.wait_for(TimeLost, activity=number).tries == 2
        assert not events.of(PortUnreachable)
    absent = free_port(socket.SOCK_DGRAM)
    number = network.query_time(TimeConfig(endpoint=Endpoint(HOST, absent), timeout=60.0))
    events.wait_for(PortUnreachable, activity=number)
    events.wait_for(TimeLost, activity=number)
    events.wait_for(ActivityStopped, activity=number)


def test_an_answer_that_comes_too_late_is_not_taken_for_the_next(
    network: Network, events: Events
) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind((HOST, 0))
        server.settimeout(SECONDS)
        there = Endpoint(HOST, port_of(server))
        number = network.query_time(TimeConfig(endpoint=there, timeout=0.3, retries=20))
        _, first = server.recvfrom(100)
        _, second = server.recvfrom(100)
        server.sendto(b"late", first)
        server.sendto(b"in time", second)
        reply = events.wait_for(TimeReply, activity=number)
        events.wait_for(ActivityStopped, activity=number)
    assert first != second
    assert (reply.text, reply.offset_seconds, reply.number) == ("in time", None, 1)


@pytest.mark.parametrize(
    "wrong", [{"count": 0}, {"interval": -1.0}, {"retries": -1}, {"protocol": "sundial"}]
)
def test_a_query_that_cannot_be_asked_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError):
        TimeConfig(endpoint=Endpoint(HOST, 123), **wrong)
