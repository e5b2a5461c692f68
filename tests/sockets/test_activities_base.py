"""What every activity shares: how the user ends it, and what it says when there is nobody."""

from __future__ import annotations

import pytest

from netlib.events import (
    Closed,
    CloseReason,
)
from netlib.network import CloseMode, Network
from tests.helpers import wait_until
from tests.sockets.conftest import (
    Events,
    dial,
    read_to_end,
    serve,
)


def test_the_user_can_end_one_client_in_three_ways(network: Network, events: Events) -> None:
    server = serve(network, events)
    for how in CloseMode:
        with dial(server.port) as peer:
            wait_until(lambda: network.clients(server.number))
            network.end(server.number, how, network.clients(server.number)[0].connection)
            if how is CloseMode.ABORT:
                with pytest.raises(ConnectionResetError):
                    read_to_end(peer)
            else:
                assert read_to_end(peer) == b""
            if how is CloseMode.FINISH:
                peer.sendall(b"nobody answers now\n")
        wait_until(lambda: not network.clients(server.number))
    reasons = [one.reason for one in events.of(Closed)]
    assert reasons == [CloseReason.BY_PEER, CloseReason.BY_US, CloseReason.ABORTED]
