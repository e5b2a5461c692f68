"""Our TCP client connected to plain peers: every way to talk and to end."""

from __future__ import annotations

import socket

import pytest

from netlib.engine.tcp import ConnectionOptions
from netlib.events import (
    ActivityStopped,
    Closed,
    CloseReason,
    Connected,
    Direction,
    Finished,
    HttpReply,
    Idle,
    PeerFinished,
)
from netlib.network import CloseMode, Network
from tests.helpers import wait_until
from tests.sockets.conftest import (
    PREFIX,
    SECONDS,
    Events,
    call,
    read,
    read_to_end,
    reset,
    serve,
    settle,
    talk,
)

# -- ending ----------------------------------------------------------------------------------------


def test_we_finish_and_still_hear_the_peer(network: Network, events: Events) -> None:
    with talk(network, events) as (number, peer):
        assert network.send(number, b"last")
        network.end(number, CloseMode.FINISH)
        network.end(number, CloseMode.FINISH)
        assert read_to_end(peer) == b"last"
        assert not network.send(number, b"more")
        peer.sendall(b"I go on")
        wait_until(lambda: events.data(Direction.RECEIVED, number) == b"I go on")
        peer.close()
        closed = events.wait_for(Closed)
    assert closed.reason is CloseReason.BY_PEER
    assert len(events.of(Finished)) == len(events.of(PeerFinished)) == 1


def test_what_waits_to_be_sent_leaves_before_our_fin(network: Network, events: Events) -> None:
    block = bytes(range(256)) * 1024
    with talk(network, events) as (number, peer):
        blocks = 0
        while network.send(number, block):  # until the peer, which does not read, is full
            blocks += 1
            settle(network)
        network.end(number, CloseMode.FINISH)
        assert read_to_end(peer) == block * blocks
        assert events.wait_for(Finished).activity == number


def test_the_peer_finishes_and_still_hears_us(network: Network, events: Events) -> None:
    with talk(network, events) as (number, peer):
        peer.sendall(b"bye")
        peer.shutdown(socket.SHUT_WR)
        events.wait_for(PeerFinished)
        assert events.data(Direction.RECEIVED, number) == b"bye"
        assert network.send(number, b"I go on")
        assert read(peer, 7) == b"I go on"
        assert not events.of(Closed)
        network.end(number, CloseMode.FINISH)
        assert read_to_end(peer) == b""
    assert events.wait_for(Closed).reason is CloseReason.BY_PEER


def test_a_client_that_does_not_stay_open_closes_with_the_peer(
    network: Network, events: Events
) -> None:
    with talk(network, events, ConnectionOptions(duplex=True)) as (_, peer):
        peer.shutdown(socket.SHUT_WR)
        assert read_to_end(peer) == b""
    assert events.wait_for(Closed).reason is CloseReason.BY_PEER


def test_close_sends_what_waits_and_then_fin(network: Network, events: Events) -> None:
    data = b"x" * 900_000
    with talk(network, events) as (number, peer):
        assert network.send(number, data)
        network.end(number, CloseMode.CLOSE)
        assert read_to_end(peer) == data
    closed = events.wait_for(Closed)
    assert (closed.reason, closed.sent, closed.unsent) == (CloseReason.BY_US, len(data), 0)


def test_abort_is_a_reset_for_the_peer(network: Network, events: Events) -> None:
    with talk(network, events) as (number, peer):
        network.end(number, CloseMode.ABORT)
        with pytest.raises(ConnectionResetError):
            read_to_end(peer)
    assert events.wait_for(Closed).reason is CloseReason.ABORTED


def test_stopping_a_connected_client_is_a_fin(network: Network, events: Events) -> None:
    with talk(network, events) as (number, peer):
        network.stop(number)
        assert read_to_end(peer) == b""
    assert events.wait_for(Closed).reason is CloseReason.STOPPED
    assert events.wait_for(ActivityStopped, activity=number) is events.items[-1]


