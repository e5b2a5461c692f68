"""Echo: bytes come back unchanged (RFC 862).

An echoed datagram looks like any other, so two echo servers cannot tell that they answer each
other. What gives them away is that nothing changes: see `_correspondent`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar, Final

from netlib.address import Endpoint
from netlib.protocols.handler import Handler
from netlib.services.base import Service

REPEATS: Final = 8
"""How often in a row a datagram and its echo may say the same as the echo before, both counted: two
servers set on each other exchange these and the first echo of each, ten datagrams."""

REPEAT_SECONDS: Final = 1.0
"""What comes later than this after the echo before is no repeat."""


class EchoHandler(Handler):
    """Bytes in, the same bytes out. There are no messages here: each chunk counts as one."""

    __slots__ = ()

    def received(self, data: bytes) -> bytes:
        """Return the chunk itself."""
        self.messages += 1
        return data


class Echo(Service):
    """Send everything back to its sender."""

    name: ClassVar[str] = "echo"

    def handler(self, peer: Endpoint) -> Handler:
        """Return a handler that sends every chunk back."""
        return EchoHandler()

    def answer_to(self, peer: Endpoint) -> Callable[[bytes, Endpoint], bytes | None]:
        """Return what echoes the datagrams of a peer until nothing changes any more."""
        return _correspondent(self.options.now)


def _correspondent(now: Callable[[], float]) -> Callable[[bytes, Endpoint], bytes | None]:
    """Return what echoes one peer, and knows what it was sent last; a closure is quickest."""
    last: bytes | None = None
    echoed_at = 0.0
    repeats = 0

    def echo(data: bytes, _peer: Endpoint) -> bytes | None:
        """Return the same datagram; None: it only comes and goes."""
        nonlocal last, echoed_at, repeats
        at = now()
        if data != last or not 0.0 <= at - echoed_at < REPEAT_SECONDS:
            repeats = 0
        elif repeats >= REPEATS:
            return None
        else:
            repeats += 2
        last, echoed_at = data, at
        return data

    return echo
