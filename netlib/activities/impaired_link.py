"""A link with faults, in both directions: what is on its way, and when it goes on.

`protocols/impairment` decides; here it is waited. Memory is bounded: of datagrams what would be too
much is lost, as in a router whose queue is full; who carries a stream sees to that by itself.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from heapq import heappop, heappush
from typing import Final

from netlib.engine.loop import FOREVER, Engine, Owner, Timer
from netlib.events import Transport
from netlib.i18n import _
from netlib.protocols.impairment import ImpairedDirection, Impairment
from netlib.system.clock import now
from netlib.value import replace

MOST_WAITING: Final = 4 << 20
"""Bytes of memory that datagrams on their way in one direction may take."""
THING_BYTES: Final = 512
"""What one thing takes beside its bytes, about."""
_ANY_SIZE: Final = 1 << 62


class ImpairedQueue:
    """What is on its way in one direction. Belongs to the engine thread."""

    def __init__(self, engine: Engine, owner: Owner, seed: int, *, whole: bool) -> None:
        """Nothing is impaired yet. `whole`: of a stream, of which no byte may be missing."""
        self._engine, self._owner, self._whole = engine, owner, whole
        self._direction = ImpairedDirection(Impairment(), seed)
        self._held = False
        """A stream's black hole: nothing leaves until it is gone."""
        self._closed = False
        self._on_its_way: list[tuple[float, int, int, Callable[[], None]]] = []
        """When each thing leaves, its place among those of one time, its memory, what it does."""
        self._places = itertools.count()
        self._timer: Timer | None = None
        self._due = FOREVER
        self.waiting = 0
        """Bytes of memory that all of it takes."""
        self.lost = 0
        """How many things were lost."""

    @property
    def rate(self) -> float:
        """Bytes a second; 0: no limit."""
        return self._direction.impairment.rate

    def impair(self, impairment: Impairment) -> None:
        """Do this to what comes from now on; a black hole holds a stream back at once."""
        self._held = self._whole and impairment.black_hole
        if self._whole:
            impairment = replace(impairment, black_hole=False, queue=_ANY_SIZE)
        self._direction.impairment = impairment
        self._go_on()

    def add(self, size: int, arrive: Callable[[], None]) -> None:
        """Have `arrive` called when what has `size` bytes is across: never, once, or twice."""
        if self._closed:
            return
        memory = size + THING_BYTES
        fate = self._direction.fate(self._engine.now, size)
        if not fate or (not self._whole and self.waiting + memory * len(fate) > MOST_WAITING):
            self.lost += 1
            return
        for leaves in fate:
            heappush(self._on_its_way, (leaves, next(self._places), memory, arrive))
            self.waiting += memory
        self._go_on()

    def close(self) -> None:
        """Let nothing arrive any more."""
        self._closed = True
        self._on_its_way.clear()
        self.waiting = 0
        if self._timer is not None:
            self._timer.cancel()

    def _go_on(self) -> None:
        """Let all that is due arrive, and wait for the next."""
        while self._on_its_way and not self._held and self._on_its_way[0][0] <= now():
            _leaves, _place, memory, arrive = heappop(self._on_its_way)
            self.waiting -= memory
            arrive()
        if not self._on_its_way or self._held or self._on_its_way[0][0] >= self._due:
            return
        if self._timer is not None:
            self._timer.cancel()
        self._due = self._on_its_way[0][0]
        self._timer = self._engine.call_later(self._due - now(), self._owner, self._ring)

    def _ring(self) -> None:
        self._due = FOREVER
        self._go_on()


class Link:
    """Both directions: up, to the server, and down, to the client."""

    def __init__(self, engine: Engine, owner: Owner, transport: Transport, seed: int) -> None:
        whole = transport is Transport.TCP
        self.up = ImpairedQueue(engine, owner, 2 * seed, whole=whole)
        self.down = ImpairedQueue(engine, owner, 2 * seed + 1, whole=whole)

    def impair(self, up: Impairment, down: Impairment) -> None:
        """Do this to what comes from now on."""
        self.up.impair(up)
        self.down.impair(down)

    def close(self) -> None:
        """Let nothing arrive any more."""
        self.up.close()
        self.down.close()


def check_impairments(transport: Transport, *impairments: Impairment) -> None:
    """Refuse what cannot be done to a stream from above. Raises ValueError with a sentence."""
    faults = [one for one in impairments if one.loss or one.duplicate or one.reorder]
    if transport is Transport.TCP and faults:
        told = _("{faults}: a relay of TCP can delay bytes and hold them back, not lose them.")
        raise ValueError(told.format(faults=faults[0]))
