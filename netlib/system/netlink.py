"""What the kernel of Linux decides about an address: its route, its neighbour (rtnetlink(7)).

The routes of /proc/net/route are one table of several, and hold no IPv6; this is the answer itself.
"""

from __future__ import annotations

import socket
import struct
import sys
from contextlib import suppress
from typing import Final

from netlib.value import NamedTuple

_REQUEST: Final = 1
_ANSWERED_SECONDS: Final = 1.0
_HEAD: Final = "=IHHII"
"""nlmsghdr: length, type, flags, sequence, port."""
_GET_ROUTE, _NEW_ROUTE = 26, 24
_ROUTE: Final = "=8BI"
"""rtmsg: family, bits of the address, six that we leave 0, flags."""
_DESTINATION, _INTERFACE, _GATEWAY, _VIA = 1, 4, 5, 18
"""RTA_DST, RTA_OIF, RTA_GATEWAY, RTA_VIA (a gateway of the other family)."""
_GET_NEIGHBOUR, _NEW_NEIGHBOUR = 30, 28
_NEIGHBOUR: Final = "=BBHiHBB"
"""ndmsg: family, padding, interface, state, flags, type."""
_ANSWERED, _SILENT = 0x02 | 0x80, 0x01 | 0x20
"""NUD_REACHABLE, PERMANENT; NUD_INCOMPLETE, FAILED. The others say nothing about now."""


class Hop(NamedTuple):
    """Where the kernel sends what goes to an address."""

    gateway: str
    """The next router, with its zone where it needs one; empty: none, it goes there directly."""
    interface: int


def next_hop(host: str) -> Hop | None:
    """Return where packets to a numeric address go; None: the kernel does not tell."""
    family, address, scope = _parsed(host)
    asked = struct.pack(_ROUTE, family, len(address) * 8, *bytes(6), 0)
    asked += _attribute(_DESTINATION, address)
    if scope:
        asked += _attribute(_INTERFACE, struct.pack("=I", scope))
    told = _ask(_GET_ROUTE, asked, _NEW_ROUTE)
    if told is None:
        return None
    found = _attributes(told[struct.calcsize(_ROUTE) :])
    interface = int.from_bytes(found.get(_INTERFACE, b""), sys.byteorder)
    gateway = found[_VIA][2:] if _VIA in found else found.get(_GATEWAY, b"")
    return Hop(_text(gateway, interface), interface)


def is_neighbour(host: str) -> bool | None:
    """Tell whether a numeric address has answered ARP or neighbour discovery; None: not known.

    It is not asked for here: whoever has just tried to send there has made the kernel ask.
    """
    hop = next_hop(host)
    if hop is None or hop.gateway:
        return None
    family, address, _scope = _parsed(host)
    asked = struct.pack(_NEIGHBOUR, family, 0, 0, hop.interface, 0, 0, 0)
    told = _ask(_GET_NEIGHBOUR, asked + _attribute(_DESTINATION, address), _NEW_NEIGHBOUR)
    if told is None:
        return None
    state = struct.unpack_from(_NEIGHBOUR, told)[4]
    return True if state & _ANSWERED else False if state & _SILENT else None


def _parsed(host: str) -> tuple[int, bytes, int]:
    """Return family and bytes of a numeric address, and the number of its interface; 0: none."""
    plain, _percent, zone = host.partition("%")
    family = socket.AF_INET6 if ":" in plain else socket.AF_INET
    scope = int(zone) if zone.isdecimal() else 0
    with suppress(OSError):  # it is gone
        scope = scope or (socket.if_nametoindex(zone) if zone else 0)
    return family, socket.inet_pton(family, plain), scope


def _text(address: bytes, interface: int) -> str:
    """Return an address as it is written; a link-local one needs its zone (RFC 4007)."""
    family = {4: socket.AF_INET, 16: socket.AF_INET6}.get(len(address))
    if family is None:
        return ""
    is_link_local = address[:1] == b"\xfe" and address[1] & 0xC0 == 0x80
    zone = f"%{interface}" if is_link_local else ""
    return socket.inet_ntop(family, address) + zone


def _ask(kind: int, asked: bytes, answer: int) -> bytes | None:
    """Send one request; return the payload of its answer, None: there is none."""
    head = struct.pack(_HEAD, struct.calcsize(_HEAD) + len(asked), kind, _REQUEST, 1, 0)
    try:
        with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0) as sock:  # type: ignore[attr-defined,unused-ignore]
            sock.settimeout(_ANSWERED_SECONDS)
            sock.send(head + asked)
            told = sock.recv(1 << 16)
    except OSError:
        return None
    length, got, *_rest = struct.unpack_from(_HEAD, told)
    return told[struct.calcsize(_HEAD) : length] if got == answer else None


def _attribute(kind: int, content: bytes) -> bytes:
    return struct.pack("=HH", 4 + len(content), kind) + content  # ours end at a multiple of 4


def _attributes(told: bytes) -> dict[int, bytes]:
    """Read what follows the head of an answer, up to where it makes no sense."""
    found, at = {}, 0
    while at + 4 <= len(told):
        length, kind = struct.unpack_from("=HH", told, at)
        if length < 4:
            break
        found[kind] = told[at + 4 : at + length]
        at += (length + 3) & ~3
    return found
