"""What several tests need: endpoints, an error, any event, a clock, how a mistake is refused."""

from __future__ import annotations

import errno
import sys
from collections.abc import Callable
from datetime import UTC, datetime, tzinfo
from typing import ParamSpec, Self, get_args

from hypothesis import strategies as st

from netlib.address import Endpoint
from netlib.errors import Cause, NetError, Operation
from netlib.events import Event
from netlib.path import NetPath
from netlib.services import Options

P = ParamSpec("P")

HERE = Endpoint("127.0.0.1", 8080)
THERE = Endpoint("::1", 53122)
REFUSED = NetError(Operation.CONNECT, Cause.REFUSED, errno.ECONNREFUSED)

SECOND = 1_721_381_825
"""2024-07-19T09:37:05Z"""

EVENT_TYPES: tuple[type[Event], ...] = get_args(Event)

endpoints = st.builds(Endpoint, st.text(), st.integers(0, 65535))
"""Any host at all: an event may come from a recording that somebody else made."""

st.register_type_strategy(Endpoint, endpoints)
st.register_type_strategy(float, st.floats(allow_nan=False, allow_infinity=False))


def _errors(others: st.SearchStrategy[tuple[NetError, ...]]) -> st.SearchStrategy[NetError]:
    return st.builds(
        NetError,
        operation=st.sampled_from(Operation),
        cause=st.sampled_from(Cause),
        code=st.none() | st.integers(),
        detail=st.text(),
        endpoint=st.none() | endpoints,
        seconds=st.none() | st.from_type(float),
        service=st.text(),
        others=others,
    )


errors = _errors(st.lists(_errors(st.just(())), max_size=3).map(tuple))
"""Any error; those of other addresses have no others, or most tries would be lost in the depth."""
st.register_type_strategy(NetError, errors)

paths = st.from_type(NetPath)
events = st.one_of([st.from_type(kind) for kind in EVENT_TYPES])


def symbol(name: str) -> str:
    """Return an error's name and number on this system: ECONNREFUSED 111, on Windows WSA…."""
    return f"{'WSA' if sys.platform == 'win32' else ''}{name} {getattr(errno, name)}"


def service_options(max_line: int = 1 << 20) -> Options:
    """Return what a service is given whose clock stands at 0.9 s after `SECOND`, in UTC."""
    return Options(now=lambda: SECOND + 0.9, max_line=max_line, zone=UTC)


def refusal(read: Callable[P, object], *args: P.args, **kwargs: P.kwargs) -> ValueError | None:
    """Return the ValueError with which `read` refuses its arguments, or None if it takes them."""
    try:
        read(*args, **kwargs)
    except ValueError as error:
        return error
    return None


class DatetimeOfWindows(datetime):
    """It converts no time stamp of the first day, nor after the year 3000."""

    @classmethod
    def fromtimestamp(cls, timestamp: float, tz: tzinfo | None = None) -> Self:
        if not 86_400 <= timestamp < 32_536_799_999:
            raise OSError(22, "Invalid argument")
        return super().fromtimestamp(timestamp, tz)
