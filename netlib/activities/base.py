"""What a person started: a server, a client, a UDP socket, a time query. The base of them all.

An activity belongs to one engine. `start` and `stop` run there; `send`, `end` and `totals` may be
called from any thread. It ends once, and its ActivityStopped is the last that is heard of it.
"""

from __future__ import annotations

import itertools
import socket
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from enum import Enum
from typing import TYPE_CHECKING, Protocol, TypeVar

from netlib.activities.counters import Totals
from netlib.address import LAST_PORT, Endpoint
from netlib.engine.loop import FOREVER, Engine, guard
from netlib.engine.pausing import pause_reading, resume_reading
from netlib.engine.resolver import Answer, Family, LookUps, look_up_numeric
from netlib.engine.stream import Stream
from netlib.engine.tcp import ConnectionOptions, TcpSocket
from netlib.errors import NetError
from netlib.events import (
    ActivityStopped,
    CloseReason,
    Connected,
    Crashed,
    Event,
    Failed,
    Listening,
    PortUnreachable,
    Resolved,
    Resolving,
    Transport,
)
from netlib.system.clock import now
from netlib.system.sockets import local_endpoint
from netlib.value import value

if TYPE_CHECKING:
    from netlib.engine.connector import ConnectedSocket
    from netlib.engine.listener import Listener
    from netlib.protocols.handler import Handler
    from netlib.protocols.http_exchange import Pour, Sink

T = TypeVar("T")

TELL_SECONDS = 1.0
"""Shortest time between two events that say the same of what peers cause."""


@value()
class Runtime:
    """What every activity gets from the network it runs in."""

    engine: Engine
    engine_with_room: Callable[[], Engine]
    """Return an engine with room for one more connection."""
    connections: Iterator[int]
    """The numbers of connections."""
    listening: dict[int, Listening]
    """Where the servers that run now listen, by activity."""
    paused_ends: dict[int, tuple[Endpoint, Endpoint]]
    """The connections whose reading a person paused: that end, and its peer."""
    look_ups: LookUps
    stopped: Callable[[Activity], None]
    """Told of each activity that is over, before ActivityStopped is."""


def new_runtime(
    engine: Engine, engine_with_room: Callable[[], Engine], stopped: Callable[[Activity], None]
) -> Runtime:
    """Return a runtime whose connections are counted from 1."""
    look_ups = LookUps(engine)
    return Runtime(engine, engine_with_room, itertools.count(1), {}, {}, look_ups, stopped)


class CloseMode(Enum):
    """How the user ends a connection."""

    FINISH = "finish"
    """FIN for our direction, go on reading (half-close)."""
    CLOSE = "close"
    """FIN, and done."""
    ABORT = "abort"
    """RST: throw away what is unsent."""


class Sender(Protocol):
    """A socket that the user can send on, TCP or UDP."""

    engine: Engine
    queued: int
    """Bytes the user asked to send; written under the activity's lock only."""

    def takes(self, size: int) -> bool:
        """Tell whether the user may queue `size` more bytes; from any thread."""

    def send_queued(self, data: bytes) -> None:
        """Send what the user typed; on the engine."""

    def crashed(self, trace: str) -> None:
        """Show a bug."""


def check_target(endpoint: Endpoint, timeout: float) -> None:
    """Refuse a port nobody can have and a timeout that is over before it begins. ValueError."""
    if not 0 < endpoint.port <= LAST_PORT:
        raise ValueError(f"port {endpoint.port}")
    if not timeout > 0:
        raise ValueError(f"timeout {timeout} s")


def check_receive_buffer(size: int | None) -> None:
    """Refuse what no system could take as a size in bytes (SO_RCVBUF is an int). ValueError."""
    if size is not None and not 1 <= size < 1 << 31:
        raise ValueError(f"receive buffer of {size} bytes")


