"""The journal: everything that crossed the wire, in order, in one recording (the writing half).

`reader` reads it, and `schema` says what is in it. What the engine puts lies in a list until the
turn ends; at the latest after `PACK_SECONDS` the engine packs it into pages, in its own thread:
another that did would take the interpreter from it. The journal's thread writes them, and commits
as often; so a crash loses a tenth of a second.

If the thread cannot keep up, `full` makes the engine pause. If the disk fails, what is not written
is counted: received = recorded + dropped.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

from netlib.errors import Cause, NetError, Operation, from_oserror
from netlib.recording.excerpt import Excerpt
from netlib.recording.newest import Newest
from netlib.recording.pack_queue import PackQueue
from netlib.recording.packer import FlowRow, Pack
from netlib.recording.packets import CapturedPacket, PacketQueue
from netlib.recording.page import Page
from netlib.recording.schema import beside
from netlib.recording.store import Store
from netlib.system.clock import now
from netlib.system.logger import Logger

log = Logger(__name__)

QUOTA: Final = 1 << 30
"""Bytes the recording of a window may take on the disk before its oldest chunks go."""

COMMIT_SECONDS: Final = 0.05
"""Shortest time between two commits: many small ones would cost more than they bring."""

COMMIT_BYTES: Final = 8 << 20
"""Payload that waits in memory for its commit; so much is committed without waiting for more."""

LOOK_SECONDS: Final = 0.5
"""How often the journal looks whether an engine has left something unpacked."""

FLUSH_STEP_SECONDS: Final = 0.002


class Journal(PackQueue):
    """Writes a recording: a `Recorder` whose consumer is a file.

    Figures are plain numbers written by the journal thread, exact after each commit.
    """

    def __init__(self, path: Path, quota: int | None = None, *, segmented: bool = False) -> None:
        """Create the file. Raises OSError when that cannot be done.

        `quota`: bytes it may take on the disk before its oldest chunks go; None: nothing ever goes.
        `segmented`: payload in files beside it, for a recording that nobody is to keep as it is.
        FileExistsError: there is a file, not empty; a recording is never written over.
        """
        super().__init__(self._fail)
        self.path = path
        self.error: NetError | None = None
        """Why nothing is recorded any more."""
        self.recorded = {1: 0, 2: 0}
        """Bytes in the file (or trimmed from it), by direction."""
        self.lines: dict[int, int] = {}
        """Lines recorded, by activity."""
        self.newest = Newest()
        self._committed = 0
        """Packs that are done with."""
        self._captured = PacketQueue(quota)
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

    def put_packets(self, rows: Sequence[CapturedPacket]) -> None:
        """Add what was captured below the calls; from any thread."""
        self._captured.put(rows)
        self.wake()

    def close(self, timeout: float = 5.0) -> bool:
        """Write what waits, then end the thread; True: it is gone. Call after Network.close."""
        self._stop.set()  # before the wake-up: the thread looks at it next
        self.wake()
        self._thread.join(timeout)
        return not self._thread.is_alive()

    def discard(self, timeout: float = 5.0) -> bool:
        """End the thread at once; what waits is not written. For a file that nobody will read."""
        self._unwanted = True  # before the stop, which asks for it
        return self.close(timeout)

    def flush(self, timeout: float = 5.0) -> bool:
        """Wait until everything put before this call is in the file."""
        until = now() + timeout
        self.pack()
        while self._committed != self.packed or self._captured.pending:
            if now() > until:
                return False
            time.sleep(FLUSH_STEP_SECONDS)
        return True

    def unmerged(self) -> Path | None:
        """Return the file without which the recording is not whole, where there is one."""
        wal, *_more = beside(self.path)
        return wal if self.path.exists() and wal.exists() else None

    # -- the journal thread ----------------------------------------------------------------------

    def _run(self) -> None:
        for step in (self._write_all, self._close_store):  # the files go, whatever the first says
            try:
                step()
            except Exception as refusal:  # noqa: BLE001 - the outermost frame of this thread
                self._fail(refusal)
        while not self._stop.is_set() or self.waiting():  # engines go on, and need room for it
            self._drop(self.take(LOOK_SECONDS))
            self._captured.done(len(self._captured.take()))

    def _write_all(self) -> None:
        """Write and commit until the journal is closed and nothing waits."""
        batch, due = _Batch(), 0.0
        packs: deque[Pack] = deque()
        try:
            while not self._unwanted:
                last = self._stop.is_set()  # first: what was put before is packed below
                if last or self.is_late(LOOK_SECONDS):  # the engines are gone, or one hangs
                    self.pack()
                patience = 0.0 if last else max(due - now(), 0.0) if batch else LOOK_SECONDS
                packs.extend(self.take(patience))
                while packs:
                    self._append(packs[0], batch)
                    packs.popleft()  # afterwards: one that cannot be written is dropped, too
                moment = now()
                batch.packets += self._captured.take()
                if batch and (last or moment >= due or batch.size >= COMMIT_BYTES):
                    self._commit(batch)
                    batch, due = _Batch(), moment + COMMIT_SECONDS
                if last and not self.waiting() and not self._captured.pending:
                    return
        except Exception as refusal:  # noqa: BLE001 - as in `_run`
            self._fail(refusal)  # first: who sees that something is dropped can say why
            self._count_dropped(batch.taken)
            self._committed += batch.packs
            self._captured.done(len(batch.packets))
            self._drop(packs)

    def _close_store(self) -> None:
        self._store.close(wanted=not self._unwanted)

    def _append(self, pack: Pack, batch: _Batch) -> None:
        """Write the payload of a pack; then it is in the batch."""
        batch.flows += pack.flows
        batch.ended += pack.ended
        for packed, pieces, joined in pack.pages:
            page = self._store.append(packed, pieces)
            batch.pages.append(page)
            if page.segment is None:
                batch.size += page.size
                continue
            data = pieces[0] if joined else Excerpt(pieces)
            batch.size += len(data)
            batch.newest.append(page._replace(data=data))
        batch.taken += [packed.page for packed in pack.pages]  # last: else it counts as a whole
        batch.packs += 1
        self.release(pack)

    def _commit(self, batch: _Batch) -> None:
        self._store.commit(batch.pages, batch.flows, batch.ended, batch.packets)
        # After the commit: who sees these figures can read the lines.
        self.newest.put_flows(batch.flows)  # first: as in the file, no page names an unknown one
        self.newest.put(batch.newest)
        for page in batch.pages:
            self.recorded[1] += page.received
            self.recorded[2] += page.sent
            self.lines[page.activity] = page.line + page.lines
        self._captured.done(len(batch.packets))
        self._committed += batch.packs

    def _drop(self, packs: Iterable[Pack]) -> None:
        """Count what cannot be written any more."""
        for pack in packs:
            self._count_dropped(packed.page for packed in pack.pages)
            self.release(pack)
            self._committed += 1

    def _count_dropped(self, pages: Iterable[Page]) -> None:
        for page in pages:
            self.dropped[1] += page.received
            self.dropped[2] += page.sent

    def _fail(self, refusal: Exception) -> None:
        """Nothing is recorded any more: say why, once."""
        if isinstance(refusal, OSError):
            if self.error is None:  # the end fails for the same reason
                log.warning("recording stopped: %s", refusal)
            error = from_oserror(Operation.RECORD, refusal)
            refused = NetError(Operation.RECORD, error.cause, detail=error.detail)
        else:
            log.error("bug in the journal", exc_info=refusal)
            refused = NetError(Operation.RECORD, Cause.UNKNOWN, detail=str(refusal))
        self.error = self.error or refused


class _Batch:
    """What is written and not committed yet."""

    def __init__(self) -> None:
        self.taken: list[Page] = []
        """Pages as they came from the packer, and as they are stored."""
        self.pages: list[Page] = []
        self.newest: list[Page] = []
        """Those of segments, with their bytes, or an excerpt of them. Of a recording without
        segments nobody reads the newest page thirty times a second."""
        self.flows: list[FlowRow] = []
        self.ended: list[int] = []
        self.packets: list[CapturedPacket] = []
        self.packs = 0
        self.size = 0
        """Bytes of payload that it holds in memory."""

    def __bool__(self) -> bool:
        return self.packs > 0 or bool(self.packets)
