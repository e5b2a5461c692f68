"""The tutorial's time server: any datagram is answered with local time, in whole seconds."""

from __future__ import annotations

import re
from datetime import UTC, datetime, tzinfo
from typing import ClassVar, Final

from netlib.address import Endpoint
from netlib.protocols.daytime import is_daytime
from netlib.services.base import Options, Service

_TOLD_TIME: Final = re.compile(
    rb"(?s:.*)\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:\d\d)\s*"
)
"""What a server like this one answers (RFC 3339, section 5.6), or what another made of it."""
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
        return None if tells_time(data) else self._answer


def tells_time(data: bytes) -> bool:
    """Tell whether a datagram is what a time server answers: RFC 3339 or daytime at its end."""
    if len(data) < _SHORTEST:
        return False
    return _TOLD_TIME.fullmatch(data) is not None or is_daytime(data.decode("latin-1"))


def rfc3339(second: int, zone: tzinfo | None = None) -> str:
    """Return `second` (since 1970, UTC) as 2024-07-19T02:37:05-07:00, or with Z at offset zero.

    `zone` None: this computer's. Source: RFC 3339, section 5.6.
    """
    return datetime.fromtimestamp(second, UTC).astimezone(zone).isoformat().replace("+00:00", "Z")