class Activity(ABC):
    """Something that owns sockets on the engine, from `start` to ActivityStopped."""

    def __init__(self, activity: int, runtime: Runtime) -> None:
        self.activity = activity
        """Its number, by which everybody names it."""
        self.runtime = runtime
        self.engine = runtime.engine
        self.streams: dict[int, Stream] = {}
        """Open TCP connections by number; changed by the engine only, safe to copy anywhere."""
        self.stopped = False
        self._stopping = False
        self._queueing = threading.Lock()

    # -- any thread ------------------------------------------------------------------------------

    def connections(self, connection: int | None = None) -> list[Stream]:
        """Return one TCP connection, or (None) all there are."""
        if connection is None:
            return list(self.streams.values())
        stream = self.streams.get(connection)
        return [] if stream is None else [stream]

    def send(self, data: bytes, connection: int | None = None) -> bool:
        """Queue `data` for one connection, or (None) all there are; False: see `queue`.

        Raises ValueError for what can never be sent.
        """
        return queue(data, self.connections(connection), self._queueing)

    def request(self, data: bytes, sink: Sink | None = None, pour: Pour | None = None) -> bool:
        """Send an HTTP request as it stands; HttpReply follows. False: not connected."""
        return False

    def end(self, how: CloseMode, connection: int | None = None) -> None:
        """End one connection, or (None) all there are."""
        for stream in self.connections(connection):
            if how is CloseMode.FINISH:
                stream.engine.call_soon_threadsafe(stream, stream.finish)
            elif how is CloseMode.CLOSE:
                stream.engine.call_soon_threadsafe(stream, stream.end, CloseReason.BY_US)
            else:
                stream.engine.call_soon_threadsafe(stream, stream.close_now, CloseReason.ABORTED)

    def totals(self) -> Totals:
        """Return what crossed the wire so far."""
        return Totals(0, 0, 0)

    # -- the engine ------------------------------------------------------------------------------

    def emit(self, event: Event) -> None:
        """Send an event out."""
        self.engine.outbox.emit(event)

    def start(self) -> None:
        """Begin."""
        if not self._stopping:
            self.open()

    def stop(self) -> None:
        """Close everything, then say so; harmless the second time."""
        if self.stopped:
            return
        self._stopping = True
        guard(None, self.release)  # whatever it could not close, the rest is, and the end told
        for stream in tuple(self.streams.values()):
            stream.engine.run(stream, stream.close_now, CloseReason.STOPPED)
        self._finish_if_empty()

    def fail(self, error: NetError) -> None:
        """Say why the activity cannot go on, and end it; silent once it is ending."""
        if not self._stopping:
            self.emit(Failed(at=self.engine.now, activity=self.activity, error=error))
            self.stop()

    @abstractmethod
    def open(self) -> None:
        """Open what the activity is about."""

    @abstractmethod
    def release(self) -> None:
        """Close what is not a stream: listeners, UDP sockets, attempts, timers."""

    def resolve(
        self,
        endpoint: Endpoint,
        kind: socket.SocketKind,
        family: Family,
        done: Callable[[Answer, float], None],
    ) -> None:
        """Have `done` told the addresses of `endpoint`, and the seconds that the look-up took.

        At once and 0 for a numeric address. A name is told later, or not at all once the activity
        is stopping: nobody can cancel a look-up.
        """
        begun = now()

        def hear(answer: Answer) -> None:
            if self._stopping:
                return
            seconds = now() - begun
            if not isinstance(answer, NetError):
                addresses = tuple(address.endpoint for address in answer)
                self.emit(
                    Resolved(
                        at=self.engine.now,
                        activity=self.activity,
                        host=endpoint.host,
                        addresses=addresses,
                        seconds=seconds,
                    )
                )
            done(answer, seconds)

        numeric = look_up_numeric(endpoint, kind, family)
        if numeric is not None:
            done(numeric, 0.0)
            return
        self.emit(Resolving(at=self.engine.now, activity=self.activity, host=endpoint.host))
        self.runtime.look_ups.ask(self, (endpoint, kind, family), hear)

    def _finish_if_empty(self) -> None:
        if self._stopping and not self.streams and not self.stopped:
            self.stopped = True
            self.runtime.stopped(self)
            self.emit(ActivityStopped(at=self.engine.now, activity=self.activity))

    def crashed(self, trace: str) -> None:
        """A bug of ours in this activity: show it and end the activity."""
        if not self.stopped:
            self.emit(
                Crashed(at=self.engine.now, activity=self.activity, connection=0, traceback=trace)
            )
        self.stop()


