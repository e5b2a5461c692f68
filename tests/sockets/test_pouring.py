"""A body of known length goes from the socket straight to who takes it."""

from __future__ import annotations

import logging
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from netlib.engine.pouring import POUR_BYTES
from netlib.engine.tcp import ConnectionOptions
from netlib.events import ActivityStopped, Closed, CloseReason, Crashed, Direction, HttpReply
from netlib.network import Network
from tests.helpers import wait_until
from tests.sockets.conftest import Events, read, reset, talk

GET = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"
BODY = bytes(range(256)) * 40_000
"""Ten times what is read at once, and a rest."""

Poured = list[bytes | memoryview]


def head(size: int) -> bytes:
    return b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % size


@contextmanager
def asked(
    network: Network,
    events: Events,
    pour: Callable[[bytes | memoryview], object],
    read_timeout: float | None = None,
) -> Iterator[tuple[int, socket.socket]]:
    """Yield the client's activity number, and a peer that has read its request."""
    options = ConnectionOptions(duplex=True, read_timeout=read_timeout)
    with talk(network, events, options) as (number, peer):
        assert network.request(number, GET, pour=pour)
        assert read(peer, len(GET)) == GET
        yield number, peer


def test_all_of_a_body_is_poured_and_counted_but_not_recorded(
    network: Network, events: Events
) -> None:
    came, longest = bytearray(), 0

    def pour(data: bytes | memoryview) -> None:
        nonlocal longest
        came.extend(data)
        longest = max(longest, len(data))

    reply, unasked = head(len(BODY)) + BODY, head(2) + b"no"
    with asked(network, events, pour) as (number, peer):
        peer.sendall(reply + unasked)
        got = events.wait_for(HttpReply)
        wait_until(lambda: network.totals(number).received == len(reply + unasked))
    assert (got.status, got.body, got.complete) == (200, b"", True)
    assert (got.body_size, got.size) == (len(BODY), len(reply))
    assert came == BODY
    assert longest <= POUR_BYTES
    recorded = events.data(Direction.RECEIVED, number)
    assert recorded.startswith(head(len(BODY)))
    assert len(recorded) < len(BODY)


def test_two_bodies_on_one_connection_go_each_to_its_own(network: Network, events: Events) -> None:
    first, second = bytearray(), bytearray()
    with asked(network, events, first.extend) as (number, peer):
        assert network.request(number, GET, pour=second.extend)
        assert read(peer, len(GET)) == GET
        peer.sendall(head(len(BODY)) + BODY + head(3) + b"two")
        wait_until(lambda: len(events.of(HttpReply)) == 2)
    assert (bytes(first), bytes(second)) == (BODY, b"two")


@pytest.mark.parametrize(
    "reply",
    [
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n\r\nabcde",
    ],
)
def test_what_has_to_be_read_is_recorded_as_ever(
    network: Network, events: Events, reply: bytes
) -> None:
    came = bytearray()
    with asked(network, events, came.extend) as (number, peer):
        peer.sendall(reply)
        wait_until(lambda: network.totals(number).received == len(reply))
        peer.close()
        assert events.wait_for(HttpReply).complete
    assert came == b"abcde"
    assert events.data(Direction.RECEIVED, number) == reply


@pytest.mark.parametrize(
    ("end", "reason"),
    [(socket.socket.close, CloseReason.BY_PEER), (reset, CloseReason.RESET)],
)
def test_a_body_that_breaks_off_is_told_with_the_reason(
    network: Network, events: Events, end: Callable[[socket.socket], None], reason: CloseReason
) -> None:
    came = bytearray()
    with asked(network, events, came.extend) as (_number, peer):
        peer.sendall(head(1 << 40) + b"half")
        wait_until(lambda: came == b"half")
        peer.sendall(b", and more")
        wait_until(lambda: came == b"half, and more")
        end(peer)
        got = events.wait_for(HttpReply)
        closed = events.wait_for(Closed)
    assert (got.complete, got.body_size) == (False, len(came))
    assert (closed.reason, closed.received) == (reason, len(head(1 << 40)) + len(came))


def test_each_piece_begins_the_wait_for_the_next_anew(network: Network, events: Events) -> None:
    came = bytearray()
    with asked(network, events, came.extend, read_timeout=60.0) as (number, peer):
        peer.sendall(head(1 << 40) + b"first")
        wait_until(lambda: came == b"first")
        (stream,) = network._activities[number].connections()
        deadline = stream.deadline
        peer.sendall(b", second")
        wait_until(lambda: stream.deadline > deadline)
    assert came == b"first, second"


def test_a_bug_in_who_takes_it_ends_the_connection_and_is_shown(
    network: Network, events: Events, logged_errors: list[logging.LogRecord]
) -> None:
    def pour(data: bytes | memoryview) -> None:
        raise RuntimeError(f"not {len(data)} bytes")

    with asked(network, events, pour) as (number, peer):
        peer.sendall(head(100))
        peer.sendall(b"abc")
        assert "RuntimeError" in events.wait_for(Crashed).traceback
        events.wait_for(ActivityStopped, activity=number)
    assert "not 3 bytes" in logged_errors.pop().getMessage()
