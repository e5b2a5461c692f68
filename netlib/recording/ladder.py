"""What a ladder is made of: calls of a recording, each with what is known of the other end."""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Collection, Iterable, Sequence
from functools import lru_cache
from heapq import merge
from typing import TYPE_CHECKING, Final

from netlib.engine.records import EVENT, RECEIVED, SENT
from netlib.events import ActivityStopped, Closed, Event, PeerFinished
from netlib.i18n import ngettext
from netlib.recording.calls import CallIndex
from netlib.recording.packet_index import PacketIndex
from netlib.recording.packet_rows import seen_packets
from netlib.recording.places import call_at, is_packet, places_of_calls
from netlib.teaching.calls import Call, End, Part
from netlib.teaching.ladder import (
    Rung,
    Seen,
    SeenPacket,
    Site,
    address_of,
    meets_rst,
    rungs,
    sends_fin,
    sends_rst,
)
from netlib.teaching.ladder_svg import ladder_svg
from netlib.teaching.ladder_text import TextOptions
from netlib.value import NamedTuple

if TYPE_CHECKING:
    from netlib.recording.reader import Recording

SHOWN_BYTES: Final = 256
"""Of each call at most so many bytes are read."""

LAST_EVENTS: Final = 256
"""Among so many events of an end, the last ones, is how it ended."""

AT_ONCE: Final = 300
"""Datagrams whose arrivals are looked for in one go."""


class Arrivals(NamedTuple):
    """What became of some datagrams that one end sent to another."""

    found: dict[int, int]
    """As which call each was received."""
    last: int
    """The last one that arrived, of those near them, too; -1: none."""
    whole: bool
    """All was looked through that was received after they were sent."""


MOST_IN_SVG: Final = 2000
"""Calls in one picture."""


class Endings(NamedTuple):
    """By which calls an end said, and was told, that nothing more comes; None: by none yet."""

    fin: int | None
    rst: int | None
    met_fin: int | None
    met_rst: int | None
    closed: int | None
    """By which call it was over."""


