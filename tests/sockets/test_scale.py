"""Many at once, and over and over: nothing is lost, nothing is left behind."""

from __future__ import annotations

import gc
import os
import selectors
import socket
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path

import pytest

from netlib.activities.client import ClientConfig
from netlib.activities.serving import ServerConfig
from netlib.activities.time_query import TimeConfig
from netlib.address import Endpoint
from netlib.engine.tcp import ConnectionOptions
from netlib.events import (
    Accepted,
    ActivityStopped,
    Closed,
    CloseReason,
    Connected,
    Connecting,
    Idle,
    Listening,
    PeerFinished,
    Transport,
)
from netlib.network import CloseMode, Network
from netlib.system.sockets import raise_file_limit
from tests.helpers import free_port, wait_until
from tests.sockets.conftest import (
    HOST,
    PREFIX,
    SECONDS,
    Events,
    call,
    dial,
    listener,
    port_of,
    read,
    read_to_end,
    serve,
    settle,
    talk,
)

# -- five thousand clients -------------------------------------------------------------------------

CROWD = 5000


@pytest.mark.skipif(sys.platform == "win32", reason="each end takes a file; select() takes 512")
def test_five_thousand_clients_are_served_at_once_and_counted_to_the_byte(
    network: Network, events: Events
) -> None:
    raise_file_limit()
    server = serve(network, events)
    line = b"you are one of many\n"
    with selectors.DefaultSelector() as crowd:
        for _ in range(CROWD):
            crowd.register(dial(server.port), selectors.EVENT_READ)
        wait_until(lambda: network.totals(server.number).clients == CROWD, SECONDS)
        peers = [key.fileobj for key in crowd.get_map().values()]
        for _round in range(2):
            for peer in peers:
                assert isinstance(peer, socket.socket)
                peer.sendall(line)
            for peer in peers:
                assert isinstance(peer, socket.socket)
                assert read(peer, len(PREFIX + line)) == PREFIX + line
        for peer in peers:
            assert isinstance(peer, socket.socket)
            peer.close()
    wait_until(lambda: len(events.of(Closed)) == CROWD, SECONDS)
    totals = network.totals(server.number)
    assert totals[:4] == (2 * CROWD * len(line), 2 * CROWD * len(PREFIX + line), 2 * CROWD, 0)
    assert {one.reason for one in events.of(Closed)} <= {CloseReason.BY_PEER}
    assert len({one.connection for one in events.of(Accepted)}) == CROWD


# -- over and over ---------------------------------------------------------------------------------

CYCLES = 1000


def descriptors() -> int:
    """Return how many files and sockets this process has open."""
    return len(os.listdir("/proc/self/fd"))  # noqa: PTH208 - counting only


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="counts /proc/self/fd")
def test_a_thousand_connections_begun_and_cancelled_leave_nothing_behind(
    network: Network, events: Events
) -> None:
    with listener(backlog=1) as silent:  # its queue is soon full: then nobody answers
        server = serve(network, events)
        targets = [
            *(Endpoint(HOST, server.port), Endpoint("localhost", server.port)),
            *(Endpoint(HOST, port_of(silent)), Endpoint(HOST, free_port())),
        ]
        settle(network)
        before, threads = descriptors(), threading.active_count()
        numbers = []
        for cycle in range(CYCLES):
            config = ClientConfig(endpoint=targets[cycle % len(targets)], timeout=0.5)
            numbers.append(network.connect(config))
            if cycle % 3 == 0:  # some get further than others
                settle(network)
            network.stop(numbers[-1])
        wait_until(lambda: len(events.of(ActivityStopped)) == CYCLES, SECONDS)
        wait_until(lambda: threading.active_count() <= threads, SECONDS)
        wait_until(lambda: network.totals(server.number).clients == 0, SECONDS)
        wait_until(lambda: descriptors() <= before, SECONDS)
    stopped = [one.activity for one in events.of(ActivityStopped)]
    assert sorted(stopped) == numbers
    connected = {one.connection for one in events.of(Connected)}
    closed = [one.connection for one in events.of(Closed) if one.activity != server.number]
    assert sorted(closed) == sorted(connected)
    wait_until(lambda: not network._engines.home._timers._heap, 2.0, "timers forgotten when due")


def test_two_thousand_clients_come_and_go_and_the_server_is_as_it_was() -> None:
    network, found = Network(), list[Listening]()  # nobody keeps what happened
    number = network.serve(ServerConfig(service="echo", host=HOST, port=0))

    def listens() -> bool:
        found.extend(one for one in network.poll() if isinstance(one, Listening))
        return bool(found)

    wait_until(listens)
    objects = []
    for _ in range(4):
        for _ in range(500):
            with dial(found[0].local.port) as peer:
                peer.sendall(b"a")
                assert peer.recv(1) == b"a"
        wait_until(lambda: network.totals(number).clients == 0)
        network.poll(1 << 20)
        gc.collect()
        objects.append(len(gc.get_objects()))
    assert network.totals(number).received == 2000
    assert objects[3] - objects[1] < 100  # not one for each of the thousand since
    assert network.close(5.0)


