"""The tutorial's time server: any datagram is answered with local time, in whole seconds."""

from __future__ import annotations

import re
from datetime import UTC, datetime, tzinfo
from typing import ClassVar, Final

from netlib.address import Endpoint
from netlib.services.base import Options, Service

_TOLD_TIME: Final = re.compile(
    rb"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:\d\d)\s*"
)
"""What a server like this one answers (RFC 3339, section 5.6)."""
_SHORTEST: Final = len("2024-07-19T09:37:05Z")


class Time(Service):
    """Tell the time to whoever asks, in whatever words."""

    name: ClassVar[str] = "time"

    def __init__(self, options: Options) -> None:
        super().__init__(options)
        self._second: int | None = None
        self._answer = b""

    def datagram(self, data: bytes, peer: Endpoint) -> bytes | None:
        """Return the local time; None to what tells the time itself, and if it cannot be told."""
        try:
            second = int(self.options.now())
            if second != self._second:  # it is written anew only once a second
                self._answer = rfc3339(second, self.options.zone).encode("ascii")
                self._second = second
        except (ValueError, OverflowError, OSError):  # a clock outside the years 1 to 9999
            return None
        told = len(data) >= _SHORTEST and _TOLD_TIME.fullmatch(data)
        return None if told else self._answer


def rfc3339(second: int, zone: tzinfo | None = None) -> str:
    """Return `second` (since 1970, UTC) as 2024-07-19T02:37:05-07:00, or with Z at offset zero.

    `zone` None: this computer's. Source: RFC 3339, section 5.6.
    """
    return datetime.fromtimestamp(second, UTC).astimezone(zone).isoformat().replace("+00:00", "Z")
