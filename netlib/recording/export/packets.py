"""Packets as bytes: IP (RFC 791, RFC 8200) round TCP (RFC 9293), UDP (RFC 768) and ICMP."""

from __future__ import annotations

import struct
from ipaddress import IPv6Address, ip_address
from typing import Final

from netlib.segment import ACK, SYN
from netlib.value import NamedTuple

WINDOW: Final = 65535
"""The window of every segment: larger than any segment, so that none fills it."""

MOST_DATA: Final = 65_000
"""Bytes of data in a segment at most, and the MSS that a SYN announces."""

MOST_DATAGRAM: Final = {4: 65_507, 6: 65_527}
"""Bytes that a datagram carries at most, by the version of IP."""

_TCP: Final = 6
_UDP: Final = 17
_ICMP: Final = 1
_ICMPV6: Final = 58
_HOPS: Final = 64
_DONT_FRAGMENT: Final = 0x4000
_MSS_OPTION: Final = struct.pack("!BBH", 2, 4, MOST_DATA)
_QUOTED: Final = {4: 576 - 28, 6: 1280 - 48}
"""Of a packet so much goes back in an error (RFC 1812, section 4.3.2.3; RFC 4443, section 3.1)."""


class Address(NamedTuple):
    """Where a packet comes from or goes to."""

    host: bytes
    """4 or 16 bytes; both ends of a packet have the same version of IP."""
    port: int


def read_host(text: str) -> bytes | None:
    """Return an IP address as bytes, without its scope; None: it is none, or stands for all."""
    try:
        address = ip_address(text)
    except ValueError:
        return None
    if address.is_unspecified:
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return (mapped or address).packed


def tcp(
    source: Address, target: Address, flags: int, numbers: tuple[int, int], data: bytes = b""
) -> bytes:
    """Return a segment; `numbers`: those of its first byte and of the byte it awaits."""
    options = _MSS_OPTION if flags & SYN else b""
    sequence, awaited = (number & 0xFFFFFFFF for number in numbers)
    length = 5 + len(options) // 4
    head = struct.pack(
        "!HHIIBBHHH",
        source.port,
        target.port,
        sequence,
        awaited if flags & ACK else 0,
        length << 4,
        flags,
        WINDOW,
        0,
        0,
    )
    segment = head + options + data
    found = _checksum(_pseudo_header(source, target, _TCP, len(segment)) + segment)
    return _ip(source, target, _TCP, segment[:16] + struct.pack("!H", found) + segment[18:])


def udp(source: Address, target: Address, data: bytes) -> bytes:
    """Return a datagram of at most `MOST_DATAGRAM` bytes."""
    length = 8 + len(data)
    head = struct.pack("!HHH", source.port, target.port, length)
    pseudo = _pseudo_header(source, target, _UDP, length)
    found = _checksum(pseudo + head + b"\0\0" + data) or 0xFFFF  # 0 stands for none (RFC 768)
    return _ip(source, target, _UDP, head + struct.pack("!H", found) + data)


def port_unreachable(source: Address, target: Address, packet: bytes) -> bytes:
    """Return what `source` answers to a packet for a port that nobody has there.

    RFC 792, page 4; RFC 4443, section 3.1.
    """
    if len(source.host) == 4:
        message = struct.pack("!BBHI", 3, 3, 0, 0) + packet[: _QUOTED[4]]
        protocol, pseudo = _ICMP, b""
    else:
        message = struct.pack("!BBHI", 1, 4, 0, 0) + packet[: _QUOTED[6]]
        protocol, pseudo = _ICMPV6, _pseudo_header(source, target, _ICMPV6, len(message))
    found = struct.pack("!H", _checksum(pseudo + message))
    return _ip(source, target, protocol, message[:2] + found + message[4:])


def _ip(source: Address, target: Address, protocol: int, payload: bytes) -> bytes:
    if len(source.host) == 16:
        head = struct.pack("!IHBB", 6 << 28, len(payload), protocol, _HOPS)
        return head + source.host + target.host + payload
    length, hosts = 20 + len(payload), source.host + target.host
    head = struct.pack("!BBHHHBB", 0x45, 0, length, 0, _DONT_FRAGMENT, _HOPS, protocol)
    found = struct.pack("!H", _checksum(head + hosts))
    return head + found + hosts + payload


def _pseudo_header(source: Address, target: Address, protocol: int, length: int) -> bytes:
    """Return what a checksum covers of IP (RFC 9293, section 3.1; RFC 8200, section 8.1)."""
    form = "!BBH" if len(source.host) == 4 else "!I3xB"
    numbers = (0, protocol, length) if len(source.host) == 4 else (length, protocol)
    return source.host + target.host + struct.pack(form, *numbers)


def _checksum(data: bytes) -> int:
    """Return the Internet checksum (RFC 1071): the sum modulo 65535 of words of 16 bits, negated.

    65536 is 1 modulo 65535: so is the whole as one number.
    """
    return -int.from_bytes(data + b"\0" * (len(data) % 2), "big") % 0xFFFF
