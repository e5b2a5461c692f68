"""Our TCP client on its way to a connection: look-up, attempts, and every way they can fail."""

from __future__ import annotations

import socket
from collections.abc import Callable

import pytest

from netlib.activities.client import ClientConfig
from netlib.address import Endpoint
from netlib.engine.records import Item
from netlib.engine.tcp import ConnectionOptions
from netlib.errors import Cause, Operation
from netlib.events import (
    ActivityStopped,
    Connected,
    Connecting,
    Direction,
    Failed,
    HttpReply,
    PeerFinished,
    ReadingPaused,
)
from netlib.network import Network
from netlib.teaching.narrate import describe
from tests.helpers import free_port, wait_until
from tests.sockets.conftest import (
    Events,
    call,
    read,
    reset,
    serve,
    settle,
    talk,
)

REPLIES = [
    (b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nbody", b"body", True),
    (b"HTTP/1.1 200 OK\r\n\r\nto the end", b"to the end", True),
    (b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\ncut", b"cut", False),
]


def kinds(events: Events, number: int) -> list[type[Item]]:
    return [type(item) for item in events.items if item.activity == number]


@pytest.mark.parametrize(
    ("reply", "end", "complete"),
    [
        (b"HTTP/1.1 200 OK\r\n\r\nabc", reset, False),  # RFC 9112, section 8
        (b"HTTP/1.1 200 OK\r\n\r\nabc", socket.socket.close, True),
        (b"SSH-2.0-OpenSSH_9.2\r\n", socket.socket.close, False),  # section 2.1
    ],
)
def test_how_a_reply_without_a_length_ended_decides_whether_it_is_whole(
    network: Network,
    events: Events,
    reply: bytes,
    end: Callable[[socket.socket], None],
    complete: bool,
) -> None:
    with talk(network, events, ConnectionOptions(duplex=True)) as (number, peer):
        request = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"
        assert network.request(number, request)
        assert read(peer, len(request)) == request
        peer.sendall(reply)
        wait_until(lambda: network.totals(number).received == len(reply))
        end(peer)
        got = events.wait_for(HttpReply)
    assert (got.complete, got.size) == (complete, len(reply))
    is_http = reply.startswith(b"HTTP")
    assert (f"{len(reply)} bytes came, but no" in describe(got)) is not is_http


def test_nobody_listening_is_refused_at_once(network: Network, events: Events) -> None:
    number = call(network, free_port())
    error = events.wait_for(Failed).error
    assert (error.operation, error.cause) == (Operation.CONNECT, Cause.REFUSED)
    events.wait_for(ActivityStopped, activity=number)
    assert kinds(events, number) == [Connecting, Failed, ActivityStopped]


def test_ipv6_connects_and_is_shown_in_brackets(network: Network, events: Events) -> None:
    server = serve(network, events, host="::1")
    number = call(network, server.port, "::1")
    assert str(events.wait_for(Connected, activity=number).peer) == f"[::1]:{server.port}"


@pytest.mark.parametrize(("reply", "body", "complete"), REPLIES)
def test_an_http_reply_is_read_to_its_real_end(
    network: Network,
    events: Events,
    reply: bytes,
    body: bytes,
    complete: bool,
) -> None:
    with talk(network, events, ConnectionOptions(duplex=True)) as (number, peer):
        request = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"
        assert network.request(number, request)
        assert read(peer, len(request)) == request
        for index in range(len(reply)):
            peer.sendall(reply[index : index + 1])
        if not reply.endswith(b"\r\n\r\nbody"):
            peer.close()
        got = events.wait_for(HttpReply)
    assert (got.status, got.body, got.complete) == (200, body, complete)


def test_reading_may_begin_paused_and_not_a_byte_is_read_before(
    network: Network, events: Events
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        config = ClientConfig(endpoint=Endpoint("127.0.0.1", port), reading_paused=True)
        number = network.connect(config)
        peer, _address = listener.accept()
        with peer:
            peer.sendall(b"at once")
            peer.shutdown(socket.SHUT_WR)
            events.wait_for(ReadingPaused, activity=number)
            settle(network)
            assert not events.data(Direction.RECEIVED, number)
            network.kernel.resume_reading(number)
            events.wait_for(PeerFinished, activity=number)
            assert events.data(Direction.RECEIVED, number) == b"at once"


def test_what_was_paused_may_be_resumed_at_any_moment(network: Network, events: Events) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        endpoint = Endpoint("127.0.0.1", listener.getsockname()[1])
        number = network.connect(ClientConfig(endpoint=endpoint, reading_paused=True))
        network.kernel.resume_reading(number)
        peer, _address = listener.accept()
        with peer:
            peer.sendall(b"at once")
            peer.shutdown(socket.SHUT_WR)
            events.wait_for(PeerFinished, activity=number)
        assert events.data(Direction.RECEIVED, number) == b"at once"
