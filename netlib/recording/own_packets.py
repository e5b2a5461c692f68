"""Which of the packets of a computer belong to this program's sockets.

By their addresses and ports alone (RFC 9293, RFC 768); an ICMP error by those of the packet that it
quotes (RFC 792, RFC 4443). Everything else is of other programs, and nobody's business.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable
from ipaddress import ip_address
from typing import Final

from netlib.address import UNSPECIFIED, Endpoint
from netlib.engine.own_sockets import OwnSocket
from netlib.events import Transport
from netlib.value import NamedTuple

_TCP, _UDP, _ICMP, _ICMPV6 = 6, 17, 1, 58
_FRAGMENT: Final = 44
_EXTENSIONS: Final = frozenset({0, 43, 60})
"""Hop-by-hop and destination options, routing: all with a length (RFC 8200, section 4)."""
_ERRORS: Final = {_ICMP: frozenset({3, 4, 5, 11, 12}), _ICMPV6: frozenset({1, 2, 3, 4})}
"""Types of ICMP that quote the packet they are about."""
_NUMBERS: Final = {Transport.TCP: _TCP, Transport.UDP: _UDP}
_SIZES: Final = {"0.0.0.0": (4,), "::": (4, 16)}
"""Bytes of the addresses that come to a socket with such a one: ours for :: take IPv4 too."""
ADDRESSES_SECONDS: Final = 5.0
"""How long it takes to notice that this computer has another address."""
_FRAGMENTED: Final = 64
"""Packets of ours whose later fragments are still recognized: these have no ports."""
_BROADCAST: Final = b"\xff" * 4

Ends = tuple[int, bytes, bytes]
"""Protocol, source and target: of each the address and then the port, as they cross the wire."""


class Header(NamedTuple):
    """What the headers of a packet tell of whose it is."""

    size: int
    """Bytes of the whole packet; 0: longer than the field for it."""
    fragment: tuple[bytes, bytes, bytes] | None
    """Source, target and number of a packet that was cut to pieces."""
    ends: Ends | None
    """Of an ICMP error those of the packet it quotes; None: there are none."""


def read_header(data: bytes) -> Header | None:
    """Read the headers of a packet from IP on; None: it is none, or is cut off within them."""
    try:
        return _ipv4(data) if data[0] >> 4 == 4 else _ipv6(data) if data[0] >> 4 == 6 else None
    except IndexError:
        return None


def _ipv4(data: bytes, *, quoted: bool = False) -> Header | None:
    length, protocol, offset = (data[0] & 15) * 4, data[9], (data[6] << 8 | data[7]) & 0x3FFF
    source, target = data[12:16], data[16:20]
    fragment = (source, target, data[4:6]) if offset else None
    ends = None
    if not offset & 0x1FFF:
        ends = _ends(protocol, source, target, data[length:], quoted=quoted)
    return Header(data[2] << 8 | data[3], fragment, ends)


def _ipv6(data: bytes, *, quoted: bool = False) -> Header | None:
    protocol, at, source, target = data[6], 40, data[8:24], data[24:40]
    fragment, first = None, True
    while protocol in _EXTENSIONS or protocol == _FRAGMENT:
        following = data[at]
        if protocol == _FRAGMENT:
            fragment = source, target, data[at + 4 : at + 8]
            first = not (data[at + 2] << 8 | data[at + 3]) >> 3
            at += 8
        else:
            at += (data[at + 1] + 1) * 8
        protocol = following
    size = data[4] << 8 | data[5]
    ends = _ends(protocol, source, target, data[at:], quoted=quoted) if first else None
    return Header(size + 40 if size else 0, fragment, ends)


def _ends(protocol: int, source: bytes, target: bytes, data: bytes, *, quoted: bool) -> Ends | None:
    if protocol in (_TCP, _UDP):
        _needed = data[3]
        return protocol, source + data[:2], target + data[2:4]
    if not quoted and data[0] in _ERRORS.get(protocol, ()):
        about = (_ipv4 if protocol == _ICMP else _ipv6)(data[8:], quoted=True)
        return None if about is None else about.ends
    return None


class OwnPackets:
    """Tells packets of our sockets from all others'; for one thread."""

    def __init__(self, addresses: Callable[[], Iterable[str]]) -> None:
        """`addresses`: what this computer has, for sockets that take what comes to any of them."""
        self._addresses = addresses
        self._sockets: tuple[OwnSocket, ...] = ()
        self._pairs: set[Ends] = set()
        self._peers: set[tuple[int, bytes]] = set()
        """Of sockets whose own address is not known."""
        self._places: set[tuple[int, bytes]] = set()
        """Where servers listen."""
        self._ports: set[tuple[int, int, bytes]] = set()
        """At which ports of any address, whose bytes are so many."""
        self._here: set[bytes] = set()
        self._look_at = 0.0
        self._fragments: OrderedDict[tuple[bytes, bytes, bytes], None] = OrderedDict()

    def learn(self, sockets: tuple[OwnSocket, ...], now: float) -> None:
        """Take in which sockets are ours now; quick where they are those of the last time."""
        if sockets is self._sockets and now < self._look_at:
            return
        self._sockets, self._look_at = sockets, now + ADDRESSES_SECONDS
        for known in (self._pairs, self._peers, self._places, self._ports):
            known.clear()
        for one in sockets:
            self._add(_NUMBERS[one.transport], one.local, one.peer)
        self._here = set(map(_host, self._addresses())) if self._ports else set()

    def _add(self, protocol: int, local: Endpoint | None, peer: Endpoint | None) -> None:
        if peer is None:
            if local is None:
                return
            if local.host in UNSPECIFIED:
                port = local.port.to_bytes(2, "big")
                self._ports |= {(protocol, size, port) for size in _SIZES[local.host]}
            else:
                self._places.add((protocol, _packed(local)))
        elif local and local.port:
            here, there = _packed(local), _packed(peer)
            self._pairs |= {(protocol, here, there), (protocol, there, here)}
        else:
            self._peers.add((protocol, _packed(peer)))

    @property
    def any(self) -> bool:
        """Whether there is any socket of ours."""
        return bool(self._sockets)

    def has(self, header: Header) -> bool:
        """Tell whether a packet is ours."""
        if header.ends is None:
            return header.fragment in self._fragments
        if not self._has_ends(header.ends):
            return False
        if header.fragment:
            self._fragments[header.fragment] = None
            if len(self._fragments) > _FRAGMENTED:
                self._fragments.popitem(last=False)
        return True

    def _has_ends(self, ends: Ends) -> bool:
        if ends in self._pairs:
            return True
        protocol, source, target = ends
        return self._has_end(protocol, source) or self._has_end(protocol, target)

    def _has_end(self, protocol: int, end: bytes) -> bool:
        if (protocol, end) in self._places or (protocol, end) in self._peers:
            return True
        host = end[:-2]
        return (protocol, len(host), end[-2:]) in self._ports and self._is_here(protocol, host)

    def _is_here(self, protocol: int, host: bytes) -> bool:
        """Tell whether this computer has an address; groups and all are addresses of UDP, too."""
        if host in self._here or (len(host) == 4 and host[0] == 127):
            return True
        is_group = host[0] >> 4 == 14 or host == _BROADCAST if len(host) == 4 else host[0] == 0xFF
        return protocol == _UDP and is_group


def _packed(endpoint: Endpoint) -> bytes:
    """Return an address as it crosses the wire, and then its port."""
    return _host(endpoint.host) + endpoint.port.to_bytes(2, "big")


def _host(text: str) -> bytes:
    """Return a numeric address, without its scope, as it crosses the wire."""
    return ip_address(text.partition("%")[0]).packed
