"""What the engines put, on its way to the journal: packed into pages, in their threads, in time.

Another thread that packed would take the interpreter from the engine. Until they are packed,
records lie one after the other in a list.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from typing import Any, Final

from netlib.engine.outbox import NEVER, ROOM
from netlib.engine.records import (
    KIND_MASK,
    RECEIVED,
    SENT,
    WIRE_RECEIVED,
    WIRE_SENT,
    Record,
)
from netlib.recording.packer import Pack, Packer
from netlib.recording.store import COLUMN_BYTES, ROW_BYTES
from netlib.system.clock import now

PACK_SECONDS: Final = 0.05
"""How long what was put may wait to be packed."""

PACK_RECORDS: Final = 1024
PACK_BYTES: Final = 1 << 20
"""So much is packed at once: what is still in the processor's cache costs less."""

RECORD_COST: Final = 160
"""Bytes a record takes in memory besides its data, roughly."""


class PackQueue:
    """A bounded queue from the engines to the journal: records in, packs out."""

    def __init__(self, failed: Callable[[Exception], None]) -> None:
        """`failed`: told of a bug; from then on everything is dropped."""
        self.dropped = {1: 0, 2: 0}
        """Bytes that could not be recorded, by direction."""
        self.due = NEVER
        """When what was put must be packed."""
        self.packed = 0
        """Packs there have been so far."""
        self._log: list[Any] = []
        self.put: Callable[[Record], object] = self._log.extend
        self._failed = failed
        self._pack_at = 0.0
        self._unpacked_bytes = self._packed_bytes = self._released_bytes = 0
        self._packing = threading.Lock()
        """Held by whoever packs, or counts what was put: there may be several engines."""
        self._packer: Packer | None = Packer()
        self._packs: deque[Pack] = deque()
        self._arrived = threading.Event()
        self._released = threading.Event()

    # -- the engines -----------------------------------------------------------------------------

    def end_turn(self, size: int) -> bool:
        """Count `size` bytes that were put, pack them when it is time; True: no more room."""
        if size:
            with self._packing:
                self._unpacked_bytes += size
        if self._log:
            much = len(self._log) >= PACK_RECORDS * 3 or self._unpacked_bytes >= PACK_BYTES
            if much or now() >= self._pack_at:
                self.pack()
            else:
                self.due = self._pack_at
        return self.full()

    def full(self) -> bool:
        """Tell whether more than the allowed bytes wait."""
        unpacked = len(self._log) // 3 * RECORD_COST + self._unpacked_bytes
        return unpacked + self._packed_bytes - self._released_bytes > ROOM

    def wait_for_room(self, seconds: float) -> None:
        """Wait until something was released; at most `seconds`."""
        self._released.clear()
        if self.full():
            self._released.wait(seconds)

    def pack(self) -> None:
        """Make pages of what has been put."""
        with self._packing:
            # Another engine may put at the same time: what it adds is for the next time.
            taken = self._log[:]
            del self._log[: len(taken)]
            self._unpacked_bytes = 0
            self._pack_at, self.due = now() + PACK_SECONDS, NEVER
            pack = self._packed_or_dropped(taken)
            if pack is None:
                return
            self._packed_bytes += cost(pack)
            self.packed += 1
            self._packs.append(pack)
        self._arrived.set()

    def _packed_or_dropped(self, taken: list[Any]) -> Pack | None:
        if self._packer is None:
            self._drop_records(taken)
            return None
        try:
            return self._packer.pack(taken) if taken else None
        except Exception as bug:  # noqa: BLE001 - in the engine's thread, which it must not end
            self._packer = None  # it may have counted half of them
            self._drop_records(taken)
            self._failed(bug)
            return None

    def _drop_records(self, taken: list[Any]) -> None:
        """Count what could not be packed."""
        for code, data in zip(taken[1::3], taken[2::3], strict=True):
            direction = _COUNTED.get(code & KIND_MASK)
            if direction is not None:
                self.dropped[direction] += len(data)

    # -- the journal -----------------------------------------------------------------------------

    def take(self, seconds: float) -> list[Pack]:
        """Return what has been packed; wait for it up to `seconds`."""
        if not self._packs:
            self._arrived.wait(seconds)
        self._arrived.clear()
        return [self._packs.popleft() for _ in range(len(self._packs))]

    def is_late(self, seconds: float) -> bool:
        """Tell whether no engine has packed for so long, though there is something to pack."""
        return bool(self._log) and now() > self._pack_at + seconds

    def waiting(self) -> int:
        """Return how many packs there are to take."""
        return len(self._packs)

    def wake(self) -> None:
        """Let a waiting journal look, though nothing has come."""
        self._arrived.set()

    def release(self, pack: Pack) -> None:
        """The payload of a pack needs no memory any more."""
        self._released_bytes += cost(pack)
        self._released.set()


_COUNTED: Final = {RECEIVED: 1, WIRE_RECEIVED: 1, SENT: 2, WIRE_SENT: 2}
"""In which direction a chunk of some kind crossed the wire."""


def cost(pack: Pack) -> int:
    """Return how much memory a pack takes, roughly."""
    pages = sum(page.size + page.chunks * COLUMN_BYTES + ROW_BYTES for page, *_rest in pack.pages)
    return pages + (len(pack.flows) + 1) * ROW_BYTES
