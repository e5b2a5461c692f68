"""Whose turn it is, where what one client says costs a write for each of the others."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from netlib.engine.loop import Engine, Owner
from netlib.engine.tcp import TcpSocket
from netlib.value import NamedTuple

TURN_POSTS = 150
"""Writes to other clients in one turn of the engine, after which further clients wait."""


class _Waiting(NamedTuple):
    stream: TcpSocket
    proceed: Callable[[], None]


class Turns:
    """Lets clients go on in the order in which they asked, so many in each turn of the engine.

    However many of them flood the others together, one turn of the engine takes no longer for it.
    """

    def __init__(self, engine: Engine, owner: Owner, pace: Callable[[], float]) -> None:
        """Wait for `pace()` seconds before each turn; `owner` is the server."""
        self._engine, self._owner, self._pace = engine, owner, pace
        self._waiting: deque[_Waiting] = deque()
        self._planned = False
        self._posts = 0
        self._at = 0.0
        """In which turn these were; the engine reads its clock once a turn."""

    @property
    def busy(self) -> bool:
        """Whether whoever speaks up now must wait: others do already, or this turn is full."""
        return bool(self._waiting) or self._full

    def count(self, posts: int) -> None:
        """Count writes to clients."""
        if self._at != self._engine.now:
            self._at, self._posts = self._engine.now, 0
        self._posts += posts

    def wait(self, stream: TcpSocket, proceed: Callable[[], None]) -> None:
        """Call `proceed` on the stream's engine when it is its turn."""
        self._waiting.append(_Waiting(stream, proceed))
        self._engine.run(self._owner, self._plan)

    @property
    def _full(self) -> bool:
        return self._at == self._engine.now and self._posts >= TURN_POSTS

    def _plan(self) -> None:
        if self._waiting and not self._planned:
            self._planned = True
            self._engine.call_later(self._pace(), self._owner, self._take)

    def _take(self) -> None:
        """Let those go on that wait: the first in any case, further ones if there is time."""
        for _ in range(len(self._waiting)):
            stream, proceed = self._waiting.popleft()
            stream.engine.run(stream, proceed)
            if self._full:
                break
        self._planned = False
        self._plan()
