"""In which words a time server is asked over UDP, and what its answer tells of its clock."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Final

from netlib.protocols import daytime, ntp
from netlib.value import NamedTuple, value

_FRACTION: Final = r":\d\d[.,](\d+)"
"""Of a second."""
_WHOLE_SECONDS: Final = 1.0
_CLOCKS_DIFFER: Final = 0.001
"""Seconds by which two clocks may differ in how long an exchange took."""
_IMPOSSIBLE: Final = "T3 − T2 > T4 − T1"
"""The server says that it was at the answer for longer than we waited for it."""
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


class Told(NamedTuple):
    """What an answer tells. Times in seconds."""

    text: str
    """The server's time; where it tells none, why not."""
    rtt: float
    offset: float | None
    """The server's clock minus ours; None: no time could be read."""
    precision: float | None
    """The true offset is no further than this from `offset`."""
    stratum: int | None = None


@value()
class TimeProtocol:
    """How to ask, and to read what is answered."""

    name: str
    query: Callable[[float], bytes]
    """Makes the datagram that asks, from the time it leaves at (since 1970)."""
    read: Callable[[bytes, float, float], Told | None]
    """Reads a datagram, from when the query left and how long ago; None: it answers another."""


def offset(text: str, local: float) -> float | None:
    """Return how far the RFC 3339 time `text` is ahead of `local` (seconds since 1970).

    A time was cut, not rounded, at its last digit: on average half of what that counts has passed
    since. The answer is right to that half, and to half of the round trip, whose two ways may have
    taken different times (RFC 5905, section 8). None: `text` is not RFC 3339.
    """
    try:
        told = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    if told.tzinfo is None:
        return None
    return told.timestamp() + resolution(text) / 2 - local


def resolution(text: str) -> float:
    """Return what the last digit of an RFC 3339 time counts, in seconds: 1.0 without a fraction."""
    fraction = re.search(_FRACTION, text)
    return 10.0 ** -len(fraction[1]) if fraction else _WHOLE_SECONDS


def _read_rfc3339(data: bytes, asked: float, rtt: float) -> Told:
    text = data.decode("utf-8", "backslashreplace")
    ahead = offset(text, asked + rtt / 2)
    return Told(text, rtt, ahead, None if ahead is None else (resolution(text) + rtt) / 2)


def _read_daytime(data: bytes, asked: float, rtt: float) -> Told:
    text = data.decode("utf-8", "backslashreplace").rstrip("\r\n")
    told = daytime.read(text)
    if told is None:
        return Told(text, rtt, None, None)
    ahead = told + _WHOLE_SECONDS / 2 - (asked + rtt / 2)
    return Told(text, rtt, ahead, (_WHOLE_SECONDS + rtt) / 2)


def _ask_ntp(asked: float) -> bytes:
    return ntp.Packet(mode=ntp.Mode.CLIENT, transmit=ntp.to_timestamp(asked)).encode()


def _read_ntp(data: bytes, asked: float, rtt: float) -> Told | None:
    """Read the reply to our query; any other was forged, or is late (RFC 5905, section 8)."""
    packet, t1 = ntp.decode(data), ntp.to_timestamp(asked)
    if packet is None or (packet.mode, packet.version) != (ntp.Mode.SERVER, ntp.VERSION):
        return None
    if packet.origin != t1:
        return None
    if not packet.synchronized:
        return Told(packet.kiss or "unsynchronized", rtt, None, None, packet.stratum)
    t4 = ntp.to_timestamp(asked + rtt)
    ahead, delay = ntp.offset_and_delay(t1, packet.receive, packet.transmit, t4)
    if delay < -_CLOCKS_DIFFER:
        return Told(_IMPOSSIBLE, rtt, None, None, packet.stratum)
    delay = max(delay, 0.0)
    time = _EPOCH + timedelta(seconds=ntp.to_seconds(packet.transmit, asked))
    text = time.isoformat(timespec="microseconds").replace("+00:00", "Z")
    return Told(text, delay, ahead, delay / 2, packet.stratum)


_ALL: Final = (
    TimeProtocol("rfc3339", lambda _asked: "获取时间".encode(), _read_rfc3339),
    TimeProtocol("ntp", _ask_ntp, _read_ntp),
    TimeProtocol("daytime", lambda _asked: b"\n", _read_daytime),
)
TIME_PROTOCOLS: Final = {protocol.name: protocol for protocol in _ALL}
"""By their names. The tutorial's asks in Chinese, and any datagram would do, as with daytime."""
