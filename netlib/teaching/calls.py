"""A call: one send or receive, one datagram, or an event, as a recording tells it.

A line of a log ends at LF; a call ends where the program's call ended. Ladder, boundaries and
exports are made of calls.
"""

from __future__ import annotations

from typing import Final

from netlib.events import Event
from netlib.value import NamedTuple

EVENT: Final = 0
RECEIVED: Final = 1
SENT: Final = 2
WIRE_RECEIVED: Final = 3
"""Ciphertext, as it crossed the wire below TLS."""
WIRE_SENT: Final = 4
PLAIN_RECEIVED: Final = 5
"""What was read above TLS: it crossed the wire as ciphertext, and is no call of its own."""
PLAIN_SENT: Final = 6


class End(NamedTuple):
    """One end of a TCP connection, a UDP socket and one peer of it, or an activity as a whole."""

    number: int
    """Its place among the ends of a recording, in the order they appeared."""
    activity: int
    connection: int
    """0: datagrams, or the activity as a whole."""
    local: str = ""
    """Where it is, `host:port`; empty: the recording does not tell."""
    peer: str = ""
    """Where the other end is; empty: not told, or it is the activity as a whole."""
    serves: bool = False
    """It accepted the connection, or waits for datagrams at an address of its own."""


class Call(NamedTuple):
    """What happened at one end at one moment."""

    number: int
    """Its place in the list of calls it was read from, counted from 0."""
    wall: float
    """Seconds since 1970."""
    at: float
    """Seconds by the monotonic clock."""
    end: int
    """The number of its end."""
    kind: int
    """`EVENT` to `PLAIN_SENT`."""
    line: int
    """Number of its first line in its activity."""
    offset: int = 0
    """How many bytes of the same end and kind came before it."""
    size: int = 0
    """Bytes of all of it."""
    data: bytes = b""
    """Its bytes, or the first of them."""
    name: str = ""
    """The nickname of the other end, once it had one."""
    event: Event | None = None
    """What happened; None: bytes went one way, or the entry cannot be read."""
    lost: str = ""
    """Why it cannot be read; to be translated."""

    @property
    def is_sent(self) -> bool:
        """Whether its bytes left this end."""
        return self.kind > 0 and not self.kind & 1


class Part(NamedTuple):
    """Bytes of a call at the other end, that are bytes of this one, too."""

    number: int
    """Of the other call."""
    begin: int
    """Where in this call they begin."""
    end: int
    """Where they end."""
