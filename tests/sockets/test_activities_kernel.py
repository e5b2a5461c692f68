"""What is seen of the kernel while somebody looks, and what a person sets about sockets."""

from __future__ import annotations

import socket
import sys
import threading
from collections.abc import Callable
from typing import Any, TypeVar

import pytest

from netlib.activities.client import ClientConfig
from netlib.activities.kernel import LOOK_SECONDS, ConnectionFacts, PairFacts, ServerFacts
from netlib.activities.serving import ServerConfig
from netlib.address import Endpoint
from netlib.engine.tcp import ConnectionOptions
from netlib.events import (
    Accepted,
    AcceptingPaused,
    AcceptingResumed,
    Closed,
    Connected,
    Direction,
    Finished,
    Listening,
    PeerFinished,
    ReadingPaused,
    ReceiveBufferSet,
    Transport,
)
from netlib.network import CloseMode, Network
from netlib.system.tcp_states import NOT_TOLD, Pair
from tests.helpers import wait_until
from tests.samples import refusal
from tests.sockets.conftest import (
    HOST,
    PREFIX,
    Events,
    Served,
    call,
    dial,
    on_engine,
    read,
    rows,
    serve,
    settle,
    talk,
)

on_linux = pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells all of it")

T = TypeVar("T")


def seen(look: Callable[[], T | None], condition: Callable[[T], object] = lambda _: True) -> T:
    """Look on, as a window does, until what is seen is as wanted."""
    found: list[T] = []

    def looked() -> bool:
        facts = look()
        if facts is None or not condition(facts):
            return False
        found.append(facts)
        return True

    wait_until(looked, what="facts of the kernel")
    return found[0]


def both_ends(network: Network, events: Events, server: Served) -> tuple[int, int, int]:
    """Connect to our own server; return the client's activity, and both connections."""
    client = call(network, server.port)
    here = events.wait_for(Connected, activity=client)
    there = events.wait_for(Accepted, peer=here.local)
    return client, here.connection, there.connection


def fill(network: Network, client: int) -> None:
    """Send until nothing more is taken: the send buffer and our own queue are full."""
    while network.send(client, bytes(range(256)) * 256):
        settle(network)


@on_linux
def test_flow_control_is_to_be_seen_and_nothing_is_lost(network: Network, events: Events) -> None:
    server = serve(network, events, "echo")
    client, here, there = both_ends(network, events, server)

    def sender() -> ConnectionFacts | None:
        return network.kernel.connection(client, here)

    def receiver() -> ConnectionFacts | None:
        return network.kernel.connection(server.number, there)

    before = seen(sender)
    assert before.info.send_window
    assert before.other_end == (server.number, there)
    assert seen(receiver).other_end == (client, here)
    network.kernel.pause_reading(server.number)
    seen(receiver, lambda facts: facts.reading_paused)
    fill(network, client)
    stalled = seen(sender, lambda facts: facts.info.send_window == 0)
    assert stalled.info.send_queue
    assert stalled.unsent > 1 << 19
    assert stalled.gives_up_at < stalled.at + 11
    full = seen(receiver, lambda facts: facts.info.unread)
    assert full.info.receive_window == 0 or full.info.unread == stalled.info.bytes_acknowledged
    network.kernel.resume_reading(server.number)
    wait_until(lambda: network.totals(client).received == network.totals(client).sent > 1 << 20)
    after = seen(sender, lambda facts: facts.info.send_window)
    assert after.unsent == 0
    assert seen(receiver, lambda facts: facts.info.unread == 0).reading_paused is False
    sent = events.data(Direction.SENT, client)
    assert events.data(Direction.RECEIVED, server.number) == sent
    assert events.data(Direction.RECEIVED, client) == sent


def test_who_waits_to_be_accepted_is_counted_and_served_afterwards(
    network: Network, events: Events
) -> None:
    server = serve(network, events)
    network.kernel.pause_accepting(server.number)
    events.wait_for(AcceptingPaused, activity=server.number)
    with dial(server.port) as first, dial(server.port) as second:
        first.sendall(b"one\n")
        second.sendall(b"two\n")
        facts = seen(
            lambda: network.kernel.server(server.number),
            lambda facts: sys.platform != "linux" or facts.listeners[0].info.accept_queue == 2,
        )
        assert facts.accepting_paused
        assert facts.listeners[0].local == Endpoint(HOST, server.port)
        assert rows(network, server.number) == []
        network.kernel.resume_accepting(server.number)
        assert read(first, len(PREFIX) + 4) == PREFIX + b"one\n"
        assert read(second, len(PREFIX) + 4) == PREFIX + b"two\n"
        events.wait_for(AcceptingResumed, activity=server.number)


