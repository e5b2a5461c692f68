"""Sending on a TCP socket: what waits for a peer is bounded, and all of it arrives in order."""

from __future__ import annotations

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
