"""The doctor on loopback: what it learns of a path, step by step, and that it sends nothing."""

from __future__ import annotations

import socket
import sys
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from netlib.activities.doctor import DoctorConfig
from netlib.address import Endpoint
from netlib.engine import resolver
from netlib.errors import Cause
from netlib.events import ActivityStopped, Connected, Diagnosed, Resolving
from netlib.network import Network
from netlib.path import NetPath, Via
from netlib.teaching.doctor import Finding, State, findings
from tests.helpers import free_port, wait_until
from tests.sockets.conftest import (
    HOST,
    SECONDS,
    Events,
    accept,
    listener,
    port_of,
    read_to_end,
    reset,
    serve,
)

ALL_WELL = [State.OK] * 5


def look(network: Network, events: Events, host: str, port: int, **more: Any) -> NetPath:
    """Return all that is known of a path once the doctor is done."""
    number = network.diagnose(DoctorConfig(endpoint=Endpoint(host, port), **more))
    events.wait_for(ActivityStopped, activity=number)
    return events.of(Diagnosed, activity=number)[-1].path


def last(path: NetPath) -> Finding:
    """Return the last step that is over."""
    return [one for one in findings(path) if one.is_over][-1]


def test_a_server_that_waits_to_be_asked_is_no_fault_and_nothing_is_sent_to_it(
    network: Network, events: Events
) -> None:
    with listener() as server:
        config = DoctorConfig(endpoint=Endpoint(HOST, port_of(server)), reply_wait=0.05)
        number = network.diagnose(config)
        with accept(server) as peer:
            assert read_to_end(peer) == b""
    events.wait_for(ActivityStopped, activity=number)
    steps = [one.path for one in events.of(Diagnosed, activity=number)]
    assert [len([one for one in findings(path) if one.is_over]) for path in steps] == [1, 3, 4, 5]
    assert [one.state for one in findings(steps[-1])] == ALL_WELL
    assert last(steps[-1]).cause == "silent"
    assert steps[-1].attempts[0].local == events.of(Connected)[0].local
    assert network.totals(number).sent == 0


def test_what_a_server_says_first_is_told(network: Network, events: Events) -> None:
    server = serve(network, events, "chat")
    path = look(network, events, HOST, server.port, reply_wait=SECONDS)
    assert [one.state for one in findings(path)] == ALL_WELL
    assert last(path).cause == "speaks first"


@pytest.mark.parametrize(("end", "cause"), [(socket.socket.close, "closed"), (reset, "reset")])
def test_a_server_that_ends_at_once_is_a_fault(
    network: Network, events: Events, end: Any, cause: str
) -> None:
    with listener() as server:
        number = network.diagnose(DoctorConfig(endpoint=Endpoint(HOST, port_of(server))))
        end(accept(server))
        events.wait_for(ActivityStopped, activity=number)
    path = events.of(Diagnosed, activity=number)[-1].path
    assert (last(path).cause, last(path).state) == (cause, State.FAILED)


@pytest.mark.parametrize("host", [HOST, "::1", "localhost"])
def test_where_nothing_listens_it_says_so(network: Network, events: Events, host: str) -> None:
    path = look(network, events, host, free_port())
    assert (last(path).cause, last(path).state) == ("nothing listens", State.FAILED)
    assert {one.via for one in path.routes} == {Via.OWN}
    assert path.listeners == ()


@pytest.mark.parametrize("host", ["127.0.0.2", "::1"])
def test_a_server_at_another_address_of_this_computer_is_named(
    network: Network, events: Events, host: str
) -> None:
    with listener() as server:
        path = look(network, events, host, port_of(server))
    assert last(path).cause == "other address"
    assert path.listeners == (HOST,)


def test_a_server_of_ipv6_alone_is_told_from_one_that_takes_both(
    network: Network, events: Events
) -> None:
    with socket.create_server(("::", 0), family=socket.AF_INET6) as server:
        path = look(network, events, HOST, port_of(server))
    assert last(path).cause == "IPv6 alone"


@pytest.mark.skipif(sys.platform != "linux", reason="a full accept queue is refused elsewhere")
def test_silence_of_this_computer_is_its_own_fault(network: Network, events: Events) -> None:
    with listener(0) as full, socket.create_connection(full.getsockname()):
        path = look(network, events, HOST, port_of(full), timeout=0.1)
    assert last(path).cause == "dropped here"
    assert path.attempts[0].seconds >= 0.1


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "224.0.0.1"])
def test_an_address_of_nobody_ends_at_the_address(
    network: Network, events: Events, host: str
) -> None:
    path = look(network, events, host, 80)
    assert [one.state for one in findings(path)[:3]] == [
        *(State.OK, State.FAILED, State.NOT_REACHED)
    ]
    assert path.attempts == ()


@pytest.fixture
def stuck_names(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """Look-ups take until this event is set."""
    answer, ask = threading.Event(), resolver._ask

    def slowly(*question: Any) -> list[resolver.Address]:
        if not question[-1]:
            assert answer.wait(SECONDS)
        return ask(*question)

    monkeypatch.setattr(resolver, "_ask", slowly)
    yield answer
    answer.set()


def test_a_look_up_without_an_answer_ends_at_its_limit(
    network: Network, events: Events, stuck_names: threading.Event
) -> None:
    path = look(network, events, "localhost", 80, timeout=0.05)
    assert path.name_error is not None
    assert path.name_error.cause is Cause.TIMED_OUT
    assert [one.state for one in findings(path)] == [State.FAILED, *[State.NOT_REACHED] * 4]
    stuck_names.set()
    wait_until(lambda: not [one for one in threading.enumerate() if "worker" in one.name])
    assert isinstance(events.items[-1], ActivityStopped), "the late answer changes nothing"


def test_it_can_be_stopped_and_tells_nothing_more(
    network: Network, events: Events, stuck_names: threading.Event
) -> None:
    number = network.diagnose(DoctorConfig(endpoint=Endpoint("localhost", 80)))
    events.wait_for(Resolving, activity=number)
    network.stop(number)
    events.wait_for(ActivityStopped, activity=number)
    assert events.of(Diagnosed) == []


def test_what_cannot_be_connected_to_is_refused_at_once() -> None:
    with pytest.raises(ValueError, match="port 0"):
        DoctorConfig(endpoint=Endpoint(HOST, 0))
    with pytest.raises(ValueError, match="timeout"):
        DoctorConfig(endpoint=Endpoint(HOST, 1), timeout=0.0)
