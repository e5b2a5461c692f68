"""One UDP socket: what the system tells about datagrams, and that nothing of it ends the socket."""

from __future__ import annotations

import socket

from netlib.address import Endpoint
from netlib.events import (
    Chunk,
    Connected,
    PortUnreachable,
)
from netlib.network import Network
from tests.helpers import free_port, wait_until
from tests.sockets.conftest import (
    HOST,
    Events,
    udp_client,
)


def test_a_closed_udp_port_is_connected_sent_unreachable_and_goes_on(
    network: Network, events: Events
) -> None:
    port = free_port(socket.SOCK_DGRAM)
    number = udp_client(network, events, port)
    assert network.send(number, b"one")
    assert events.wait_for(PortUnreachable, activity=number).peer == Endpoint(HOST, port)
    kinds = [type(item) for item in events.items]
    assert kinds == [Connected, Chunk, PortUnreachable]
    for _ in range(50):
        assert network.send(number, b"again")
    wait_until(lambda: network.totals(number).sent == 3 + 50 * 5)
    assert network.totals(number).unsent == 0
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as late:
        late.bind((HOST, port))
        late.settimeout(5)
        assert network.send(number, b"now")
        assert late.recv(100) == b"now"
