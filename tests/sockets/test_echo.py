"""Echo on real sockets: every byte and every datagram comes back."""

from __future__ import annotations

import socket

from netlib.network import Network
from netlib.system.sockets import UDP_LIMIT
from tests.sockets.conftest import (
    Events,
    dial,
    read_to_end,
    serve,
    udp_peer,
)


def test_echo_returns_every_byte(network: Network, events: Events) -> None:
    server = serve(network, events, "echo")
    data = bytes(range(256)) * 1000
    with dial(server.port) as peer:
        peer.sendall(data)
        peer.shutdown(socket.SHUT_WR)
        assert read_to_end(peer) == data
    with udp_peer(serve(network, events, "echo", udp=True).port) as peer:
        for datagram in (b"\x00\xff", b"", b"x" * UDP_LIMIT):
            peer.send(datagram)
            assert peer.recv(1 << 16) == datagram
