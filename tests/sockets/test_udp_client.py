"""Our UDP client: whole datagrams to one peer, with no promise."""

from __future__ import annotations

import pytest

from netlib.events import (
    Direction,
)
from netlib.network import Network
from netlib.system.sockets import UDP_LIMIT
from tests.helpers import wait_until
from tests.sockets.conftest import (
    Events,
    serve,
    udp_client,
)


def test_a_datagram_of_65507_bytes_goes_and_one_byte_more_is_said_plainly(
    network: Network, events: Events
) -> None:
    server = serve(network, events, "echo", udp=True)
    number = udp_client(network, events, server.port)
    assert network.send(number, b"x" * UDP_LIMIT)
    assert network.send(number, b"")
    wait_until(lambda: network.totals(number).messages == 2)
    assert events.data(Direction.RECEIVED, number) == b"x" * UDP_LIMIT
    with pytest.raises(ValueError, match=r"65508.*65507"):
        network.send(number, b"x" * (UDP_LIMIT + 1))
