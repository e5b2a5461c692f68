"""What several tests need: endpoints, an error, any event, and how a mistake is refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec, get_args

from hypothesis import strategies as st

from netlib.address import Endpoint
from netlib.errors import Cause, NetError, Operation
from netlib.events import Event

P = ParamSpec("P")

HERE = Endpoint("127.0.0.1", 8080)
THERE = Endpoint("::1", 53122)
REFUSED = NetError(Operation.CONNECT, Cause.REFUSED, 111, "ECONNREFUSED")

EVENT_TYPES: tuple[type[Event], ...] = get_args(Event)

endpoints = st.builds(Endpoint, st.text(), st.integers(0, 65535))
"""Any host at all: an event may come from a recording that somebody else made."""

st.register_type_strategy(Endpoint, endpoints)
st.register_type_strategy(float, st.floats(allow_nan=False, allow_infinity=False))

events = st.one_of([st.from_type(kind) for kind in EVENT_TYPES])


def refusal(read: Callable[P, object], *args: P.args, **kwargs: P.kwargs) -> ValueError | None:
    """Return the ValueError with which `read` refuses its arguments, or None if it takes them."""
    try:
        read(*args, **kwargs)
    except ValueError as error:
        return error
    return None
