"""Real packets into a recording: what this program's sockets exchange, as the kernel saw it.

The first way that is permitted is taken: the kernel's own (Linux, CAP_NET_RAW), then dumpcap; where
there is none, on Linux the SYN of each connection that a server of ours accepts.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from contextlib import suppress
from typing import Final, NamedTuple, Protocol

from netlib.engine.own_sockets import OwnSockets
from netlib.errors import NetError
from netlib.recording.own_packets import OwnPackets, read_header
from netlib.recording.packets import CapturedPacket
from netlib.system.background import Background
from netlib.system.clock import calendar_microseconds, microseconds, now, wall_clock
from netlib.system.packet_socket import Packet, PacketSocket

TICK_SECONDS: Final = 0.05
"""How often packets are taken. Those of one tick are looked at in the next, when it is known of
each new socket that it is ours."""


TWICE_MICROSECONDS: Final = 10_000
"""A packet that is seen again so soon on another interface (a bridge and its port) is the same."""
_REMEMBERED: Final = 256
"""Packets that might be seen again."""


class Destination(Protocol):
    """The journal, as a capture sees it."""

    error: NetError | None

    def put_packets(self, rows: Sequence[CapturedPacket]) -> None:
        """Add what was captured."""


class Source(Protocol):
    """Where packets come from."""

    def take(self) -> tuple[list[Packet], int]:
        """Return what has come, and how many were missed. Raises OSError: it has ended."""

    def close(self) -> None:
        """End it."""


class Capture(Background):
    """Captures from when it is made until it is cancelled, or cannot go on.

    Its outcome says why it could not, or what came instead.
    """

    def __init__(self, journal: Destination, sockets: OwnSockets) -> None:
        """`sockets`: whose packets are wanted, `Network.sockets`."""
        self.how = ""
        """By what it captures: "AF_PACKET", "dumpcap" or "TCP_SAVE_SYN"; empty: by nothing."""
        self._journal = journal
        self._sockets = sockets
        self._own = OwnPackets(own_addresses)
        self._recent: OrderedDict[bytes, tuple[int, int]] = OrderedDict()
        self._source: Source | None = None
        with suppress(OSError):  # not permitted; there are other ways
            # By the caller: whatever it does next is captured.
            self._source = PacketSocket()
            self.how = "AF_PACKET"
        super().__init__("socketboard-capture", lambda _work: self._run_sources())

    def _run_sources(self) -> str:
        source = self._source
        if source is not None:
            self._follow(source)
        return ""

    def _follow(self, source: Source) -> None:
        """Take what comes until nobody wants it any more. Raises OSError: it has ended."""
        before = _Taken([], 0, 0, 0)
        try:
            while self._journal.error is None:
                last = self.cancelled_within(TICK_SECONDS)
                moment = now()
                packets, missed = source.take()
                offset = calendar_microseconds()
                until = packets[-1].at - offset if packets else microseconds()
                taken = _Taken(packets, missed, offset, until)
                self._own.learn(self._sockets.known(moment), moment)
                self._put(before)
                before = taken
                if last:
                    self._put(before)
                    return
        finally:
            source.close()

    def _put(self, taken: _Taken) -> None:
        """Record what is ours of what was taken."""
        wall = round(wall_clock.offset() * 1e6)
        rows = []
        for packet in taken.packets:
            header = read_header(packet.data)
            if header is None or not self._own.has(header) or self._is_twice(packet):
                continue
            size = min(packet.size, header.size or packet.size)  # Ethernet pads
            rows.append(CapturedPacket(packet.at - taken.offset, wall, size, packet.data[:size]))
        if taken.missed and self._own.any:  # behind the last for which there was room
            rows.append(CapturedPacket(taken.until, wall, taken.missed, None))
        if rows:
            self._journal.put_packets(rows)

    def _is_twice(self, packet: Packet) -> bool:
        """Tell whether a packet was seen on another interface a moment ago."""
        recent = self._recent
        at, interface = recent.get(packet.data, (0, packet.interface))
        if interface != packet.interface and packet.at - at < TWICE_MICROSECONDS:
            return True
        recent[packet.data] = packet.at, packet.interface
        if len(recent) > _REMEMBERED:
            recent.popitem(last=False)
        return False


class _Taken(NamedTuple):
    """What a source gave at one time."""

    packets: list[Packet]
    missed: int
    offset: int
    """What made microseconds of `now` such since 1970."""
    until: int
    """When the last of them was seen, in microseconds of `now`."""


def own_addresses() -> list[str]:
    """Return all addresses of this computer; none where it does not tell."""
    from netlib.system.adapters import adapters  # late: it needs ctypes

    try:
        return [one.address for one in adapters()]
    except OSError:
        return []
