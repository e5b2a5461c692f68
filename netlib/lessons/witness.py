"""What has happened to one server or client of a lesson, and whether a proof has come."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from operator import contains, eq, ge, le
from typing import Any, Final

from netlib import (
    Accepted,
    AcceptingPaused,
    AcceptingResumed,
    ActivityStopped,
    Chunk,
    Closed,
    Connected,
    Connecting,
    ConnectionFacts,
    Crashed,
    Direction,
    Endpoint,
    Event,
    Failed,
    Finished,
    Item,
    Listening,
    PairState,
    PeerFinished,
    PortUnreachable,
    ReadingPaused,
    ReadingResumed,
    Resolved,
    TimeLost,
    TimeReply,
)
from netlib.teaching.explain import in_short
from netlib.teaching.lesson_script import Condition
from netlib.teaching.lesson_words import Reference

MOST_EVENTS: Final = 10_000
MOST_DATA_BYTES: Final = 1 << 16
"""How much is kept to be compared; what comes later is counted."""

EVENTS: Final[Mapping[str, type[Event]]] = {
    "listening": Listening,
    "connecting": Connecting,
    "connected": Connected,
    "accepted": Accepted,
    "resolved": Resolved,
    "finished": Finished,
    "peer-finished": PeerFinished,
    "closed": Closed,
    "failed": Failed,
    "port-unreachable": PortUnreachable,
    "reading-paused": ReadingPaused,
    "reading-resumed": ReadingResumed,
    "accepting-paused": AcceptingPaused,
    "accepting-resumed": AcceptingResumed,
    "time-reply": TimeReply,
    "time-lost": TimeLost,
    "stopped": ActivityStopped,
}
"""The event behind the word of a script."""
DIRECTIONS: Final = {"received": Direction.RECEIVED, "sent": Direction.SENT}

_RELATIONS: Final[Mapping[str, Callable[[Any, Any], bool]]] = {"=": eq, ">=": ge, "<=": le}


def _unacknowledged(facts: object) -> int | None:
    """Return how many bytes of its own a kernel has no ACK for yet; None: it does not tell."""
    if not isinstance(facts, ConnectionFacts):
        return None
    info = facts.info
    return info.unacknowledged if info.send_queue is None else info.send_queue


_PARTS: Final[Mapping[str, Callable[[bytes, bytes], bool]]] = {
    "starts": bytes.startswith,
    "contains": contains,
}
"""How bytes are compared that need not be all of them."""
_INSIDE: Final[Mapping[str, Callable[[Any], object]]] = {
    "cause": lambda failed: failed.error.cause,
    "operation": lambda failed: failed.error.operation,
    "offset": lambda reply: reply.offset_seconds,
    "precision": lambda reply: reply.precision_seconds,
    "rtt": lambda reply: reply.rtt_seconds,
    "starts": lambda counted: counted.data,
    "contains": lambda counted: counted.data,
    "unacknowledged": _unacknowledged,
    "unread": lambda facts: facts.info.unread if isinstance(facts, ConnectionFacts) else None,
}
"""Fields that lie deeper than their names."""


class _Bytes:
    """What crossed a socket in one direction."""

    def __init__(self) -> None:
        self.bytes = self.calls = 0
        self.data = b""
        """The first of them."""

    def add(self, data: bytes) -> None:
        """Add a chunk."""
        self.bytes += len(data)
        self.calls += 1
        self.data += data[: MOST_DATA_BYTES - len(self.data)]


class Witness:
    """What has happened to an activity since its step began; or to several that have one name."""

    def __init__(self, *activities: int) -> None:
        self.activities = activities
        self._events: list[Event] = []
        self._bytes = {direction: _Bytes() for direction in Direction}

    def hear(self, item: Item) -> None:
        """Keep what happened."""
        if isinstance(item, Chunk):
            self._bytes[item.direction].add(item.data)
        elif len(self._events) < MOST_EVENTS:
            self._events.append(item)

    def address(self, field: str) -> Endpoint | None:
        """Return its `local` or `peer` address; None: it has none yet."""
        found = (getattr(event, field, None) for event in self._events)
        return next((one for one in found if isinstance(one, Endpoint)), None)

    @property
    def first(self) -> Connected | Accepted | None:
        """The beginning of its first connection; None: there was none."""
        found = (one for one in self._events if isinstance(one, Connected | Accepted))
        return next(found, None)

    def failure(self) -> str:
        """Return in a sentence why it has failed; empty: it has not."""
        for event in self._events:
            if isinstance(event, Failed):
                return in_short(event.error)
            if isinstance(event, Crashed):
                return event.traceback
        return ""

    def has(
        self,
        fact: str,
        conditions: tuple[Condition, ...],
        address: Callable[[Reference], Endpoint | None],
    ) -> bool:
        """Tell whether a fact has come to pass; `address` finds what a condition refers to."""
        if fact in DIRECTIONS:
            counted = self._bytes[DIRECTIONS[fact]]
            return counted.calls > 0 and meets(counted, conditions, address)
        counts = [one for one in conditions if one.field == "count"]
        others = tuple(one for one in conditions if one.field != "count")
        kind = EVENTS[fact]
        count = sum(isinstance(one, kind) and meets(one, others, address) for one in self._events)
        return count > 0 if not counts else all(_holds(one, count) for one in counts)


def meets(
    fact: Event | _Bytes | ConnectionFacts | PairState,
    conditions: tuple[Condition, ...],
    address: Callable[[Reference], Endpoint | None],
) -> bool:
    """Tell whether all conditions hold of a fact."""
    for condition in conditions:
        inside = _INSIDE.get(condition.field)
        name = condition.field.replace("-", "_")
        found = inside(fact) if inside is not None else getattr(fact, name, None)
        if isinstance(condition.wanted, Reference):
            if found is None or found != address(condition.wanted):
                return False
        elif not _holds(condition, found):
            return False
    return True


def _holds(condition: Condition, found: object) -> bool:
    if found is None:  # the system does not tell
        return False
    if isinstance(found, bytes) and isinstance(condition.wanted, bytes):
        compare = _PARTS.get(condition.field)
        return found == condition.wanted if compare is None else compare(found, condition.wanted)
    if isinstance(condition.wanted, str):
        found = str(found).replace(" ", "-")
    return _RELATIONS[condition.relation](found, condition.wanted)
