"""Looking up names: getaddrinfo, which blocks; run it with `Engine.in_thread`.

A look-up that was cancelled is abandoned: its thread goes on to other work when the system answers,
and nobody listens. Numeric addresses need no look-up and no thread.
"""

from __future__ import annotations

import socket
from dataclasses import dataclass
from enum import IntEnum

from netlib.address import Endpoint
from netlib.errors import NetError, Operation, from_oserror
from netlib.system.sockets import LOCAL, SockAddr


class Family(IntEnum):
    """Which versions of IP may be used."""

    ANY = socket.AF_UNSPEC
    IPV4 = socket.AF_INET
    IPV6 = socket.AF_INET6


@dataclass(frozen=True, slots=True)
class Address:
    """One address a name stands for."""

    family: int
    sockaddr: SockAddr

    @property
    def endpoint(self) -> Endpoint:
        """Return it as people write it."""
        return Endpoint.from_sockaddr(self.sockaddr)


Answer = list[Address] | NetError


def look_up_numeric(
    endpoint: Endpoint, kind: socket.SocketKind, family: Family
) -> list[Address] | None:
    """Return the address that `endpoint` spells out, at once; None: it is a name."""
    try:
        return _ask(endpoint, kind, family, socket.AI_NUMERICHOST)
    except (OSError, UnicodeError):
        return None


def look_up(endpoint: Endpoint, kind: socket.SocketKind, family: Family) -> Answer:
    """Return the addresses of a name, or why there are none. Blocks, for seconds perhaps."""
    try:
        return _ask(endpoint, kind, family, 0)
    except (OSError, UnicodeError) as refusal:
        return from_oserror(Operation.RESOLVE, refusal, endpoint)


def _ask(endpoint: Endpoint, kind: socket.SocketKind, family: Family, flags: int) -> list[Address]:
    known = _loopback(endpoint.port, family) if endpoint.host == LOCAL and not flags else []
    try:
        found = socket.getaddrinfo(endpoint.host, endpoint.port, family, kind, 0, flags)
    except socket.gaierror:
        if not known:
            raise
        found = []
    addresses = [Address(int(item[0]), item[4]) for item in found]  # type: ignore[arg-type]
    return list(dict.fromkeys([*addresses, *known]))


def _loopback(port: int, family: Family) -> list[Address]:
    """Return both addresses of `localhost` (RFC 6761, section 6.3): some systems know only one."""
    both = (
        Address(socket.AF_INET, ("127.0.0.1", port)),
        Address(socket.AF_INET6, ("::1", port, 0, 0)),
    )
    return [address for address in both if family in (Family.ANY, address.family)]
