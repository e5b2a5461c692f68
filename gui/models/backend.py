"""The backend: the network, its recording, and who is told of which event.

One `Backend` serves the whole window. `tick` is called by the pump; it takes what has happened
since the last call, within a time budget, and hands each event to the model that subscribed to its
activity.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Protocol

from netlib import ActivityStopped, Event, NetError

if TYPE_CHECKING:
    from netlib import Network
    from netlib.recording.journal import Journal
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


class Source(Protocol):
    """What is recorded, for those who only show it."""

    @property
    def recording(self) -> Recording:
        """The recording, opened by the thread that reads it."""

    def lines(self, activity: int) -> int:
        """Return how many lines of an activity are recorded."""


class Backend:
    """The network and its recording, as the window uses them; of use once it is `open`ed."""

    network: Network
    journal: Journal
    recording: Recording

    def __init__(self) -> None:
        self.is_open = False
        self._folder: Path | None = None
        self._subscribers: dict[int, Subscriber] = {}
        self._watched: set[int] = set()
        self._past = (0, 0)
        """Bytes received, and datagrams the kernel dropped, of what has stopped."""
        self._told_error: NetError | None = None

    def open(self) -> None:
        """Start the threads and record to a file of our own, which goes when the window closes.

        Apart from the constructor, and with its imports inside, because SQLite and the engine are
        not needed for the first picture of the window. Raises OSError when nothing can be recorded;
        the network then works all the same, and views stay empty.
        """
        from gui.models.crash_recovery import RECORDING, new_folder
        from netlib import Network
        from netlib.recording.journal import Journal
        from netlib.recording.reader import Recording, RecordingError

        try:
            self._folder = new_folder()
            path = self._folder / RECORDING
            self.journal = Journal(path)
            self.recording = Recording(path, patience=0.0)  # a window never waits
        except (OSError, ValueError, RecordingError) as refusal:
            self.network = Network()
            raise OSError(getattr(refusal, "strerror", None) or str(refusal)) from refusal
        self.network = Network(self.journal)
        self.is_open = True

    def lines(self, activity: int) -> int:
        """Return how many lines of an activity are recorded."""
        return self.journal.lines.get(activity, 0) if self.is_open else 0

    def subscribe(self, activity: int, subscriber: Subscriber) -> None:
        """Tell `subscriber` of every event of `activity`, until it has stopped."""
        self._subscribers[activity] = subscriber
        self._watched.add(activity)

    def tick(self, budget: float = 0.006) -> None:
        """Hand out what has happened; stop after about `budget` seconds, the rest comes next."""
        until = time.perf_counter() + budget
        while events := self.network.poll(EVENTS_AT_ONCE):
            for event in events:
                self._tell(event)
            if time.perf_counter() > until:
                return

    def _tell(self, event: Event) -> None:
        subscriber = self._subscribers.get(event.activity)
        if subscriber is not None:
            subscriber(event)
        if isinstance(event, ActivityStopped) and event.activity in self._watched:
            self._subscribers.pop(event.activity, None)
            self._watched.discard(event.activity)
            totals = self.network.totals(event.activity)
            received, drops = self._past
            self._past = received + totals.received, drops + (totals.kernel_drops or 0)

    def record_error(self) -> NetError | None:
        """Return, once, why nothing is recorded any more."""
        if not self.is_open or self.journal.error is self._told_error:
            return None
        self._told_error = self.journal.error
        return self._told_error

    def counts(self) -> Counts:
        """Return the figures of the status line."""
        received, drops = self._past
        for activity in self._watched:
            totals = self.network.totals(activity)
            received += totals.received
            drops += totals.kernel_drops or 0
        lost = self.network.lost_events
        if not self.is_open:
            return Counts(received, 0, received, drops, 0, lost)
        journal = self.journal
        recorded, dropped = journal.recorded[1], journal.dropped[1]
        return Counts(received, recorded, dropped, drops, journal.trimmed, lost)

    def close(self, timeout: float = 1.0) -> bool:
        """Stop everything; True: no thread is left. The recording goes if it is our own."""
        until = time.monotonic() + timeout
        done = self.network.close(timeout) if hasattr(self, "network") else True
        if self.is_open:
            self.is_open = False
            self.recording.close()
            done = self.journal.discard(max(0.1, until - time.monotonic())) and done
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
        return done