def test_a_rest_that_ends_does_not_end_the_pause(network: Network, events: Events) -> None:
    server = serve(network, events, max_accepts=1)
    with dial(server.port), dial(server.port):
        events.wait_for(Accepted)
        network.kernel.pause_accepting(server.number)
        events.wait_for(AcceptingPaused)
        resting = network._engines.home._timers
        wait_until(lambda: resting.due == float("inf"), what="the end of the listener's rest")
        settle(network)
        assert len(events.of(Accepted)) == 1
        network.kernel.resume_accepting(server.number)
        wait_until(lambda: len(events.of(Accepted)) == 2)


def test_a_server_that_accepts_nobody_can_be_stopped(network: Network, events: Events) -> None:
    server = serve(network, events)
    network.kernel.pause_accepting(server.number)
    network.stop(server.number)
    network.kernel.resume_accepting(server.number)
    wait_until(lambda: network.kernel.server(server.number) is None)
    settle(network)


def test_the_buffer_of_an_open_connection_is_set_and_told(network: Network, events: Events) -> None:
    with talk(network, events) as (number, _peer):
        connection = events.of(Connected, activity=number)[0].connection
        network.kernel.set_receive_buffer(number, 10_000)
        told = events.wait_for(ReceiveBufferSet, activity=number)
        assert (told.connection, told.asked) == (connection, 10_000)
        facts = seen(lambda: network.kernel.connection(number, connection))
        assert facts.info.receive_buffer == told.given >= 10_000


def test_what_a_server_is_given_its_connections_inherit(network: Network, events: Events) -> None:
    config = ServerConfig(service="echo", host=HOST, port=0, receive_buffer=9_000)
    number = network.serve(config)
    port = events.wait_for(Listening).local.port
    told = events.wait_for(ReceiveBufferSet, activity=number)
    assert (told.connection, told.asked) == (0, 9_000)
    with dial(port):
        accepted = events.wait_for(Accepted).connection
        facts = seen(lambda: network.kernel.connection(number, accepted))
        assert facts.info.receive_buffer == told.given
        network.kernel.set_receive_buffer(number, 20_000)
        later = events.wait_for(ReceiveBufferSet, asked=20_000)
        seen(
            lambda: network.kernel.connection(number, accepted),
            lambda facts: facts.info.receive_buffer == later.given != told.given,
        )


def test_a_client_asks_for_its_buffer_before_it_connects(network: Network, events: Events) -> None:
    server = serve(network, events)
    small = call(network, server.port, options=ConnectionOptions(receive_buffer=4_000))
    told = events.wait_for(ReceiveBufferSet, activity=small)
    assert told.asked == 4_000
    connection = events.of(Connected, activity=small)[0].connection
    facts = seen(lambda: network.kernel.connection(small, connection))
    assert facts.info.receive_buffer == told.given


@pytest.mark.parametrize("size", [0, -1, 1 << 31])
def test_a_size_no_system_could_take_is_refused(network: Network, size: int) -> None:
    options = ConnectionOptions(receive_buffer=size)
    assert refusal(lambda: network.kernel.set_receive_buffer(1, size))
    assert refusal(lambda: ClientConfig(endpoint=Endpoint(HOST, 1), options=options))
    assert refusal(lambda: ServerConfig(service="echo", port=0, receive_buffer=size))


@pytest.mark.parametrize("setting", [{"backlog": 1}, {"accepting_paused": True}])
def test_where_nobody_connects_nobody_waits_to_be_accepted(setting: dict[str, Any]) -> None:
    udp = Transport.UDP
    assert refusal(lambda: ServerConfig(service="time", port=0, transport=udp, **setting))
    assert refusal(lambda: ServerConfig(service="echo", port=0, backlog=0))


def test_a_udp_server_has_one_receive_buffer(network: Network, events: Events) -> None:
    config = ServerConfig(service="time", port=0, transport=Transport.UDP, receive_buffer=65536)
    number = network.serve(config)
    told = events.wait_for(ReceiveBufferSet, activity=number)
    assert told.asked == 65536
    assert 65536 <= told.given <= 131072


def test_what_is_over_or_never_was_has_no_facts(network: Network, events: Events) -> None:
    assert network.kernel.connection(99, 1) is None
    assert network.kernel.server(99) is None
    network.kernel.pause_reading(99)
    network.kernel.pause_accepting(99)
    with talk(network, events) as (number, _peer):
        connection = events.of(Connected, activity=number)[0].connection
        seen(lambda: network.kernel.connection(number, connection))
        assert network.kernel.server(number) is None
        network.end(number, CloseMode.ABORT)
        wait_until(lambda: network.kernel.connection(number, connection) is None)


def test_nobody_is_asked_more_often_than_agreed(network: Network, events: Events) -> None:
    with talk(network, events) as (number, _peer):
        connection = events.of(Connected, activity=number)[0].connection
        times: set[float] = set()

        def looked() -> bool:
            facts = network.kernel.connection(number, connection)
            times.update([] if facts is None else [facts.at])
            return len(times) == 4

        wait_until(looked)
        first, *others = sorted(times)
        assert others[-1] - first >= 3 * LOOK_SECONDS * 0.9


