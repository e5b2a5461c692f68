"""The facade: whatever it is told, it ends in time and leaves nothing behind."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress

from netlib.events import ActivityStopped, Closed
from netlib.network import Network
from tests.helpers import wait_until
from tests.sockets.conftest import (
    PREFIX,
    Events,
    dial,
    read,
    serve,
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
