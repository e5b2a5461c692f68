"""How this computer would reach an address: what its own system decides, without sending anything.

Linux is asked by netlink, Windows by ctypes, macOS and the BSDs by their program `route`. Blocks:
call it with `Engine.in_thread`.
"""

from __future__ import annotations

import ipaddress
import re
import socket
import sys
from collections.abc import Sequence
from contextlib import suppress
from typing import Any, Final

from netlib.address import Endpoint
from netlib.errors import Operation, from_oserror
from netlib.path import Route, Via
from netlib.system import netlink
from netlib.system.clock import now
from netlib.system.interfaces import networks
from netlib.value import NamedTuple

PROGRAM_SECONDS: Final = 5.0
ASKS_PERMISSION: Final = sys.platform == "darwin"
"""Since macOS 15 its user is asked whether a program may reach the local network."""
_FAR: Final = {4: "203.0.113.1", 6: "2001:db8::1"}
"""Addresses of nobody (RFC 5737, RFC 3849), which only a default route leads to."""
_GATEWAY: Final = r"(?m)^\s*gateway: ([0-9a-fA-F.:]+(?:%\w+)?)"
_THROUGH_GATEWAY: Final = r"(?m)^\s*flags: <[^>]*\bGATEWAY\b"


class Survey(NamedTuple):
    """What the system knows of addresses before anything is sent to them; see `NetPath`."""

    networks_seconds: float
    networks: tuple[str, ...] | None
    route_seconds: float
    routes: tuple[Route, ...]


def survey(peers: Sequence[Endpoint]) -> Survey:
    """Return the networks of this computer, and the routes to numeric addresses."""
    from netlib.system.adapters import adapters  # late: most starts do without

    begun = now()
    try:
        found = adapters()
    except OSError:
        own, names = None, {}
    else:
        own = tuple(networks(found))
        names = {one.address: one.name for one in found}
    between = now()
    routes = tuple(_route(peer, names) for peer in peers)
    return Survey(between - begun, own, now() - between, routes)


def default_router(host: str) -> str:
    """Return the router to all that is far, of the same IP version; empty: there is none known."""
    return next_hop(_FAR[6 if ":" in host else 4]) or ""


def next_hop(host: str) -> str | None:
    """Return the router that packets to a numeric address go to first.

    Empty: they go there directly. None: the system does not tell.
    """
    if sys.platform == "win32":
        return _of_windows(host.partition("%")[0])
    if sys.platform == "linux":
        hop = netlink.next_hop(host)
        return None if hop is None else hop.gateway
    return _of_program(host)


def _route(peer: Endpoint, names: dict[str, str]) -> Route:
    try:
        source = _source(peer)
    except OSError as refusal:
        return Route(peer=peer, error=from_oserror(Operation.CONNECT, refusal, peer))
    interface = names.get(source.partition("%")[0], "")
    if _is_own(peer.host, source):
        return Route(peer=peer, via=Via.OWN, interface=interface, source=source)
    router = next_hop(peer.host)
    via = {None: Via.UNKNOWN, "": Via.DIRECT}.get(router, Via.ROUTER)
    return Route(peer=peer, via=via, router=router or "", interface=interface, source=source)


def _source(peer: Endpoint) -> str:
    """Return from which address of ours a connection would come. Connecting UDP sends nothing."""
    found = socket.getaddrinfo(
        peer.host, peer.port, type=socket.SOCK_DGRAM, flags=socket.AI_NUMERICHOST
    )
    with socket.socket(found[0][0], socket.SOCK_DGRAM) as sock:
        sock.connect(found[0][4])
        return str(sock.getsockname()[0])


def _is_own(host: str, source: str) -> bool:
    plain = host.partition("%")[0]
    return ipaddress.ip_address(plain).is_loopback or plain == source.partition("%")[0]


_ROW_SIZE: Final = 104
"""MIB_IPFORWARD_ROW2."""
_ROUTER_AT: Final = 44
"""Where in it the SOCKADDR_INET of the next router stands; in that, IPv4 at 4 and IPv6 at 8."""


def _of_windows(host: str) -> str | None:
    import ctypes

    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    address = socket.inet_pton(family, host)
    flow = bytes(4) if family == socket.AF_INET6 else b""
    asked = int(family).to_bytes(2, "little") + bytes(2) + flow + address
    target = ctypes.create_string_buffer(asked, 28)  # SOCKADDR_INET
    row, source = ctypes.create_string_buffer(_ROW_SIZE), ctypes.create_string_buffer(28)
    library: Any = ctypes.windll.iphlpapi  # type: ignore[attr-defined,unused-ignore]
    try:
        answer = library.GetBestRoute2(None, 0, None, target, 0, row, source)
    except AttributeError:  # a Windows, or wine, without that function
        return None
    if answer:
        return None
    at = _ROUTER_AT + (8 if family == socket.AF_INET6 else 4)
    router = row.raw[at : at + len(address)]
    return socket.inet_ntop(family, router) if any(router) else ""


def _of_program(host: str) -> str | None:
    import subprocess

    family = ["-inet6"] if ":" in host else []
    with suppress(OSError, subprocess.TimeoutExpired):
        run = subprocess.run(  # noqa: S603 - an address and words of ours
            ["route", "-n", "get", *family, host],  # noqa: S607 - /sbin, or wherever it is
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=PROGRAM_SECONDS,
            check=False,
        )
        return _in_program(run.stdout.decode("ascii", "replace"))
    return None


def _in_program(printed: str) -> str | None:
    """Read what `route -n get` prints; None: there is no route in it."""
    if "interface:" not in printed:
        return None
    if not re.search(_THROUGH_GATEWAY, printed):
        return ""
    router = re.search(_GATEWAY, printed)
    return router[1] if router else None
