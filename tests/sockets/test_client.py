"""Our TCP client on its way to a connection: look-up, attempts, and every way they can fail."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from netlib.address import Endpoint
from netlib.engine import connector, resolver
from netlib.engine.outbox import Item
from netlib.engine.resolver import Family
from netlib.errors import Cause, Operation
from netlib.events import (
    ActivityStopped,
    Connected,
    Connecting,
    Failed,
    Resolved,
    Resolving,
)
from netlib.network import Network
from tests.helpers import free_port, wait_until
from tests.sockets.conftest import (
    HOST,
    SECONDS,
    Events,
    call,
    port_of,
    serve,
)


def kinds(events: Events, number: int) -> list[type[Item]]:
    return [type(item) for item in events.items if item.activity == number]


# -- failing to connect ----------------------------------------------------------------------------


def test_nobody_listening_is_refused_at_once(network: Network, events: Events) -> None:
    number = call(network, free_port())
    error = events.wait_for(Failed).error
    assert (error.operation, error.cause) == (Operation.CONNECT, Cause.REFUSED)
    events.wait_for(ActivityStopped, activity=number)
    assert kinds(events, number) == [Connecting, Failed, ActivityStopped]


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


@pytest.fixture
def slow_names(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """Look-ups take until this event is set."""
    answer, ask = threading.Event(), resolver._ask

    def slowly(
        endpoint: Endpoint, kind: socket.SocketKind, family: Family, flags: int
    ) -> list[resolver.Address]:
        if not flags:
            assert answer.wait(SECONDS)
        return ask(endpoint, kind, family, flags)

    monkeypatch.setattr(resolver, "_ask", slowly)
    yield answer
    answer.set()


def test_a_look_up_can_be_cancelled_and_its_late_answer_is_ignored(
    network: Network, events: Events, slow_names: threading.Event
) -> None:
    number = call(network, 80, "localhost")
    events.wait_for(Resolving, host="localhost")
    network.stop(number)
    events.wait_for(ActivityStopped, activity=number, timeout=1)
    slow_names.set()
    wait_until(lambda: not [one for one in threading.enumerate() if "look-up" in one.name])
    assert events.wait_for(ActivityStopped) is events.items[-1]


def test_a_look_up_that_takes_too_long_is_a_timeout(
    network: Network, events: Events, slow_names: threading.Event
) -> None:
    call(network, 80, "localhost", timeout=0.1)
    error = events.wait_for(Failed).error
    assert (error.operation, error.cause) == (Operation.RESOLVE, Cause.TIMED_OUT)


def test_a_name_that_does_not_exist_is_named_as_that(network: Network, events: Events) -> None:
    call(network, 80, "no.such.host.invalid", timeout=3)
    error = events.wait_for(Failed).error
    assert error.operation is Operation.RESOLVE
    # What a resolver without a network says differs; never is it a refusal or a crash.
    assert error.cause in {Cause.NAME_NOT_FOUND, Cause.NAME_LOOKUP_FAILED, Cause.TIMED_OUT}


def test_a_host_no_dns_can_hold_is_an_answer_too(network: Network, events: Events) -> None:
    call(network, 80, "a" * 64 + ".example")
    assert events.wait_for(Failed).error.operation is Operation.RESOLVE


def test_a_connection_that_met_itself_is_nobody() -> None:
    with socket.socket() as own:  # bound to the port it calls: what the kernel does by chance
        own.bind((HOST, 0))
        own.setblocking(False)
        own.connect_ex(own.getsockname())
        wait_until(lambda: not own.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR))
        assert own.getpeername() == own.getsockname()
        refusal = connector._refusal(own)
    assert refusal is not None
    assert refusal.cause is Cause.REFUSED


# -- which address ---------------------------------------------------------------------------------


def test_ipv6_connects_and_is_shown_in_brackets(network: Network, events: Events) -> None:
    server = serve(network, events, host="::1")
    number = call(network, server.port, "::1")
    assert str(events.wait_for(Connected, activity=number).peer) == f"[::1]:{server.port}"


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
def test_localhost_is_reached_whichever_family_listens(
    network: Network, events: Events, host: str
) -> None:
    server = serve(network, events, host=host)
    number = call(network, server.port, "localhost")
    connected = events.wait_for(Connected, activity=number)
    assert connected.peer == Endpoint(host, server.port)
    assert connected.resolve_seconds > 0
    assert len(events.wait_for(Resolved).addresses) >= 1


def test_a_family_can_be_insisted_on(network: Network, events: Events) -> None:
    server = serve(network, events, host="127.0.0.1")
    call(network, server.port, "localhost", family=Family.IPV6)
    assert events.wait_for(Failed).error.cause in {Cause.REFUSED, Cause.NAME_NOT_FOUND}


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
