"""One of several addresses becomes a connection, or it is said why none did."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from netlib.address import Endpoint
from netlib.engine import connector, resolver
from netlib.engine.records import Item
from netlib.errors import Cause, Operation
from netlib.events import (
    ActivityStopped,
    Connected,
    Connecting,
    Failed,
)
from netlib.network import Network
from tests.helpers import free_port, wait_until
from tests.sockets.conftest import (
    HOST,
    Events,
    call,
    port_of,
    serve,
)


def kinds(events: Events, number: int) -> list[type[Item]]:
    return [type(item) for item in events.items if item.activity == number]


@contextmanager
def blackhole() -> Iterator[int]:
    """A port whose accept queue is full: a further SYN gets no answer (Linux)."""
    with socket.create_server((HOST, 0), backlog=0) as listening:
        fillers = [socket.socket() for _ in range(4)]
        for filler in fillers:
            filler.setblocking(False)
            filler.connect_ex(listening.getsockname())
        yield port_of(listening)
        for filler in fillers:
            filler.close()


def test_no_answer_is_a_timeout_exactly_at_the_chosen_time(
    network: Network, events: Events
) -> None:
    with blackhole() as port:
        begun = time.monotonic()
        call(network, port, timeout=0.25)
        failed = events.wait_for(Failed)
    assert (failed.error.operation, failed.error.cause) == (Operation.CONNECT, Cause.TIMED_OUT)
    assert 0.25 <= failed.at - begun < 0.75


def test_connecting_can_be_cancelled(network: Network, events: Events) -> None:
    with blackhole() as port:
        number = call(network, port, timeout=60)
        events.wait_for(Connecting)
        network.stop(number)
        events.wait_for(ActivityStopped, activity=number, timeout=1)
    assert kinds(events, number) == [Connecting, ActivityStopped]


def test_a_connection_that_met_itself_is_nobody() -> None:
    with socket.socket() as own:  # bound to the port it calls: what the kernel does by chance
        own.bind((HOST, 0))
        own.setblocking(False)
        own.connect_ex(own.getsockname())
        wait_until(lambda: not own.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR))
        assert own.getpeername() == own.getsockname()
        refusal = connector._refusal(own, Endpoint.from_sockaddr(own.getsockname()))
    assert refusal is not None
    assert refusal.cause is Cause.REFUSED


def test_an_address_that_is_silent_does_not_hold_up_the_next(
    network: Network, events: Events, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = serve(network, events)
    ask = resolver._ask
    with blackhole() as silent:
        addresses = [
            resolver.Address(socket.AF_INET, (HOST, silent)),
            resolver.Address(socket.AF_INET, (HOST, free_port())),
            resolver.Address(socket.AF_INET, (HOST, server.port)),
        ]
        monkeypatch.setattr(resolver, "_ask", lambda *args: ask(*args) and addresses)
        number = call(network, server.port, HOST)
        connected = events.wait_for(Connected, activity=number)
    assert connected.peer.port == server.port
    assert len(events.of(Connecting, activity=number)) == 3
