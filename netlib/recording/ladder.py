"""What a ladder is made of: calls of a recording, each with what is known of the other end."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from functools import lru_cache
from heapq import merge
from typing import TYPE_CHECKING, Final, NamedTuple

from netlib.engine.records import EVENT, RECEIVED, SENT
from netlib.events import Closed, Event, PeerFinished
from netlib.i18n import ngettext
from netlib.recording.calls import CallIndex
from netlib.teaching.calls import Call, Part
from netlib.teaching.ladder import Rung, Seen, Site, meets_rst, rungs, sends_fin, sends_rst
from netlib.teaching.ladder_svg import ladder_svg
from netlib.teaching.ladder_text import TextOptions

if TYPE_CHECKING:
    from netlib.recording.reader import Recording

SHOWN_BYTES: Final = 256
"""Of each call at most so many bytes are read."""

LAST_EVENTS: Final = 16
"""Among so many events of an end, the last ones, is how it ended."""

AROUND: Final = 64
"""Among so many datagrams before and after one it is looked for at the other end."""

LATE_SECONDS: Final = 1.0
"""Of datagrams with the same bytes one is not taken for another that was sent so long before."""


MOST_IN_SVG: Final = 2000
"""Calls in one picture."""


class Endings(NamedTuple):
    """By which calls an end said, and was told, that nothing more comes; None: by none yet."""

    fin: int | None
    rst: int | None
    met_fin: int | None
    met_rst: int | None


class LadderReader:
    """Reads rungs. Belongs to one thread, like the `Recording` it reads from."""

    def __init__(self, recording: Recording, index: CallIndex) -> None:
        self._recording, self.index = recording, index
        self._endings = lru_cache(1000)(self._read_endings)

    def rungs(self, numbers: Sequence[int], before: int | None = None) -> list[Rung]:
        """Return the rungs of calls, by ascending numbers. Raises RecordingError.

        `before`: the call in the row above the first one; None: there is none.
        """
        calls = self.index.read(self._recording, numbers, SHOWN_BYTES)
        above = () if before is None else (before,)
        since = [call.at for call in self.index.read(self._recording, above, 0) if not call.lost]
        seen = [self.seen(call) for call in calls]
        return rungs(seen, self.index.pairing.ends, since[0] if since else None)

    def call_of(self, activity: int, line: int) -> int | None:
        """Return the call that a line of an activity is part of. Raises RecordingError."""
        columns, found = self.index.columns, -1
        for end in self.index.pairing.ends:
            for calls in columns.of(end.number) if end.activity == activity else ():
                at = bisect_right(calls, line, key=self._line) - 1
                if at >= 0:
                    found = max(found, calls[at])
        return found if found >= 0 else None

    def _line(self, number: int) -> int:
        return self.index.read(self._recording, (number,), 0)[0].line

    def addresses(self) -> dict[Site, str]:
        """Return where the servers and clients of the recording are, as far as it tells."""
        found: dict[Site, str] = {}
        for end in self.index.pairing.ends:
            if end.local:
                found[Site(end.activity, "", end.serves)] = end.local
        return found

    def seen(self, call: Call) -> Seen:
        """Return a call with what is known of the other end. Raises RecordingError."""
        pairing = self.index.pairing
        end = pairing.ends[call.end]
        whole = not end.connection and not end.peer
        there = pairing.partners.get(pairing.connected.get(end.activity, -1) if whole else call.end)
        if call.lost:
            return Seen(call)
        if call.kind != EVENT:
            stream = end.connection > 0
            parts = self._stream(call, there) if stream else self._datagram(call, there)
            return Seen(call, there, tuple(parts))
        return self._event(call, there) if end.connection else Seen(call, there)

    # -- inside ----------------------------------------------------------------------------------

    def _event(self, call: Call, there: int | None) -> Seen:
        event, other = call.event, None
        mine = self._ended(call.end)
        theirs = Endings(None, None, None, None) if there is None else self._ended(there)
        if isinstance(event, PeerFinished):
            other = theirs.fin
        elif meets_rst(event):
            other = theirs.rst
        elif sends_rst(event) or theirs.met_rst is not None:
            other = theirs.met_rst
        elif sends_fin(event):
            other = theirs.met_fin
        parts = () if other is None else (Part(other, 0, 0),)
        closes = isinstance(event, Closed)
        before = closes and mine.fin is not None and mine.fin < call.number
        return Seen(call, there, parts, closes and theirs.met_rst is not None, before)

    def _ended(self, end: int) -> Endings:
        events = self.index.columns.of_kind(end)
        return self._endings(end, len(events))

    def _read_endings(self, end: int, many: int) -> Endings:
        """Return how an end ended, among its first `many` events."""
        numbers = self.index.columns.of_kind(end)[max(many - LAST_EVENTS, 0) : many]
        calls = self.index.read(self._recording, numbers, 0)

        def first(which: Callable[[Event | None], bool]) -> int | None:
            return next((call.number for call in calls if which(call.event)), None)

        return Endings(
            first(sends_fin),
            first(sends_rst),
            first(lambda event: isinstance(event, PeerFinished)),
            first(meets_rst),
        )

    def _stream(self, call: Call, there: int | None) -> list[Part]:
        return [] if there is None else self.index.columns.parts(call.number, there)

    def _datagram(self, call: Call, there: int | None) -> list[Part]:
        if there is None:
            return []
        sender, receiver = (call.end, there) if call.is_sent else (there, call.end)
        sent = self.index.columns.near(sender, SENT, call.number, AROUND)
        received = self.index.columns.near(receiver, RECEIVED, call.number, AROUND)
        numbers = [*merge(sent, received)]
        near = {one.number: one for one in self.index.read(self._recording, numbers, SHOWN_BYTES)}
        pairs = arrivals([near[one] for one in sent], [near[one] for one in received])
        both = pairs | {there: here for here, there in pairs.items()}
        other = both.get(call.number)
        return [] if other is None else [Part(other, 0, call.size)]


def svg(reader: LadderReader, numbers: Sequence[int], options: TextOptions) -> str:
    """Return calls as an SVG document; of more than can be looked at the rest is counted in it."""
    rows = reader.rungs(numbers[:MOST_IN_SVG])
    left = len(numbers) - len(rows)
    words = ngettext("… and {count:,} more call", "… and {count:,} more calls", left)
    note = words.format(count=left) if left else ""
    return ladder_svg(rows, options, note=note)


def arrivals(sent: Sequence[Call], received: Sequence[Call]) -> dict[int, int]:
    """Return as which received datagram each sent one arrived, by their numbers.

    The first that fits: the same bytes, sent before, and not long before where another fits, too.
    """
    found: dict[int, int] = {}
    waiting = [*sent]
    for one in received:
        fits = [
            other
            for other in waiting
            if other.number < one.number and (other.size, other.data) == (one.size, one.data)
        ]
        if fits:
            soon = [other for other in fits if one.at - other.at < LATE_SECONDS]
            chosen = soon[0] if soon else fits[-1]
            waiting.remove(chosen)
            found[chosen.number] = one.number
    return found
