"""Captures for tests: pcapng and the packets in it read by hand, and put together again."""

from __future__ import annotations

import struct
from collections import defaultdict
from collections.abc import Iterator
from ipaddress import ip_address
from typing import NamedTuple

FIN, SYN, RST, ACK = 1, 2, 4, 16
PROTOCOLS = {1: "icmp", 6: "tcp", 17: "udp", 58: "icmp"}


class Packet(NamedTuple):
    """A packet of a capture."""

    at: int
    """Microseconds since 1970."""
    comment: str
    protocol: str
    source: str
    target: str
    data: bytes
    flags: int = 0
    sequence: int = 0
    awaited: int | None = None
    """None: it acknowledges nothing."""
    window: int = 0
    """As its field has it."""
    intact: bool = True
    """Whether its checksum fits it, of TCP."""


def blocks(capture: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield type and body of each block, options and all."""
    at = 0
    while at < len(capture):
        kind, length = struct.unpack_from("=II", capture, at)
        assert length % 4 == 0
        assert capture[at + length - 4 : at + length] == struct.pack("=I", length)
        yield kind, capture[at + 8 : at + length - 4]
        at += length
    assert at == len(capture)


def options(body: bytes) -> dict[int, str]:
    """Return options by their codes; the last is the end of options."""
    found, at = {}, 0
    while at < len(body):
        code, length = struct.unpack_from("=HH", body, at)
        if not code:
            break
        found[code] = body[at + 4 : at + 4 + length].decode()
        at += 4 + length + -length % 4
    assert body[at:] in (b"", bytes(4))
    return found


def packets(capture: bytes) -> list[Packet]:
    """Return the packets of a capture, in its order."""
    (section, _one), (interface, described), *others = blocks(capture)
    assert (section, interface) == (0x0A0D0D0A, 1)
    assert struct.unpack_from("=HHI", described) == (101, 0, 0)
    assert all(kind == 6 for kind, _body in others)
    return [packet(body) for _kind, body in others]


def packet(body: bytes) -> Packet:
    """Return what the body of a block holds."""
    interface, high, low, length, whole = struct.unpack_from("=IIIII", body)
    assert interface == 0
    assert length == whole
    comment = options(body[20 + length + -length % 4 :])[1]
    return parsed(body[20 : 20 + length], (high << 32) + low, comment)


def parsed(raw: bytes, at: int, comment: str = "") -> Packet:
    """Return what an IP packet holds."""
    head, size = (20, 4) if raw[0] >> 4 == 4 else (40, 16)
    protocol = PROTOCOLS[raw[9] if head == 20 else raw[6]]
    hosts = raw[head - 2 * size : head]
    source, target = str(ip_address(hosts[:size])), str(ip_address(hosts[size:]))
    inside = raw[head:]
    if protocol == "icmp":
        return Packet(at, comment, protocol, source, target, inside)
    ports = struct.unpack_from("!HH", inside)
    source, target = f"{source}|{ports[0]}", f"{target}|{ports[1]}"
    if protocol == "udp":
        return Packet(at, comment, protocol, source, target, inside[8:])
    sequence, number, length, flags, window = struct.unpack_from("!IIBBH", inside, 4)
    awaited, data = number if flags & ACK else None, inside[(length >> 4) * 4 :]
    intact = sum_of(hosts + struct.pack("!HH", 6, len(inside)) + inside) == 0xFFFF
    return Packet(
        *(at, comment, protocol, source, target, data),
        *(flags & 7, sequence, awaited, window, intact),
    )


def sum_of(data: bytes) -> int:
    """Return the sum of 16-bit words in ones' complement (RFC 1071)."""
    total: int = sum(struct.unpack(f"!{(len(data) + 1) // 2}H", data + bytes(len(data) % 2)))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return total


class Connection(NamedTuple):
    """A TCP connection of a capture, as a receiver puts it together."""

    sides: tuple[str, str]
    """Who spoke first, and the other."""
    data: dict[str, bytes]
    """What each side sent."""
    segments: list[Packet]


def connections(capture: list[Packet]) -> list[Connection]:
    """Return the connections of a capture; each segment follows the one before it, none is lost."""
    found: list[Connection] = []
    current: dict[frozenset[str], Connection] = {}
    for one in capture:
        pair = frozenset((one.source, one.target))
        if one.protocol != "tcp":
            continue
        if pair not in current or (one.flags & SYN and one.awaited is None):
            sides = (one.source, one.target)
            current[pair] = Connection(sides, dict.fromkeys(sides, b""), [])
            found.append(current[pair])
        current[pair].segments.append(one)
        current[pair].data[one.source] += one.data
    for connection in found:
        _check(connection)
    return found


def _check(connection: Connection) -> None:
    """See that the numbers are those of a conversation in which nothing is lost or said twice."""
    following: dict[str, int] = {}
    ended = defaultdict[str, bool](bool)
    for one in connection.segments:
        assert one.sequence == following.get(one.source, one.sequence)
        if one.awaited is not None:
            assert one.awaited == following.setdefault(one.target, one.awaited)
        assert not (ended[one.source] and (one.data or one.flags & FIN)), "nothing follows FIN"
        more = len(one.data) + bool(one.flags & (SYN | FIN))
        following[one.source] = (one.sequence + more) % 2**32
        ended[one.source] |= bool(one.flags & FIN)
