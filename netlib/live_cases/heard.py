"""All that has happened on a network, and waiting until something is true."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeVar

from netlib import Chunk, Direction, Event, EventQueue, Item, _, now

SECONDS: Final = 10.0
"""How long anything may take on a busy computer before it counts as not happening."""
STEP_SECONDS: Final = 0.002
"""How often the kernel is asked."""

E = TypeVar("E", bound=Event)


class Heard:
    """What `queue` is told, for the thread that waits."""

    def __init__(self) -> None:
        self.queue = EventQueue()
        self._items: list[Item] = []

    def wait_until(self, fact: Callable[[], object]) -> None:
        """Return as soon as `fact()` is true. Raises TimeoutError with a sentence."""
        until = now() + SECONDS
        while not fact():
            if now() > until:
                told = _("what the case waits for has not come within {seconds:g} s")
                raise TimeoutError(told.format(seconds=SECONDS))
            self.queue.wait(STEP_SECONDS)
            self._items += self.queue.take()

    def wait_for(self, kind: type[E], **wanted: object) -> E:
        """Return the first event of a kind whose fields are as wanted, once there is one."""
        found: list[E] = []

        def come() -> bool:
            found[:] = [
                item
                for item in self._items
                if isinstance(item, kind)
                if all(getattr(item, name) == value for name, value in wanted.items())
            ]
            return bool(found)

        self.wait_until(come)
        return found[0]

    def data(self, direction: Direction, **wanted: int) -> bytes:
        """Return what went one way: of an `activity`, or of a `connection`."""
        return b"".join(
            item.data
            for item in self._items
            if isinstance(item, Chunk) and item.direction is direction
            if all(getattr(item, name) == value for name, value in wanted.items())
        )
