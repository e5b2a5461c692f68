"""Daytime: the date and the time of day in a line for people (RFC 867).

The RFC leaves the words to the server and names two forms. The first one is written here, always in
UTC, since what the RFC has for a zone, PST, is ambiguous for most (CST: China, or Chicago).
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Final

PORT: Final = 13
_DAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS: Final = (
    *("January", "February", "March", "April", "May", "June", "July", "August"),
    *("September", "October", "November", "December"),
)
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_LINE: Final = re.compile(
    rf".*(?:{'|'.join(_DAYS)}), ({'|'.join(_MONTHS)}) (\d\d?), (\d{{4}}) (\d\d):(\d\d):(\d\d)"
    r"-([A-Z]{1,5})\s*",
    re.IGNORECASE | re.ASCII | re.DOTALL,
)
_UTC: Final = frozenset({"UTC", "GMT", "Z"})


def write(seconds: float) -> bytes:
    """Return the line for a time in seconds since 1970, cut to whole seconds.

    OverflowError: outside of the years 1 to 9999; ValueError: no number.
    """
    time = _EPOCH + timedelta(seconds=int(seconds))
    day, month = _DAYS[time.weekday()], _MONTHS[time.month - 1]
    line = f"{day}, {month} {time.day}, {time.year:04} {time:%H:%M:%S}-UTC\r\n"
    return line.encode("ascii")


def is_daytime(text: str) -> bool:
    """Tell whether a text ends with a line as `write` writes it, in any zone."""
    return _LINE.fullmatch(text) is not None


def read(text: str) -> float | None:
    """Return the time of a line in seconds since 1970; None: another form, or not in UTC."""
    found = _LINE.fullmatch(text)
    if found is None or found[7].upper() not in _UTC:
        return None
    month = [name.upper() for name in _MONTHS].index(found[1].upper()) + 1
    day, year, hour, minute, second = map(int, found.groups()[1:6])
    try:
        time = datetime(year, month, day, hour, minute, second, tzinfo=UTC)
    except ValueError:  # February 30
        return None
    return (time - _EPOCH).total_seconds()
