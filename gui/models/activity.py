"""What the models of the tabs share: an activity, its traffic, and what is to be said of it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import deque
from typing import TYPE_CHECKING, ClassVar, Final

from gui.models.backend import Backend
from gui.models.notice import Notice, from_event, timed_out
from gui.models.traffic import TrafficRows
from gui.models.typed import Typed
from netlib import Closed, Connected, Endpoint, Event, PeerFinished, Transport
from netlib.value import NamedTuple

if TYPE_CHECKING:
    from netlib import Network

EVENTS_KEPT: Final = 256


class Looked(NamedTuple):
    """Whose sockets a person looks at."""

    activity: int
    """0: none."""
    connection: int
    """0: none, or not one alone."""
    transport: Transport = Transport.TCP


class ActivityModel(ABC):
    """State and intents of a tab. `changes` grows whenever something looks different.

    A model starts an activity with a method of `_network` and `_follow`s it; what its events mean
    is said in `_on_event`.
    """

    serves: ClassVar[bool] = False
    """Whether its traffic is that of several clients: then each row names its own."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend
        self.rows = TrafficRows(backend, peers=True, clients=self.serves)
        self.notice: Notice | None = None
        self.changes = 0
        self._activity = 0
        """The one that intents are about; 0: none was started yet."""
        self._called: Endpoint | None = None
        """Whom a TCP connection was wanted with, if one was."""
        self._local: Endpoint | None = None
        """Our end of its connection, once it had one."""
        self._looked = Looked(0, 0)
        self.happened: deque[Event] = deque(maxlen=EVENTS_KEPT)
        """The last events, for who comes later."""
        self.heard = 0
        """How many there were in all."""
        self.receive_buffer: int | None = None
        """What is asked for the next connection, in bytes; None: as the system sees fit."""

    def stop(self) -> None:
        """Stop the activity, whatever it does."""
        self._network.stop(self._activity)

    @property
    def _network(self) -> Network:
        return self._backend.network

    def _follow(self, activity: int) -> None:
        """Make a new activity the present one: show its traffic, hear of its events."""
        self.notice = self._local = None
        self._activity = activity
        self._looked = Looked(activity, 0)
        self._backend.subscribe(activity, self._hear)
        self.rows.show(activity)
        self.changes += 1

    def _hear(self, event: Event) -> None:
        self.notice = self._notice_of(event) or self.notice
        self.happened.append(event)
        self.heard += 1
        if isinstance(event, Connected):
            self._local = event.local
            self._looked = Looked(event.activity, event.connection, event.transport)
        elif isinstance(event, PeerFinished | Closed) and self._local is not None:
            seconds = self._backend.timed_out.pop(self._local, None)
            self.notice = self.notice if seconds is None else timed_out(seconds)
        self._on_event(event)
        self.changes += 1

    def looked_at(self) -> Looked:
        """Return whose sockets are looked at: those of the last connection."""
        return self._looked

    def _notice_of(self, event: Event) -> Notice | None:
        """Return what the person at this tab must be told at once; the log tells everything."""
        return from_event(event, self._called)

    @abstractmethod
    def _on_event(self, event: Event) -> None:
        """Change the state as an event says."""

    def _encode(self, typed: Typed) -> bytes:
        """Return what was typed as bytes, and read the traffic by its encoding. ValueError."""
        data = typed.encode()
        if typed.mode == "text":
            self.rows.set_encoding(typed.encoding)
        return data
