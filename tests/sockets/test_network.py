"""The facade: whatever it is told, it ends in time and leaves nothing behind."""

from __future__ import annotations

import gc
import socket
import threading
import weakref
from contextlib import suppress

import pytest

from netlib.engine.outbox import EventQueue
from netlib.engine.records import Item
from netlib.events import Accepted, ActivityStopped, Chunk, Closed
from netlib.network import CloseMode, Network, Totals
from tests.helpers import wait_until
from tests.sockets.conftest import (
    PREFIX,
    Events,
    dial,
    read,
    rows,
    serve,
    settle,
    udp_peer,
)


def test_the_network_closes_within_a_second_under_flood() -> None:
    events = Events()
    network = Network(events)
    server = serve(network, events, "echo")
    peers = [dial(server.port) for _ in range(8)]
    feeders = [threading.Thread(target=_flood, args=(peer,)) for peer in peers]
    for feeder in feeders:
        feeder.start()
    wait_until(lambda: network.totals(server.number).received > 10 << 20)
    assert network.close(timeout=1.0)
    for feeder, peer in zip(feeders, peers, strict=True):
        feeder.join()
        peer.close()
    assert len(events.of(Closed)) == 8
    assert isinstance(events.items[-1], ActivityStopped)


def _flood(peer: socket.socket) -> None:
    peer.setblocking(False)
    data, pause = b"f" * 65536, threading.Event()
    with suppress(ConnectionError):
        while True:
            try:
                peer.send(data)
                if not peer.recv(1 << 20):
                    return
            except BlockingIOError:
                pause.wait(0.001)


def test_fifty_starts_and_stops_leave_nothing_behind() -> None:
    for _ in range(50):
        events = Events()
        network = Network(events)
        server = serve(network, events)
        with dial(server.port) as peer:
            peer.sendall(b"a\n")
            assert read(peer, len(PREFIX) + 2) == PREFIX + b"a\n"
            assert network.close()
        assert isinstance(events.items[-1], ActivityStopped)


def test_whoever_asks_about_what_there_is_not_gets_nothing(network: Network) -> None:
    assert not network.send(99, b"x")
    assert not network.request(99, b"GET / HTTP/1.1\r\n\r\n")
    for how in CloseMode:
        network.end(99, how)
    network.stop(99)
    assert rows(network, 99) == []
    assert network.totals(99) == Totals(0, 0, 0)
    assert network.poll() == []
    assert network.lost_events == 0


def test_the_figures_of_what_has_stopped_can_still_be_asked(
    network: Network, events: Events
) -> None:
    server = serve(network, events, "echo")
    with dial(server.port) as peer:
        peer.sendall(b"abc")
        assert read(peer, 3) == b"abc"
        network.stop(server.number)
        events.wait_for(ActivityStopped, activity=server.number)
    assert network.totals(server.number)[:2] == (3, 3)
    assert rows(network, server.number) == []


def test_every_activity_and_every_connection_has_a_number_of_its_own(
    network: Network, events: Events
) -> None:
    servers = [serve(network, events), serve(network, events, "echo")]
    numbers = [one.number for one in servers]
    with dial(servers[0].port), dial(servers[1].port):
        wait_until(lambda: len(events.of(Accepted)) == 2)
    assert len(set(numbers)) == 2
    assert len({one.connection for one in events.of(Accepted)}) == 2
    assert sorted(one.activity for one in events.of(Accepted)) == numbers


@pytest.mark.parametrize("service", ["echo", "time"])
def test_what_has_stopped_is_forgotten_but_for_its_figures(
    network: Network, events: Events, service: str
) -> None:
    udp = service == "time"
    server = serve(network, events, service, udp=udp)
    seen = weakref.ref(network._activities[server.number])
    with udp_peer(server.port) if udp else dial(server.port) as peer:
        peer.send(b"abc")
        assert peer.recv(100)
        network.stop(server.number)
        events.wait_for(ActivityStopped, activity=server.number)
    settle(network)
    gc.collect()
    assert seen() is None
    figures = network.totals(server.number)
    assert (figures.received, figures.messages, figures.clients) == (3, 1, 0)
    assert rows(network, server.number) == []
    network.stop(server.number)
    assert not network.send(server.number, b"x")


def test_who_listens_hears_what_is_begun_from_then_on(network: Network, events: Events) -> None:
    before, queue = serve(network, events, "echo"), EventQueue()
    with dial(before.port) as old:
        network.listen(queue)
        server = serve(network, events, "echo")
        with dial(server.port) as peer:
            for one, data in ((old, b"not heard"), (peer, b"heard")):
                one.sendall(data)
                assert read(one, len(data)) == data
        heard: list[Item] = []

        def closed() -> bool:
            heard.extend(queue.take())
            return any(isinstance(item, Closed) for item in heard)

        wait_until(closed)
        network.listen(None)
        old.sendall(b"nor this")
        assert read(old, 8) == b"nor this"
    assert {item.activity for item in heard} == {server.number}
    assert [data for data in map(_data, heard) if data] == [b"heard", b"heard"]
    assert queue.take() == []
    wait_until(lambda: sum(_data(one) == b"nor this" for one in events.items) == 2)


def _data(item: Item) -> bytes:
    return item.data if isinstance(item, Chunk) else b""
