"""Which addresses are this program's: noted where a socket comes about, forgotten after it."""

from __future__ import annotations

import socket
import sys

import pytest

from netlib.address import Endpoint
from netlib.engine.own_sockets import KEPT_SECONDS, LOOK_SECONDS, OwnSocket, OwnSockets
from netlib.events import Accepted, Connected, Failed, Transport
from netlib.network import Network
from netlib.system.clock import now
from tests.helpers import free_port
from tests.sockets.conftest import (
    HOST,
    Events,
    call,
    dial,
    listener,
    port_of,
    read_to_end,
    serve,
    udp_client,
)

TCP, UDP = Transport.TCP, Transport.UDP
on_linux = pytest.mark.skipif(sys.platform != "linux", reason="TCP_SAVE_SYN is Linux's")


def test_servers_and_clients_are_known_by_their_addresses(network: Network, events: Events) -> None:
    tcp = serve(network, events, "echo")
    udp = serve(network, events, "echo", udp=True)
    call(network, tcp.port)
    connected = events.wait_for(Connected, transport=TCP)
    udp_client(network, events, udp.port)
    datagrams = events.wait_for(Connected, transport=UDP)
    assert set(network.sockets.known(now())) == {
        OwnSocket(TCP, Endpoint(HOST, tcp.port), None),
        OwnSocket(UDP, Endpoint(HOST, udp.port), None),
        OwnSocket(TCP, connected.local, connected.peer),
        OwnSocket(UDP, datagrams.local, datagrams.peer),
    }, "what a server accepted has the server's address"


def test_an_attempt_that_is_refused_is_known_too(network: Network, events: Events) -> None:
    port = free_port()
    call(network, port)
    events.wait_for(Failed)
    ((transport, local, peer),) = network.sockets.known(now())
    assert (transport, peer) == (TCP, Endpoint(HOST, port))
    if sys.platform != "win32":
        assert local is not None
        assert local.port


def test_a_closed_socket_counts_a_while_longer() -> None:
    sockets = OwnSockets()
    with listener() as sock:
        sockets.opened(0.0, TCP, sock)
        known = sockets.known(0.0)
        assert len(known) == 1
        assert sockets.known(LOOK_SECONDS) is known, "the same, so nobody need look again"
    seen = 2 * LOOK_SECONDS
    assert sockets.known(seen) == known
    assert sockets.known(seen + KEPT_SECONDS - 0.1) == known
    assert sockets.known(seen + KEPT_SECONDS + LOOK_SECONDS) == ()


def test_what_nobody_asks_about_takes_no_memory() -> None:
    sockets = OwnSockets()
    for number in range(1000):
        with socket.socket() as sock:
            sock.bind((HOST, 0))
            sockets.opened(float(number), TCP, sock)
    assert len(sockets._open) + len(sockets._closed) <= 2 * 64


@on_linux
@pytest.mark.parametrize("host", [HOST, "::1"])
def test_the_syn_of_who_connects_is_kept_for_who_wants_it(
    network: Network, events: Events, host: str
) -> None:
    taken: list[tuple[float, bytes]] = []
    server = serve(network, events, "acknowledge", host=host)
    network.sockets.save_syns(lambda at, syn: taken.append((at, syn)))
    with dial(server.port, host) as client:
        accepted = events.wait_for(Accepted)
        ((at, syn),) = taken
        assert at == accepted.at
        head = 40 if ":" in host else 20
        assert syn[head : head + 2] == port_of(client).to_bytes(2, "big")
        assert syn[head + 13] & 0x3F == 2, "SYN, and no other flag"
    late = serve(network, events, "acknowledge", host=host)
    with dial(late.port, host):
        events.wait_for(Accepted, activity=late.number)
        assert len(taken) == 2, "a server that began later, too"


@on_linux
def test_no_syn_is_kept_that_nobody_wants(network: Network, events: Events) -> None:
    taken: list[bytes] = []
    server = serve(network, events, "acknowledge")
    network.sockets.save_syns(lambda _at, syn: taken.append(syn))
    network.sockets.save_syns(None)
    with dial(server.port) as client:
        events.wait_for(Accepted)
        client.shutdown(socket.SHUT_WR)
        read_to_end(client)
    assert taken == []
