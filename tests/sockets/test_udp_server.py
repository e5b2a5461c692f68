"""A UDP server goes on, whatever one datagram does."""

from __future__ import annotations

import pytest

from netlib.address import Endpoint
from netlib.events import (
    Crashed,
)
from netlib.network import Network
from netlib.services.echo import Echo
from tests.sockets.conftest import (
    PREFIX,
    Events,
    serve,
    udp_peer,
)


def test_a_udp_server_survives_clients_that_are_gone(network: Network, events: Events) -> None:
    server = serve(network, events, udp=True)
    for _ in range(20):
        with udp_peer(server.port) as gone:
            gone.send(b"bye")
    with udp_peer(server.port) as peer:
        peer.send(b"a")
        assert peer.recv(100) == PREFIX + b"a"


def test_a_bug_while_answering_a_datagram_is_shown_and_the_next_is_answered(
    network: Network,
    events: Events,
    monkeypatch: pytest.MonkeyPatch,
    logged_errors: list[object],
) -> None:
    def answer(self: Echo, data: bytes, peer: Endpoint) -> bytes:
        return str(1 // int(data)).encode()

    monkeypatch.setattr(Echo, "datagram", answer)
    server = serve(network, events, "echo", udp=True)
    with udp_peer(server.port) as peer:
        peer.send(b"0")
        assert "ZeroDivisionError" in events.wait_for(Crashed).traceback
        peer.send(b"1")
        assert peer.recv(10) == b"1"
    assert len(logged_errors) == 1
    logged_errors.clear()
