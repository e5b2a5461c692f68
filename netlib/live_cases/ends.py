"""Both ends of a connection: a client of this program, a server of it, and what Linux says of them.

What is done is done when a fact has come true (an event, what the kernel says), never after a time:
the order of what happens is the same whenever a case is made.
"""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from netlib import (
    Accepted,
    ClientConfig,
    CloseMode,
    Connected,
    ConnectionOptions,
    Direction,
    Endpoint,
    Network,
)
from netlib.live_cases.heard import Heard
from netlib.value import NamedTuple

LOOPBACK: Final = "127.0.0.1"
PORT: Final = 8080
CONNECT_SECONDS: Final = 5.0

FIN_WAIT_2, TIME_WAIT, GONE = "05", "06", ""
"""States: as /proc/net/tcp writes them, and of a socket that is not there."""

_FILTER: Final = (
    "table ip faults {{ chain arriving {{ type filter hook input priority 0; {rule}; }}; }}"
)
"""Where packets arrive: what it drops, a capture has seen leave."""


class Socket(NamedTuple):
    """One end of a connection as the kernel has it."""

    state: str
    unread: int = 0
    """Bytes in the receive buffer."""
    retransmits: int = 0
    """Of what is unacknowledged."""


class Ends:
    """A connection: the client is an activity, the server's end one of the server's connections."""

    def __init__(self, network: Network, heard: Heard, server: int, host: str) -> None:
        """Connect to the server at `host`, and wait until both ends have the connection."""
        self.network, self.events, self.server = network, heard, server
        self.client = self.call(host)
        local = heard.wait_for(Connected, activity=self.client).local
        self.served = heard.wait_for(Accepted, activity=server, peer=local).connection
        self._port = local.port

    def call(self, host: str, timeout: float = CONNECT_SECONDS) -> int:
        """Begin to connect another client of this program, and return its activity."""
        options = ConnectionOptions(duplex=True, stays_open=True)
        endpoint = Endpoint(host, PORT)
        return self.network.connect(
            ClientConfig(endpoint=endpoint, timeout=timeout, options=options)
        )

    def send(self, data: bytes) -> None:
        """Send from the client."""
        self.network.send(self.client, data)

    def end(self, how: CloseMode) -> None:
        """Close the client's end, or send its FIN only."""
        self.network.end(self.client, how)

    def end_from_server(self, how: CloseMode) -> None:
        """Close the server's end, or send its FIN only."""
        self.network.end(self.server, how, self.served)

    def heard(self) -> bytes:
        """Return what the client has received."""
        return self.events.data(Direction.RECEIVED, activity=self.client)

    def heard_by_server(self) -> bytes:
        """Return what the server has received on this connection."""
        return self.events.data(Direction.RECEIVED, connection=self.served)

    @property
    def client_socket(self) -> Socket:
        """What the kernel says of the client's end."""
        return _sockets().get((self._port, PORT), Socket(GONE))

    @property
    def server_socket(self) -> Socket:
        """What the kernel says of the server's end."""
        return _sockets().get((PORT, self._port), Socket(GONE))


def _sockets() -> dict[tuple[int, int], Socket]:
    """Return what the kernel says of all sockets here, by local port and the peer's."""
    found = {}
    for line in Path("/proc/net/tcp").read_text(encoding="ascii").splitlines()[1:]:
        _, local, peer, state, queues, _, retransmits, *_ = line.split()
        ports = int(local.partition(":")[2], 16), int(peer.partition(":")[2], 16)
        unread = int(queues.partition(":")[2], 16)
        found[ports] = Socket(state, unread, int(retransmits, 16))
    return found


def probes() -> int:
    """Return how many probes of a closed window the kernel has sent here in all."""
    names, values = (
        line.split()
        for line in Path("/proc/net/netstat").read_text(encoding="ascii").splitlines()
        if line.startswith("TcpExt:")
    )
    return int(values[names.index("TCPWinProbe")])


@contextmanager
def dropped(rule: str) -> Iterator[None]:
    """Have nft's `rule` look at what arrives."""
    _nft(_FILTER.format(rule=rule))
    try:
        yield
    finally:
        _nft("delete table ip faults")


def _nft(commands: str) -> None:
    subprocess.run(["nft", "-f", "-"], input=commands, text=True, check=True)  # noqa: S607
