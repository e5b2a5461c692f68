"""Asking a time server: what it tells, and what its silence means."""

from __future__ import annotations

import socket

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
