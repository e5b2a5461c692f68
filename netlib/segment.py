"""A TCP segment as it stands in an IP packet.

IPv4 (RFC 791, section 3.1), IPv6 (RFC 8200, sections 3 and 4), TCP (RFC 9293, section 3.1), its
options (RFC 7323, section 2.2: window scale; RFC 2018, section 2: SACK).
"""

from __future__ import annotations

from functools import lru_cache
from ipaddress import IPv6Address, ip_address
from typing import Final

from netlib.address import Endpoint
from netlib.value import NamedTuple

FIN: Final = 1
SYN: Final = 2
RST: Final = 4
PSH: Final = 8
ACK: Final = 16
"""Control bits of TCP (RFC 9293, section 3.1)."""

_NAMES: Final = ((SYN, "SYN"), (FIN, "FIN"), (RST, "RST"), (PSH, "PSH"), (ACK, "ACK"))

TCP: Final = 6
_FRAGMENT: Final = 44
_EXTENSIONS: Final = frozenset({0, 43, 60, 135})
"""Headers of IPv6 that tell their own length: hop by hop, routing, destination, mobility."""

_OFFSET: Final = 0x1FFF

_END, _NOTHING, _MSS, _SCALE, _SACK_PERMITTED = range(5)
_SELECTIVE: Final = 5

_ONES: Final = 0xFFFF
"""Sums of 16-bit words in ones' complement are equal modulo this (RFC 1071, section 1)."""

WORDS: Final = 1 << 32
"""Sequence numbers go round (RFC 9293, section 3.4)."""


class Segment(NamedTuple):
    """A TCP segment."""

    source: Endpoint
    target: Endpoint
    flags: int
    sequence: int
    acknowledged: int
    """The number that is awaited next; it means something if ACK is set."""
    window: int
    """As it stands in the header: see `scale`."""
    size: int
    """Bytes of data, also of those that were not captured."""
    data: bytes = b""
    mss: int | None = None
    """The largest segment that may be sent back, if the option is there."""
    scale: int | None = None
    """By how many bits windows of this end are shifted from now on, if the option is there."""
    sack: bool = False
    """SACK-permitted, or blocks that were received out of order."""

    @property
    def label(self) -> str:
        """The names of its control bits: SYN, ACK."""
        return ", ".join(name for bit, name in _NAMES if self.flags & bit)

    @property
    def length(self) -> int:
        """How far it goes on in sequence numbers: SYN and FIN count one each."""
        return self.size + bool(self.flags & SYN) + bool(self.flags & FIN)


def read_segment(packet: bytes) -> Segment | None:
    """Return the segment in a packet that begins with IP; None: there is another protocol in it.

    ValueError: it is no IP packet, or too little of it was captured.
    """
    version = packet[0] >> 4 if packet else 0
    if version not in (4, 6):
        raise ValueError("no IP packet")
    source, target, protocol, begin, end = _ipv4(packet) if version == 4 else _ipv6(packet)
    return None if protocol != TCP else _tcp(packet, source, target, begin, end)


_Inside = tuple[str, str, int, int, int]
"""From whom, to whom, which protocol, where its header begins, and where the packet ends."""


def _ipv4(packet: bytes) -> _Inside:
    _need(packet, 20)
    begin, end = (packet[0] & 15) * 4, int.from_bytes(packet[2:4])
    if begin < 20 or (end and end < begin):
        raise ValueError("lengths that contradict each other")
    first = not int.from_bytes(packet[6:8]) & _OFFSET
    source, target = _host(packet[12:16]), _host(packet[16:20])
    # 0: it was segmented by the network card, after it was captured
    return source, target, packet[9] if first else -1, begin, end or len(packet)


def _ipv6(packet: bytes) -> _Inside:
    _need(packet, 40)
    payload, protocol, begin = int.from_bytes(packet[4:6]), packet[6], 40
    end = begin + payload if payload else len(packet)
    while protocol in _EXTENSIONS:
        _need(packet, begin + 8)
        protocol, begin = packet[begin], begin + (packet[begin + 1] + 1) * 8
    if protocol == _FRAGMENT:
        protocol = -1
    return _host(packet[8:24]), _host(packet[24:40]), protocol, begin, end


@lru_cache(256)
def _host(packed: bytes) -> str:
    address = ip_address(packed)
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return str(mapped or address)


def _tcp(packet: bytes, source: str, target: str, begin: int, end: int) -> Segment:
    _need(packet, begin + 20)
    head = packet[begin:]
    length = (head[12] >> 4) * 4
    if length < 20 or begin + length > end:
        raise ValueError("lengths that contradict each other")
    _need(packet, begin + length)
    segment = Segment(
        Endpoint(source, int.from_bytes(head[0:2])),
        Endpoint(target, int.from_bytes(head[2:4])),
        head[13],
        int.from_bytes(head[4:8]),
        int.from_bytes(head[8:12]),
        int.from_bytes(head[14:16]),
        end - begin - length,
        packet[begin + length : end],
    )
    return _with_options(segment, head[20:length])


def _with_options(segment: Segment, options: bytes) -> Segment:
    """Read the options; what contradicts itself ends them (RFC 9293, section 3.1)."""
    at = 0
    while at < len(options) and options[at] != _END:
        if options[at] == _NOTHING:
            at += 1
            continue
        length = options[at + 1] if at + 1 < len(options) else 0
        value = options[at + 2 : at + length]
        if length < 2 or at + length > len(options):
            break
        if options[at] == _MSS and length == 4:
            segment = segment._replace(mss=int.from_bytes(value))
        elif options[at] == _SCALE and length == 3:
            segment = segment._replace(scale=min(value[0], 14))  # RFC 7323, section 2.3
        elif options[at] in (_SACK_PERMITTED, _SELECTIVE):
            segment = segment._replace(sack=True)
        at += length
    return segment


def checksum_is_wrong(packet: bytes) -> bool:
    """Tell whether the TCP segment in an IP packet was damaged (RFC 9293, section 3.1).

    False too where that cannot be said: it was not captured whole, or its checksum was still left
    to the network card, and is the sum of the pseudo header, with the length or without. ValueError
    as `read_segment`.
    """
    version = packet[0] >> 4 if packet else 0
    _source, _target, protocol, begin, end = _ipv4(packet) if version == 4 else _ipv6(packet)
    if protocol != TCP or not begin + 20 <= end <= len(packet):
        return False
    segment = packet[begin:end]
    hosts = packet[12:20] if version == 4 else packet[8:40]
    pseudo = int.from_bytes(hosts) + TCP
    sums = pseudo + len(segment) + int.from_bytes(segment + bytes(len(segment) % 2))
    left = {pseudo % _ONES, (pseudo + len(segment)) % _ONES}
    return sums % _ONES != 0 and int.from_bytes(segment[16:18]) % _ONES not in left


def _need(packet: bytes, size: int) -> None:
    if len(packet) < size:
        raise ValueError("too little of it was captured")
