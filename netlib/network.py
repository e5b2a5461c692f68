"""The façade: everything the window and the command line may ask of the network.

Methods may be called from any thread. They never block, and raise ValueError only for the caller's
own mistake; what the network answers comes back as events from `poll` and through the recorder.
It finds the activity and calls; what that means is the activity's to know. Servers are loaded when
the first is begun: a client does without.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from functools import cached_property, partial
from typing import TYPE_CHECKING

from netlib.activities.base import Activity, CloseMode, Runtime, new_runtime
from netlib.activities.counters import ClientRow, Clients, Totals
from netlib.activities.udp_client import UdpClient
from netlib.engine.loop import guard
from netlib.engine.outbox import EventQueue, Outbox, Recorder
from netlib.engine.pool import EnginePool
from netlib.engine.resolver import Family
from netlib.engine.tcp import ConnectionOptions
from netlib.events import Event, Transport
from netlib.system.poller import Poller, make_poller
from netlib.system.sockets import raise_file_limit

if TYPE_CHECKING:
    from netlib.activities.client import ClientConfig
    from netlib.activities.doctor import DoctorConfig
    from netlib.activities.kernel import Kernel
    from netlib.activities.relay import RelayConfig
    from netlib.activities.serving import ServerConfig
    from netlib.activities.time_query import TimeConfig
    from netlib.protocols.http_exchange import Pour, Sink

__all__ = ["ClientRow", "Clients", "CloseMode", "ConnectionOptions", "Family", "Network", "Totals"]

_NOTHING = Totals(0, 0, 0)


class Network:
    """All activities of this program and the engines they run on."""

    def __init__(
        self,
        recorder: Recorder | None = None,
        new_poller: Callable[[], Poller] = make_poller,
    ) -> None:
        raise_file_limit()
        self._outbox = Outbox(recorder)
        self.sockets = self._outbox.sockets
        """Which sockets are ours, for who wants to see their packets."""
        self._activities: dict[int, Activity] = {}
        engines = EnginePool(self._outbox, new_poller, partial(_end_all, self._activities))
        self._engines = engines
        self.hold = engines.hold
        """Entered (`with`) by who draws what has happened, for a moment: meanwhile nothing pours
        in, and he need not share the interpreter with it."""
        self._past: dict[int, Totals] = {}
        """What crossed the sockets of activities that are over: all that is kept of them."""
        self.listen: Callable[[EventQueue | None], None] = partial(
            _listen, self._outbox, self._activities, self._past
        )
        """Give a queue all that activities begun from now on do, chunks too; None: nobody listens.
        Whoever listens takes often: while the queue is full no socket is read."""
        forget = partial(_forget, self._activities, self._past)
        self._runtime = new_runtime(engines.home, engines.engine_with_room, forget)
        self._numbers = itertools.count(1)

    # -- beginning -------------------------------------------------------------------------------

    def serve(self, config: ServerConfig | RelayConfig) -> int:
        """Start a server, or a relay to one; return its number. Listening or Failed follows.

        Raises ValueError for a service that does not exist or does not speak the transport, and
        for a certificate that cannot be read.
        """
        number = next(self._numbers)
        return _begin(self._activities, _new_server(number, self._runtime, config))

    def connect(self, config: ClientConfig) -> int:
        """Open a TCP connection or a UDP socket; Connected or Failed follows."""
        from netlib.activities.client import Client  # it was loaded with `config`

        kind = Client if config.transport is Transport.TCP else UdpClient
        return _begin(self._activities, kind(next(self._numbers), self._runtime, config))

    def query_time(self, config: TimeConfig) -> int:
        """Ask a UDP time server; TimeReply or TimeLost follows for each query."""
        from netlib.activities.time_query import TimeQuery  # it was loaded with `config`

        return _begin(self._activities, TimeQuery(next(self._numbers), self._runtime, config))

    def diagnose(self, config: DoctorConfig) -> int:
        """Look at the path to a server, step by step; Diagnosed follows for each, then the end."""
        from netlib.activities.doctor import Doctor  # it was loaded with `config`

        return _begin(self._activities, Doctor(next(self._numbers), self._runtime, config))

    # -- saying and ending -----------------------------------------------------------------------

    def send(self, activity: int, data: bytes, connection: int | None = None) -> bool:
        """Queue `data` for one connection of an activity, or (None) for all it has.

        False: there is none, or too much waits for it already; nothing was queued then. Raises
        ValueError for a datagram longer than UDP allows.
        """
        found = self._activities.get(activity)
        return found is not None and found.send(data, connection)

    def request(
        self, activity: int, data: bytes, sink: Sink | None = None, pour: Pour | None = None
    ) -> bool:
        """Send an HTTP request as it stands; HttpHead and HttpReply follow. False: not connected.

        `sink` takes the body piece by piece, on the network's thread, and must not raise. So does
        `pour` instead, for who records nothing: a body of known length is not recorded on its way
        there, and the network waits while it is taken.
        """
        found = self._activities.get(activity)
        return found is not None and found.request(data, sink, pour)

    def end(self, activity: int, how: CloseMode, connection: int | None = None) -> None:
        """End one connection of an activity, or (None) all it has."""
        if (found := self._activities.get(activity)) is not None:
            found.end(how, connection)

    def stop(self, activity: int) -> None:
        """Stop an activity, in whatever state it is; ActivityStopped follows, once."""
        if (found := self._activities.get(activity)) is not None:
            found.engine.call_soon_threadsafe(found, found.stop)

    def close(self, timeout: float = 1.0) -> bool:
        """Stop everything within `timeout` seconds; True: no thread of ours is left."""
        for number in tuple(self._activities):
            self.stop(number)
        return self._engines.stop(timeout)

    # -- seeing ----------------------------------------------------------------------------------

    @cached_property
    def kernel(self) -> Kernel:
        """What the kernel says of the sockets, and what a person sets about them."""
        from netlib.activities.kernel import Kernel

        return Kernel(self._activities, self._engines.home)

    def poll(self, limit: int = 2000) -> list[Event]:
        """Take up to `limit` lifecycle events, oldest first, at once. One thread only."""
        return self._outbox.poll(limit)

    @property
    def lost_events(self) -> int:
        """Events `poll` missed because it was called too rarely; the recorder has them."""
        return self._outbox.lost

    def clients(self, activity: int) -> Clients:
        """Return the clients a server has now, in the order they came."""
        found = self._activities.get(activity)
        return Clients({} if found is None else found.streams)

    def totals(self, activity: int) -> Totals:
        """Return what crossed the activity's sockets so far."""
        found = self._activities.get(activity)
        return self._past.get(activity, _NOTHING) if found is None else found.totals()


