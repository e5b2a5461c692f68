"""Packets that were captured, on their way into a recording, and out of it.

They stand in the table `packet` of the recording: what crossed the wire below the calls. Nothing is
computed: a packet is there because the kernel showed it.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from netlib.i18n import _
from netlib.recording.database import RecordingError
from netlib.value import NamedTuple

if TYPE_CHECKING:
    from netlib.recording.database import Database

MOST_BYTES: Final = 64 << 20
"""Of captured packets a recording keeps so much; later ones are counted."""

ROW_BYTES: Final = 60
"""What a row costs besides its data, roughly."""

MOST_WAITING: Final = 8 << 20
"""Bytes that may wait to be written; what comes then is counted."""

LARGEST: Final = 65_535 + 40
"""Bytes of an IP packet: IPv6 counts what follows its header (RFC 8200, section 3)."""

TABLE: Final[dict[str, tuple[str, ...]]] = {"packet": ("id", "at", "wall", "size", "data")}

_SELECT: Final = f"""
SELECT id, at, wall, size, CASE WHEN typeof(data) = 'blob' AND length(data) <= {LARGEST}
  THEN data END
FROM packet WHERE typeof(id) = 'integer' AND id > ? ORDER BY id LIMIT ?"""  # noqa: S608 - nothing in it comes from outside


class CapturedPacket(NamedTuple):
    """A row of the table `packet`."""

    at: int
    """Microseconds by `system.clock`: when the kernel had it."""
    wall: int
    """To be added, for microseconds since 1970."""
    size: int
    """Bytes of the whole packet; of `data` None: packets that were missed before this moment."""
    data: bytes | None
    """The packet from its IP header on, or the first of its bytes; None: some were missed."""


class PacketQueue:
    """A bounded queue of captured packets to the journal; from any thread to its own."""

    def __init__(self, quota: int | None = None) -> None:
        """`quota`: bytes that the whole recording may take."""
        self._most = MOST_BYTES if quota is None else min(MOST_BYTES, quota // 4)
        self._rows: deque[CapturedPacket] = deque()
        self._lock = threading.Lock()
        self._waiting = self._kept = self._taken = 0
        self._missed: CapturedPacket | None = None

    def put(self, rows: Sequence[CapturedPacket]) -> None:
        """Add rows; those for which there is no room are counted in one."""
        with self._lock:
            for row in rows:
                cost = ROW_BYTES + len(row.data or b"")
                if row.data is None:
                    self._miss(row, row.size)
                elif self._kept + cost > self._most or self._waiting + cost > MOST_WAITING:
                    self._miss(row, 1)
                else:
                    self._add_missed()
                    self._rows.append(row)
                    self._kept += cost
                    self._waiting += cost

    @property
    def pending(self) -> bool:
        """Whether anything is not yet `done`."""
        return bool(self._rows or self._missed or self._taken)

    def take(self) -> list[CapturedPacket]:
        """Return what waits, in order."""
        with self._lock:
            self._add_missed()
            rows = [*self._rows]
            self._rows.clear()
            self._waiting = 0
            self._taken += len(rows)
        return rows

    def done(self, many: int) -> None:
        """So many of those that were taken are in the file."""
        self._taken -= many

    def _miss(self, row: CapturedPacket, many: int) -> None:
        before = self._missed.size if self._missed else 0
        self._missed = CapturedPacket(row.at, row.wall, before + many, None)

    def _add_missed(self) -> None:
        if self._missed is not None:
            self._rows.append(self._missed)
            self._missed = None


INSERT_PACKET: Final = "INSERT INTO packet(at, wall, size, data) VALUES (?, ?, ?, ?)"


def read_packets(db: Database, after: int, most: int) -> Iterator[tuple[int, CapturedPacket]]:
    """Yield packets behind a number, at most `most`, each with its own. Raises RecordingError.

    A row that contradicts itself is one packet that was missed.
    """
    for id, at, wall, size, data in db.rows(_SELECT, (after, most)):
        if id <= after:  # in a damaged file: whoever asks for what comes next would do so for ever
            raise RecordingError(_("its rows are not in order"))
        after = id
        numbers = (at, wall, size)
        if all(isinstance(one, int) and abs(one) < 1 << 53 for one in numbers) and size >= 0:
            yield id, CapturedPacket(at, wall, size, data)
        else:
            yield id, CapturedPacket(0, 0, 1, None)
