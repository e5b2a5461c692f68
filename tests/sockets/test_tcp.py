"""Sending on a TCP socket: what waits for a peer is bounded, and all of it arrives in order."""

from __future__ import annotations

import socket
import threading

import pytest

from netlib.events import (
    Connected,
    Direction,
    Finished,
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
    serve,
    settle,
    talk,
)


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


class Reluctant(socket.socket):
    """A socket of which the kernel takes three bytes at a time."""

    def send(self, data: bytes, flags: int = 0) -> int:  # type: ignore[override]
        return super().send(data[:3], flags)


def test_a_short_piece_that_the_kernel_takes_in_parts_arrives_once_and_whole(
    network: Network, events: Events
) -> None:
    with talk(network, events) as (number, peer):
        (stream,) = network._activities[number].connections()
        swapped = threading.Event()

        def swap() -> None:
            assert stream.sock is not None
            stream.sock = Reluctant(fileno=stream.sock.detach())
            swapped.set()

        stream.engine.call_soon_threadsafe(None, swap)
        assert swapped.wait(SECONDS)
        assert network.send(number, b"0123456789")
        assert read(peer, 10) == b"0123456789"
        wait_until(lambda: events.data(Direction.SENT, number) == b"0123456789")


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
