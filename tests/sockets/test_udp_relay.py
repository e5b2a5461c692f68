"""A relay of datagrams: lost, late, doubled and overtaken as was asked, and the same each time."""

from __future__ import annotations

import socket
from typing import Any

import pytest

from netlib.activities.relay import RelayConfig
from netlib.activities.time_query import TimeConfig
from netlib.activities.udp_relay import MOST_CLIENTS
from netlib.address import Endpoint
from netlib.errors import Cause
from netlib.events import (
    ActivityStopped,
    Chunk,
    Direction,
    Failed,
    Impaired,
    Listening,
    PortUnreachable,
    TimeReply,
    Transport,
)
from netlib.network import Network
from netlib.protocols.impairment import Impairment
from netlib.system.clock import now
from tests.helpers import free_port, wait_until
from tests.sockets.conftest import HOST, SECONDS, Events, Served, serve, udp_peer


def relay(network: Network, events: Events, port: int, host: str = HOST, **settings: Any) -> Served:
    """Begin a relay to a port of this computer, and wait until it listens."""
    config = RelayConfig(
        endpoint=Endpoint(HOST, port), transport=Transport.UDP, host=host, **settings
    )
    number = network.serve(config)
    return Served(number, events.wait_for(Listening, activity=number).local.port)


def bound() -> socket.socket:
    """Return a plain server's socket."""
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.bind((HOST, 0))
    sock.settimeout(SECONDS)
    return sock


def arrived(server: socket.socket, count: int) -> list[bytes]:
    return [server.recv(100) for _ in range(count)]


def test_each_client_gets_its_own_answers(network: Network, events: Events) -> None:
    served = relay(network, events, serve(network, events, "echo", udp=True).port)
    with udp_peer(served.port) as one, udp_peer(served.port) as other:
        one.send(b"one")
        other.send(b"other")
        assert other.recv(100) == b"other"
        assert one.recv(100) == b"one"
        one.send(b"")
        assert one.recv(100) == b"", "an empty datagram is one, too"


@pytest.mark.parametrize(
    ("host", "asked"),
    [("localhost", HOST), ("localhost", "::1"), ("::1", "::1"), ("", HOST), ("", "::1")],
)
def test_it_answers_from_where_it_was_asked(
    network: Network, events: Events, host: str, asked: str
) -> None:
    served = relay(network, events, serve(network, events, "echo", udp=True).port, host)
    with udp_peer(served.port, asked) as client:
        client.send(b"hello")
        assert client.recv(100) == b"hello"


def test_what_is_lost_is_decided_by_the_seed(network: Network, events: Events) -> None:
    def survivors(seed: int) -> list[bytes]:
        with bound() as server:
            port = server.getsockname()[1]
            up = Impairment(loss=0.3)
            served = relay(network, events, port, up=up, seed=seed)
            with udp_peer(served.port) as client:
                for number in range(40):
                    client.send(b"%d" % number)
                wait_until(lambda: heard(events, served) == 40)
            network.kernel.impair(served.number, Impairment(), Impairment())
            events.wait_for(Impaired, activity=served.number, up="")
            with udp_peer(served.port) as client:
                client.send(b"end")
                kept = []
                while (data := server.recv(100)) != b"end":
                    kept.append(data)
            return kept

    first, again, other = survivors(1), survivors(1), survivors(2)
    assert first == again != other
    assert 20 <= len(first) <= 36


def heard(events: Events, served: Served) -> int:
    """Return how many datagrams of clients a relay has received."""
    chunks = [one for one in tuple(events.items) if isinstance(one, Chunk)]
    return sum(
        one.activity == served.number and one.direction is Direction.RECEIVED for one in chunks
    )


def test_some_overtake_and_some_come_twice(network: Network, events: Events) -> None:
    with bound() as server:
        up = Impairment(delay=0.2, reorder=0.3, duplicate=0.2)
        served = relay(network, events, server.getsockname()[1], up=up, seed=3)
        with udp_peer(served.port) as client:
            for number in range(30):
                client.send(b"%d" % number)
            first = server.recv(100)
            rest = [first]
            while len(set(rest)) < 30:
                rest.append(server.recv(100))
            assert len(rest) > 30
            assert rest != sorted(rest, key=int)


