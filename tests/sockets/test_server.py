"""A TCP server: undisturbed by its clients, and stopped at once in every state."""

from __future__ import annotations

import logging
from contextlib import suppress

import pytest

from netlib.activities.serving import ServerConfig
from netlib.address import Endpoint
from netlib.events import (
    Accepted,
    ActivityStopped,
    Closed,
    CloseReason,
    Crashed,
    Rejected,
)
from netlib.network import Network
from netlib.protocols.handler import Handler
from netlib.services.base import Service
from netlib.services.echo import Echo
from tests.helpers import wait_until
from tests.sockets.conftest import (
    HOST,
    PREFIX,
    Events,
    dial,
    listener,
    port_of,
    read,
    read_to_end,
    rows,
    serve,
)


def test_many_clients_are_served_at_once(network: Network, events: Events) -> None:
    server = serve(network, events)
    peers = [dial(server.port) for _ in range(200)]
    for number, peer in enumerate(peers):
        peer.sendall(b"%d\n" % number)
    for number, peer in enumerate(peers):
        line = PREFIX + b"%d\n" % number
        assert read(peer, len(line)) == line
    assert network.totals(server.number).clients == 200
    assert [row.messages for row in rows(network, server.number)] == [1] * 200
    for peer in peers:
        peer.close()
    wait_until(lambda: network.totals(server.number).clients == 0)
    assert network.totals(server.number).messages == 200


def test_a_client_beyond_the_limit_is_refused_and_said_so(network: Network, events: Events) -> None:
    server = serve(network, events, max_clients=1)
    with dial(server.port) as first, dial(server.port) as second:
        assert read_to_end(second) == b""
        assert events.wait_for(Rejected).limit == 1
        first.sendall(b"a\n")
        assert read(first, len(PREFIX) + 2) == PREFIX + b"a\n"


def test_a_server_stops_at_once_in_every_state(network: Network, events: Events) -> None:
    with listener() as taken:
        config = ServerConfig(service="echo", host=HOST, port=port_of(taken))
        at_once, in_use = network.serve(ServerConfig(service="echo", port=0)), network.serve(config)
        network.stop(at_once)
        network.stop(in_use)
        server = serve(network, events)
        with dial(server.port) as peer:
            events.wait_for(Accepted, activity=server.number)
            network.stop(server.number)
            network.stop(server.number)
            assert read_to_end(peer) == b""
        for number in (at_once, in_use, server.number):
            events.wait_for(ActivityStopped, activity=number)
    assert events.wait_for(Closed).reason is CloseReason.STOPPED
    assert len(events.of(ActivityStopped)) == 3


def test_a_service_that_cannot_take_a_client_ends_its_server_not_the_engine(
    network: Network,
    events: Events,
    monkeypatch: pytest.MonkeyPatch,
    logged_errors: list[logging.LogRecord],
) -> None:
    def fail(self: Service, peer: Endpoint) -> Handler:
        raise RuntimeError("no handler")

    other = serve(network, events, "acknowledge")
    server = serve(network, events, "echo")
    monkeypatch.setattr(Echo, "handler", fail)
    with dial(server.port) as peer, suppress(ConnectionResetError):
        assert read_to_end(peer) == b""
    assert "no handler" in events.wait_for(Crashed, activity=server.number).traceback
    events.wait_for(ActivityStopped, activity=server.number)
    with dial(other.port) as peer:
        peer.sendall(b"a\n")
        assert read(peer, len(PREFIX) + 2) == PREFIX + b"a\n"
    logged_errors.clear()
