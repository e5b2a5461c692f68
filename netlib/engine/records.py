"""What a recorder is given: for each chunk or event one `Record`, cheap to make and to keep.

A chunk does not say whose it is, but by its code of which *flow*: what one TCP connection, or one
peer of a UDP socket, exchanges with us. A flow is told once, before its first chunk.
"""

from __future__ import annotations

import itertools
from typing import Final

from netlib.address import Endpoint
from netlib.events import Chunk, Closed, Direction, Event, Plaintext, WireChunk
from netlib.value import NamedTuple

EVENT: Final = 0
"""An event: it says itself what it is about."""
RECEIVED: Final = int(Direction.RECEIVED)
SENT: Final = int(Direction.SENT)
WIRE_RECEIVED: Final = 3
"""What crossed the wire below a layer (TLS); 1 and 2 crossed it as they are."""
WIRE_SENT: Final = 4
PLAIN_RECEIVED: Final = 5
"""Read above a layer: it crossed the wire as other bytes, which are counted instead."""
PLAIN_SENT: Final = 6
NEW_FLOW: Final = 7
"""No chunk: what a flow is."""

FLOW_BITS: Final = 3
"""A code is a kind in so many low bits, and above them the number of a flow."""
KIND_MASK: Final = (1 << FLOW_BITS) - 1

_numbers = itertools.count(1)


class Flow(NamedTuple):
    """Whose chunks they are."""

    number: int
    activity: int
    connection: int
    """0: datagrams."""
    peer: Endpoint | None
    name: str = ""
    """The nickname of the peer."""
    layered: bool = False
    """There is ciphertext, and plain text (TLS)."""
    ended: bool = False
    """Nothing more comes of it."""


Record = tuple[int, int, bytes | Event | Flow]
"""Microseconds by the monotonic clock, code, and the bytes; an event and a `Flow` have 0 and only
their kind."""

Item = Chunk | Event
"""A record as others than the recording read it."""

NO_CHUNK: Final = frozenset({EVENT, NEW_FLOW})
"""Codes of what is no chunk; those of chunks are larger."""

_KINDS: Final[tuple[type[Chunk], ...]] = (Chunk, Chunk, WireChunk, WireChunk, Plaintext, Plaintext)


def new_flow(
    activity: int,
    connection: int,
    peer: Endpoint | None,
    name: str = "",
    *,
    layered: bool = False,
) -> Flow:
    """Return a flow with a number that no other of this program has."""
    return Flow(next(_numbers), activity, connection, peer, name, layered)


def size_of(record: Record) -> int:
    """Return how many bytes of a chunk there are in a record; 0: it is none."""
    _at, code, data = record
    return len(data) if code & KIND_MASK not in NO_CHUNK else 0  # type: ignore[arg-type]


class KnownFlows(dict[int, Flow]):
    """The flows of which more may come, by number; those of a connection end with it."""

    def __init__(self) -> None:
        super().__init__()
        self._of_connection: dict[tuple[int, int], list[int]] = {}

    def hear(self, what: Event | Flow) -> None:
        """Take in what is told between chunks: a flow, its end, or that of a connection."""
        if isinstance(what, Flow):
            self._hear_flow(what)
        elif isinstance(what, Closed):
            for number in self._of_connection.pop((what.activity, what.connection), ()):
                del self[number]

    def _hear_flow(self, flow: Flow) -> None:
        if flow.ended:
            self.pop(flow.number, None)
            return
        self[flow.number] = flow
        if flow.connection:
            self._of_connection.setdefault(flow[1:3], []).append(flow.number)


class Items:
    """Turns records into items: it remembers which flows there are."""

    def __init__(self) -> None:
        self._flows = KnownFlows()

    def item(self, record: Record) -> Item | None:
        """Return what a record is; None: it only told of a flow."""
        at, code, data = record
        if code in NO_CHUNK:
            self._flows.hear(data)  # type: ignore[arg-type]
            return data if code == EVENT else None  # type: ignore[return-value]
        kind = code & KIND_MASK
        flow = self._flows[code >> FLOW_BITS]
        activity, connection, peer = flow[1:4]
        direction = Direction.RECEIVED if kind & 1 else Direction.SENT
        where = None if connection else peer
        return _KINDS[kind - 1](at / 1e6, activity, connection, direction, where, data)  # type: ignore[arg-type]
