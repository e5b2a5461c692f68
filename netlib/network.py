"""The façade: everything the window and the command line may ask of the network.

Methods may be called from any thread. They never block, and raise ValueError only for the caller's
own mistake; what the network answers comes back as events from `poll` and through the recorder.
"""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Sequence
from enum import Enum

from netlib.activities.base import Activity, new_runtime
from netlib.activities.client import Client, ClientConfig
from netlib.activities.counters import ClientRow, Totals, client_row
from netlib.activities.server import Server
from netlib.activities.serving import ServerConfig
from netlib.activities.time_query import TimeConfig, TimeQuery
from netlib.activities.udp_client import QUEUE_BYTES, UdpClient
from netlib.activities.udp_server import UdpServer
from netlib.engine.loop import EnginePool
from netlib.engine.outbox import Outbox, Recorder
from netlib.engine.resolver import Family
from netlib.engine.stream import Stream
from netlib.engine.tcp import ConnectionOptions
from netlib.events import CloseReason, Event, Transport
from netlib.system.poller import Poller, make_poller
from netlib.system.sockets import UDP_LIMIT, raise_file_limit

__all__ = [
    "UDP_LIMIT",
    "ClientConfig",
    "ClientRow",
    "CloseMode",
    "ConnectionOptions",
    "Family",
    "Network",
    "ServerConfig",
    "TimeConfig",
    "Totals",
]


class CloseMode(Enum):
    """How the user ends a connection."""

    FINISH = "finish"
    """FIN for our direction, go on reading (half-close)."""
    CLOSE = "close"
    """FIN, and done."""
    ABORT = "abort"
    """RST: throw away what is unsent."""


class Network:
    """All activities of this program and the engines they run on."""

    def __init__(
        self,
        recorder: Recorder | None = None,
        new_poller: Callable[[], Poller] = make_poller,
    ) -> None:
        raise_file_limit()
        self._outbox = Outbox(recorder)
        self._engines = EnginePool(self._outbox, new_poller)
        self._runtime = new_runtime(self._engines.home, self._engines.engine_with_room)
        self._numbers = itertools.count(1)
        self._activities: dict[int, Activity] = {}
        self._asking = threading.Lock()

    # -- beginning -------------------------------------------------------------------------------

    def serve(self, config: ServerConfig) -> int:
        """Start a server; return its activity number. Listening or Failed follows.

        Raises ValueError for a service that does not exist or does not speak the transport.
        """
        kind = Server if config.transport is Transport.TCP else UdpServer
        return self._begin(kind(next(self._numbers), self._runtime, config))

    def connect(self, config: ClientConfig) -> int:
        """Open a TCP connection or a UDP socket; Connected or Failed follows."""
        kind = Client if config.transport is Transport.TCP else UdpClient
        return self._begin(kind(next(self._numbers), self._runtime, config))

    def query_time(self, config: TimeConfig) -> int:
        """Ask a UDP time server; TimeReply or TimeLost follows for each query."""
        return self._begin(TimeQuery(next(self._numbers), self._runtime, config))

    def _begin(self, activity: Activity) -> int:
        self._activities[activity.id] = activity
        activity.engine.call_soon_threadsafe(activity.start)
        return activity.id

    # -- saying ----------------------------------------------------------------------------------

    def send(self, number: int, data: bytes, connection: int = 0) -> bool:
        """Queue `data` for one connection of an activity (0: for all it has).

        False: there is none, or too much waits for it already; nothing was queued then. Raises
        ValueError for a datagram longer than UDP allows.
        """
        activity = self._activities.get(number)
        if isinstance(activity, UdpClient):
            return activity.send(data)
        streams = _targets(activity, connection)
        with self._asking:
            if not streams or not all(_takes(stream, len(data)) for stream in streams):
                return False
            for stream in streams:
                stream.queued += len(data)
        for stream in streams:
            stream.engine.call_soon_threadsafe(stream.send, data)
        return True

    def request(self, number: int, data: bytes) -> bool:
        """Send an HTTP request as it stands; HttpReply follows. False: not connected."""
        activity = self._activities.get(number)
        if not isinstance(activity, Client):
            return False
        streams = [stream for stream in _targets(activity, 0) if not stream.send_closed]
        with self._asking:
            for stream in streams:
                stream.queued += len(data)
        if streams:
            activity.engine.call_soon_threadsafe(activity.request, data)
        return bool(streams)

    # -- ending ----------------------------------------------------------------------------------

    def end(self, number: int, how: CloseMode, connection: int = 0) -> None:
        """End one connection of an activity, or (0) all it has."""
        for stream in _targets(self._activities.get(number), connection):
            if how is CloseMode.FINISH:
                stream.engine.call_soon_threadsafe(stream.finish)
            elif how is CloseMode.CLOSE:
                stream.engine.call_soon_threadsafe(stream.end, CloseReason.BY_US)
            else:
                stream.engine.call_soon_threadsafe(stream.close_now, CloseReason.ABORTED)

    def stop(self, number: int) -> None:
        """Stop an activity, in whatever state it is; ActivityStopped follows, once."""
        activity = self._activities.get(number)
        if activity is not None:
            activity.engine.call_soon_threadsafe(activity.stop)

    def close(self, timeout: float = 1.0) -> bool:
        """Stop everything within `timeout` seconds; True: no thread of ours is left."""
        for number in tuple(self._activities):
            self.stop(number)
        return self._engines.stop(timeout)

    # -- seeing ----------------------------------------------------------------------------------

    def poll(self, limit: int = 2000) -> list[Event]:
        """Take up to `limit` lifecycle events, oldest first, at once. One thread only."""
        return self._outbox.poll(limit)

    @property
    def lost_events(self) -> int:
        """Events `poll` missed because it was called too rarely; the recorder has them."""
        return self._outbox.lost

    def clients(self, number: int) -> Sequence[ClientRow]:
        """Return the clients a server has now, in the order they came."""
        return [client_row(stream) for stream in _targets(self._activities.get(number), 0)]

    def totals(self, number: int) -> Totals:
        """Return what crossed the activity's sockets so far."""
        activity = self._activities.get(number)
        return Totals(0, 0, 0) if activity is None else activity.totals()


def _targets(activity: Activity | None, connection: int) -> list[Stream]:
    """Return one connection of an activity, or (0) all it has."""
    if activity is None:
        return []
    if connection:
        stream = activity.streams.get(connection)
        return [stream] if stream is not None else []
    return list(activity.streams.values())


def _takes(stream: Stream, size: int) -> bool:
    """Tell whether the user may queue `size` more bytes for a connection."""
    return not stream.send_closed and stream.unsent_bytes + size <= QUEUE_BYTES
