"""The captured packets of a recording: whose each is, and where it stands among the calls.

Which segments are there for an event, so that none need be implied, is known here as well.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections import defaultdict, deque
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from netlib.engine.records import RECEIVED, SENT, WIRE_RECEIVED, WIRE_SENT
from netlib.events import Accepted, Connected, Connecting, Failed
from netlib.recording.places import FreePlaces, place_after_call
from netlib.recording.tcp_conversation import Conversation, Kind, Mark
from netlib.segment import Segment, checksum_is_wrong, read_segment
from netlib.system.clock import now
from netlib.teaching.calls import Call
from netlib.teaching.segments import Captured

if TYPE_CHECKING:
    from netlib.recording.calls import CallIndex
    from netlib.recording.packets import CapturedPacket
    from netlib.recording.reader import Recording

MOST_PACKETS: Final = 200_000
"""Packets that are known at most: each takes some 150 bytes of memory."""

SETTLED_SECONDS: Final = 0.3
"""So long a packet waits for the calls that were made before it, where none comes behind it."""

ATTEMPT_SECONDS: Final = 150.0
"""So long after the first SYN an attempt to connect may still send one (RFC 6298, section 5)."""

AT_ONCE: Final = 500
"""Packets that are taken in at once: others get their turn in between."""

_TIMES_AT_ONCE: Final = 512

_EARLIER: Final = 60_000_000
"""Microseconds before the first packet that was read, in which others may have been captured."""

_LABELS: Final = {
    "SYN": Kind.SYN,
    "SYN, ACK": Kind.SYN_ACK,
    "FIN": Kind.FIN,
    "RST": Kind.RST,
    "RST, ACK": Kind.RST,
    "ICMP": Kind.NONE,
}
"""What segments are called in a ladder."""


class PacketIndex:
    """Which packets there are. One thread advances it, any may ask."""

    def __init__(self, calls: CallIndex) -> None:
        self._calls, self.pairing = calls, calls.pairing
        self.places = array("q")
        """Where each stands, in the order in which that became known; numbers stay true."""
        self.owners = array("q")
        """Of each the end it belongs to; -1: of packets that were missed."""
        self.of: defaultdict[int, array[int]] = defaultdict(lambda: array("q"))
        """The packets of each end, by their numbers."""
        self.changes = 0
        """Grows when segments may be known that were not before."""
        self._numbers: dict[int, int] = {}
        """The packet at each place."""
        self._free = FreePlaces()
        self._begun: int | None = None
        """Where no call is before a packet, its time is counted from here."""
        self._ids = array("q")
        self._marks = array("b")
        self._after = 0
        """The last row that was read."""
        self._unsettled: deque[tuple[float, int, int, Segment | int]] = deque()
        """When it was read, id, `at`, and what was captured, or how many packets were missed."""
        self._talks = _Talks(calls)
        self._waiting: deque[tuple[Conversation, int, int, Mark]] = deque(maxlen=10_000)
        """Packets of whose connection nothing is known yet: id and `at`."""
        self._times = _Times(calls)
        self._until = 0.0
        """When the last packet was captured, in seconds."""

    # -- taking in -------------------------------------------------------------------------------

    def advance(self, recording: Recording, *, all_there: bool = False) -> bool:
        """Take in some of what has come; False: there was nothing. Raises RecordingError.

        `all_there`: no call is missing any more that was made before the last packet.
        """
        before, moment = (self._after, len(self.places)), now()
        for id, row in recording.packets(self._after, AT_ONCE):
            self._after = id
            what: Segment | int | None = row.size
            if row.data is not None:
                try:
                    what = read_segment(row.data)
                except ValueError:
                    what = 1
            if what is not None:
                self._unsettled.append((moment, id, row.at, what))
        if self._unsettled or self._waiting:
            self._settle(recording, moment, all_there=all_there)
        return (self._after, len(self.places)) != before

    def _settle(self, recording: Recording, moment: float, *, all_there: bool) -> None:
        until = self._times.last(recording)
        self._talks.learn()
        while self._unsettled and len(self.places) < MOST_PACKETS:
            since, id, at, what = self._unsettled[0]
            if not (all_there or at / 1e6 <= until or moment - since > SETTLED_SECONDS):
                break
            self._unsettled.popleft()
            if isinstance(what, int):
                self._add(recording, id, at, -1, Mark.PLAIN)
                continue
            talk = self._talks.of(what, at)
            self._waiting.append((talk, id, at, talk.take(what)))
        for _each in range(len(self._waiting)):
            talk, id, at, mark = self._waiting.popleft()
            if talk.end is None:
                self._talks.find_end(talk, late=all_there or moment - at / 1e6 > SETTLED_SECONDS)
            if talk.end is None:
                self._waiting.append((talk, id, at, mark))
            else:
                self._add(recording, id, at, talk.end, mark)

    def _add(self, recording: Recording, id: int, at: int, end: int, mark: Mark) -> None:
        before = self._times.until(recording, at / 1e6) - 1
        if before >= 0:
            since = round(self._times.at(recording, before) * 1e6)
        else:  # the clock may count from when the computer was switched on, long ago
            since = self._begun = at - _EARLIER if self._begun is None else self._begun
        place = self._free.take(place_after_call(before, at - since))
        self._numbers[place] = len(self.places)
        self.of[end].append(len(self.places))
        self._ids.append(id)
        self._marks.append(mark.value)
        self.owners.append(end)
        self.changes += 1
        self._until = max(self._until, at / 1e6)
        self.places.append(place)  # last: who sees it finds all the rest

    # -- reading ---------------------------------------------------------------------------------

    def read(self, recording: Recording, places: Sequence[int]) -> list[Captured]:
        """Return the packets at places. Raises RecordingError."""
        found = []
        for place in places:
            number = self._numbers[place]
            row, segment = self.packet(recording, place), None
            if row is not None and row.data is not None and self.owners[number] >= 0:
                segment = read_segment(row.data)
            at, wall = (row.at / 1e6, (row.at + row.wall) / 1e6) if row else (0.0, 0.0)
            packet = Captured(self._ids[number], at, wall, self.owners[number])
            if row is not None and row.data is not None and segment is not None:
                packet = packet._replace(damaged=checksum_is_wrong(row.data))
            if segment is None or row is None:
                found.append(
                    packet._replace(end=-1, missed=row.size if row and row.data is None else 1)
                )
                continue
            talk = self._talks.known(segment, row.at)
            found.append(_with_numbers(packet, talk, segment, Mark(self._marks[number])))
        return found

    def captured(self, call: Call, there: int | None) -> Callable[[str, bool], bool]:
        """Return what tells whether a segment of an event need not be implied.

        It is asked with the segment's label, and whether this end sent it. A connection that was
        captured from its SYN on, until after the event or to its RST, has no other segments.
        """
        talk = self._talks.of_event(call, there)
        if talk is None:
            return lambda _label, _ours: False
        seen = talk.seen[0] | talk.seen[1]
        if Kind.SYN in seen and (Kind.RST in seen or self._until >= call.at):
            return lambda _label, _ours: True
        end = self.pairing.ends[call.end]
        ours = int(str(talk.sides[0]) != end.local) if end.local else 0
        begins = isinstance(call.event, Connecting | Connected | Accepted | Failed)
        labels = _LABELS | {"ACK": Kind.HANDSHAKE_ACK if begins else Kind.FIN_ACK}
        return lambda label, by_us: labels[label] in talk.seen[ours if by_us else 1 - ours]

    def is_whole(self, end: int) -> bool:
        """Tell whether the connection of an end was captured from its SYN to its last byte."""
        talk = self._talks.of_end(end)
        if talk is None:
            return False
        one = self.pairing.ends[end]
        ours = int(str(talk.sides[0]) != one.local)
        columns = self._calls.columns
        return talk.streamed(ours) >= columns.total(end, SENT, WIRE_SENT) and talk.streamed(
            1 - ours
        ) >= columns.total(end, RECEIVED, WIRE_RECEIVED)

    def packet(self, recording: Recording, place: int) -> CapturedPacket | None:
        """Return a packet as it was captured; None: it is gone. Raises RecordingError."""
        id = self._ids[self._numbers[place]]
        return next((row for one, row in recording.packets(id - 1, 1) if one == id), None)


def _with_numbers(packet: Captured, talk: Conversation, segment: Segment, mark: Mark) -> Captured:
    side = talk.side(segment.source)
    return packet._replace(
        segment=segment,
        sequence=talk.relative(side, segment.sequence),
        acknowledged=talk.relative(1 - side, segment.acknowledged),
        window=talk.window(segment),
        again=bool(mark & Mark.AGAIN),
        fills=bool(mark & Mark.FILLS),
        probe=bool(mark & Mark.PROBE),
        opened=bool(mark & Mark.OPENED),
    )


class _Talks:
    """The conversations there are, and whose they are."""

    def __init__(self, calls: CallIndex) -> None:
        self._pairing = calls.pairing
        self._all: dict[tuple[str, str], list[Conversation]] = {}
        """By both addresses, as the first segment had them; the newest one last."""
        self._ends: dict[tuple[str, str], list[int]] = {}
        """Ends by where they are and where their other one is."""
        self._learnt = 0
        self._by_end: dict[int, Conversation] = {}
        self._attempts: dict[tuple[int, str], list[Conversation]] = {}
        """Those of attempts that came to nothing, by end and by whom they asked."""

    def learn(self) -> None:
        """Take in which ends have come to be known."""
        placed = self._pairing.placed
        for number in placed[self._learnt :]:
            end = self._pairing.ends[number]
            self._ends.setdefault((end.local, end.peer), []).append(number)
        self._learnt = len(placed)

    def of(self, segment: Segment, at: int) -> Conversation:
        """Return that of a segment, which comes behind all there were."""
        talks = self._lists(segment)
        if not talks or talks[-1].begins_anew(segment):
            talks.append(Conversation(segment, at))
        return talks[-1]

    def known(self, segment: Segment, at: int) -> Conversation:
        """Return that of a segment that was taken in before."""
        talks = self._lists(segment)
        return talks[max(bisect_right(talks, at, key=lambda talk: talk.begun) - 1, 0)]

    def _lists(self, segment: Segment) -> list[Conversation]:
        key = (str(segment.source), str(segment.target))
        found = self._all.get(key) or self._all.get(key[::-1])
        return self._all.setdefault(key, []) if found is None else found

    def find_end(self, talk: Conversation, *, late: bool) -> None:
        """Find out of which end a conversation is; `late`: an attempt that came to nothing too."""
        here, there = map(str, talk.sides)
        numbers = [*self._ends.get((here, there), ()), *self._ends.get((there, here), ())]
        free = [number for number in numbers if number not in self._by_end]
        begun = talk.begun / 1e6
        if free:
            number = min(free, key=lambda one: abs(self._pairing.times[one][0] - begun))
            talk.end = number
            for one in (number, self._pairing.partners.get(number)):
                if one is not None:
                    self._by_end[one] = talk
        elif late and not talk.seen[1] & Kind.SYN_ACK:
            times = [
                (at, number)
                for at, number in self._pairing.attempts.get(there, ())
                if at - 0.001 <= begun < at + ATTEMPT_SECONDS
            ]
            if times and talk.seen[0] & Kind.SYN:
                talk.end = times[-1][1]
                self._attempts.setdefault((talk.end, there), []).append(talk)

    def of_end(self, end: int) -> Conversation | None:
        """Return that of an end; None: nothing of it was captured."""
        return self._by_end.get(end)

    def of_event(self, call: Call, there: int | None) -> Conversation | None:
        """Return the conversation that an event is about; None: nothing of it was captured."""
        event = call.event
        for end in (call.end, there):
            if end is not None and end in self._by_end:
                return self._by_end[end]
        peer = ""
        if isinstance(event, Connecting):
            peer = str(event.peer)
        elif isinstance(event, Failed) and event.error.endpoint is not None:
            peer = str(event.error.endpoint)
        talks = self._attempts.get((call.end, peer), [])
        if isinstance(event, Connecting):  # the first one after it
            return next((talk for talk in talks if talk.begun / 1e6 >= call.at - 0.001), None)
        before = [talk for talk in talks if talk.begun / 1e6 <= call.at]
        if before:
            return before[-1]
        last = self._pairing.connected.get(self._pairing.ends[call.end].activity)
        if isinstance(event, Connecting) and last is not None:
            return self._by_end.get(last)
        return None


class _Times:
    """When calls were, some hundreds read at once."""

    def __init__(self, calls: CallIndex) -> None:
        self._calls = calls
        self._whole = lru_cache(64)(self._read)
        self._near = 0

    def last(self, recording: Recording) -> float:
        """Return when the last call was that is known."""
        total = self._calls.total
        return self.at(recording, total - 1) if total else 0.0

    def at(self, recording: Recording, number: int) -> float:
        """Return when a call was, in seconds."""
        some, place = divmod(number, _TIMES_AT_ONCE)
        until = min((some + 1) * _TIMES_AT_ONCE, self._calls.total)
        return self._whole(recording, some * _TIMES_AT_ONCE, until)[place]

    def until(self, recording: Recording, at: float) -> int:
        """Return how many calls there were at a time."""
        low, step, total = self._near, 1, self._calls.total
        if low and self.at(recording, low - 1) > at:
            low = 0
        while low + step < total and self.at(recording, low + step) <= at:
            low, step = low + step, step * 2
        high = min(low + step, total)
        numbers = range(low, high)
        self._near = low + bisect_right(numbers, at, key=lambda one: self.at(recording, one))
        return self._near

    def _read(self, recording: Recording, first: int, until: int) -> list[float]:
        return [call.at for call in self._calls.read(recording, range(first, until), 0)]