@pytest.mark.parametrize("peer_finished", [False, True])
def test_data_and_then_a_reset_are_both_noticed(
    network: Network, events: Events, peer_finished: bool
) -> None:
    with talk(network, events) as (number, peer):
        peer.sendall(b"last words")
        wait_until(lambda: events.data(Direction.RECEIVED, number) == b"last words")
        if peer_finished:
            peer.shutdown(socket.SHUT_WR)
            events.wait_for(PeerFinished)
            network.send(number, b"unread, so that closing resets")
            wait_until(lambda: network.totals(number).sent)
        reset(peer)
        closed = events.wait_for(Closed)
    assert closed.reason is CloseReason.RESET
    assert closed.error is not None


def test_a_reset_while_we_write_is_named_and_what_never_left_is_counted(
    network: Network, events: Events
) -> None:
    with talk(network, events) as (number, peer):
        queued = 0
        while queued - network.totals(number).sent < 500_000 or network.totals(number).sent < 1:
            queued += 500_000 * network.send(number, b"x" * 500_000)
            settle(network)
        reset(peer)
        closed = events.wait_for(Closed)
    assert closed.reason is CloseReason.RESET
    assert closed.sent + closed.unsent == queued
    assert closed.unsent > 0


# -- talking ---------------------------------------------------------------------------------------


def test_a_full_queue_says_no_and_nothing_is_lost(network: Network, events: Events) -> None:
    with talk(network, events) as (number, peer):
        pieces = [bytes([65 + index]) * 100_000 for index in range(26)]
        queued = b""
        for piece in pieces * 10:
            if not network.send(number, piece):
                break
            queued += piece
        else:
            pytest.fail("the queue has no end")
        assert read(peer, len(queued)) == queued
        wait_until(lambda: network.send(number, b"there is room again"))


def test_five_megabytes_go_through_the_acknowledge_server_without_a_deadlock(
    network: Network, events: Events
) -> None:
    server = serve(network, events)
    number = call(network, server.port)
    events.wait_for(Connected, activity=number)
    line = b"y" * 49_999 + b"\n"
    for _ in range(100):
        wait_until(lambda: network.send(number, line), SECONDS, "room in the queue")
    expected = 100 * (len(PREFIX) + len(line))
    wait_until(lambda: network.totals(number).received == expected)
    assert events.data(Direction.RECEIVED, number) == (PREFIX + line) * 100


def test_a_peer_that_never_reads_ends_at_the_write_deadline_though_it_talks(
    network: Network, events: Events
) -> None:
    options = ConnectionOptions(duplex=True, stays_open=True, write_timeout=0.3, idle_notice=60.0)
    with talk(network, events, options) as (number, peer), pytest.raises(OSError):  # noqa: PT012
        while True:  # until it is reset
            network.send(number, b"x" * 500_000)
            peer.sendall(b"talk\n")
    assert events.wait_for(Closed).reason is CloseReason.WRITE_TIMEOUT


def test_silence_is_a_notice_and_no_end(network: Network, events: Events) -> None:
    options = ConnectionOptions(duplex=True, stays_open=True, idle_notice=0.2)
    with talk(network, events, options) as (number, peer):
        connected = events.of(Connected)[0]
        first = events.wait_for(Idle, seconds=0.2)
        assert 0.2 <= first.at - connected.at < 1.0
        events.wait_for(Idle, seconds=0.4)
        peer.sendall(b"here")
        wait_until(lambda: len(events.of(Idle, seconds=0.2)) == 2)
        assert network.send(number, b"good")
        assert read(peer, 4) == b"good"


# -- HTTP ------------------------------------------------------------------------------------------

REPLIES = [
    (b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nbody", b"body", True),
    (b"HTTP/1.1 200 OK\r\n\r\nto the end", b"to the end", True),
    (b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\ncut", b"cut", False),
]


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
