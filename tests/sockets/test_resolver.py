"""Looking up names: given up in time, answered in words, both families of this computer."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator

import pytest

from netlib.address import Endpoint
from netlib.engine import resolver
from netlib.engine.resolver import Family
from netlib.engine.workers import THREADS
from netlib.errors import Cause, NetError, Operation
from netlib.events import (
    ActivityStopped,
    Connected,
    Crashed,
    Failed,
    Resolved,
    Resolving,
)
from netlib.network import Network
from tests.helpers import wait_until
from tests.sockets.conftest import (
    SECONDS,
    Events,
    call,
    serve,
)


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
    assert events.wait_for(Failed).error.cause is Cause.REFUSED


@pytest.mark.parametrize(
    ("host", "family", "expected"),
    [
        ("127.0.0.1", Family.ANY, ["127.0.0.1:80"]),
        ("::1", Family.ANY, ["[::1]:80"]),
        ("::1", Family.IPV4, None),
        ("localhost", Family.ANY, None),
        ("a" * 64 + ".example", Family.ANY, None),
    ],
)
def test_a_numeric_address_needs_no_look_up_and_a_name_does(
    host: str, family: Family, expected: list[str] | None
) -> None:
    found = resolver.look_up_numeric(Endpoint(host, 80), socket.SOCK_STREAM, family)
    assert (None if found is None else [str(one.endpoint) for one in found]) == expected


@pytest.mark.parametrize(
    ("family", "expected"),
    [
        (Family.ANY, {"127.0.0.1:80", "[::1]:80"}),
        (Family.IPV4, {"127.0.0.1:80"}),
        (Family.IPV6, {"[::1]:80"}),
    ],
)
def test_this_computer_has_both_loopback_addresses_whatever_the_system_knows(
    family: Family, expected: set[str]
) -> None:
    found = resolver.look_up(Endpoint("localhost", 80), socket.SOCK_STREAM, family)
    assert isinstance(found, list)
    assert {str(one.endpoint) for one in found} == expected
    assert len(found) == len(expected)


def test_who_asks_for_the_same_name_meanwhile_shares_the_answer(
    network: Network, events: Events, slow_names: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, ask = [0], resolver.look_up

    def counted(
        endpoint: Endpoint, kind: socket.SocketKind, family: Family
    ) -> list[resolver.Address] | NetError:
        asked[0] += 1
        return ask(endpoint, kind, family)

    monkeypatch.setattr(resolver, "look_up", counted)
    server = serve(network, events)
    stopped, *numbers = [call(network, server.port, "localhost") for _ in range(3 * THREADS)]
    other = call(network, server.port, "LOCALHOST")  # not made to wait by the many
    network.stop(stopped)
    wait_until(lambda: len(events.of(Resolving)) == 3 * THREADS + 1)
    wait_until(lambda: asked[0] == 2)
    slow_names.set()
    for number in (*numbers, other):
        assert events.wait_for(Connected, activity=number).resolve_seconds > 0
    assert not events.of(Resolved, activity=stopped)
    assert asked[0] == 2
    again = call(network, server.port, "localhost")  # an answer is not kept
    events.wait_for(Connected, activity=again)
    assert asked[0] == 3


def test_a_bug_while_looking_up_ends_all_who_wait(
    network: Network,
    events: Events,
    slow_names: threading.Event,
    monkeypatch: pytest.MonkeyPatch,
    logged_errors: list[object],
) -> None:
    def broken(endpoint: Endpoint, kind: socket.SocketKind, family: Family) -> NetError:
        slow_names.wait(SECONDS)
        raise RuntimeError("a bug")

    monkeypatch.setattr(resolver, "look_up", broken)
    numbers = [call(network, 80, "localhost") for _ in range(3)]
    wait_until(lambda: len(events.of(Resolving)) == 3)
    slow_names.set()
    for number in numbers:
        events.wait_for(ActivityStopped, activity=number)
        assert "a bug" in events.wait_for(Crashed, activity=number).traceback
    logged_errors.clear()
