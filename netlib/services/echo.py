"""Echo: bytes come back unchanged (RFC 862)."""

from __future__ import annotations

from typing import ClassVar

from netlib.address import Endpoint
from netlib.protocols.handler import Handler
from netlib.services.base import Service


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

    def datagram(self, data: bytes, peer: Endpoint) -> bytes | None:
        """Return the same datagram."""
        return data