class TcpActivity(Activity):
    """One with TCP connections: what their streams ask of it."""

    options = ConnectionOptions()
    broadcasts = False
    listeners: Sequence[Listener] = ()
    reading_paused = False
    """A person paused reading of all connections, those to come included."""

    def exclusive(self, what: Callable[..., T], *arguments: object) -> T:
        """Call a handler's method; here the handlers have nothing to do with each other."""
        return what(*arguments)

    def wait_turn(self, stream: TcpSocket, proceed: Callable[[], None]) -> None:
        """Call `proceed` when it is a stream's turn; here: in the next one of its engine."""
        stream.engine.call_later(0.0, stream, proceed)

    def hold(self, connection: int, handler: Handler) -> None:
        """Know how much is unfinished now that a handler holds; here nobody asks how much."""

    def pause_reading(self, stream: Stream) -> bool:
        """Pause reading of a connection, on its engine; False: see `engine.pausing`."""
        if stream.sock is None or not pause_reading(stream):
            return False
        self.runtime.paused_ends[stream.connection] = local_endpoint(stream.sock), stream.peer
        return True

    def resume_reading(self, stream: Stream) -> bool:
        """Read from a connection again, on its engine; False: it was not paused."""
        self.runtime.paused_ends.pop(stream.connection, None)
        return resume_reading(stream)

    def open_paused(self, stream: Stream) -> None:
        """Begin a connection whose reading is paused from its first byte."""
        stream.open()
        self.pause_reading(stream)

    def peer_is_paused(self, stream: TcpSocket) -> bool:
        """Tell whether the other end is ours too, and a person has paused reading there."""
        paused = self.runtime.paused_ends
        if not paused or stream.sock is None:
            return False
        return (stream.peer, local_endpoint(stream.sock)) in paused.values()

    def tell_connected(self, stream: Stream, connected: ConnectedSocket, resolve: float) -> None:
        """We opened a connection; `resolve`: seconds that looking up its name took."""
        self.emit(
            Connected(
                at=self.engine.now,
                activity=self.activity,
                connection=stream.connection,
                transport=Transport.TCP,
                local=local_endpoint(connected.sock),
                peer=stream.peer,
                resolve_seconds=resolve,
                connect_seconds=connected.seconds,
            )
        )

    def secured(self) -> None:
        """The TLS handshake of a connection has succeeded."""

    def connection_closed(self, connection: int) -> None:
        """A connection is over: forget it."""
        self.runtime.paused_ends.pop(connection, None)
        self.streams.pop(connection, None)
        self._finish_if_empty()


class UdpActivity(Activity):
    """One with UDP sockets: what they ask of it."""

    def answer_to(self, peer: Endpoint) -> Callable[[bytes, Endpoint], bytes | None]:
        """Return what takes the datagrams of a peer."""
        return self.datagram

    def datagram(self, data: bytes, peer: Endpoint) -> bytes | None:
        """Take a datagram; no answer."""
        return None

    def unanswered(self, peer: Endpoint) -> None:
        """A datagram got no answer; where none is expected that is no news."""

    def unreachable(self, event: PortUnreachable) -> None:
        """ICMP told one of our sockets that nobody is there: pass the news on."""
        self.emit(event)

    def failed(self, error: NetError) -> None:
        """A datagram could not be sent, or read: say so."""
        self.emit(Failed(at=self.engine.now, activity=self.activity, error=error))


class UdpResponder(UdpActivity):
    """One whose peers cause what it sends: what fails of that is told once a second at most.

    `Totals.unsent` counts all that could not be sent.
    """

    def __init__(self, activity: int, runtime: Runtime) -> None:
        super().__init__(activity, runtime)
        self._told_at: dict[object, float] = {}
        """When news of some kind was told last."""

    def unreachable(self, event: PortUnreachable) -> None:
        """ICMP told one of our sockets that nobody is there."""
        if self._is_news(PortUnreachable):
            super().unreachable(event)

    def failed(self, error: NetError) -> None:
        """A datagram could not be sent, or read."""
        if self._is_news((error.operation, error.cause)):
            super().failed(error)

    def _is_news(self, kind: object) -> bool:
        at = self.engine.now
        if at < self._told_at.get(kind, -FOREVER) + TELL_SECONDS:
            return False
        self._told_at[kind] = at
        return True


def queue(data: bytes, senders: Sequence[Sender], queueing: threading.Lock) -> bool:
    """Queue what the user typed for all of `senders`; from any thread.

    False: there is none, or for one of them too much waits already; nothing was queued then.
    """
    with queueing:  # two threads that ask at once must not both get the last room
        if not senders or not all(sender.takes(len(data)) for sender in senders):
            return False
        for sender in senders:
            sender.queued += len(data)
    for sender in senders:
        sender.engine.call_soon_threadsafe(sender, sender.send_queued, data)
    return True