def _new_server(number: int, runtime: Runtime, config: ServerConfig | RelayConfig) -> Activity:
    """Return the server, or relay, that `config` asks for."""
    from netlib.activities.serving import ServerConfig

    over_tcp = config.transport is Transport.TCP
    if isinstance(config, ServerConfig):
        from netlib.activities.server import Server
        from netlib.activities.udp_server import UdpServer

        return (Server if over_tcp else UdpServer)(number, runtime, config)
    from netlib.activities.relay import TcpRelay
    from netlib.activities.udp_relay import UdpRelay

    return (TcpRelay if over_tcp else UdpRelay)(number, runtime, config)


def _listen(
    outbox: Outbox,
    activities: Mapping[int, Activity],
    past: Mapping[int, Totals],
    queue: EventQueue | None,
) -> None:
    outbox.listen(queue, max((*activities, *past), default=0) + 1)


def _begin(activities: dict[int, Activity], activity: Activity) -> int:
    """Begin an activity, on its engine; return its number."""
    activities[activity.activity] = activity
    activity.engine.call_soon_threadsafe(activity, activity.start)
    return activity.activity


def _forget(activities: dict[int, Activity], past: dict[int, Totals], activity: Activity) -> None:
    """Keep only the figures of what is over; on its engine."""
    past[activity.activity] = activity.totals()  # first: there are figures at any moment
    activities.pop(activity.activity, None)


def _end_all(activities: Mapping[int, Activity], trace: str) -> None:
    """An engine died: nothing goes on, and it is said of each activity."""
    for activity in tuple(activities.values()):
        guard(None, activity.crashed, trace)
        guard(None, activity.stop)  # also where that could not be shown
