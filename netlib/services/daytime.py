"""Daytime: who connects, or sends any datagram, is told date and time in a line (RFC 867)."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from netlib.address import Endpoint
from netlib.events import CloseReason
from netlib.protocols.daytime import write
from netlib.protocols.handler import Handler
from netlib.services.base import Service, unless_repeated
from netlib.services.time import tells_time


class DaytimeHandler(Handler):
    """Says the time at once and closes; what is said to it is not read."""

    __slots__ = ("_now",)

    def __init__(self, now: Callable[[], float]) -> None:
        super().__init__()
        self._now = now

    def opened(self) -> bytes:
        """Return the line."""
        self.close_reason = CloseReason.BY_US
        return _line(self._now()) or b""


class Daytime(Service):
    """Tell people the time."""

    name: ClassVar[str] = "daytime"

    def handler(self, peer: Endpoint) -> Handler:
        """Return a handler that tells the time once."""
        return DaytimeHandler(self.options.now)

    def answer_to(self, peer: Endpoint) -> Callable[[bytes, Endpoint], bytes | None]:
        """Return what tells a peer the time, unless the peer does so itself or asks on and on."""
        return unless_repeated(self._told, self.options.now)

    def _told(self, data: bytes) -> bytes | None:
        return None if tells_time(data) else _line(self.options.now())


def _line(seconds: float) -> bytes | None:
    """Return the time; None: the clock is outside of the years 1 to 9999."""
    try:
        return write(seconds)
    except (ValueError, OverflowError):
        return None
