"""What an activity can tell of itself at any moment: totals, and its clients as rows of a table."""

from __future__ import annotations

from collections.abc import Callable, Iterator, KeysView, Mapping, Sequence
from operator import attrgetter
from typing import Any, Final

from netlib.address import Endpoint
from netlib.engine.loop import FOREVER
from netlib.engine.state import CAN_READ
from netlib.engine.stream import Stream
from netlib.protocols.handler import Pending
from netlib.value import NamedTuple


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


_FROM: Final[dict[str, Callable[[Stream], Any]]] = {
    "connection": attrgetter("connection"),
    "peer": attrgetter("peer"),
    "since": attrgetter("since"),
    "messages": attrgetter("handler.messages"),
    "received": attrgetter("received"),
    "sent": attrgetter("sent"),
    "last": attrgetter("last"),
    "last_at": attrgetter("last_at"),
    "waiting": attrgetter("buffered"),
    "finished": lambda stream: not stream.state.abilities & CAN_READ,
    "state": attrgetter("state.rfc_name"),
    "name": attrgetter("handler.nickname"),
    "pending": attrgetter("handler.pending"),
    "closes_at": attrgetter("deadline"),
}
"""Where each field of a row stands."""


class Clients(Mapping[int, ClientRow]):
    """The clients of a server at a moment, by connection, in the order they came.

    A row is made when it is asked for: it tells of the client as it is then, or was when it left.
    """

    def __init__(self, streams: Mapping[int, Stream]) -> None:
        self._streams = dict(streams)

    def __getitem__(self, connection: int) -> ClientRow:
        stream = self._streams[connection]
        return ClientRow(**{field: get(stream) for field, get in _FROM.items()})

    def __contains__(self, connection: object) -> bool:
        return connection in self._streams

    def __iter__(self) -> Iterator[int]:
        return iter(self._streams)

    def __len__(self) -> int:
        return len(self._streams)

    def keys(self) -> KeysView[int]:
        """Return the connections."""
        return self._streams.keys()

    def figures(self, field: str) -> list[Any]:
        """Return one field of each row; no row is made."""
        return list(map(_FROM[field], self._streams.values()))

    def take(self, connection: int) -> ClientRow | None:
        """Return the row of a client that is here no longer, and keep nothing of it."""
        row = self.get(connection)
        self._streams.pop(connection, None)
        return row


def sum_up(gone: Totals, streams: Sequence[Stream]) -> Totals:
    """Return what those that are gone and these have exchanged together, and how many these are."""
    return Totals(
        gone.received + sum(map(_FROM["received"], streams)),
        gone.sent + sum(map(_FROM["sent"], streams)),
        gone.messages + sum(map(_FROM["messages"], streams)),
        len(streams),
    )