# -- stop in every state ---------------------------------------------------------------------------

State = Callable[[Network, Events, int, socket.socket], None]


def untouched(network: Network, events: Events, number: int, peer: socket.socket) -> None:
    """Just connected."""


def with_bytes_unsent(network: Network, events: Events, number: int, peer: socket.socket) -> None:
    while network.send(number, b"x" * 500_000):
        settle(network)


def flushing(network: Network, events: Events, number: int, peer: socket.socket) -> None:
    with_bytes_unsent(network, events, number, peer)
    network.end(number, CloseMode.CLOSE)


def peer_finished(network: Network, events: Events, number: int, peer: socket.socket) -> None:
    peer.shutdown(socket.SHUT_WR)
    events.wait_for(PeerFinished)


def we_finished(network: Network, events: Events, number: int, peer: socket.socket) -> None:
    network.end(number, CloseMode.FINISH)
    assert read_to_end(peer) == b""


def finishing(network: Network, events: Events, number: int, peer: socket.socket) -> None:
    with_bytes_unsent(network, events, number, peer)
    network.end(number, CloseMode.FINISH)


def silent(network: Network, events: Events, number: int, peer: socket.socket) -> None:
    events.wait_for(Idle)


def under_flood(network: Network, events: Events, number: int, peer: socket.socket) -> None:
    peer.setblocking(False)
    with suppress(BlockingIOError):
        while True:
            peer.send(b"a line of many\n" * 4096)


STATES: list[State] = [
    *(untouched, with_bytes_unsent, flushing, peer_finished, we_finished, finishing),
    *(silent, under_flood),
]


def once_and_last(events: Events, number: int) -> None:
    """Wait until an activity has stopped; one Closed a connection, and nothing after the end."""
    events.wait_for(ActivityStopped, activity=number, timeout=1.0)
    own = [item for item in events.items if item.activity == number]
    assert isinstance(own[-1], ActivityStopped)
    assert sum(isinstance(item, ActivityStopped) for item in own) == 1
    closed = [item.connection for item in own if isinstance(item, Closed)]
    assert len(closed) == len(set(closed))


@pytest.mark.parametrize("state", STATES)
def test_a_client_stops_at_once_in_every_state(
    network: Network, events: Events, state: State
) -> None:
    options = ConnectionOptions(duplex=True, stays_open=True, idle_notice=0.1)
    with talk(network, events, options) as (number, peer):
        state(network, events, number, peer)
        network.stop(number)
        once_and_last(events, number)
        assert len(events.of(Closed)) == 1


@pytest.mark.parametrize("state", [untouched, with_bytes_unsent, flushing, finishing, under_flood])
def test_a_server_stops_at_once_in_every_state_of_its_client(
    network: Network, events: Events, state: State
) -> None:
    server = serve(network, events)
    with dial(server.port) as peer:
        events.wait_for(Accepted)
        state(network, events, server.number, peer)
        network.stop(server.number)
        once_and_last(events, server.number)
        assert len(events.of(Closed)) == 1


def test_a_server_stops_while_it_lingers_with_a_client_it_has_told_why(
    network: Network, events: Events
) -> None:
    server = serve(network, events, max_line=10)
    with dial(server.port) as peer:
        peer.sendall(b"x" * 100)
        assert read_to_end(peer).endswith(b"\n")  # told, and FIN; we have not finished
        assert not events.of(Closed)
        network.stop(server.number)
        once_and_last(events, server.number)
    assert events.of(Closed)[0].reason is CloseReason.LINE_TOO_LONG


def test_what_waits_for_an_answer_stops_at_once(network: Network, events: Events) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as mute:
        mute.bind((HOST, 0))
        there = Endpoint(HOST, port_of(mute))
        begin = [
            partial(network.query_time, TimeConfig(endpoint=there, timeout=60)),
            partial(network.connect, ClientConfig(endpoint=there, transport=Transport.UDP)),
            partial(
                network.serve,
                ServerConfig(service="echo", host=HOST, port=0, transport=Transport.UDP),
            ),
        ]
        for start in begin:
            number = start()
            settle(network)
            network.stop(number)
            once_and_last(events, number)
        number = call(network, 80, "192.0.2.1", timeout=60)  # RFC 5737: nobody has it
        events.wait_for(Connecting, activity=number)
        network.stop(number)
        once_and_last(events, number)
