"""The textbooks' first server: what is sent comes back in capitals.

The letters of ASCII only: then no chunk depends on the one before, and no character that lies in
two of them is spoilt.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from netlib.address import Endpoint
from netlib.protocols.handler import Handler
from netlib.services.base import Service, unless_repeated


class UppercaseHandler(Handler):
    """Each chunk comes back at once, and counts as a message: nothing marks where one ends."""

    __slots__ = ()

    def received(self, data: bytes) -> bytes:
        """Return the chunk in capitals."""
        self.messages += 1
        return data.upper()


class Uppercase(Service):
    """Send everything back in capitals."""

    name: ClassVar[str] = "uppercase"

    def handler(self, peer: Endpoint) -> Handler:
        """Return a handler that capitalises every chunk."""
        return UppercaseHandler()

    def answer_to(self, peer: Endpoint) -> Callable[[bytes, Endpoint], bytes | None]:
        """Return what capitalises the datagrams of a peer until nothing changes any more."""
        return unless_repeated(bytes.upper, self.options.now)
