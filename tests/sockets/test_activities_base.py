"""What every activity shares: how the user ends it, and what it says when there is nobody."""

from __future__ import annotations

import math
import socket

import pytest

from netlib.activities.base import check_target
from netlib.address import Endpoint
from netlib.events import (
    Closed,
    CloseReason,
)
from netlib.network import CloseMode, Network
from tests.helpers import wait_until
from tests.sockets.conftest import (
    HOST,
    Events,
    dial,
    read_to_end,
    rows,
    serve,
    settle,
)


def test_the_user_can_end_one_client_in_three_ways(network: Network, events: Events) -> None:
    server = serve(network, events)
    for how in CloseMode:
        with dial(server.port) as peer:
            wait_until(lambda: rows(network, server.number))
            network.end(server.number, how, rows(network, server.number)[0].connection)
            if how is CloseMode.ABORT:
                with pytest.raises(ConnectionResetError):
                    read_to_end(peer)
            else:
                assert read_to_end(peer) == b""
            if how is CloseMode.FINISH:
                peer.sendall(b"nobody answers now\n")
        wait_until(lambda: not rows(network, server.number))
    reasons = [one.reason for one in events.of(Closed)]
    assert reasons == [CloseReason.BY_PEER, CloseReason.BY_US, CloseReason.ABORTED]


def test_what_is_said_to_all_is_said_to_all_or_to_nobody(network: Network, events: Events) -> None:
    server = serve(network, events, "chat", write_timeout=None)
    assert not network.send(server.number, b"is anybody here?\n")
    with dial(server.port) as one, dial(server.port) as two:
        wait_until(lambda: len(rows(network, server.number)) == 2)
        assert network.send(server.number, b"to all\n")
        for peer in (one, two):
            assert b"to all\n" in read_to(peer, b"to all\n")
        deaf = min(row.connection for row in rows(network, server.number))
        while network.send(server.number, b"x" * 500_000, deaf):
            settle(network)
        assert not network.send(server.number, b"x" * 500_000)
        network.stop(server.number)
        assert b"xx" not in read_to_end(two)  # the other got none, either


def read_to(sock: socket.socket, end: bytes) -> bytes:
    heard = b""
    while end not in heard:
        heard += sock.recv(4096)
    return heard


@pytest.mark.parametrize("port", [0, -1, 65_536])
def test_nobody_can_have_such_a_port(port: int) -> None:
    with pytest.raises(ValueError, match=str(port)):
        check_target(Endpoint(HOST, port), 1.0)


@pytest.mark.parametrize("timeout", [0.0, -1.0, math.nan])
def test_a_timeout_that_is_over_before_it_begins_is_refused(timeout: float) -> None:
    with pytest.raises(ValueError, match="timeout"):
        check_target(Endpoint(HOST, 80), timeout)
