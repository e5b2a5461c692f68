"""A step's run in the window: it is driven here, and its traffic and sockets are shown."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from pathlib import Path

from gui.models.activity import EVENTS_KEPT, Looked
from gui.models.backend import Backend
from gui.models.live_cases import LiveCases
from gui.models.traffic import TrafficRows
from netlib import Connected, Connecting, Event, EventQueue
from netlib.lessons.player import Player

Place = tuple[str, int]
"""A step: the key of its lesson, and its number from 0."""


class RunSockets:
    """A `KernelSource`: whoever was first in the run, until a client connects."""

    serves = False

    def __init__(self) -> None:
        self.happened: deque[Event] = deque(maxlen=EVENTS_KEPT)
        self.heard = 0
        self.receive_buffer: int | None = None
        self._looked = Looked(0, 0)

    def begin(self) -> None:
        """Another run begins."""
        self._looked = Looked(0, 0)

    def looked_at(self) -> Looked:
        """Return whose sockets are looked at."""
        return self._looked

    def hear(self, event: Event) -> None:
        """Take what happened to somebody of the run."""
        if isinstance(event, Connected):
            self._looked = Looked(event.activity, event.connection, event.transport)
        elif isinstance(event, Connecting) or not self._looked.activity:
            self._looked = Looked(event.activity, 0)
        if event.activity == self._looked.activity:
            self.happened.append(event)
            self.heard += 1


class LessonRun:
    """The run under way, and what earlier ones of this window have begun.

    It goes on whatever tab is in sight. `changes` grows whenever it has come further.
    """

    def __init__(self, backend: Backend, over: Callable[[], None]) -> None:
        """`over`: called when a run has come to its end, proven or not."""
        self._backend, self._over = backend, over
        self.rows = TrafficRows(backend, peers=True)
        """The traffic of the run that is shown."""
        self.sockets = RunSockets()
        self.changes = 0
        self._player: Player | None = None
        """Whose run is under way; None: nobody's."""
        self._queue = EventQueue()
        self._place: Place = ("", 0)
        self._activities: dict[Place, list[int]] = {}
        self.proving: dict[str, dict[int, frozenset[int]]] = {}
        """Which activities have proven which step, by the key of the lesson."""
        self.live = LiveCases()
        self._come: tuple[object, ...] = ()
        backend.each_tick.append(self.tick)

    @property
    def under_way(self) -> bool:
        """Whether proofs are waited for."""
        return self._player is not None

    def begin(self, player: Player, place: Place, live_in: Path | None = None) -> None:
        """Run the player's step; its proofs come by `tick`. `live_in`: see `Player.begin`."""
        self.end()
        self._place, self._activities[place] = place, []
        self.rows.show_only([])
        self.sockets.begin()
        self._player, self._queue = player, EventQueue()
        self._backend.network.listen(self._queue)
        player.begin(live_in)
        self._look(player)

    def tick(self) -> None:
        """Let the run go on; called by the backend."""
        if self.live.has_answered():
            self.changes += 1
        if (player := self._player) is not None:
            for item in self._queue.take():
                player.hear(item)
            player.turn()
            self._look(player)

    def end(self) -> None:
        """Wait for nothing any more; what was begun is the player's to stop."""
        if self._player is not None:
            self._backend.network.listen(None)
            self._player = None
            self.changes += 1

    def show(self, place: Place) -> None:
        """Show the traffic of a step's last run in this window."""
        self.rows.show_only(self.activities(place))

    def activities(self, place: Place) -> list[int]:
        """Return what a step's last run in this window has begun: the recording has its calls."""
        return self._activities.get(place, [])

    def kept(self, key: str) -> tuple[dict[int, frozenset[int]], dict[int, Path]]:
        """Return how this window's runs have proven the steps of a lesson, for its player."""
        return self.proving.setdefault(key, {}), self.live.recordings.setdefault(key, {})

    def forget(self, key: str) -> None:
        """Forget the runs of a lesson."""
        self._activities = {at: ran for at, ran in self._activities.items() if at[0] != key}
        self.proving.pop(key, None)
        self.live.recordings.pop(key, None)

    def close(self) -> None:
        """Give up a case that is being recorded, and remove what was recorded."""
        if self._player is not None:
            self._player.close()
        self.live.close()

    def _look(self, player: Player) -> None:
        """Show whom the run has begun, and how far it has come."""
        run, known = player.run, self._activities[self._place]
        assert run is not None
        for activity in run.names:
            if activity not in known:
                known.append(activity)
                self.rows.show(activity)
                self._backend.subscribe(activity, self.sockets.hear, offered=False)
        if (come := (run.done, run.why_not, len(known))) != self._come:
            self._come = come
            self.changes += 1
        if run.over:
            self.end()
            self._over()
