"""A UDP server goes on, whatever one datagram does."""

from __future__ import annotations

import pytest

from netlib.activities.serving import ServerConfig
from netlib.address import Endpoint
from netlib.events import (
    ActivityStopped,
    Crashed,
    Listening,
    Transport,
)
from netlib.network import Network
from netlib.services.echo import Echo
from tests.helpers import wait_until
from tests.sockets.conftest import (
    HOST,
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


def test_everybody_gets_the_answer_to_what_they_asked(network: Network, events: Events) -> None:
    server = serve(network, events, "echo", udp=True, host="localhost")
    with udp_peer(server.port) as one, udp_peer(server.port, "::1") as two:
        one.send(b"1")
        two.send(b"2")
        assert (one.recv(100), two.recv(100)) == (b"1", b"2")
    wait_until(lambda: network.totals(server.number)[:3] == (2, 2, 2))  # both sockets together


def test_a_port_is_free_again_once_the_server_has_stopped(network: Network, events: Events) -> None:
    server = serve(network, events, "echo", udp=True)
    with udp_peer(server.port) as peer:
        network.stop(server.number)
        events.wait_for(ActivityStopped, activity=server.number)
        peer.send(b"anybody?")
        with pytest.raises(ConnectionError):
            peer.recv(100)
        again = ServerConfig(service="echo", host=HOST, port=server.port, transport=Transport.UDP)
        number = network.serve(again)
        events.wait_for(Listening, activity=number)
        peer.send(b"anybody?")
        assert peer.recv(100) == b"anybody?"
