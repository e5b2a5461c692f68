"""What went between two addresses, as packets: a TCP connection, or datagrams.

Each has two sides, 0 and 1. What no call tells is made so that it fits: sequence numbers, ACKs, the
handshake (RFC 9293, section 3.5). Every segment is acknowledged at once, so that none looks lost.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterator
from ipaddress import ip_address
from typing import Final
from zlib import crc32

from netlib.address import LAST_PORT, Endpoint
from netlib.i18n import _
from netlib.recording.export.packets import (
    MOST_DATA,
    MOST_DATAGRAM,
    Address,
    port_unreachable,
    read_host,
    tcp,
    udp,
)
from netlib.segment import ACK, FIN, PSH, RST, SYN
from netlib.teaching.calls import Call, End
from netlib.value import NamedTuple

UNKNOWN: Final = {4: ("192.0.2.1", "192.0.2.2"), 16: ("2001:db8::1", "2001:db8::2")}
"""What stands for a host that is not told, by the length of its address: on side 0, and on side 1.
Nobody has them (RFC 5737; RFC 3849)."""

FIRST_DYNAMIC_PORT: Final = 49152
"""From here on ports stand for those that are not told (RFC 6335, section 6)."""

_MOST_QUOTED: Final = 1280
"""Of the last packet so much is kept, to be given back in an error."""


class Packet(NamedTuple):
    """A packet, and what its reader is told of it."""

    data: bytes
    comment: str


class Route(NamedTuple):
    """Two addresses, and a sentence for each that is not told."""

    addresses: tuple[Address, Address]
    unknown: tuple[str, ...] = ()

    def packet(self, data: bytes, words: str) -> Packet:
        """Return a packet of which `words` are said."""
        return Packet(data, "; ".join((words, *self.unknown)))


def route(end: End, other: End | None = None) -> Route:
    """Return where an end is (side 0), and its peer. `other`: the end there, if it is known too.

    What the other end saw goes before what a socket was bound to, which may be all addresses.
    """
    here = [_read(end.local)] if other is None else [_read(other.peer), _read(end.local)]
    there = [_read(end.peer)] if other is None else [_read(end.peer), _read(other.local)]
    hosts = [next((host for host, _port in side if host), None) for side in (here, there)]
    ports = [next((port for _host, port in side if port), None) for side in (here, there)]
    size = len(hosts[1] or hosts[0] or bytes(4))
    found: list[Address] = []
    unknown: list[str] = []
    for host, port, stand_in in zip(hosts, ports, UNKNOWN[size], strict=True):
        told = host if host is not None and len(host) == size else None
        dynamic = FIRST_DYNAMIC_PORT + end.number % (LAST_PORT + 1 - FIRST_DYNAMIC_PORT)
        one = Address(told or ip_address(stand_in).packed, port or dynamic)
        found.append(one)
        if told is None or port is None:
            words = _("{address} stands for an address that the recording does not tell")
            shown = Endpoint(str(ip_address(one.host)), one.port)
            unknown.append(words.format(address=shown))
    return Route((found[0], found[1]), tuple(unknown))


def _read(text: str) -> tuple[bytes | None, int | None]:
    """Return host and port of `host:port`; None: there is none that a packet could have."""
    host, _colon, port = text.rpartition(":")
    known = port.isascii() and port.isdigit() and len(port) <= 5 and 0 < int(port) <= LAST_PORT
    return read_host(host.removeprefix("[").removesuffix("]")), int(port) if known else None


class Stream:
    """A TCP connection, whose calls come in their order, from one of its ends or from both."""

    def __init__(self, route: Route, number: int) -> None:
        """`number`: another one for each connection; a port may be used again."""
        self._route = route
        self._begun = self._reset = False
        self._finished = [False, False]
        first = [crc32(b"%d %d" % (number, side)) >> 1 for side in (0, 1)]
        self._next = [one + 1 for one in first]
        """Of each side the number of its next byte: it goes on after a SYN that was not seen."""
        self._crossed = [0, 0]
        """How many bytes of each side are in packets by now, or were not chosen."""

    def open(self, client: int) -> Iterator[Packet]:
        """Yield the handshake, once."""
        if self._begun:
            return
        self._next = [number - 1 for number in self._next]
        yield self._segment(client, SYN)
        yield self._segment(1 - client, SYN | ACK)
        yield self._segment(client, ACK)

    def data(self, sender: int, call: Call) -> Iterator[Packet]:
        """Yield those bytes of a send or receive call that are in no packet yet."""
        known = self._crossed[sender]
        fresh = call.data[max(known - call.offset, 0) :]
        self._crossed[sender] = max(known, call.offset + call.size)
        for at in range(0, len(fresh), MOST_DATA):
            last = at + MOST_DATA >= len(fresh)
            yield self._segment(sender, PSH | ACK if last else ACK, fresh[at : at + MOST_DATA])
            yield from self._acknowledge(1 - sender)

    def finish(self, sender: int) -> Iterator[Packet]:
        """Yield FIN, once a side, and none after RST."""
        if not (self._finished[sender] or self._reset):
            self._finished[sender] = True
            yield self._segment(sender, FIN | ACK)
            yield from self._acknowledge(1 - sender)

    def reset(self, sender: int) -> Iterator[Packet]:
        """Yield RST, once."""
        if not self._reset:
            self._reset = True
            yield self._segment(sender, RST | ACK)

    def _acknowledge(self, side: int) -> Iterator[Packet]:
        if not self._reset:
            yield self._segment(side, ACK)

    def _segment(self, sender: int, flags: int, data: bytes = b"") -> Packet:
        self._begun = True
        numbers = self._next[sender], self._next[1 - sender]
        self._next[sender] += len(data) + (1 if flags & (SYN | FIN) else 0)
        source, target = self._route.addresses[sender], self._route.addresses[1 - sender]
        told = data or flags & (FIN | RST)
        words = _("rebuilt from a call") if told else _("rebuilt: TCP must have sent it (implied)")
        return self._route.packet(tcp(source, target, flags, numbers, data), words)


class Datagrams:
    """What two UDP sockets said to each other."""

    def __init__(self, route: Route, _number: int) -> None:
        self._route = route
        self._sent = array("q")
        """The calls that sent those that are in packets."""
        self._last = [b"", b""]
        """The last packet of each side, as far as an error gives it back."""

    def sent(self, sender: int, call: Call) -> Iterator[Packet]:
        """Yield the datagram that a call sent."""
        self._sent.append(call.number)
        yield self._datagram(sender, call.data)

    def received(self, sender: int, call: Call, sent_by: int | None) -> Iterator[Packet]:
        """Yield the datagram that a call received, unless it is there since it was sent.

        `sent_by`: the call that sent it, if that is known.
        """
        at = len(self._sent) if sent_by is None else bisect_left(self._sent, sent_by)
        if at == len(self._sent) or self._sent[at] != sent_by:
            yield self._datagram(sender, call.data)

    def unreachable(self, sender: int) -> Iterator[Packet]:
        """Yield what ICMP answered to the last datagram of a side."""
        source, target = self._route.addresses[1 - sender], self._route.addresses[sender]
        if about := self._last[sender]:
            answer = port_unreachable(source, target, about)
            yield self._route.packet(answer, _("rebuilt from what the socket was told"))

    def _datagram(self, sender: int, data: bytes) -> Packet:
        source, target = self._route.addresses[sender], self._route.addresses[1 - sender]
        most = MOST_DATAGRAM[4 if len(source.host) == 4 else 6]
        packet = udp(source, target, data[:most])
        self._last[sender] = packet[:_MOST_QUOTED]
        words = _("rebuilt from a call")
        if len(data) > most:
            words += _(", and cut: no datagram is longer")
        return self._route.packet(packet, words)
