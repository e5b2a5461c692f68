"""The tutorial's time server: any datagram is answered with local time, in whole seconds."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo
from typing import ClassVar

from netlib.address import Endpoint
from netlib.services.base import Options, Service


class Time(Service):
    """Tell the time to whoever asks, in whatever words."""

    name: ClassVar[str] = "time"

    def __init__(self, options: Options) -> None:
        super().__init__(options)
        self._second: int | None = None
        self._answer = b""

    def datagram(self, data: bytes, peer: Endpoint) -> bytes | None:
        """Return the local time; it is written anew only once a second."""
        second = int(self.options.now())
        if second != self._second:
            self._second = second
            self._answer = rfc3339(second, self.options.zone).encode("ascii")
        return self._answer


def rfc3339(second: int, zone: tzinfo | None = None) -> str:
    """Return `second` (since 1970, UTC) as 2024-07-19T02:37:05-07:00, or with Z at offset zero.

    `zone` None: this computer's. Source: RFC 3339, section 5.6.
    """
    return datetime.fromtimestamp(second, UTC).astimezone(zone).isoformat().replace("+00:00", "Z")
