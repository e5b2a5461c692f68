"""A server's clients and figures, as a table shows them."""

from __future__ import annotations

import socket

from netlib.events import Accepted, Closed, CloseReason
from netlib.network import CloseMode, Network
from tests.helpers import wait_until
from tests.sockets.conftest import Events, dial, serve


def states(network: Network, server: int) -> list[str]:
    return [row.state for row in network.clients(server)]


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