STATES = {
    "client closes": ("FIN-WAIT-2", "CLOSE-WAIT"),
    "server closes": ("CLOSE-WAIT", "FIN-WAIT-2"),
}


@on_linux
@pytest.mark.parametrize("who", STATES)
def test_the_states_of_a_half_close_and_of_time_wait_as_the_system_has_them(
    network: Network, events: Events, who: str
) -> None:
    server = serve(network, events, "chat")
    client, here, there = both_ends(network, events, server)
    pair = seen(lambda: network.kernel.connection(client, here)).pair
    back = Pair(pair.peer, pair.local)
    first, second = (client, here), (server.number, there)
    if who == "server closes":
        first, second = second, first
    network.kernel.pause_reading(second[0])  # else it answers the FIN at once
    events.wait_for(ReadingPaused)
    network.end(first[0], CloseMode.FINISH, first[1])
    events.wait_for(Finished, activity=first[0])
    wanted = STATES[who]

    def states(facts: PairFacts) -> tuple[str, str]:
        told = [facts.states.get(one) for one in (pair, back)]
        return told[0].state if told[0] else "", told[1].state if told[1] else ""

    seen(lambda: network.kernel.pairs([pair, back]), lambda facts: states(facts) == wanted)
    kernel = network.kernel
    seen(lambda: kernel.connection(client, here), lambda one: one.info.state == wanted[0])
    seen(lambda: kernel.connection(server.number, there), lambda one: one.info.state == wanted[1])
    network.kernel.resume_reading(second[0])
    events.wait_for(PeerFinished, activity=second[0])
    network.end(second[0], CloseMode.CLOSE, second[1])
    wait_until(lambda: len(events.of(Closed)) == 2)
    closed = seen(
        lambda: network.kernel.pairs([pair, back]),
        lambda facts: "TIME-WAIT" in states(facts) and "" in states(facts),
    )
    waits = pair if first == (client, here) else back
    left = closed.states[waits].seconds or 0.0
    assert 50 < left <= 60
    later = seen(
        lambda: network.kernel.pairs([pair, back]), lambda facts: facts.at > closed.at
    ).states[waits]
    assert later.seconds is not None
    assert later.seconds <= left


@on_linux
def test_two_who_look_at_different_connections_both_see_theirs(
    network: Network, events: Events
) -> None:
    with talk(network, events), talk(network, events):
        first, second = (Pair(one.local, one.peer) for one in events.of(Connected))

        def look() -> bool:
            facts = [network.kernel.pairs([one]) for one in (first, second)]
            return all(one and {first, second} <= one.states.keys() for one in facts)

        wait_until(look)
    many = [Pair(Endpoint(HOST, port), Endpoint(HOST, 1)) for port in range(1, 500)]
    facts = seen(lambda: network.kernel.pairs(many), lambda one: many[-1] in one.asked)
    assert len(facts.asked) < 100


@on_linux
def test_after_a_reset_the_system_knows_nothing_of_it(network: Network, events: Events) -> None:
    server = serve(network, events)
    client, here, _there = both_ends(network, events, server)
    pair = seen(lambda: network.kernel.connection(client, here)).pair
    network.end(client, CloseMode.ABORT)
    wait_until(lambda: len(events.of(Closed)) == 2)
    facts = seen(lambda: network.kernel.pairs([pair]), lambda facts: pair in facts.asked)
    seen(lambda: network.kernel.pairs([pair]), lambda facts: facts.states == {})
    assert facts.refusal == ""


@pytest.mark.skipif(NOT_TOLD == "", reason="here the system tells")
def test_why_the_system_does_not_tell_is_said(network: Network) -> None:
    pair = Pair(Endpoint(HOST, 1), Endpoint(HOST, 2))
    assert seen(lambda: network.kernel.pairs([pair])).refusal == NOT_TOLD


def test_a_window_and_a_lesson_may_look_at_the_same_time(network: Network) -> None:
    many = [Pair(Endpoint(HOST, port), Endpoint(HOST, 1)) for port in range(1, 300)]
    failed: list[Exception] = []

    def look(start: int) -> None:
        try:
            for turn in range(400):
                network.kernel.pairs(many[(start + turn) % 300 :][:70])
        except Exception as error:  # noqa: BLE001 - in a thread of the test
            failed.append(error)

    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        threads = [threading.Thread(target=look, args=(75 * number,)) for number in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        sys.setswitchinterval(before)
    assert failed == []


def test_looking_never_waits_for_the_engine(network: Network, events: Events) -> None:
    server: Served = serve(network, events)
    blocked, go_on = socket.socketpair()
    with blocked, go_on:
        on_engine(network, lambda: blocked.recv(1))
        looks: list[ServerFacts | None] = [network.kernel.server(server.number) for _ in range(9)]
        assert looks == [None] * 9
        go_on.send(b"!")
        seen(lambda: network.kernel.server(server.number))
