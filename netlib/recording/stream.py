"""One direction of a connection in a recording: which calls sent its bytes, which received them."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, overload

from netlib.engine.records import RECEIVED, SENT
from netlib.recording.calls import CallIndex
from netlib.recording.database import RecordingError
from netlib.teaching.boundaries import Boundaries, Lane

if TYPE_CHECKING:
    from netlib.recording.reader import Recording

MOST_FRAMED: Final = 1 << 20
"""Bytes at the beginning of a stream in which messages are looked for."""

ALL_BYTES: Final = 1 << 40


class CallEnds(Sequence[int]):
    """The offset in the stream after each call of one kind at an end; it grows with the calls."""

    def __init__(self, index: CallIndex, end: int, kind: int) -> None:
        self._index, self._columns = index, index.columns
        self._calls = index.columns.of_kind(end, kind)
        self._many = len(self._calls)

    def __len__(self) -> int:
        return self._many

    @overload
    def __getitem__(self, at: int) -> int: ...

    @overload
    def __getitem__(self, at: slice) -> list[int]: ...

    def __getitem__(self, at: int | slice) -> int | list[int]:
        if isinstance(at, slice):
            return [self[one] for one in range(*at.indices(self._many))]
        if not -self._many <= at < self._many:
            raise IndexError(at)
        call = self._calls[at % self._many]
        return self._columns.offset(call) + self._columns.size(call)

    def read(self, recording: Recording, first: int, last: int) -> bytes:
        """Return bytes of the stream. Raises RecordingError."""
        begin = bisect_right(self, first)
        found, at = [], begin
        while at < self._many and (not at or self[at - 1] < last):
            found.append(self._calls[at])
            at += 1
        start = self[begin - 1] if begin else 0
        data = b"".join(call.data for call in self._index.read(recording, found, ALL_BYTES))
        return data[first - start : last - start]


class Stream:
    """What one end sent, and the other received of it."""

    def __init__(self, recording: Recording, index: CallIndex, end: int, *, sent: bool) -> None:
        """`sent`: by this end; else by the other one."""
        other = index.pairing.partners.get(end)
        sender, receiver = (end, other) if sent else (other, end)
        self.sends = None if sender is None else CallEnds(index, sender, SENT)
        self.receives = None if receiver is None else CallEnds(index, receiver, RECEIVED)
        self.wrong = ""
        """Why bytes could not be read just now; empty: they could."""
        self._recording = recording

    def boundaries(self, *, lines: bool) -> Boundaries:
        """Return it as it is shown; `lines`: each message ends with LF."""
        return Boundaries(
            read=self.read,
            sends=None if self.sends is None else Lane(self.sends),
            receives=None if self.receives is None else Lane(self.receives),
            messages=Lane(self._line_ends()) if lines else None,
            framing="line" if lines else "none",
        )

    def read(self, first: int, last: int) -> bytes:
        """Return bytes of it; zeros where they cannot be read, see `wrong`."""
        source = self.sends if self.sends is not None else self.receives
        if source is None or first >= last:
            return b""
        try:
            found = source.read(self._recording, first, last)
            self.wrong = ""
        except RecordingError as refusal:
            found, self.wrong = b"", str(refusal)
        return found.ljust(last - first, b"\0")

    def _line_ends(self) -> array[int]:
        """Return where lines end among the bytes that were received, the first of them."""
        source = self.receives if self.receives is not None else self.sends
        size = source[-1] if source else 0
        data = self.read(0, min(size, MOST_FRAMED))
        ends, at = array("q"), data.find(b"\n") + 1
        while at:
            ends.append(at)
            at = data.find(b"\n", at) + 1
        return ends
