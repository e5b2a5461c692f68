"""What the Kernel view shows: states, windows and buffers of the connection that is looked at.

It asks only while somebody looks (`tick`), and never waits. Facts come from the network's engine,
at most ten times a second; after an event at once, so that the marks move with it.
"""

from __future__ import annotations

from collections import deque
from typing import Final, Literal, Protocol

from gui.models.activity import Looked
from gui.models.backend import Backend
from gui.models.kernel_flow import Figures, FlowShown, flow_shown
from gui.models.kernel_history import Waiting
from gui.models.kernel_states import NOT_TOLD, EndShown, States, Whose
from netlib import (
    N_,
    ConnectionFacts,
    Event,
    Kernel,
    PairFacts,
    ServerFacts,
    Transport,
    now,
)

Direction = Literal["out", "in"]
"""Which way the bytes go that the buffers are about, seen from this end."""

CALM_SECONDS: Final = 1.0
"""Between two looks at connections that only wait."""
HASTE_SECONDS: Final = 3.0
"""For so long after an event the system is asked as often as may be."""

NO_CONNECTION: Final = N_("No TCP connection yet. Connect, and its states and buffers appear here.")
UDP: Final = N_("UDP has no connection: no states, no window, nothing is sent again.")
SEVERAL: Final = N_("This is the server's own socket. Choose a client to see its connection.")
PEER_IS_OTHER: Final = N_(
    "The receiver is another program, which only its user can stop from reading. The other"
    " direction can be paused here."
)
FIRST_CONNECT: Final = N_("Connect first.")


class KernelSource(Protocol):
    """Whose sockets are looked at, what happened to them, and what is asked for the next one."""

    happened: deque[Event]
    """The last events."""
    heard: int
    """How many there were in all."""
    receive_buffer: int | None
    """For the next connection, in bytes."""

    @property
    def serves(self) -> bool:
        """Whether it is a server that is looked at."""

    def looked_at(self) -> Looked:
        """Return whose sockets are looked at."""


