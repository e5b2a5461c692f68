"""The journal: everything that crossed the wire, in order, in one recording (the writing half).

`reader` reads it, and `schema` says what is in it. What the engine puts lies in a list until the
turn ends; at the latest after `PACK_SECONDS` the engine packs it into pages, in its own thread:
another that did would take the interpreter from it. The journal's thread writes them, and commits
as often; so a crash loses a tenth of a second.

If the thread cannot keep up, `full` makes the engine pause. If the disk fails, what is not written
is counted: received = recorded + dropped.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from netlib.engine.outbox import NEVER, ROOM
from netlib.engine.records import (
    KIND_MASK,
    RECEIVED,
    SENT,
    WIRE_RECEIVED,
    WIRE_SENT,
    Buffer,
    Record,
)
from netlib.errors import Cause, NetError, Operation, from_oserror
from netlib.recording.arenas import Arenas
from netlib.recording.packer import FlowRow, Pack, Packed, Packer
from netlib.recording.page import Page
from netlib.recording.store import COLUMN_BYTES, ROW_BYTES, Store

log = logging.getLogger(__name__)

QUOTA: Final = 1 << 30
"""Bytes the recording of a window may take on the disk before its oldest chunks go."""

PACK_SECONDS: Final = 0.05
"""How long what was put may wait to be packed, and what is packed for a commit."""

PACK_RECORDS: Final = 1024
PACK_BYTES: Final = 1 << 20
"""So much is packed at once: what is still in the processor's cache costs less."""

COMMIT_BYTES: Final = 8 << 20
"""Payload in memory that is committed without waiting for more."""

RECORD_COST: Final = 160
"""Bytes a record takes in memory besides its data, roughly."""

LOOK_SECONDS: Final = 0.5
"""How often the journal looks whether an engine has left something unpacked."""

FLUSH_STEP_SECONDS: Final = 0.002

NEWEST_PAGES: Final = 2
NEWEST_ACTIVITIES: Final = 16
"""Of so many activities the newest pages stay in memory, where a window reads them."""


