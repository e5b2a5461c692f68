"""One UDP socket: what the system tells about datagrams, and that nothing of it ends the socket."""

from __future__ import annotations

import socket

from netlib.address import Endpoint
from netlib.engine.datagram import DATAGRAMS_PER_TURN
from netlib.engine.tcp import QUEUE_BYTES
from netlib.events import (
    Chunk,
    Connected,
    Direction,
    PortUnreachable,
)
from netlib.network import Network
from tests.helpers import free_port, wait_until
from tests.sockets.conftest import (
    HOST,
    Events,
    held_up,
    serve,
    udp_client,
    udp_peer,
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


def test_what_a_user_may_queue_is_bounded_and_all_of_it_is_sent(
    network: Network, events: Events
) -> None:
    server = serve(network, events, "echo", udp=True)
    number = udp_client(network, events, server.port)
    queued = 0
    with held_up(network):
        while network.send(number, b"x" * 50_000):
            queued += 50_000
        assert 0 < queued <= QUEUE_BYTES
    wait_until(lambda: network.totals(number).sent == queued)
    assert network.totals(number).unsent == 0
    assert network.send(number, b"there is room again")


def test_more_datagrams_than_one_turn_reads_are_all_read(network: Network, events: Events) -> None:
    server = serve(network, events, "echo", udp=True)
    count = DATAGRAMS_PER_TURN + 10
    with udp_peer(server.port) as peer:
        with held_up(network):
            for index in range(count):  # they wait in the kernel
                peer.send(b"%d" % index)
        wait_until(lambda: network.totals(server.number).messages == count)
    received = [
        item.data
        for item in events.items
        if isinstance(item, Chunk) and item.direction is Direction.RECEIVED
    ]
    assert received == [b"%d" % index for index in range(count)]
