"""The Network Time Protocol, version 4: its header, and what four timestamps tell (RFC 5905).

A timestamp counts seconds since 1900 in 64 bits, 32 of them behind the point, and begins anew every
136 years, next in 2036. Two of them are therefore only ever subtracted, which is right while they
are less than 68 years apart (section 6).
"""

from __future__ import annotations

import struct
from enum import IntEnum
from typing import Final

from netlib.value import value

PORT: Final = 123
HEADER: Final = struct.Struct("!BBbbII4sQQQQ")
"""Section 7.3, figure 8: 48 bytes. Extension fields and a MAC may follow."""
VERSION: Final = 4
EPOCH_SECONDS: Final = 2_208_988_800
"""From 1900, where NTP's first era begins, to 1970 (section 6)."""
UNSYNCHRONIZED: Final = 3
"""The leap indicator of a clock that nothing has set (figure 9)."""
LAST_STRATUM: Final = 15
"""What is beyond it is not synchronized (figure 11)."""

_BITS: Final = 1 << 64
_HALF: Final = 1 << 63
_FRACTION: Final = 1 << 32


class Mode(IntEnum):
    """Who sends a packet (section 7.3, figure 10)."""

    RESERVED = 0
    SYMMETRIC_ACTIVE = 1
    SYMMETRIC_PASSIVE = 2
    CLIENT = 3
    SERVER = 4
    BROADCAST = 5
    CONTROL = 6
    PRIVATE = 7


@value(kw_only=True)
class Packet:
    """A header (section 7.3). Timestamps as they are on the wire; 0: not known."""

    leap: int = 0
    version: int = VERSION
    mode: Mode
    stratum: int = 0
    poll: int = 0
    """Log2 of the seconds between two queries."""
    precision: int = 0
    """Log2 of the seconds that the clock counts in."""
    root_delay: int = 0
    root_dispersion: int = 0
    """Both in seconds, 16 of 32 bits behind the point."""
    reference_id: bytes = bytes(4)
    reference: int = 0
    """When the clock was last set."""
    origin: int = 0
    """T1, when the query left, as its sender told it."""
    receive: int = 0
    """T2, when the query arrived."""
    transmit: int = 0
    """T3, when this packet left."""

    def encode(self) -> bytes:
        """Return its 48 bytes. struct.error: a field has more than its bits."""
        return HEADER.pack(
            self.leap << 6 | self.version << 3 | self.mode,
            *(self.stratum, self.poll, self.precision, self.root_delay, self.root_dispersion),
            *(self.reference_id, self.reference, self.origin, self.receive, self.transmit),
        )

    @property
    def kiss(self) -> str:
        """The code by which a server asks to be left alone, as RATE (section 7.4); empty: none."""
        return "" if self.stratum else self.reference_id.rstrip(b"\0").decode("latin-1")

    @property
    def synchronized(self) -> bool:
        """Whether the sender, a server, has a time to tell: T2 and T3 are known, too."""
        in_range = 0 < self.stratum <= LAST_STRATUM
        return in_range and self.leap != UNSYNCHRONIZED and 0 not in (self.receive, self.transmit)


def decode(data: bytes) -> Packet | None:
    """Return the header that begins a datagram; None: it is too short to hold one."""
    if len(data) < HEADER.size:
        return None
    first, stratum, poll, precision, delay, dispersion, reference_id, *times = HEADER.unpack_from(
        data
    )
    reference, origin, receive, transmit = times
    return Packet(
        leap=first >> 6,
        version=first >> 3 & 7,
        mode=Mode(first & 7),
        stratum=stratum,
        poll=poll,
        precision=precision,
        root_delay=delay,
        root_dispersion=dispersion,
        reference_id=reference_id,
        reference=reference,
        origin=origin,
        receive=receive,
        transmit=transmit,
    )


def to_timestamp(seconds: float) -> int:
    """Return the timestamp of a time in seconds since 1970; never 0, which is no time."""
    return round((seconds + EPOCH_SECONDS) * _FRACTION) % _BITS or 1


def to_seconds(timestamp: int, near: float) -> float:
    """Return the time of a timestamp in seconds since 1970, of the era that is nearest to `near`.

    Section 6: which era it is, a timestamp does not tell.
    """
    return near + difference(timestamp, to_timestamp(near))


def difference(later: int, earlier: int) -> float:
    """Return the seconds from one timestamp to another; negative: `later` is the earlier one."""
    return ((later - earlier + _HALF) % _BITS - _HALF) / _FRACTION


def offset_and_delay(t1: int, t2: int, t3: int, t4: int) -> tuple[float, float]:
    """Return, in seconds, how far the server's clock is ahead, and how long both ways took.

    T1 and T4 are by the client's clock (query leaves, reply arrives), T2 and T3 by the server's
    (query arrives, reply leaves). Section 8: θ = ((T2 − T1) + (T3 − T4)) / 2 and
    δ = (T4 − T1) − (T3 − T2). θ is wrong by half of what one way took longer than the other: by
    δ / 2 at most. Clocks of different speeds make δ less than 0, by little.
    """
    offset = (difference(t2, t1) + difference(t3, t4)) / 2
    return offset, difference(t4, t1) - difference(t3, t2)