class LadderReader:
    """Reads rungs. Belongs to one thread, like the `Recording` it reads from."""

    def __init__(
        self, recording: Recording, index: CallIndex, packets: PacketIndex | None = None
    ) -> None:
        """`packets`: those that were captured, if they are wanted."""
        self._recording, self.index, self._packets = recording, index, packets
        self._endings = lru_cache(1000)(self._read_endings)
        self._arrivals = lru_cache(64)(self._read_arrivals)

    def rungs(self, places: Sequence[int], before: int | None = None) -> list[Rung]:
        """Return the rungs at ascending places. Raises RecordingError.

        `before`: the place of the row above the first one; None: there is none.
        """
        above = () if before is None else (before,)
        since: float | None = None
        for row in self._seen(above, 0):
            if isinstance(row, SeenPacket):
                since = row.packet.at
            elif not row.call.lost:
                since = row.call.at
        return rungs(self._seen(places, SHOWN_BYTES), self.index.pairing.ends, since)

    def places(self) -> Sequence[int]:
        """Return the places of all calls and packets there are, ascending."""
        calls = places_of_calls(range(self.index.total))
        packets = () if self._packets is None else self._packets.places
        return array("q", merge(calls, sorted(packets))) if packets else calls

    def _seen(self, places: Sequence[int], limit: int) -> list[Seen | SeenPacket]:
        numbers = [call_at(place) for place in places if not is_packet(place)]
        calls = iter(self.index.read(self._recording, numbers, limit))
        wire = [place for place in places if is_packet(place)]
        packets = iter(seen_packets(self._recording, self._packets, wire) if self._packets else ())
        return [next(packets) if is_packet(place) else self.seen(next(calls)) for place in places]

    def addresses(self) -> dict[Site, str]:
        """Return where the servers and clients of the recording are, as far as it tells."""
        found: dict[Site, str] = {}
        for end in self.index.pairing.ends:
            if end.local:
                found[Site(end.activity, "", end.serves)] = end.local
        return found

    def seen(self, call: Call) -> Seen:
        """Return a call with what is known of the other end. Raises RecordingError."""
        end = self.index.pairing.ends[call.end]
        there = self._there(call, end)
        if call.lost:
            return Seen(call)
        if call.kind == EVENT:
            seen = self._event(call, there) if end.connection else Seen(call, there)
            if self._packets is None or not self._packets.places:
                return seen
            return seen._replace(captured=self._packets.captured(call, there))
        if there is None:
            return Seen(call)
        if not end.connection:
            return self._datagram(call, there)
        parts = self.index.columns.parts(call.number, there)
        named = sum(part.end - part.begin for part in parts)
        crossed = self.index.columns.crossed(call.number, there)
        unread = crossed < call.size and call.is_sent and self._ended(there).closed is not None
        return Seen(call, there, tuple(parts), crossed - named, unread=unread)

    # -- inside ----------------------------------------------------------------------------------

    def _there(self, call: Call, end: End) -> int | None:
        """Return the other end of a call; of one that connected, where it was accepted."""
        pairing = self.index.pairing
        if end.connection or end.peer:
            there = pairing.partners.get(end.number)
            known = there is not None or call.kind != SENT
            return there if known else pairing.listener(end.number, call.at)
        last = pairing.connected.get(end.activity)
        if last is None or pairing.ends[last].peer != address_of(call.event):
            return None
        return pairing.partners.get(last)

    def _event(self, call: Call, there: int | None) -> Seen:
        event, other = call.event, None
        mine = self._ended(call.end)
        theirs = Endings(None, None, None, None, None) if there is None else self._ended(there)
        closes = isinstance(event, Closed)
        # Who met FIN first was told that this end had closed; RST answered what it said then.
        met_reset = closes and theirs.met_rst is not None and theirs.met_fin is None
        if isinstance(event, PeerFinished):
            other = theirs.fin
        elif meets_rst(event):
            other = theirs.rst
        elif sends_rst(event) or met_reset:
            other = theirs.met_rst
        elif sends_fin(event):
            other = theirs.met_fin
        parts = () if other is None else (Part(other, 0, 0),)
        before = closes and mine.fin is not None and mine.fin < call.number
        return Seen(call, there, parts, met_reset=met_reset, fin_before=before)

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
            first(lambda event: isinstance(event, Closed)),
        )

    def _datagram(self, call: Call, there: int) -> Seen:
        if not call.is_sent:
            sender = self._sent_as(there, call.end, call.number)
            return Seen(call, there, () if sender is None else (Part(sender, 0, call.size),))
        place = bisect_left(self.index.columns.of_kind(call.end, SENT), call.number)
        near = self._near(call.end, there, place // AT_ONCE)
        if call.number in near.found:
            return Seen(call, there, (Part(near.found[call.number], 0, call.size),))
        # A socket gives datagrams out in the order they came.
        missed = near.last > call.number or (near.whole and self._has_stopped(there))
        known = missed or near.whole
        return Seen(call, there, unnamed=0 if known else call.size, missed=missed)

    def _has_stopped(self, end: int) -> bool:
        """Tell whether the activity of an end is over."""
        whole = self.index.pairing.whole(self.index.pairing.ends[end].activity)
        events = () if whole is None else self.index.columns.of_kind(whole)[-1:]
        last = self.index.read(self._recording, events, 0)
        return bool(last) and isinstance(last[0].event, ActivityStopped)

    def _sent_as(self, sender: int, receiver: int, number: int) -> int | None:
        """Return by which call a datagram was sent that was received; None: by none known.

        As many were sent before it as were received, and those that were lost; or it was sent
        shortly before it was received.
        """
        by_then = bisect_left(self.index.columns.of_kind(sender, SENT), number)
        place = bisect_left(self.index.columns.of_kind(receiver, RECEIVED), number)
        last, block = (by_then - 1) // AT_ONCE, place // AT_ONCE
        likely = (block, block + 1, last, last - 1, block - 1, block + 2, last - 2)
        for one in dict.fromkeys(likely):
            if 0 <= one <= last:
                for here, there in self._near(sender, receiver, one).found.items():
                    if there == number:
                        return here
        return None

    def _near(self, sender: int, receiver: int, block: int) -> Arrivals:
        """Return what became of the datagrams of a block."""
        sent = self.index.columns.of_kind(sender, SENT)
        received = self.index.columns.of_kind(receiver, RECEIVED)
        places = range(max(block - 1, 0) * AT_ONCE, min((block + 2) * AT_ONCE, len(sent)))
        after = bisect_left(received, sent[places.start])
        until = min(after + 4 * AT_ONCE, len(received))
        total = min(places.stop, len(received))
        return self._arrivals((sender, receiver), block, places, total, range(after, until))

    def _read_arrivals(
        self, ends: tuple[int, int], block: int, sent: range, total: int, after: range
    ) -> Arrivals:
        """Look for datagrams among those received at the same place, then at one near it."""
        columns = self.index.columns
        sends = columns.of_kind(ends[0], SENT)[sent.start : sent.stop]
        hears = columns.of_kind(ends[1], RECEIVED)
        near = {*range(max(sent.start - AT_ONCE, 0), total), *after}
        numbers = [hears[place] for place in sorted(near)]
        waiting = self.index.read(self._recording, sends, SHOWN_BYTES)
        heard = self.index.read(self._recording, numbers, SHOWN_BYTES)
        same = {*hears[sent.start : total]}
        found = arrivals(waiting, [call for call in heard if call.number in same])
        taken = {*found.values()}
        found |= arrivals(
            [call for call in waiting if call.number not in found],
            [call for call in heard if call.number not in taken],
        )
        own = {*sends[block * AT_ONCE - sent.start :][:AT_ONCE]}
        mine = {here: there for here, there in found.items() if here in own}
        return Arrivals(mine, max(found, default=-1), after.stop >= len(hears))


def whole_ladder(recording: Recording, activities: Collection[int] | None = None) -> LadderReader:
    """Return what reads all calls of some activities, or of all, and packets captured of them.

    Raises RecordingError.
    """
    index = CallIndex(activities)
    packets = PacketIndex(index)
    while index.advance(recording):
        pass
    while packets.advance(recording, all_there=True):
        pass
    return LadderReader(recording, index, packets)


def call_of(recording: Recording, index: CallIndex, activity: int, line: int) -> int | None:
    """Return the call that a line of an activity is part of. Raises RecordingError."""

    def first_line(number: int) -> int:
        return index.read(recording, (number,), 0)[0].line

    found = -1
    for end in index.pairing.ends:
        for calls in index.columns.of(end.number) if end.activity == activity else ():
            at = bisect_right(calls, line, key=first_line) - 1
            found = max(found, calls[at] if at >= 0 else -1)
    return found if found >= 0 else None


def svg(reader: LadderReader, places: Sequence[int], options: TextOptions) -> str:
    """Return rows as an SVG document; of more than can be looked at the rest is counted in it."""
    rows = reader.rungs(places[:MOST_IN_SVG])
    left = len(places) - len(rows)
    words = ngettext("… and {count:,} more call", "… and {count:,} more calls", left)
    note = words.format(count=left) if left else ""
    return ladder_svg(rows, options, note=note)


class _Together(NamedTuple):
    """Datagrams with the same bytes that were on their way at once, by their numbers."""

    sent: list[int]
    received: list[int]


def arrivals(sent: Iterable[Call], received: Iterable[Call]) -> dict[int, int]:
    """Return as which received datagram each sent one arrived, by their numbers.

    Of those with the same bytes it is the last one sent before: one that was lost is not taken for
    a later one. Those that were on their way together arrive in the order they were sent.
    """
    waiting: dict[tuple[int, bytes], list[int]] = {}
    found: dict[tuple[int, bytes], list[_Together]] = {}
    for one in merge(sent, received, key=lambda call: call.number):
        same = (one.size, one.data)
        if one.is_sent:
            waiting.setdefault(same, []).append(one.number)
        elif waiting.get(same):
            first = waiting[same].pop()
            together = _Together([first], [])
            before = found.setdefault(same, [])
            while before and before[-1].sent[0] > first:
                inner = before.pop()
                together.sent.extend(inner.sent)
                together.received[:0] = inner.received
            together.received.append(one.number)
            before.append(together)
    return {
        here: there
        for some in found.values()
        for together in some
        for here, there in zip(sorted(together.sent), together.received, strict=True)
    }
