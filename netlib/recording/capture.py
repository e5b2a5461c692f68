"""Real packets into a recording: what this program's sockets exchange, as the kernel saw it.

The first way that is permitted is taken: the kernel's own (Linux, CAP_NET_RAW), then dumpcap; where
there is none, on Linux the SYN of each connection that a server of ours accepts.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from contextlib import closing, suppress
from typing import Final, Protocol

from netlib.engine.own_sockets import OwnSockets
from netlib.errors import NetError
from netlib.i18n import _
from netlib.recording.dumpcap_source import DumpcapSource
from netlib.recording.own_packets import OwnPackets, read_header
from netlib.recording.packets import CapturedPacket
from netlib.system.background import Background
from netlib.system.clock import calendar_microseconds, microseconds, now, wall_clock
from netlib.system.dumpcap import Dumpcap, find_dumpcap
from netlib.system.packet_socket import FRAMES, Packet, PacketSocket, may_capture
from netlib.system.sockets import SAVES_SYN
from netlib.system.words import system_words
from netlib.teaching.explain import beside
from netlib.text import visible_text
from netlib.value import NamedTuple

TICK_SECONDS: Final = 0.05
"""How often packets are taken. Those of one tick are looked at in the next, when it is known of
each new socket that it is ours."""


TICK_PACKETS: Final = 200
"""So many are looked at in each tick for any time, and FRAMES once after a calm one. What is beyond
is missed: who floods wants to see how fast the network is, not how fast it is described."""
TWICE_MICROSECONDS: Final = 10_000
"""A packet that is seen again so soon on another interface (a bridge and its port) is the same."""
LATE_MICROSECONDS: Final = 2_000_000
"""A packet that is said to be older than this when it is taken was dated by another clock."""
_REMEMBERED: Final = 256
"""Packets that might be seen again."""
_WORDS: Final = 200
"""Characters of what dumpcap says."""


class Destination(Protocol):
    """The journal, as a capture sees it."""

    error: NetError | None

    def put_packets(self, rows: Sequence[CapturedPacket]) -> None:
        """Add what was captured."""


class Source(Protocol):
    """Where packets come from."""

    name: str
    """How it captures."""

    @property
    def begun(self) -> bool:
        """Whether it captures, from now on."""

    def take(self, most: int) -> tuple[list[Packet], int]:
        """Return the first of what has come, and how many others were missed.

        Raises OSError: it has ended.
        """

    def close(self) -> None:
        """End it."""


class Capture(Background):
    """Captures from when it is made until it is cancelled, or cannot go on.

    Its outcome says why it could not, and what comes instead; "": it was cancelled.
    """

    def __init__(
        self,
        journal: Destination,
        sockets: OwnSockets,
        packet_socket: Callable[[], PacketSocket] = PacketSocket,
    ) -> None:
        """`sockets`: whose packets are wanted, `Network.sockets`."""
        self.how = ""
        """By what it captures: "AF_PACKET", "dumpcap" or "TCP_SAVE_SYN"; empty: not yet, or no
        more. TCP_SAVE_SYN goes on though there is an outcome, until it is cancelled."""
        self._journal = journal
        self._sockets = sockets
        self._own = OwnPackets(own_addresses)
        self._recent: OrderedDict[bytes, tuple[int, int]] = OrderedDict()
        self._begun = threading.Event()
        source = None
        with suppress(OSError):  # not permitted; there are other ways
            # By the caller: whatever it does next is captured.
            source = packet_socket()
            self._begin(source.name)
        super().__init__("socketboard-capture", lambda _work: self._capture(source))

    @staticmethod
    def available() -> str:
        """Tell at once why nothing can be captured, in a sentence; empty: it seems that it can."""
        return "" if may_capture() or find_dumpcap() is not None else _not_permitted()

    def begun_within(self, seconds: float) -> bool:
        """Wait up to `seconds` until it captures, or it is known that it cannot; False: neither."""
        return self._begun.wait(seconds)

    def cancel(self, timeout: float = 1.0) -> bool:
        """Record what was captured by now, and end; True: the thread has ended."""
        over = super().cancel(timeout)
        self._sockets.save_syns(None)
        return over

    def _capture(self, source: PacketSocket | None) -> str:
        program = find_dumpcap() if source is None else None
        try:
            if source is not None:
                self._follow(source)
            elif program is not None:
                self._follow(DumpcapSource(Dumpcap(program)))
            else:
                return self._instead(_not_permitted())
        except OSError as refusal:
            return self._instead(_ended(refusal, captured=self.how != ""))
        return ""

    def _follow(self, source: Source) -> None:
        """Take what comes until nobody wants it any more. Raises OSError: it has ended."""
        before, room = _Taken([], 0, 0, 0), FRAMES
        with closing(source):
            try:
                last = False
                while self._journal.error is None and not last:
                    last = self.cancelled_within(TICK_SECONDS)
                    room = min(room + TICK_PACKETS, FRAMES)
                    taken = _take(source, room)
                    room -= len(taken.packets)
                    if source.begun:
                        self._begin(source.name)
                    self._put(before)
                    before = taken
            finally:
                self._put(before)

    def _begin(self, how: str) -> None:
        self.how = how
        self._begun.set()

    def _instead(self, reason: str) -> str:
        """Do what can be done where nothing is captured; return that in words."""
        self.how = ""
        if SAVES_SYN and not self.cancelled():
            self.how = "TCP_SAVE_SYN"
            self._sockets.save_syns(self._put_syn)
            if self.cancelled():  # by another thread, before it was begun
                self._sockets.save_syns(None)
        self._begun.set()
        if self.how:
            told = _(
                "Of connections that a server of ours accepts, the SYN is recorded as it came; all "
                "other segments in a ladder are implied."
            )
        else:
            told = _("Segments in a ladder are implied.")
        return beside(reason, told)

    def _put_syn(self, at: float, syn: bytes) -> None:
        """Record the SYN of a connection that was accepted `at`: no later time of it is known."""
        wall, before = round(wall_clock.offset() * 1e6), round(at * 1e6) - 1
        self._journal.put_packets([CapturedPacket(before, wall, len(syn), syn)])

    def _put(self, taken: _Taken) -> None:
        """Record what is ours of what was taken."""
        moment = now()
        self._own.learn(self._sockets.known(moment), moment)
        wall = round(wall_clock.offset() * 1e6)
        rows = []
        for packet in taken.packets:
            header = read_header(packet.data)
            if header is None or not self._own.has(header) or self._is_twice(packet):
                continue
            size = min(packet.size, header.size or packet.size)  # Ethernet pads
            rows.append(CapturedPacket(taken.at(packet), wall, size, packet.data[:size]))
        if taken.missed and self._own.any:
            rows.append(CapturedPacket(taken.last_at, wall, taken.missed, None))
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
    """What a source gave at one time; microseconds by `now`."""

    packets: list[Packet]
    missed: int
    """Behind the last of them, for which there was room."""
    offset: int
    """What made such a time one since 1970."""
    moment: int
    """When that was."""

    def at(self, packet: Packet) -> int:
        """Return when a packet was seen, as far as that can be: a clock may have been set."""
        at = packet.at - self.offset
        return at if self.moment - LATE_MICROSECONDS <= at <= self.moment else self.moment

    @property
    def last_at(self) -> int:
        """When the last of them was seen."""
        return self.at(self.packets[-1]) if self.packets else self.moment


def _take(source: Source, most: int) -> _Taken:
    packets, missed = source.take(most)
    return _Taken(packets, missed, calendar_microseconds(), microseconds())


def _not_permitted() -> str:
    sentence = _(
        "No packets can be captured: Socketboard may not, and finds no dumpcap that it may start."
    )
    return beside(sentence, _(system_words("capture")))


def _ended(refusal: OSError, *, captured: bool) -> str:
    """Return why dumpcap could not begin, or go on, in its own words."""
    words = visible_text((refusal.strerror or str(refusal)).rstrip("."), _WORDS)
    if captured:
        return _("No more packets are captured; dumpcap has ended: {words}.").format(words=words)
    sentence = _("No packets can be captured by dumpcap: {words}.").format(words=words)
    return beside(sentence, _(system_words("capture")))


def own_addresses() -> list[str]:
    """Return all addresses of this computer; none where it does not tell."""
    from netlib.system.adapters import adapters  # late: it needs ctypes

    try:
        return [one.address for one in adapters()]
    except OSError:
        return []
