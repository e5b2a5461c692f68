"""Echo: bytes come back unchanged (RFC 862).

An echoed datagram looks like any other, so two echo servers cannot tell that they answer each
other. What gives them away is that nothing changes: see `unless_repeated`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from netlib.address import Endpoint
from netlib.protocols.handler import Handler
from netlib.services.base import Service, unless_repeated


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
        return unless_repeated(bytes, self.options.now)
