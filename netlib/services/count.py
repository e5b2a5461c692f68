"""Counting: what a client sends is counted, and the answer comes after the client's FIN.

Until then nothing is answered: so a class sees that FIN ends one direction only (RFC 9293, section
3.6), and a client that does not half-close waits in vain.
"""

from __future__ import annotations

from typing import ClassVar

from netlib.address import Endpoint
from netlib.protocols.handler import Handler
from netlib.services.base import Service
from netlib.text import count_lf


class CountHandler(Handler):
    """Bytes in; after FIN one line out."""

    __slots__ = ("_bytes", "_lines")

    def __init__(self) -> None:
        super().__init__()
        self._bytes = self._lines = 0

    def received(self, data: bytes) -> bytes:
        """Count the chunk; there is no answer yet."""
        self.messages += 1
        self._bytes += len(data)
        self._lines += count_lf(data)
        return b""

    def finished(self) -> bytes:
        """Return how much it was: bytes, and line ends (LF)."""
        return f"{self._bytes} bytes, {self._lines} lines\n".encode()


class Count(Service):
    """Count what each client sends until its FIN."""

    name: ClassVar[str] = "count"

    def handler(self, peer: Endpoint) -> Handler:
        """Return a handler that counts."""
        return CountHandler()
