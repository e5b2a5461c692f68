"""Memory for big chunks on their way to the disk, used again and again.

Fresh memory costs a page fault for every 4 KB, ten times as much as copying them to memory that was
used before.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable
from typing import Final

from netlib.engine.records import BIG, Buffer

ARENA_BYTES: Final = 1 << 20
KEPT_ARENAS: Final = 16
"""Arenas that wait to be used again; after a burst the others go."""


class _Arena:
    """A piece of memory, filled from its beginning; free again when nothing in it is needed."""

    __slots__ = ("end", "in_use", "view")

    def __init__(self) -> None:
        self.view = memoryview(bytearray(ARENA_BYTES))
        self.end = 0
        self.in_use = 0
        """Chunks in it that are not recorded yet."""


class Arenas:
    """Copies of big chunks until they are recorded. For any threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._now = _Arena()
        self._by_memory: dict[int, _Arena] = {id(self._now.view.obj): self._now}
        self._free: list[_Arena] = []

    def keep(self, data: Buffer) -> Buffer:
        """Return a copy of `data` that stays as it is until it is given back."""
        size = len(data)
        if not BIG <= size <= ARENA_BYTES:
            return bytes(data)
        with self._lock:
            arena = self._now
            if arena.end + size > ARENA_BYTES:
                arena = self._now = self._next()
            start, arena.end = arena.end, arena.end + size
            arena.in_use += 1
        kept = arena.view[start : start + size]
        kept[:] = data
        return kept

    def give_back(self, pieces: Iterable[Buffer]) -> None:
        """Take back what is recorded, or was not kept here at all."""
        with self._lock:
            for piece in pieces:
                if not isinstance(piece, memoryview):
                    continue
                arena = self._by_memory[id(piece.obj)]
                arena.in_use -= 1
                if not arena.in_use:
                    self._reuse(arena)

    @property
    def in_use(self) -> int:
        """How many chunks are kept."""
        return sum(arena.in_use for arena in self._by_memory.values())

    def _next(self) -> _Arena:
        """Return an empty arena; the one in use so far is full."""
        full = self._now
        if not full.in_use:  # all of it was given back while there was room in it
            full.end = 0
            return full
        if self._free:
            return self._free.pop()
        arena = _Arena()
        self._by_memory[id(arena.view.obj)] = arena
        return arena

    def _reuse(self, arena: _Arena) -> None:
        """Nothing in an arena is needed any more."""
        arena.end = 0
        if arena is self._now:
            return
        if len(self._free) < KEPT_ARENAS:
            self._free.append(arena)
        else:
            del self._by_memory[id(arena.view.obj)]
