"""Where everything that happened goes, in order: the one-way door out of the engine.

The engine thread `put`s chunks and events; another thread takes them. A recorder is bounded in
bytes: while it is full the engine reads no socket (TCP then slows the peer down, UDP waits in
the kernel and is counted there when it is dropped), so nothing disappears silently.

`put` is called twice a message, so it does nothing but append; what remains, counting and waking,
is done by `end_turn`, once a turn of the engine. That made recording a quarter faster.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from typing import Protocol, TypeVar

from netlib.address import Endpoint
from netlib.engine.own_sockets import OwnSockets
from netlib.engine.records import (
    EVENT,
    FLOW_BITS,
    NEW_FLOW,
    NO_CHUNK,
    Flow,
    Item,
    Items,
    KnownFlows,
    Record,
    new_flow,
    size_of,
)
from netlib.events import Event
from netlib.system.logger import Logger

log = Logger(__name__)

_Taken = TypeVar("_Taken")

ROOM = 64 << 20
"""Bytes that may wait in a recorder before the engine pauses."""

ITEM_COST = 256
"""Bytes one item costs besides its data, so that a flood of empty datagrams is bounded too."""

EVENTS_KEPT = 50_000
"""Lifecycle events that wait for `poll`; beyond it the oldest go, and are counted."""

NEVER = float("inf")


class Recorder(Protocol):
    """Takes what happened; called by engine threads only, never blocks in `put`."""

    @property
    def put(self) -> Callable[[Record], object]:
        """Take one."""

    @property
    def due(self) -> float:
        """When the next turn must end at the latest, by the monotonic clock."""

    def end_turn(self, size: int) -> bool:
        """End a turn in which `size` bytes of chunks were put; True: the engine shall pause."""

    def full(self) -> bool:
        """Tell whether the engine shall still pause."""

    def wait_for_room(self, seconds: float) -> None:
        """Wait until there may be room; at most `seconds`."""


class EventQueue:
    """A bounded queue from the engines to one consumer thread.

    Two counters tell how many bytes wait: one belongs to the consumer, the other to the engines,
    which take a lock for it because there may be several.
    """

    due = NEVER

    def __init__(self, room: int = ROOM) -> None:
        self._records: deque[Record] = deque()
        self.put: Callable[[Record], object] = self._records.append
        self._items = Items()
        self._room = room
        self._put_bytes = 0
        self._taken_bytes = 0
        self._counting = threading.Lock()
        self._arrived = threading.Event()
        self._waits = False
        self._taken = threading.Event()

    def end_turn(self, size: int) -> bool:
        """Count `size` bytes that were put, wake the consumer; True: there is no more room."""
        if size:
            with self._counting:
                self._put_bytes += size
        if self._waits and self.waiting():
            self._waits = False
            self._arrived.set()
        return self.full()

    def full(self) -> bool:
        """Tell whether more than the allowed bytes wait."""
        return len(self._records) * ITEM_COST + self._put_bytes - self._taken_bytes > self._room

    def wait_for_room(self, seconds: float) -> None:
        """Wait until something was taken; at most `seconds`."""
        self._taken.clear()
        if self.full():
            self._taken.wait(seconds)

    def take(self, limit: int = 10_000) -> list[Item]:
        """Return up to `limit` items, oldest first; at once, perhaps none. For the consumer."""
        records = _take(self._records, limit)
        self._taken_bytes += sum(map(size_of, records))
        if not self._taken.is_set():
            self._taken.set()
        return [item for item in map(self._items.item, records) if item is not None]

    def waiting(self) -> int:
        """Return how many items there are to take."""
        return len(self._records)

    def wake(self) -> None:
        """Let a waiting consumer look, though nothing has come."""
        self._arrived.set()

    def wait(self, seconds: float) -> bool:
        """Wait until there is something to take; at most `seconds`. False: nothing came."""
        self._waits = True  # first: a turn that ends from now on sets `_arrived`
        come = self.waiting() > 0 or self._arrived.wait(seconds)
        self._arrived.clear()
        return come


class Outbox:
    """Lifecycle events on their way out: to the recorder (all, in order), to `poll` (bounded)."""

    def __init__(self, recorder: Recorder | None = None) -> None:
        self._usual = recorder
        self._give_to(recorder)
        self.sockets = OwnSockets()
        """For who wants to see their packets."""
        self._events: deque[Event] = deque(maxlen=EVENTS_KEPT)
        self._emitting = threading.Lock()
        self._emitted = 0
        self._polled = 0

    def _give_to(self, recorder: Recorder | None) -> None:
        self.recorder = recorder
        self.put = recorder.put if recorder is not None else None
        """Hot path for chunks; None: nobody wants them."""
        self.end_turn = recorder.end_turn if recorder is not None else _never_full

    def listen(self, queue: EventQueue | None, first: int = 0) -> None:
        """Give `queue` what activities from number `first` on do, too; None: nobody listens."""
        self._give_to(self._usual if queue is None else Listened(self._usual, queue, first))

    def full(self) -> bool:
        """Tell whether the recorder is full: then nothing more shall be caused."""
        return self.recorder is not None and self.recorder.full()

    def emit(self, event: Event) -> None:
        """Send `event` out; called by engine threads only."""
        with self._emitting:  # several engines: the recorder and `poll` see one order
            self._events.append(event)
            self._emitted += 1
            self._record(EVENT, event)

    def begin_flow(
        self,
        activity: int,
        connection: int,
        peer: Endpoint | None,
        name: str = "",
        *,
        layered: bool = False,
    ) -> int:
        """Tell whose chunks come next; return what their codes have above the kind."""
        if self.put is None:
            return 0
        flow = new_flow(activity, connection, peer, name, layered=layered)
        self._record(NEW_FLOW, flow)
        return flow.number << FLOW_BITS

    def end_flow(self, code: int) -> None:
        """Tell that no more chunks come of a flow. TCP needs it not: `Closed` tells."""
        self._record(NEW_FLOW, Flow(code >> FLOW_BITS, 0, 0, None, ended=True))

    def _record(self, code: int, what: Event | Flow) -> None:
        if self.put is not None:
            try:
                self.put((0, code, what))
            except Exception:  # its bug is not the end of who has something to tell
                log.exception("bug in the recorder: %r is not recorded", what)

    def poll(self, limit: int) -> list[Event]:
        """Take up to `limit` events, oldest first; at once. Called by one consumer thread."""
        taken = _take(self._events, limit)
        self._polled += len(taken)
        return taken

    @property
    def lost(self) -> int:
        """Events that `poll` will never see because it came too late (the recorder has them)."""
        return max(0, self._emitted - self._polled - len(self._events))


def _never_full(_size: int) -> bool:
    return False


class Tee:
    """Gives every item to two recorders; full when one of them is."""

    def __init__(self, first: Recorder, second: Recorder) -> None:
        self._both = (first, second)

    def end_turn(self, size: int) -> bool:
        """End the turn of both."""
        full = [recorder.end_turn(size) for recorder in self._both]
        return any(full)

    @property
    def due(self) -> float:
        """When either must see the end of a turn."""
        return min(recorder.due for recorder in self._both)

    def put(self, record: Record) -> None:
        """Hand `record` to both."""
        for recorder in self._both:
            recorder.put(record)

    def full(self) -> bool:
        """Tell whether either is full."""
        return any(recorder.full() for recorder in self._both)

    def wait_for_room(self, seconds: float) -> None:
        """Wait for the one that is full; at most `seconds` in all."""
        for recorder in self._both:
            if recorder.full():
                recorder.wait_for_room(seconds)
                return


class Listened:
    """A recorder, and a queue that is given what the newer activities do; full when either is."""

    def __init__(self, recorder: Recorder | None, queue: EventQueue, first: int) -> None:
        """`first`: the number of the first activity that is listened to."""
        self._recorder, self._queue, self._first = recorder, queue, first
        self._flows = KnownFlows()
        """Those that the queue hears."""

    @property
    def due(self) -> float:
        """When the recorder must see the end of a turn."""
        return NEVER if self._recorder is None else self._recorder.due

    def put(self, record: Record) -> None:
        """Hand `record` to the recorder; to the queue what it is to hear."""
        if self._recorder is not None:
            self._recorder.put(record)
        _at, code, data = record
        if code in NO_CHUNK:
            if self._hears(data):  # type: ignore[arg-type]
                self._flows.hear(data)  # type: ignore[arg-type]
                self._queue.put(record)
        elif code >> FLOW_BITS in self._flows:
            self._queue.put(record)
            self._queue.end_turn(len(data))  # type: ignore[arg-type]

    def _hears(self, what: Event | Flow) -> bool:
        if isinstance(what, Flow) and what.ended:  # its number is all that it says
            return what.number in self._flows
        return what.activity >= self._first

    def end_turn(self, size: int) -> bool:
        """End a turn of the recorder, in which `size` bytes were put."""
        full = self._recorder is not None and self._recorder.end_turn(size)
        return self._queue.end_turn(0) or full

    def full(self) -> bool:
        """Tell whether either is full."""
        return self._queue.full() or (self._recorder is not None and self._recorder.full())

    def wait_for_room(self, seconds: float) -> None:
        """Wait for the one that is full; at most `seconds`."""
        if self._queue.full():
            self._queue.wait_for_room(seconds)
        elif self._recorder is not None:
            self._recorder.wait_for_room(seconds)


def _take(waiting: deque[_Taken], limit: int) -> list[_Taken]:
    """Take up to `limit` from the front, while other threads append."""
    return [waiting.popleft() for _ in range(min(limit, len(waiting)))]
