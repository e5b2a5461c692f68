"""A server's clients and figures, as a table shows them."""

from __future__ import annotations

import socket
from contextlib import suppress

from netlib.activities.counters import Totals
from netlib.events import Accepted, Closed, CloseReason
from netlib.network import CloseMode, Network
from tests.helpers import wait_until
from tests.sockets.conftest import (
    PREFIX,
    SECONDS,
    Events,
    dial,
    read,
    read_to_end,
    rows,
    serve,
    settle,
)


def states(network: Network, server: int) -> list[str]:
    return [row.state for row in rows(network, server)]


def test_the_table_of_clients_names_the_state_as_the_rfc_does(
    network: Network, events: Events
) -> None:
    server = serve(network, events, "chat")
    with dial(server.port) as peer:
        connection = events.wait_for(Accepted).connection
        assert states(network, server.number) == ["ESTABLISHED"]
        network.end(server.number, CloseMode.FINISH, connection)
        wait_until(lambda: states(network, server.number) == ["FIN-WAIT"])
        peer.shutdown(socket.SHUT_WR)
        closed = events.wait_for(Closed)
    assert (closed.reason, closed.state) == (CloseReason.BY_PEER, "TIME-WAIT")


def test_a_row_tells_who_it_is_what_crossed_and_what_was_said_last(
    network: Network, events: Events
) -> None:
    server = serve(network, events)
    with dial(server.port) as peer:
        accepted = events.wait_for(Accepted)
        (before,) = rows(network, server.number)
        assert (before.messages, before.received, before.last) == (0, 0, b"")
        peer.sendall(b"one\ntwo\n")
        assert read(peer, 2 * len(PREFIX) + 8) == PREFIX + b"one\n" + PREFIX + b"two\n"
        settle(network)
        (row,) = rows(network, server.number)
        assert (row.connection, row.peer) == (accepted.connection, accepted.peer)
        assert (row.messages, row.received, row.sent) == (2, 8, 2 * len(PREFIX) + 8)
        assert row.last.endswith(b"two\n")
        assert before.since == row.since <= row.last_at
        assert (row.waiting, row.finished) == (0, False)


def test_a_client_that_has_left_is_known_as_it_was_at_its_end(
    network: Network, events: Events
) -> None:
    server = serve(network, events)
    with dial(server.port) as peer:
        connection = events.wait_for(Accepted).connection
        clients = network.clients(server.number)
        peer.sendall(b"last words\n")
        assert read(peer, len(PREFIX) + 11) == PREFIX + b"last words\n"
    events.wait_for(Closed)
    settle(network)
    assert connection not in network.clients(server.number)
    assert clients.figures("received") == [11]
    row = clients.take(connection)
    assert row is not None
    assert (row.last, row.received, row.state) == (b"last words\n", 11, "CLOSED")
    assert clients.take(connection) is None
    assert [*clients] == []


def test_what_a_client_does_not_take_is_told_until_it_takes_it(
    network: Network, events: Events
) -> None:
    server = serve(network, events)
    with dial(server.port) as deaf:
        deaf.settimeout(0.05)
        with suppress(TimeoutError):
            while deaf.send(b"\n" * 65536):
                pass
        wait_until(lambda: rows(network, server.number)[0].waiting)
        deaf.settimeout(SECONDS)
        deaf.shutdown(socket.SHUT_WR)
        read_to_end(deaf)
    closed = events.wait_for(Closed)
    assert (closed.reason, closed.unsent) == (CloseReason.BY_PEER, 0)


def test_the_figures_of_who_has_gone_stay(network: Network, events: Events) -> None:
    server = serve(network, events)
    for _ in range(3):
        with dial(server.port) as peer:
            peer.sendall(b"a\n")
            assert read(peer, len(PREFIX) + 2) == PREFIX + b"a\n"
    wait_until(lambda: network.totals(server.number).clients == 0)
    assert network.totals(server.number) == Totals(6, 3 * (len(PREFIX) + 2), 3)
