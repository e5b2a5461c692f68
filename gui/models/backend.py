"""The backend: the network, its recording, and who is told of which event.

One `Backend` serves the whole window. `tick` is called by the pump; it takes what has happened
since the last call, within a time budget, and hands each event to the model that subscribed to its
activity.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from gui.models.packet_capture import PacketCapture
from gui.models.speakers import Speakers
from netlib import (
    ActivityStopped,
    Endpoint,
    Event,
    Listening,
    NetError,
    Transport,
    now,
)
from netlib.value import NamedTuple

if TYPE_CHECKING:
    from gui.models.own_recording import NoRecording, OwnRecording
    from netlib import Network
    from netlib.recording.capture import Capture
    from netlib.recording.reader import Recording

EVENTS_AT_ONCE = 500

Subscriber = Callable[[Event], None]


class Counts(NamedTuple):
    """What the status line says: bytes received by the sockets, and what became of them."""

    received: int
    recorded: int
    dropped: int
    kernel_drops: int
    """Datagrams the kernel dropped."""
    trimmed: int
    """Oldest chunks that went because of the disk quota."""
    lost_events: int


class UnderWay(NamedTuple):
    """What would end with the window."""

    servers: int
    clients: int
    """Of these servers."""
    connections: int
    """Made by this window; a series of queries counts as one."""
    rows: int
    """Recorded so far."""


class Running(NamedTuple):
    """A server of this window that listens."""

    service: str
    transport: Transport
    local: Endpoint


class Source(Protocol):
    """What is recorded, for those who only show it."""

    @property
    def recording(self) -> Recording:
        """The recording, opened by the thread that reads it.

        ValueError with a translated sentence: nothing can be recorded.
        """

    def lines(self, activity: int) -> int:
        """Return how many lines of an activity are recorded."""


class Opened(NamedTuple):
    """A network that runs, and what it records."""

    network: Network
    recording: OwnRecording | NoRecording

    def capture(self) -> Capture | None:
        """Begin to capture the packets of the network's sockets; None: nothing is recorded."""
        return self.recording.capture(self.network)

    def close(self, timeout: float) -> bool:
        """Stop everything; True: no thread is left."""
        until = now() + timeout
        done = self.network.close(timeout)
        return self.recording.close(max(0.1, until - now())) and done


class Backend:
    """The network and its recording, as the window uses them; whatever needs them opens them."""

    def __init__(self) -> None:
        self._opened: Opened | None = None
        self._subscribers: dict[int, Subscriber] = {}
        self._watched: set[int] = set()
        self._private: set[int] = set()
        """Activities that are offered to nobody."""
        self._past = (0, 0)
        """Bytes received, and datagrams the kernel dropped, of what has stopped."""
        self._told_error: NetError | None = None
        self.packets = PacketCapture(lambda: self.open().capture())
        """Whether real packets are captured."""
        self.speakers = Speakers()
        self.each_tick: list[Callable[[], object]] = []
        """What else is to go on, whatever tab is in sight."""
        self.running: dict[int, Running] = {}
        """The servers that listen, by their activities, oldest first."""
        self.timed_out: dict[Endpoint, float] = {}
        """Clients that a server of this window has closed, and its read timeout in seconds: a
        client of this window says so. Taken out by whoever says it."""

    def open(self) -> Opened:
        """Return the network and what it records; the first call starts them.

        Apart from the constructor, and with the imports inside, because SQLite and the engine are
        not needed for the first picture of the window.
        """
        if self._opened is None:
            from gui.models.own_recording import begin_recording
            from netlib import Network

            recording = begin_recording()
            self._opened = Opened(Network(recording.recorder), recording)
        return self._opened

    @property
    def network(self) -> Network:
        """Where activities are started, spoken to and ended."""
        return self.open().network

    @property
    def recording(self) -> Recording:
        """What is recorded. ValueError with a translated sentence: nothing can be."""
        return self.open().recording.recording

    def lines(self, activity: int) -> int:
        """Return how many lines of an activity are recorded."""
        return self.open().recording.lines(activity)

    def subscribe(self, activity: int, subscriber: Subscriber, *, offered: bool = True) -> None:
        """Tell `subscriber` of every event of `activity`, until it has stopped.

        `offered`: a server is one of `running`, where others may want to connect to it.
        """
        self._subscribers[activity] = subscriber
        self._watched.add(activity)
        if not offered:
            self._private.add(activity)

    def tick(self, budget: float = 0.006) -> None:
        """Hand out what has happened; stop after about `budget` seconds, the rest comes next."""
        until = now() + budget
        while events := self.network.poll(EVENTS_AT_ONCE):
            for event in events:
                self._tell(event)
            if now() > until:
                break
        for goes_on in self.each_tick:
            goes_on()

    def _tell(self, event: Event) -> None:
        if isinstance(event, Listening) and event.activity not in self._private:
            self.running[event.activity] = Running(event.service, event.transport, event.local)
        elif isinstance(event, ActivityStopped):
            self.running.pop(event.activity, None)
        subscriber = self._subscribers.get(event.activity)
        if subscriber is not None:
            subscriber(event)
        if isinstance(event, ActivityStopped) and event.activity in self._watched:
            self._subscribers.pop(event.activity, None)
            self._watched.discard(event.activity)
            self._private.discard(event.activity)
            totals = self.network.totals(event.activity)
            received, drops = self._past
            self._past = received + totals.received, drops + (totals.kernel_drops or 0)

    def record_error(self) -> NetError | None:
        """Return, once, why nothing is recorded any more."""
        error = self.open().recording.error
        if error is self._told_error:
            return None
        self._told_error = error
        return error

    def counts(self) -> Counts:
        """Return the figures of the status line."""
        network, recording = self.open()
        received, drops = self._past
        for activity in self._watched:
            totals = network.totals(activity)
            received += totals.received
            drops += totals.kernel_drops or 0
        recorded, dropped, trimmed = recording.counts(received)
        return Counts(received, recorded, dropped, drops, trimmed, network.lost_events)

    def listening(self) -> list[Endpoint]:
        """Return where servers of this window listen, the oldest first."""
        return [one.local for one in self.running.values()]

    def under_way(self) -> UnderWay:
        """Count what would end with the window."""
        if self._opened is None:
            return UnderWay(0, 0, 0, 0)
        servers = self._watched & self.running.keys()
        clients = sum(self.network.totals(activity).clients for activity in servers)
        rows = self._opened.recording.rows()
        others = len(self._watched) - len(servers) - len(self._private)
        return UnderWay(len(servers), clients, others, rows)

    def flush(self, timeout: float = 1.0) -> bool:
        """Bring all that is recorded into its file; True: it is there."""
        return self._opened is None or self._opened.recording.flush(timeout)

    def close(self, timeout: float = 1.0) -> bool:
        """Stop everything; True: no thread is left. What was recorded goes."""
        self.packets.end()
        return self._opened is None or self._opened.close(timeout)
