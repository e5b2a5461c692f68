"""A capture as a program writes it while it goes on: pcapng, read block by block.

draft-ietf-opsawg-pcapng: section header (4.1), interface description (4.2), enhanced packet (4.3),
interface statistics (4.6); all others are passed over. Packets are given from their IP header on;
what is no IP, or of a link type that is not in `_LINKS`, is left out.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from typing import Final

from netlib.value import NamedTuple

MOST_BLOCK_BYTES: Final = 1 << 20
"""The longest block that is waited for."""
MOST_INTERFACES: Final = 1024

_SECTION, _INTERFACE, _PACKET, _STATISTICS = 0x0A0D0D0A, 1, 6, 5
_SECTION_BYTES: Final = b"\n\r\r\n"
_BYTE_ORDER: Final = {b"\x4d\x3c\x2b\x1a": "<", b"\x1a\x2b\x3c\x4d": ">"}
_RESOLUTION, _TIME_OFFSET = 9, 14
"""Options of an interface: if_tsresol, if_tsoffset."""
_DROPPED: Final = 5
"""Option of its statistics: isb_ifdrop."""
_MOST_MICROSECONDS: Final = 1 << 53
_MICROSECONDS: Final = 1_000_000

_IP: Final = frozenset({0x0800, 0x86DD})
"""EtherTypes of IPv4 and IPv6 (RFC 9542)."""
_VLAN: Final = frozenset({0x8100, 0x88A8})


class PcapngPacket(NamedTuple):
    """A packet of a capture, from its IP header on."""

    at: int
    """Microseconds since 1970."""
    interface: int
    """Its number."""
    size: int
    """Bytes there were."""
    data: bytes
    """The bytes, or the first of them."""


class _Interface(NamedTuple):
    head: Callable[[bytes], int | None]
    """Return how many bytes of a packet come before its IP header; None: it has none."""
    per_second: int
    """Units of its times."""
    offset: int
    """Seconds to be added."""


class PcapngReader:
    """Takes the bytes of a capture as they come. Whatever they are, it holds one block at most."""

    def __init__(self) -> None:
        self.missed = 0
        """Packets of which the capture says that they were dropped."""
        self.interfaces: list[_Interface] = []
        """Those of the section; there are any once the capture has begun."""
        self._rest = bytearray()
        self._order = ""

    def feed(self, data: bytes) -> list[PcapngPacket]:
        """Return the packets that are complete with `data`. ValueError: it is no such capture."""
        self._rest += data
        return [packet for block in self._blocks() for packet in self._read(*block)]

    def _blocks(self) -> Iterator[tuple[int, bytes]]:
        """Yield type and body of each block that is there."""
        at, rest = 0, self._rest
        try:
            while len(rest) - at >= 12:
                if rest[at : at + 4] == _SECTION_BYTES:  # the same in either order
                    self._order = _BYTE_ORDER.get(bytes(rest[at + 8 : at + 12]), "")
                if not self._order:
                    raise ValueError("a capture begins with a section header")
                kind, length = struct.unpack_from(self._order + "II", rest, at)
                if length < 12 or length % 4 or length > MOST_BLOCK_BYTES:
                    raise ValueError(f"a block of {length} bytes")
                if len(rest) - at < length:
                    return
                block = bytes(rest[at : at + length])
                at += length
                if block[-4:] != block[4:8]:
                    raise ValueError("a block whose two lengths differ")
                yield kind, block[8:-4]
        finally:
            del rest[:at]

    def _read(self, kind: int, body: bytes) -> Iterator[PcapngPacket]:
        try:
            if kind == _SECTION:
                self.interfaces = []
            elif kind == _INTERFACE:
                self._add_interface(body)
            elif kind == _STATISTICS:
                dropped = self._options(body[12:]).get(_DROPPED, b"")
                self.missed += self._number(dropped)
            elif kind == _PACKET and (packet := self._packet(body)):
                yield packet
        except (struct.error, IndexError) as error:
            raise ValueError(f"a block of type {kind} that is cut off") from error

    def _add_interface(self, body: bytes) -> None:
        if len(self.interfaces) >= MOST_INTERFACES:
            raise ValueError(f"more than {MOST_INTERFACES} interfaces")
        (link,) = struct.unpack_from(self._order + "H", body)
        options = self._options(body[8:])
        resolution = (options.get(_RESOLUTION) or b"\x06")[0]
        base = 2 if resolution & 0x80 else 10
        offset = self._number(options.get(_TIME_OFFSET, b""), signed=True)
        head = _LINKS.get(link, _no_ip)
        self.interfaces.append(_Interface(head, base ** (resolution & 0x7F), offset))

    def _packet(self, body: bytes) -> PcapngPacket | None:
        number, high, low, captured, size = struct.unpack_from(self._order + "5I", body)
        head, per_second, offset = self.interfaces[number]
        data = body[20 : 20 + captured]
        if len(data) < captured:
            raise IndexError(captured)
        at = (high << 32 | low) * _MICROSECONDS // per_second + offset * _MICROSECONDS
        if abs(at) > _MOST_MICROSECONDS:
            raise ValueError(f"a packet {at} µs after 1970")
        try:
            begin = head(data)
        except IndexError:  # it is cut off within what comes before IP
            return None
        if begin is None:
            return None
        return PcapngPacket(at, number, max(size, captured) - begin, data[begin:])

    def _options(self, data: bytes) -> dict[int, bytes]:
        """Return options by their codes, up to where they make no sense."""
        found, at = {}, 0
        while at + 4 <= len(data):
            code, length = struct.unpack_from(self._order + "HH", data, at)
            if code == 0:
                break
            found[code] = data[at + 4 : at + 4 + length]
            at += 4 + length + -length % 4
        return found

    def _number(self, data: bytes, *, signed: bool = False) -> int:
        return int.from_bytes(data[:8], "little" if self._order == "<" else "big", signed=signed)


def _no_ip(_data: bytes) -> int | None:
    return None


def _raw(data: bytes) -> int | None:
    return 0 if data[0] >> 4 in (4, 6) else None


def _after_family(data: bytes) -> int | None:
    """BSD's loopback: the number of IPv6 differs between systems, the IP header tells."""
    return 4 if data[4] >> 4 in (4, 6) else None


def _ethernet(data: bytes) -> int | None:
    """IEEE 802.3, with the tags of IEEE 802.1Q."""
    at = 12
    while (kind := data[at] << 8 | data[at + 1]) in _VLAN:
        at += 4
    return at + 2 if kind in _IP else None


def _cooked(data: bytes) -> int | None:
    return 16 if data[14] << 8 | data[15] in _IP else None


def _cooked_2(data: bytes) -> int | None:
    return 20 if data[0] << 8 | data[1] in _IP else None


_LINKS: Final[dict[int, Callable[[bytes], int | None]]] = {
    0: _after_family,
    1: _ethernet,
    101: _raw,
    108: _after_family,
    113: _cooked,
    228: _raw,
    229: _raw,
    276: _cooked_2,
}
"""By LINKTYPE: NULL, ETHERNET, RAW, LOOP, LINUX_SLL, IPV4, IPV6, LINUX_SLL2."""
