"""Where our sockets listen, and what the system says about them."""

from __future__ import annotations

from netlib.events import (
    Accepted,
)
from netlib.network import Network
from tests.helpers import wait_until
from tests.sockets.conftest import (
    Events,
    dial,
    serve,
)


def test_every_interface_means_both_families_and_ipv4_is_shown_as_ipv4(
    network: Network, events: Events
) -> None:
    server = serve(network, events, host="")
    with dial(server.port, "127.0.0.1"):
        first = events.wait_for(Accepted)
        assert (first.peer.host, first.local.host) == ("127.0.0.1", "127.0.0.1")
    with dial(server.port, "::1"):
        wait_until(lambda: len(events.of(Accepted)) == 2)
        assert events.of(Accepted)[1].peer.host == "::1"


def test_localhost_listens_on_both_families_with_one_port_and_shows_which(
    network: Network, events: Events
) -> None:
    server = serve(network, events, host="localhost")
    for host in ("127.0.0.1", "::1"):
        with dial(server.port, host):
            accepted = events.wait_for(Accepted, activity=server.number)
            events.items.clear()
            assert (accepted.local.host, accepted.peer.host) == (host, host)
