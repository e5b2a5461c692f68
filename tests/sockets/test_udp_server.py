"""A UDP server goes on, whatever one datagram does."""

from __future__ import annotations

import socket

import pytest

from netlib.activities.serving import ServerConfig
from netlib.activities.udp_server import UdpServer
from netlib.address import Endpoint
from netlib.events import (
    ActivityStopped,
    Crashed,
    Listening,
    Transport,
    Unanswered,
)
from netlib.network import Network
from netlib.services.acknowledge import Acknowledge
from netlib.silence import Silence
from tests.helpers import wait_until
from tests.sockets.conftest import (
    HOST,
    PREFIX,
    Events,
    held_up,
    on_engine,
    port_of,
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
    def answer(self: Acknowledge, data: bytes, peer: Endpoint) -> bytes:
        return str(1 // int(data)).encode()

    monkeypatch.setattr(Acknowledge, "datagram", answer)
    server = serve(network, events, udp=True)
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


FORGED = "获取时间".encode()
EXCHANGED = 10
"""Datagrams that may follow a forged one."""


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("echo", "echo"),
        ("time", "time"),
        ("time", "echo"),
        ("echo", "time"),
        ("acknowledge", "acknowledge"),
        ("acknowledge", "echo"),
        ("time", "acknowledge"),
        ("daytime", "daytime"),
        ("daytime", "time"),
        ("daytime", "echo"),
        ("daytime", "acknowledge"),
        ("daytime", "uppercase"),
        ("uppercase", "uppercase"),
        ("uppercase", "echo"),
        ("uppercase", "time"),
        ("uppercase", "acknowledge"),
        ("pinger", "pinger"),
        ("pinger", "uppercase"),
        ("pinger", "time"),
        ("ntp", "echo"),
        ("ntp", "ntp"),
    ],
)
def test_two_servers_set_on_each_other_by_a_forged_datagram_soon_fall_silent(
    network: Network, events: Events, one: str, two: str
) -> None:
    heard = Events()
    other = Network(heard)
    first = serve(network, events, one, udp=True)
    with held_up(network):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as forger:
            forger.bind((HOST, 0))
            port = port_of(forger)
            forger.sendto(FORGED, (HOST, first.port))
        second = serve(other, heard, two, udp=True, port=port)  # where the datagram seems from

    def both() -> tuple[int, int]:
        figures = network.totals(first.number), other.totals(second.number)
        return sum(one.messages for one in figures), sum(one.unanswered for one in figures)

    try:
        wait_until(lambda: both()[1])  # every exchange ends with one who does not answer
        assert both()[0] - 1 <= EXCHANGED
    finally:
        assert other.close()


@pytest.mark.parametrize("service", ["echo", "time", "acknowledge"])
@pytest.mark.parametrize("host", [HOST, "*"])
def test_a_server_set_on_itself_is_silent(
    network: Network, events: Events, service: str, host: str
) -> None:
    server = serve(network, events, service, udp=True, host=host)
    activity = network._activities[server.number]
    assert isinstance(activity, UdpServer)
    [own] = activity._sockets
    to = (HOST, server.port) if host == HOST else (f"::ffff:{HOST}", server.port)
    on_engine(network, lambda: own.sock and own.sock.sendto(FORGED, to))
    wait_until(lambda: network.totals(server.number).unanswered)
    assert network.totals(server.number)[:3] == (len(FORGED), 0, 1)
    told = events.wait_for(Unanswered)
    assert (told.peer, told.count) == (Endpoint(HOST, server.port), 1)


@pytest.mark.parametrize("port", [0, 7, 53, 123, 1023, 8000, 8007, 8080, 8081, 8123])
def test_whoever_sends_from_the_port_of_a_server_is_not_answered(
    network: Network, events: Events, port: int
) -> None:
    server = serve(network, events, "time", udp=True)
    activity, there = network._activities[server.number], Endpoint("192.0.2.1", port)
    assert isinstance(activity, UdpServer)
    assert activity.answer_to(there)(b"?", there) is None


@pytest.mark.parametrize("service", ["ntp", "echo", "time"])
def test_nothing_is_sent_to_port_0(network: Network, events: Events, service: str) -> None:
    server = serve(network, events, service, udp=True)
    activity, nowhere = network._activities[server.number], Endpoint(HOST, 0)
    assert isinstance(activity, UdpServer)
    assert activity.answer_to(nowhere)(bytes([0x23]) + bytes(47), nowhere) is None
    on_engine(network, lambda: activity.unanswered(nowhere))
    assert events.wait_for(Unanswered).why is Silence.NO_PORT


@pytest.mark.parametrize("port", [1024, 8006, 40_000, 65_535])
def test_whoever_sends_from_another_port_is_answered(
    network: Network, events: Events, port: int
) -> None:
    server = serve(network, events, "time", udp=True)
    activity = network._activities[server.number]
    assert isinstance(activity, UdpServer)
    there = Endpoint("192.0.2.1", port)
    assert activity.answer_to(there)(b"?", there)


def test_whoever_sends_from_the_same_port_of_another_computer_is_answered(
    network: Network, events: Events
) -> None:
    server = serve(network, events, "time", udp=True)
    activity, there = network._activities[server.number], Endpoint("192.0.2.1", server.port)
    assert isinstance(activity, UdpServer)
    assert activity.answer_to(there)(b"?", there)


def test_what_got_no_answer_is_told_at_once_and_then_in_sum(
    network: Network, events: Events
) -> None:
    server = serve(network, events, "acknowledge", udp=True)
    with udp_peer(server.port) as peer:
        for _ in range(100):
            peer.send(PREFIX + b"x")
        peer.send(b"a")
        assert peer.recv(100) == PREFIX + b"a"
        assert events.wait_for(Unanswered).count == 1
        network.stop(server.number)
        events.wait_for(ActivityStopped, activity=server.number)
    told = events.of(Unanswered)
    assert sum(one.count for one in told) == 100
    assert len(told) < 10
    assert network.totals(server.number).unanswered == 100
