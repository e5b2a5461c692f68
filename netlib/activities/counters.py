"""What an activity can tell about itself at any moment: totals, and a row for each client."""

from __future__ import annotations

from typing import NamedTuple

from netlib.address import Endpoint
from netlib.engine.loop import FOREVER
from netlib.engine.state import CAN_READ
from netlib.engine.stream import Stream
from netlib.protocols.handler import Pending


class ClientRow(NamedTuple):
    """One client of a server, as a table shows it. Times by the monotonic clock, sizes in bytes."""

    connection: int
    peer: Endpoint
    since: float
    messages: int
    received: int
    sent: int
    last: bytes
    """The end of what it sent last."""
    last_at: float
    waiting: int
    """Bytes it has not taken yet."""
    finished: bool
    """It has sent FIN."""
    state: str = "ESTABLISHED"
    """Of its connection, as far as we know, as RFC 9293, section 3.3.2 names it."""
    name: str = ""
    """Its nickname; empty: the service knows none."""
    pending: Pending | None = None
    """The message that it has begun and not ended."""
    closes_at: float = FOREVER
    """When it will be closed unless it says something, or reads, before."""


class Totals(NamedTuple):
    """What crossed an activity's sockets so far: bytes, messages, and what was lost."""

    received: int
    sent: int
    messages: int
    clients: int = 0
    unsent: int = 0
    """Datagrams that could not be handed to the kernel."""
    kernel_drops: int | None = 0
    """Datagrams the kernel dropped; None: the system does not tell."""
    unanswered: int = 0
    """Datagrams a server did not answer, because that could go on for ever."""


def client_row(stream: Stream) -> ClientRow:
    """Return a stream as a row of the table of clients."""
    return ClientRow(
        stream.connection,
        stream.peer,
        stream.since,
        stream.handler.messages,
        stream.received,
        stream.sent,
        stream.last,
        stream.last_at,
        stream.buffered,
        not stream.state.abilities & CAN_READ,
        stream.state.rfc_name,
        stream.handler.nickname,
        stream.handler.pending,
        stream.deadline,
    )
