"""What tells apart why a connection failed: who listens here, and who answers in the own network.

Blocks, for seconds: call it with `Engine.in_thread`.
"""

from __future__ import annotations

import socket
import sys
from typing import Any, Final

from netlib.path import Route, Via
from netlib.system import netlink
from netlib.system.port_owner import listening_addresses
from netlib.system.routes import default_router
from netlib.value import NamedTuple

ROUTER_PORTS: Final = (53, 80, 443)
"""Where a router most likely answers, if only with RST: DNS and its own pages."""
ROUTER_SECONDS: Final = 0.5
"""How long each of its answers is waited for."""
_NO_ANSWER: Final = frozenset({31, 67})
"""ERROR_GEN_FAILURE, ERROR_BAD_NET_NAME: what SendARP returns when nobody answers."""


class Evidence(NamedTuple):
    """What is known after a connection has failed; None: it is not."""

    listeners: tuple[str, ...] | None = None
    """At which addresses of this computer somebody listens on the port."""
    is_neighbour: bool | None = None
    """Whether the address answers in the own network (ARP, RFC 826; RFC 4861)."""
    router: str = ""
    """The next router on the way; to a neighbour, that to everything else."""
    router_answers: bool | None = None
    """Whether it does, to ARP; to a neighbour's, TCP will do too."""


def evidence(route: Route) -> Evidence:
    """Look for what may tell why nobody answers at the end of a route."""
    host = route.peer.host
    if route.via is Via.OWN:
        return Evidence(listeners=listening_addresses(route.peer.port))
    if route.via is Via.ROUTER:
        return Evidence(router=route.router, router_answers=is_neighbour(route.router))
    if route.via is not Via.DIRECT:
        return Evidence()
    neighbour, router = is_neighbour(host), default_router(host)
    if router in ("", host):
        return Evidence(is_neighbour=neighbour)
    return Evidence(None, neighbour, router, answers(router))


def answers(router: str) -> bool | None:
    """Tell whether a router answers at all; None: not known. It gets three SYNs at most."""
    if is_neighbour(router):
        return True
    for port in ROUTER_PORTS:
        try:
            socket.create_connection((router, port), ROUTER_SECONDS).close()
        except ConnectionRefusedError:
            return True
        except OSError:
            continue
        return True
    return is_neighbour(router)  # whoever drops SYN may have answered ARP


def is_neighbour(host: str) -> bool | None:
    """Tell whether a numeric address answers in the own network; None: not known.

    Linux asks when something is sent there, so that must have been tried; Windows asks now.
    """
    if sys.platform == "win32":
        return _answers_arp(host)
    return netlink.is_neighbour(host) if sys.platform == "linux" else None


def _answers_arp(host: str) -> bool | None:
    if ":" in host:
        return None
    import ctypes

    library: Any = ctypes.windll.iphlpapi  # type: ignore[attr-defined,unused-ignore]
    target = int.from_bytes(socket.inet_aton(host), sys.byteorder)
    hardware, size = ctypes.create_string_buffer(8), ctypes.c_ulong(8)
    answer = library.SendARP(ctypes.c_ulong(target), 0, hardware, ctypes.byref(size))
    return True if answer == 0 else False if answer in _NO_ANSWER else None
