"""Which calls of a recording are shown: those of some activities, and those at their other ends."""

from __future__ import annotations

from array import array
from bisect import bisect_left, insort
from collections.abc import Sequence
from typing import TYPE_CHECKING

from netlib.recording.places import place_of_call, places_of_calls

if TYPE_CHECKING:
    from netlib.recording.calls import CallIndex
    from netlib.recording.packet_index import PacketIndex

CALLS_A_TICK = 20_000
"""Calls that are looked at in one go to find out whether they are shown."""


class ShownCalls:
    """The places of the calls that are shown, and of the packets below them, ascending."""

    def __init__(self, activities: Sequence[int], connection: int, *, packets: bool = True) -> None:
        """`connection`: only this one of these activities; 0: all. `packets`: those as well."""
        self.places = array("q")
        # Of what cannot be read it is not known whose it is: its activity is 0.
        self._activities, self._connection = {*activities, 0}, connection
        self._packets = packets
        self._ends: set[int] = set()
        self._ends_known = self._joined_known = self._seen = self._packets_seen = 0
        self._missed: list[int] = []
        """Places of packets that were missed, behind the last row that is shown."""
        self._behind = -1
        """The one of them that is shown behind it."""
        self._found, self._found_seen = array("q"), 0
        """The matches of a search that are shown, and how many matches were looked at."""
        self._found_of: Sequence[int] | None = None

    def sync(self, index: CallIndex, packets: PacketIndex) -> bool:
        """Take in what has come; True: some stand before what was shown already."""
        late = self._take_ends(index, packets)
        until = min(index.total, self._seen + CALLS_A_TICK)
        end, ends = index.columns.end, self._ends
        shown = [call for call in range(self._seen, until) if end(call) in ends]
        self.places.extend(places_of_calls(shown))
        self._seen = until
        return self._take_packets(packets) or late

    def found(self, matches: Sequence[int]) -> Sequence[int]:
        """Return what a search found among what is shown; each is looked at once."""
        if self._found_of is not matches:
            self._found_of, self._found, self._found_seen = matches, array("q"), 0
        until = bisect_left(matches, place_of_call(self._seen), lo=self._found_seen)
        some = matches[self._found_seen : until]
        self._found.extend([one for one in some if row_at(self.places, one) is not None])
        self._found_seen = until
        return self._found

    def _take_ends(self, index: CallIndex, packets: PacketIndex) -> bool:
        """Find out which of the ends that have come are shown; an other end may come later."""
        pairing = index.pairing
        ends, joined = len(pairing.ends), len(pairing.joined)
        new = {number for number in range(self._ends_known, ends) if self._is_shown(index, number)}
        for both in pairing.joined[self._joined_known : joined]:
            if any(self._is_shown(index, one) for one in both):
                new |= {*both}
        self._ends_known, self._joined_known = ends, joined
        new -= self._ends
        self._ends |= new
        late = [
            call
            for number in new
            for calls in index.columns.of(number)
            for call in calls[: bisect_left(calls, self._seen)]
        ]
        below = [
            packets.places[packet]
            for number in new
            for packet in packets.of.get(number, ())
            if self._packets and packet < self._packets_seen
        ]
        if late or below:
            self.places = array("q", sorted({*self.places, *places_of_calls(late), *below}))
            self._found_of = None
        return bool(late or below)

    def _take_packets(self, packets: PacketIndex) -> bool:
        """Take in packets, also such as belong between calls that are shown already."""
        if not self._packets:
            return False
        until, late = len(packets.places), False
        for place, owner in zip(
            packets.places[self._packets_seen : until],
            packets.owners[self._packets_seen : until],
            strict=True,
        ):
            if owner < 0:
                self._missed.append(place)
            elif owner in self._ends:
                late = late or bool(self.places and place < self.places[-1])
                insort(self.places, place)
        self._packets_seen = until
        return self._take_missed() or late

    def _take_missed(self) -> bool:
        """Take in what was missed between rows that are shown, and once behind the last of them.

        Packets of others are missed as well: who has ended would get a row for ever.
        """
        if not self.places or not self._missed:
            return False
        first, last = self.places[0], self.places[-1]
        if last == self._behind:
            last = self.places[-2]
        taken = [place for place in self._missed if first < place < last]
        self._missed = sorted(place for place in self._missed if place > last)
        if self._missed and self._behind < last:
            self._behind = self._missed.pop(0)
            taken.append(self._behind)
        for place in taken:
            insort(self.places, place)
        return bool(taken)

    def _is_shown(self, index: CallIndex, number: int) -> bool:
        end = index.pairing.ends[number]
        return end.activity in self._activities and self._connection in (0, end.connection)


def row_at(places: Sequence[int], place: int) -> int | None:
    """Return where a place stands among ascending ones; None: it does not."""
    at = bisect_left(places, place)
    return at if at < len(places) and places[at] == place else None