def test_a_delay_of_the_way_back_alone_makes_ntp_wrong_by_half_of_it(
    network: Network, events: Events
) -> None:
    server = serve(network, events, "ntp", udp=True)
    served = relay(network, events, server.port, down=Impairment(delay=0.2))
    endpoint = Endpoint(HOST, served.port)
    network.query_time(TimeConfig(endpoint=endpoint, protocol="ntp", count=1))
    reply = events.wait_for(TimeReply)
    assert reply.offset_seconds == pytest.approx(-0.1, abs=0.05)
    assert reply.rtt_seconds >= 0.2


def test_into_a_black_hole_go_datagrams_and_no_news_comes_back(
    network: Network, events: Events
) -> None:
    served = relay(network, events, free_port(socket.SOCK_DGRAM), up=Impairment(black_hole=True))
    told = events.wait_for(Impaired)
    assert (told.up, told.down) == ("black-hole=on", "")
    with udp_peer(served.port) as client:
        client.send(b"lost")
        wait_until(lambda: heard(events, served) == 1)
        assert events.of(PortUnreachable) == []
        network.kernel.impair(served.number, Impairment(), Impairment())
        events.wait_for(Impaired, activity=served.number, up="")
        client.send(b"through")
        events.wait_for(PortUnreachable, activity=served.number)


def test_that_nobody_is_there_is_not_told_for_every_datagram(
    network: Network, events: Events
) -> None:
    served = relay(network, events, free_port(socket.SOCK_DGRAM))
    with udp_peer(served.port) as client:
        for _ in range(200):
            client.send(b"anybody?")
        wait_until(lambda: heard(events, served) == 200)
        events.wait_for(PortUnreachable, activity=served.number)
    network.stop(served.number)
    events.wait_for(ActivityStopped, activity=served.number)
    assert len(events.of(PortUnreachable)) < 20


def test_what_waits_is_bounded_and_more_is_lost(network: Network, events: Events) -> None:
    with bound() as server:
        late = Impairment(delay=30.0)
        served = relay(network, events, server.getsockname()[1], up=late)
        with udp_peer(served.port) as client:
            for _ in range(200):
                client.send(bytes(50_000))
            link = network._activities[served.number].link  # type: ignore[attr-defined]
            wait_until(lambda: link.up.lost > 0)
            assert link.up.waiting <= 4 << 20


def test_clients_are_bounded_and_the_longest_silent_is_forgotten(
    network: Network, events: Events
) -> None:
    server = serve(network, events, "echo", udp=True)
    served = relay(network, events, server.port)
    clients = [udp_peer(served.port) for _ in range(MOST_CLIENTS + 5)]
    for client in clients:
        client.send(b"hello")
        assert client.recv(100) == b"hello"
    clients[0].send(b"forgotten, and remembered anew")
    assert clients[0].recv(100) == b"forgotten, and remembered anew"
    (front,) = network._activities[served.number]._fronts  # type: ignore[attr-defined]
    assert len(front._clients) == MOST_CLIENTS
    for client in clients:
        client.close()


def test_it_does_not_lead_to_itself(network: Network, events: Events) -> None:
    port = free_port(socket.SOCK_DGRAM)
    endpoint = Endpoint("localhost", port)
    number = network.serve(RelayConfig(endpoint=endpoint, transport=Transport.UDP, port=port))
    assert events.wait_for(Failed, activity=number).error.cause is Cause.ADDRESS_IN_USE


def test_stopped_it_closes_and_what_was_on_its_way_never_arrives(
    network: Network, events: Events
) -> None:
    with bound() as server:
        served = relay(network, events, server.getsockname()[1], up=Impairment(delay=0.2))
        with udp_peer(served.port) as client:
            client.send(b"late")
            wait_until(lambda: heard(events, served) == 1)
            network.stop(served.number)
        begun = now()
        server.settimeout(0.4)
        with pytest.raises(TimeoutError):
            server.recv(100)
        assert now() - begun >= 0.3
        assert network.totals(served.number).messages == 1
