"""The path to a server, as data: what is known of its name, addresses, routes, connect and reply.

Facts only, step by step, as they become known; what they mean is said in `teaching.doctor`.
"""

from __future__ import annotations

from enum import StrEnum

from netlib.address import Endpoint
from netlib.errors import NetError
from netlib.value import value


class Via(StrEnum):
    """What lies between this computer and an address, as the system's routes say."""

    OWN = "own"
    """Nothing: the address is one of this computer's."""
    DIRECT = "direct"
    """No router: the address is in a network of this computer (RFC 1122, section 3.3.1.1)."""
    ROUTER = "router"
    UNKNOWN = "unknown"
    """There is a route; the system does not tell more."""


@value(kw_only=True)
class Route:
    """How this computer would reach an address."""

    peer: Endpoint
    via: Via = Via.UNKNOWN
    router: str = ""
    """The next router's address; empty unless `via` is ROUTER."""
    interface: str = ""
    """Name of the adapter; empty: not known."""
    source: str = ""
    """The address of this computer that a connection would come from."""
    error: NetError | None = None
    """Why there is no route."""


@value(kw_only=True)
class Attempt:
    """What came of a SYN."""

    peer: Endpoint
    seconds: float
    """From the SYN to the answer, or to the end of our limit."""
    local: Endpoint | None = None
    """Our end of the connection; None: there is none."""
    error: NetError | None = None


@value(kw_only=True)
class Reply:
    """What a server did while nothing was sent to it."""

    seconds: float
    """From the connection to this."""
    data: bytes = b""
    """The first bytes it sent."""
    finished: bool = False
    """It sent FIN, without a byte."""
    error: NetError | None = None
    """How the connection broke."""


@value(kw_only=True)
class NetPath:
    """What is known so far; None: that step is not over. Times in seconds."""

    target: Endpoint
    """As it was typed."""
    name_seconds: float | None = None
    """How long the look-up took; 0: the address was typed."""
    name_error: NetError | None = None
    addresses: tuple[Endpoint, ...] = ()
    networks_seconds: float = 0.0
    """How long the system was asked for them."""
    networks: tuple[str, ...] | None = None
    """Those this computer is in, loopback left out: `10.77.0.0/24`; None: it does not tell."""
    route_seconds: float | None = None
    routes: tuple[Route, ...] = ()
    """One for each address."""
    asks_permission: bool = False
    """This system asks its user whether a program may reach the own network (macOS)."""
    connected: bool | None = None
    attempts: tuple[Attempt, ...] = ()
    """Their order is that in which they ended."""
    listeners: tuple[str, ...] | None = None
    """At which addresses of this computer somebody listens on the port; None: nobody asked, or
    the system does not tell."""
    is_neighbour: bool | None = None
    """Whether the address answers in the own network (ARP, RFC 826; RFC 4861); None: not known."""
    router: str = ""
    """The next router on the way; to a neighbour, that to everything else."""
    router_answers: bool | None = None
    """Whether it does, to ARP or TCP; None: not known."""
    reply: Reply | None = None

    @property
    def decisive(self) -> Attempt | None:
        """The attempt that connected, or else the first that failed."""
        connected = (one for one in self.attempts if one.error is None)
        return next(connected, next(iter(self.attempts), None))

    def route_to(self, peer: Endpoint) -> Route:
        """Return the route to one of the addresses."""
        return next((one for one in self.routes if one.peer == peer), Route(peer=peer))
