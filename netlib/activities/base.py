"""What a person started: a server, a client, a UDP socket, a time query. The base of them all.

An activity belongs to one engine. `start` and `stop` run there; what other threads may do goes
through `Network`. It ends once, and its ActivityStopped is the last that is heard of it.
"""

from __future__ import annotations

import itertools
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from netlib.activities.counters import Totals
from netlib.engine.loop import Engine
from netlib.engine.stream import Stream
from netlib.engine.tcp import ConnectionOptions
from netlib.errors import NetError
from netlib.events import ActivityStopped, CloseReason, Crashed, Event, Failed, PortUnreachable

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Runtime:
    """What every activity gets from the network it lives in."""

    engine: Engine
    engine_with_room: Callable[[], Engine]
    """Return an engine with room for one more connection."""
    numbers: Iterator[int]
    """The numbers of connections."""


def new_runtime(engine: Engine, engine_with_room: Callable[[], Engine]) -> Runtime:
    """Return a runtime whose connections are counted from 1."""
    return Runtime(engine, engine_with_room, itertools.count(1))


class Activity(ABC):
    """Something that owns sockets on the engine, from `start` to ActivityStopped."""

    options = ConnectionOptions()
    broadcasts = False

    def __init__(self, number: int, runtime: Runtime) -> None:
        self.id = number
        self.runtime = runtime
        self.engine = runtime.engine
        self.streams: dict[int, Stream] = {}
        """Open TCP connections by number; changed by the engine only, safe to copy anywhere."""
        self.stopped = False
        self._stopping = False

    def emit(self, event: Event) -> None:
        """Send an event out."""
        self.engine.outbox.emit(event)

    def start(self) -> None:
        """Begin; on the engine."""
        if not self._stopping:
            self.open()

    def stop(self) -> None:
        """Close everything, then say so; on the engine, and harmless the second time."""
        if self._stopping:
            return
        self._stopping = True
        self.release()
        for stream in tuple(self.streams.values()):
            stream.engine.run(stream.close_now, CloseReason.STOPPED)
        self._finish_if_empty()

    def fail(self, error: NetError) -> None:
        """Say why the activity cannot go on, and end it; silent once it is ending."""
        if not self._stopping:
            self.emit(Failed(at=self.engine.now, activity=self.id, error=error))
            self.stop()

    @abstractmethod
    def open(self) -> None:
        """Open what the activity is about."""

    @abstractmethod
    def release(self) -> None:
        """Close what is not a stream: listeners, UDP sockets, attempts, timers."""

    def totals(self) -> Totals:
        """Return what crossed the wire so far; from any thread."""
        return Totals(0, 0, 0)

    def exclusive(self, what: Callable[..., T], *arguments: object) -> T:
        """Let a handler speak; here the handlers have nothing to do with each other."""
        return what(*arguments)

    def unreachable(self, event: PortUnreachable) -> None:
        """ICMP told one of our UDP sockets that nobody is there: pass the news on."""
        self.emit(event)

    def stream_closed(self, stream: Stream) -> None:
        """A stream has closed: forget it."""
        self.streams.pop(stream.connection, None)
        self._finish_if_empty()

    def _finish_if_empty(self) -> None:
        if self._stopping and not self.streams and not self.stopped:
            self.stopped = True
            self.emit(ActivityStopped(at=self.engine.now, activity=self.id))

    def crashed(self, trace: str) -> None:
        """A bug of ours in this activity: show it and end the activity."""
        if not self.stopped:
            self.emit(Crashed(at=self.engine.now, activity=self.id, connection=0, traceback=trace))
        self.stop()