class KernelModel:
    """What a Kernel view shows. `changes` grows whenever something looks different."""

    def __init__(self, source: KernelSource, backend: Backend) -> None:
        self._source, self._backend = source, backend
        self.changes = 0
        self.whose: Whose = "this"
        self.direction: Direction = "in" if source.serves else "out"
        self.looked = Looked(0, 0)
        self.states = States()
        self.server: ServerFacts | None = None
        self.here: ConnectionFacts | None = None
        self.there: ConnectionFacts | None = None
        """The peer's end, if it is in this program."""
        self.figures = Figures()
        self._system: PairFacts | None = None
        self._taken, self._moved_at, self._asked_at = 0, 0.0, 0.0

    # -- looking ---------------------------------------------------------------------------------

    def tick(self) -> None:
        """Look again; called while the view is in sight."""
        looked = self._source.looked_at()
        if looked != self.looked:
            self.looked, self.figures = looked, Figures()
            self.changes += 1
        kernel = self._backend.network.kernel
        if self._take_events():
            self._moved_at = now()
            self.changes += 1
            kernel.look_again()
        self._look(kernel)
        self._ask_system(kernel)
        sender, receiver = self.ends()
        self.figures.add(self.flow(), sender, receiver if self.here is None else self.here)

    def _take_events(self) -> bool:
        """Follow what has happened; True: something has."""
        new = min(self._source.heard - self._taken, len(self._source.happened))
        self._taken = self._source.heard
        for event in list(self._source.happened)[-new:] if new else ():
            self.states.hear(event)
        return new > 0

    def _look(self, kernel: Kernel) -> None:
        before = self.here, self.there, self.server
        activity, connection, _transport = self.looked
        self.server = kernel.server(activity)
        self.here = kernel.connection(activity, connection) if connection else None
        other = None if self.here is None else self.here.other_end
        self.there = kernel.connection(*other) if other else None
        self.changes += (self.here, self.there, self.server) != before

    def _ask_system(self, kernel: Kernel) -> None:
        """Have all connections listed, where nothing else tells: that takes longer."""
        connection = self.looked.connection
        ends = {self.states.pair(connection), self.states.pair(connection, "peer")}
        wanted = self.states.time_waits.pairs | {pair for pair in ends if pair is not None}
        moment = now()
        hurry = moment < self._moved_at + HASTE_SECONDS or self._is_hidden()
        if not wanted or not (hurry or moment >= self._asked_at + CALM_SECONDS):
            return
        self._asked_at = moment
        told = kernel.pairs(wanted)
        if told is not None and told is not self._system:
            self._system = told
            self.states.time_waits.hear(told)
            self.changes += 1

    def _is_hidden(self) -> bool:
        """Tell whether only the list of all connections has what is looked at."""
        sender, _receiver = self.ends()
        stalled = sender is not None and sender.info.send_window == 0
        unseen = self.whose == "peer" and self.there is None
        return bool(self.looked.connection) and (stalled or unseen)

    # -- what is shown ---------------------------------------------------------------------------

    @property
    def whole(self) -> bool:
        """Whether it is a server that is looked at, and no connection of it alone."""
        return self.server is not None and not self.looked.connection

    def why_nothing(self) -> str:
        """Return why there is nothing to show of a connection, to be translated; empty: it is."""
        if self.looked.transport is Transport.UDP:
            return UDP
        if self.looked.connection or self.end().ours == "SYN-SENT":
            return ""
        return SEVERAL if self.whole else NO_CONNECTION

    def ends(self) -> tuple[ConnectionFacts | None, ConnectionFacts | None]:
        """Return sender and receiver in the direction that is looked at, if they are ours."""
        return (self.here, self.there) if self.direction == "out" else (self.there, self.here)

    def end(self) -> EndShown:
        """Return the state of the end that is looked at."""
        connection = self.looked.connection
        if connection:
            facts = self.here if self.whose == "this" else self.there
            return self.states.shown(connection, self.whose, facts, self._system)
        if self.server is not None:
            told = self.server.listeners[0].info.state or ""
            visited = ("CLOSED", "LISTEN")
            why = "" if told else NOT_TOLD
            return EndShown(ours="LISTEN", system=told, visited=visited, why=why)
        tried = self.states.way(0)
        if self.looked.activity and tried[-1:] == ("SYN-SENT",):
            return EndShown(ours="SYN-SENT", visited=tried, why=NOT_TOLD)
        return EndShown()

    def flow(self) -> FlowShown:
        """Return buffers and window."""
        sender, receiver = self.ends()
        paused = receiver is not None and receiver.reading_paused
        if self.whole and self.server is not None:
            paused = self.server.reading_paused
        return flow_shown(sender, receiver, paused=paused, probe_at=self._probe_at())

    def why_not_paused(self) -> str:
        """Return why reading cannot be paused, to be translated; empty: it can."""
        if self.whole or self.ends()[1] is not None:
            return ""
        return FIRST_CONNECT if self.here is None else PEER_IS_OTHER

    def _probe_at(self) -> float | None:
        """Return when the sender asks whether the window is open; None: not known."""
        pair = self.states.pair(
            self.looked.connection, "this" if self.direction == "out" else "peer"
        )
        told = None if self._system is None or pair is None else self._system.states.get(pair)
        if self._system is None or told is None or told.seconds is None:
            return None
        return self._system.at + told.seconds if told.timer == "window probe" else None

    def queue(self) -> tuple[int, int] | None:
        """Return how many wait to be accepted, and may at most; None: the system does not tell."""
        listeners = () if self.server is None else self.server.listeners
        told = [one.info for one in listeners if one.info.accept_queue is not None]
        if not told:
            return None
        return sum(one.accept_queue or 0 for one in told), max(one.backlog or 0 for one in told)

    def waiting(self) -> list[Waiting]:
        """Return the connections that the system keeps in TIME-WAIT, the latest first."""
        told = self._system is not None and not self._system.refusal
        return self.states.time_waits.waiting(told=told)


class Controls:
    """What a person does in a Kernel view."""

    def __init__(self, model: KernelModel, source: KernelSource, backend: Backend) -> None:
        self._model, self._source, self._backend = model, source, backend

    def turn(self, direction: Direction) -> None:
        """Look at the other direction."""
        self._model.direction, self._model.figures = direction, Figures()
        self._model.changes += 1

    def turn_to(self, whose: Whose) -> None:
        """Look at the states of the other end."""
        self._model.whose = whose
        self._model.changes += 1

    def pause_or_resume_reading(self) -> None:
        """Pause reading at the receiver, or of all clients of a server; or resume it."""
        activity, connection = self._receiver()
        kernel = self._backend.network.kernel
        paused = self._model.flow().paused
        change = kernel.resume_reading if paused else kernel.pause_reading
        change(activity, connection or None)

    def pause_or_resume_accepting(self) -> None:
        """Let who connects wait in the accept queue; or accept again."""
        kernel = self._backend.network.kernel
        server = self._model.server
        paused = server is not None and server.accepting_paused
        change = kernel.resume_accepting if paused else kernel.pause_accepting
        change(self._model.looked.activity)

    def set_receive_buffer(self, size: int) -> bool:
        """Ask for a receive buffer at the receiver; False: for the next connection. ValueError."""
        self._source.receive_buffer = size
        activity, connection = self._receiver()
        if self._model.here is None and self._model.server is None:
            return False
        self._backend.network.kernel.set_receive_buffer(activity, size, connection or None)
        return True

    def _receiver(self) -> tuple[int, int]:
        """Return activity and connection of the receiver; connection 0: all of the activity."""
        here, looked = self._model.here, self._model.looked
        if self._model.direction == "out" and here is not None and here.other_end is not None:
            return here.other_end
        return looked.activity, looked.connection
