"""Our UDP client: whole datagrams to one peer, with no promise."""

from __future__ import annotations

import socket

import pytest

from netlib.errors import Operation
from netlib.events import (
    ActivityStopped,
    Connected,
    Direction,
    Failed,
    Transport,
)
from netlib.network import Network
from netlib.system.sockets import UDP_LIMIT
from tests.helpers import wait_until
from tests.sockets.conftest import (
    HOST,
    Events,
    call,
    port_of,
    serve,
    udp_client,
)


@pytest.mark.parametrize(("host", "limit"), [(HOST, 65507), ("::1", 65527)])
def test_the_longest_datagram_goes_and_one_byte_more_is_said_plainly(
    network: Network, events: Events, host: str, limit: int
) -> None:
    server = serve(network, events, "echo", udp=True, host=host)
    number = call(network, server.port, host, transport=Transport.UDP)
    events.wait_for(Connected, activity=number)
    assert network.send(number, b"x" * limit)
    assert network.send(number, b"")
    wait_until(lambda: network.totals(number).messages == 2)
    assert events.data(Direction.RECEIVED, number) == b"x" * limit
    with pytest.raises(ValueError, match=rf"{limit + 1:,}.*{limit:,}"):
        network.send(number, b"x" * (limit + 1))


def test_only_the_peer_is_heard_and_no_stranger(network: Network, events: Events) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as peer:
        peer.bind((HOST, 0))
        number = udp_client(network, events, port_of(peer))
        here = events.wait_for(Connected, activity=number).local
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stranger:
            stranger.sendto(b"believe me", (here.host, here.port))
        peer.sendto(b"it is me", (here.host, here.port))
        wait_until(lambda: network.totals(number).messages)
    assert events.data(Direction.RECEIVED, number) == b"it is me"


def test_nothing_is_sent_before_the_peer_is_known_nor_after_the_end(
    network: Network, events: Events
) -> None:
    server = serve(network, events, "echo", udp=True)
    number = udp_client(network, events, server.port)
    with pytest.raises(ValueError):
        network.send(number, b"x" * (UDP_LIMIT + 1))
    network.stop(number)
    events.wait_for(ActivityStopped, activity=number)
    assert not network.send(number, b"too late")
    number = call(network, 80, "no.such.host.invalid", transport=Transport.UDP)
    assert not network.send(number, b"too early")
    assert events.wait_for(Failed, activity=number).error.operation is Operation.RESOLVE
    events.wait_for(ActivityStopped, activity=number)
