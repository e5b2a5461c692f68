"""A relay of connections: every byte arrives, in order; FIN and RST go on; it delays and stalls."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import pytest

from netlib.activities.relay import MOST_CLIENTS, MOST_UNSENT, RelayConfig
from netlib.address import Endpoint
from netlib.errors import Cause
from netlib.events import (
    Accepted,
    Closed,
    CloseReason,
    Connected,
    Direction,
    Failed,
    Impaired,
    Listening,
    Rejected,
    Transport,
)
from netlib.network import Network
from netlib.protocols.impairment import Impairment
from netlib.system.clock import now
from tests.helpers import free_port, wait_until
from tests.sockets.conftest import (
    HOST,
    PREFIX,
    SECONDS,
    Events,
    Served,
    accept,
    dial,
    listener,
    port_of,
    read,
    read_to_end,
    reset,
    serve,
    settle,
)

HOLE = Impairment(black_hole=True)


def relay(network: Network, events: Events, port: int, **settings: Any) -> Served:
    """Begin a relay to a port of this computer, and wait until it listens."""
    number = network.serve(RelayConfig(endpoint=Endpoint(HOST, port), host=HOST, **settings))
    return Served(number, events.wait_for(Listening, activity=number).local.port)


@contextmanager
def crossing(
    network: Network, events: Events, **settings: Any
) -> Iterator[tuple[Served, socket.socket, socket.socket]]:
    """Connect two plain peers through a relay; give it, the client's end and the server's."""
    with listener() as listening:
        served = relay(network, events, port_of(listening), **settings)
        with dial(served.port) as client, accept(listening) as server:
            events.wait_for(Connected, activity=served.number)
            yield served, client, server


def test_a_client_talks_to_the_server_as_if_nothing_were_between(
    network: Network, events: Events
) -> None:
    server = serve(network, events)
    served = relay(network, events, server.port)
    with dial(served.port) as client:
        client.sendall("你好\n".encode())
        said = PREFIX + "你好\n".encode()
        assert read(client, len(said)) == said
        client.shutdown(socket.SHUT_WR)
        assert read_to_end(client) == b""
    reasons = [one.reason for one in events.of(Closed)]
    wait_until(lambda: len(events.of(Closed)) == 3)
    assert all(one.reason in (CloseReason.BY_PEER, CloseReason.BY_US) for one in events.of(Closed))
    assert network.totals(served.number).clients == 0, reasons


def test_a_half_closed_connection_still_carries_the_other_direction(
    network: Network, events: Events
) -> None:
    with crossing(network, events) as (_relay, client, server):
        client.sendall(b"question")
        client.shutdown(socket.SHUT_WR)
        assert read_to_end(server) == b"question"
        server.sendall(b"answer")
        server.close()
        assert read_to_end(client) == b"answer"


@pytest.mark.parametrize("from_client", [True, False])
def test_a_reset_goes_on_as_a_reset(network: Network, events: Events, from_client: bool) -> None:
    with crossing(network, events) as (_relay, client, server):
        first, second = (client, server) if from_client else (server, client)
        reset(first)
        with pytest.raises(ConnectionResetError):
            second.recv(1)


def test_a_delay_is_of_one_direction_and_what_is_behind_waits_for_it(
    network: Network, events: Events
) -> None:
    with crossing(network, events, up=Impairment(delay=0.3)) as (_relay, client, server):
        begun = now()
        server.sendall(b"quick")
        assert read(client, 5) == b"quick"
        assert now() - begun < 0.3
        begun = now()
        client.sendall(b"slow")
        client.shutdown(socket.SHUT_WR)
        assert read_to_end(server) == b"slow", "FIN stays behind the bytes"
        assert now() - begun >= 0.3


def test_a_black_hole_holds_all_back_and_loses_nothing(network: Network, events: Events) -> None:
    with crossing(network, events) as (served, client, server):
        client.sendall(b"before ")
        assert read(server, 7) == b"before "
        network.kernel.impair(served.number, HOLE, HOLE)
        told = events.wait_for(Impaired, activity=served.number)
        assert (told.up, told.down) == ("black-hole=on", "black-hole=on")
        client.sendall(b"meanwhile ")
        wait_until(lambda: events.data(Direction.RECEIVED, served.number).endswith(b"meanwhile "))
        client.shutdown(socket.SHUT_WR)
        server.settimeout(0.2)
        with pytest.raises(TimeoutError):
            server.recv(1)
        server.settimeout(SECONDS)
        network.kernel.impair(served.number, Impairment(), Impairment())
        assert read_to_end(server) == b"meanwhile "
        assert events.of(Impaired)[-1].up == ""


def test_who_sends_without_end_into_a_hole_is_read_no_further(
    network: Network, events: Events
) -> None:
    with crossing(network, events, up=HOLE) as (served, client, _server):
        client.setblocking(False)
        sent = 0
        with suppress(BlockingIOError):
            while True:
                sent += client.send(bytes(1 << 16))
        settle(network)
        received = len(events.data(Direction.RECEIVED, served.number))
        assert received <= 2 * MOST_UNSENT
        assert sent > received


def test_much_data_both_ways_at_once_arrives_whole(network: Network, events: Events) -> None:
    server = serve(network, events, "echo")
    slow = Impairment(delay=0.01, jitter=0.02)
    served = relay(network, events, server.port, up=slow, down=slow)
    data = bytes(range(256)) * 20_000
    with dial(served.port) as client:
        wait_until(lambda: events.of(Connected, activity=served.number))
        client.settimeout(0.001)
        received, left = bytearray(), memoryview(data)

        def exchanged() -> bool:
            nonlocal left
            try:
                left = left[client.send(left[:50_000]) :] if left else left
                received.extend(client.recv(1 << 20))
            except TimeoutError:
                pass
            return len(received) == len(data)

        wait_until(exchanged, SECONDS * 2)
        assert received == data


def test_a_rate_holds_for_pieces_of_a_large_send(network: Network, events: Events) -> None:
    with crossing(network, events, up=Impairment(rate=100_000.0)) as (_relay, client, server):
        begun = now()
        client.sendall(bytes(30_000))
        assert read(server, 1460) == bytes(1460)
        assert now() - begun < 0.3, "the first piece does not wait for the last"
        assert len(read(server, 30_000 - 1460)) == 30_000 - 1460
        assert now() - begun >= 0.3


def test_a_server_that_is_not_there_is_told_and_the_client_hears_a_reset(
    network: Network, events: Events
) -> None:
    served = relay(network, events, free_port())
    for _ in range(2):
        with pytest.raises(ConnectionResetError), dial(served.port) as client:
            client.recv(1)
        assert events.wait_for(Failed).error.cause is Cause.REFUSED


def test_connections_are_bounded(network: Network, events: Events) -> None:
    server = serve(network, events)
    served = relay(network, events, server.port)
    clients = [dial(served.port) for _ in range(MOST_CLIENTS + 3)]
    wait_until(lambda: len(events.of(Rejected, activity=served.number)) == 3)
    wait_until(lambda: len(events.of(Connected, activity=served.number)) == MOST_CLIENTS)
    for client in clients:
        client.close()
    wait_until(lambda: network.totals(served.number).clients == 0)
    with dial(served.port) as client:
        client.sendall(b"again\n")
        assert read(client, len(PREFIX)) == PREFIX


def test_clients_that_leave_at_once_leave_nothing_behind(network: Network, events: Events) -> None:
    server = serve(network, events)
    served = relay(network, events, server.port)
    for _ in range(20):
        reset(dial(served.port))
    with dial(served.port) as client:
        client.sendall(b"hello\n")
        assert read(client, len(PREFIX)) == PREFIX
    wait_until(lambda: network.totals(served.number).clients == 0)


def test_it_does_not_lead_to_itself(network: Network, events: Events) -> None:
    port = free_port()
    number = network.serve(RelayConfig(endpoint=Endpoint("localhost", port), port=port))
    assert events.wait_for(Failed, activity=number).error.cause is Cause.ADDRESS_IN_USE
    assert events.of(Listening) == []


def test_stopped_it_says_fin_to_both(network: Network, events: Events) -> None:
    with crossing(network, events, up=HOLE) as (served, client, server):
        client.sendall(b"never arrives")
        wait_until(lambda: events.data(Direction.RECEIVED, served.number))
        network.stop(served.number)
        assert read_to_end(server) == b""
        assert read_to_end(client) == b""


@pytest.mark.parametrize(
    "fault",
    [Impairment(loss=0.1), Impairment(duplicate=0.1), Impairment(delay=1.0, reorder=0.1)],
    ids=str,
)
def test_of_a_stream_nothing_can_be_lost_doubled_or_overtaken(
    network: Network, events: Events, fault: Impairment
) -> None:
    with pytest.raises(ValueError, match="relay of TCP"):
        RelayConfig(endpoint=Endpoint(HOST, 1), down=fault)
    served = relay(network, events, serve(network, events).port)
    with pytest.raises(ValueError, match="relay of TCP"):
        network.kernel.impair(served.number, fault, Impairment())
    datagrams = RelayConfig(endpoint=Endpoint(HOST, 1), transport=Transport.UDP, down=fault)
    assert datagrams.down == fault


def test_what_it_accepted_and_where_it_connected_is_told(network: Network, events: Events) -> None:
    with crossing(network, events) as (served, client, server):
        accepted = events.wait_for(Accepted, activity=served.number)
        connected = events.wait_for(Connected, activity=served.number)
        assert accepted.peer.port == port_of(client)
        assert connected.local.port == server.getpeername()[1]