class Journal:
    """Writes a recording: a `Recorder` whose consumer is a file.

    Figures are plain numbers written by the journal thread, exact after each commit.
    """

    def __init__(self, path: Path, quota: int | None = None, *, segmented: bool = False) -> None:
        """Create the file. Raises OSError when that cannot be done.

        `quota`: bytes it may take on the disk before its oldest chunks go; None: nothing ever goes.
        `segmented`: payload in files beside it, for a recording that nobody is to keep as it is.
        FileExistsError: there is a file, not empty; a recording is never written over.
        """
        self.path = path
        self.error: NetError | None = None
        """Why nothing is recorded any more."""
        self.recorded = {1: 0, 2: 0}
        """Bytes in the file (or trimmed from it), by direction."""
        self.dropped = {1: 0, 2: 0}
        """Bytes that could not be written, by direction."""
        self.lines: dict[int, int] = {}
        """Lines recorded, by activity."""
        self.newest: dict[int, tuple[Page, ...]] = {}
        """The newest pages of the activities that were busy last, payload and all."""
        self.due = NEVER
        """When what was put must be packed."""
        self._log: list[Any] = []
        self.put: Callable[[Record], object] = self._log.extend
        self._pack_at = 0.0
        self._unpacked_bytes = self._packed_bytes = self._written_bytes = 0
        self._packed = self._committed = 0
        """Packs that were made, and those that are done with."""
        self._packing = threading.Lock()
        """Held by whoever packs, or counts what was put: there may be several engines."""
        self._packer = Packer()
        self._arenas = Arenas()
        self.keep: Callable[[Buffer], Buffer] = self._arenas.keep
        self._packs: deque[Pack] = deque()
        self._arrived = threading.Event()
        self._written = threading.Event()
        self._stop = threading.Event()
        self._unwanted = False
        # By the caller: a file that cannot be made is the caller's to tell. It stays open from here
        # to the end: a file in WAL mode with no WAL beside it has no writer (see `reader`).
        self._store = Store(path, quota, segmented=segmented)
        self._thread = threading.Thread(target=self._run, name="socketboard-journal", daemon=True)
        self._thread.start()

    @property
    def trimmed(self) -> int:
        """Oldest chunks and events that went because of the quota."""
        return self._store.trimmed

    def close(self, timeout: float = 5.0) -> bool:
        """Write what waits, then end the thread; True: it is gone. Call after Network.close."""
        self._stop.set()  # before the wake-up: the thread looks at it next
        self._arrived.set()
        self._thread.join(timeout)
        return not self._thread.is_alive()

    def discard(self, timeout: float = 5.0) -> bool:
        """End the thread at once; what waits is not written. For a file that nobody will read."""
        self._unwanted = True  # before the stop, which asks for it
        return self.close(timeout)

    def flush(self, timeout: float = 5.0) -> bool:
        """Wait until everything put before this call is in the file."""
        until = time.monotonic() + timeout
        self._pack()
        while self._committed != self._packed:
            if time.monotonic() > until:
                return False
            time.sleep(FLUSH_STEP_SECONDS)
        return True

    # -- the engines -----------------------------------------------------------------------------

    def end_turn(self, size: int) -> bool:
        """Count `size` bytes that were put, pack them when it is time; True: no more room."""
        if size:
            with self._packing:
                self._unpacked_bytes += size
        if self._log:
            now = time.monotonic()
            much = len(self._log) >= PACK_RECORDS * 3 or self._unpacked_bytes >= PACK_BYTES
            if much or now >= self._pack_at:
                self._pack()
            else:
                self.due = self._pack_at
        return self.full()

    def full(self) -> bool:
        """Tell whether more than the allowed bytes wait."""
        unpacked = len(self._log) // 3 * RECORD_COST + self._unpacked_bytes
        return unpacked + self._packed_bytes - self._written_bytes > ROOM

    def wait_for_room(self, seconds: float) -> None:
        """Wait until something was written; at most `seconds`."""
        self._written.clear()
        if self.full():
            self._written.wait(seconds)

    def _pack(self) -> None:
        """Make pages of what has been put."""
        with self._packing:
            # Another engine may put at the same time: what it adds is for the next time.
            taken = self._log[:]
            del self._log[: len(taken)]
            self._unpacked_bytes = 0
            self._pack_at, self.due = time.monotonic() + PACK_SECONDS, NEVER
            if not taken:
                return
            try:
                pack = self._packer.pack(taken)
            except Exception as bug:  # noqa: BLE001 - in the engine's thread, which it must not end
                self._drop_records(taken)
                self._fail(bug)
                return
            for packed in pack.pages:
                if packed.joined:
                    self._arenas.give_back(packed.kept)
            self._packed_bytes += _cost(pack)
            self._packed += 1
            self._packs.append(pack)
        self._arrived.set()

    def _drop_records(self, taken: list[Any]) -> None:
        """Count what could not be packed."""
        for code, data in zip(taken[1::3], taken[2::3], strict=True):
            direction = _COUNTED.get(code & KIND_MASK)
            if direction is not None:
                self.dropped[direction] += len(data)
            if isinstance(data, memoryview):
                self._arenas.give_back([data])

    # -- the journal thread ----------------------------------------------------------------------

    def _run(self) -> None:
        try:
            self._write_all()
            self._store.close(wanted=not self._unwanted)
        except Exception as refusal:  # noqa: BLE001 - the outermost frame of this thread
            self._fail(refusal)
        while not self._stop.is_set() or self._packs:  # engines go on, and must not run out of room
            self._drop(self._take(LOOK_SECONDS))

    def _write_all(self) -> None:
        """Write and commit until the journal is closed and nothing waits."""
        batch, due = _Batch(), 0.0
        try:
            while not self._unwanted:
                last = self._stop.is_set()  # first: what was put before is packed below
                for pack in self._take(max(due - time.monotonic(), 0.0) if batch else LOOK_SECONDS):
                    self._append(pack, batch)
                now = time.monotonic()
                if batch and (last or now >= due or batch.size >= COMMIT_BYTES):
                    self._commit(batch)
                    batch, due = _Batch(), now + PACK_SECONDS
                if last and not self._packs:
                    return
        except BaseException:
            self._count_dropped(packed.page for packed in batch.packed)
            raise

    def _take(self, seconds: float) -> list[Pack]:
        """Return what has been packed; wait for it, and pack what an engine has left behind."""
        if not self._packs and not self._stop.is_set():
            self._arrived.wait(seconds)
        self._arrived.clear()
        if self._stop.is_set() or time.monotonic() > self.due + LOOK_SECONDS:
            self._pack()
        return [self._packs.popleft() for _ in range(len(self._packs))]

    def _append(self, pack: Pack, batch: _Batch) -> None:
        """Write the payload of a pack; from here on it is in the batch."""
        batch.flows += pack.flows
        batch.ended += pack.ended
        batch.packs += 1
        for packed in pack.pages:
            batch.packed.append(packed)
            batch.pages.append(self._store.append(packed.page, packed.pieces))
            batch.size += packed.page.size
            if not packed.joined:
                self._arenas.give_back(packed.kept)
        self._written_bytes += _cost(pack)
        self._written.set()

    def _commit(self, batch: _Batch) -> None:
        self._store.commit(batch.pages, batch.flows, batch.ended)
        # After the commit: who sees these figures can read the lines.
        for packed in batch.packed:
            self._remember(packed)
        for page in batch.pages:
            self.recorded[1] += page.received
            self.recorded[2] += page.sent
            self.lines[page.activity] = page.line + page.lines
        self._committed += batch.packs

    def _remember(self, packed: Packed) -> None:
        """Keep a page where a window finds it, if it is not too big to be kept."""
        newest, page = self.newest, packed.page
        before = newest.pop(page.activity, ())
        if packed.joined:
            page = page._replace(data=bytes(packed.pieces[0]))
            newest[page.activity] = (*before[1 - NEWEST_PAGES :], page)
            if len(newest) > NEWEST_ACTIVITIES:
                del newest[next(iter(newest))]

    def _drop(self, packs: Iterable[Pack]) -> None:
        """Count what cannot be written any more."""
        for pack in packs:
            for packed in pack.pages:
                if not packed.joined:
                    self._arenas.give_back(packed.kept)
            self._count_dropped(packed.page for packed in pack.pages)
            self._written_bytes += _cost(pack)
            self._committed += 1
            self._written.set()

    def _count_dropped(self, pages: Iterable[Page]) -> None:
        for page in pages:
            self.dropped[1] += page.received
            self.dropped[2] += page.sent

    def _fail(self, refusal: Exception) -> None:
        """Nothing is recorded any more: say why, once."""
        if isinstance(refusal, OSError):
            log.warning("recording stopped: %s", refusal)
            error = from_oserror(Operation.RECORD, refusal)
            refused = NetError(Operation.RECORD, error.cause, detail=error.detail)
        else:
            log.error("bug in the journal", exc_info=refusal)
            refused = NetError(Operation.RECORD, Cause.UNKNOWN, detail=str(refusal))
        self.error = self.error or refused


@dataclass(slots=True)
class _Batch:
    """What is written and not committed yet."""

    packed: list[Packed] = field(default_factory=list)
    pages: list[Page] = field(default_factory=list)
    flows: list[FlowRow] = field(default_factory=list)
    ended: list[int] = field(default_factory=list)
    packs: int = 0
    size: int = 0

    def __bool__(self) -> bool:
        return self.packs > 0


_COUNTED: Final = {
    RECEIVED: 1,
    WIRE_RECEIVED: 1,
    SENT: 2,
    WIRE_SENT: 2,
}
"""In which direction a chunk of some kind crossed the wire."""


def _cost(pack: Pack) -> int:
    """Return how much memory a pack takes, roughly."""
    pages = sum(page.size + page.chunks * COLUMN_BYTES + ROW_BYTES for page, *_rest in pack.pages)
    return pages + (len(pack.flows) + 1) * ROW_BYTES
