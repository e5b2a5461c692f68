"""A TCP connection as its captured segments tell it, one after the other."""

from __future__ import annotations

from enum import Flag
from typing import Final

from netlib.address import Endpoint
from netlib.segment import ACK, FIN, RST, SYN, WORDS, Segment

HALF: Final = WORDS // 2
MOST_GAPS: Final = 100
"""Gaps in what one side sent that are known at once."""


class Mark(Flag):
    """What a segment is beside its numbers."""

    PLAIN = 0
    AGAIN = 1
    """All its numbers were seen before: it was sent again, or came twice."""
    FILLS = 8
    """Its numbers were missing: what follows it was seen before."""
    PROBE = 2
    """It asks for an answer with a number that was acknowledged (RFC 9293, 3.8.4 and 3.8.6.1)."""
    OPENED = 4
    """Its sender's window was 0 in the segment before, and is no longer."""


class Kind(Flag):
    """Segments that were seen of one side."""

    NONE = 0
    SYN = 1
    SYN_ACK = 2
    HANDSHAKE_ACK = 4
    FIN = 8
    FIN_ACK = 16
    """An acknowledgement of the other side's FIN."""
    RST = 32


class Conversation:
    """What is known of both sides: 0 sent the first segment that was seen, 1 the other."""

    def __init__(self, first: Segment, at: int) -> None:
        """`at`: when that was, in microseconds."""
        self.sides = (first.source, first.target)
        self.begun = at
        self.end: int | None = None
        """An end of it in the recording; None: not known yet."""
        self.seen = [Kind.NONE, Kind.NONE]
        self.isn: list[int | None] = [None, None]
        """Initial sequence numbers, if the SYN was seen."""
        self.scale: list[int | None] = [None, None]
        """By how many bits windows are shifted (RFC 7323, section 2.2), if both SYN were seen."""
        self._gaps: list[list[tuple[int, int]]] = [[], []]
        """Of each side, numbers that were skipped: the first, and that behind the last."""
        self._cut = False
        """Bytes of a segment were not captured, or more gaps are there than are kept."""
        self._upto: list[int | None] = [None, None]
        self._acknowledged: list[int | None] = [None, None]
        """Up to where each side's numbers were acknowledged."""
        self._finished: list[int | None] = [None, None]
        self._closed_window = [False, False]

    def side(self, source: Endpoint) -> int:
        """Return which side is at an address."""
        return int(source != self.sides[0])

    def begins_anew(self, segment: Segment) -> bool:
        """Tell whether a segment is the first one of another connection of the same ports."""
        if segment.flags & (SYN | ACK) != SYN:
            return False
        known = self.isn[self.side(segment.source)]
        return segment.sequence != known and self._upto != [None, None]

    def take(self, segment: Segment) -> Mark:
        """Take in the next segment; return what it is."""
        side = self.side(segment.source)
        other, flags = 1 - side, segment.flags
        mark = self._mark(side, segment)
        if flags & SYN:
            self.isn[side] = segment.sequence
            self.scale[side] = segment.scale
            if flags & ACK and segment.scale is None:
                self.scale = [0, 0]  # one does not scale: neither does the other
            self.seen[side] |= Kind.SYN_ACK if flags & ACK else Kind.SYN
        elif flags & ACK and self.seen[other] & Kind.SYN_ACK:
            self.seen[side] |= Kind.HANDSHAKE_ACK
        if flags & FIN:
            self.seen[side] |= Kind.FIN
            self._finished[side] = (segment.sequence + segment.length) % WORDS
        if flags & ACK and self._finished[other] == segment.acknowledged:
            self.seen[side] |= Kind.FIN_ACK
        if flags & ACK:
            self._acknowledged[other] = segment.acknowledged
        if flags & RST:
            self.seen[side] |= Kind.RST
        return mark

    def _mark(self, side: int, segment: Segment) -> Mark:
        mark, upto = Mark.PLAIN, self._upto[side]
        stop = (segment.sequence + segment.length) % WORDS
        ahead = None if upto is None else (stop - upto + HALF) % WORDS - HALF
        if ahead is not None and not segment.flags & RST:
            # Some systems put a byte into a keep-alive, which was acknowledged long ago.
            garbage = segment.length == segment.size == 1 and self._acknowledged[side] == upto
            if (ahead == -1 and not segment.length) or (ahead == 0 and garbage):
                mark |= Mark.PROBE
            elif segment.length and ahead <= 0:
                mark |= Mark.FILLS if self._fills(side, segment.sequence, stop) else Mark.AGAIN
        if not segment.flags & RST and (ahead is None or ahead > 0):
            if upto is not None and ahead is not None and ahead > segment.length:
                self._gaps[side].append((upto, segment.sequence))
            self._upto[side] = stop
        self._cut |= segment.size != len(segment.data) or len(self._gaps[side]) > MOST_GAPS
        del self._gaps[side][:-MOST_GAPS]
        closed = segment.window == 0 and not segment.flags & RST
        if self._closed_window[side] and not closed:
            mark |= Mark.OPENED
        self._closed_window[side] = closed
        return mark

    def _fills(self, side: int, begin: int, stop: int) -> bool:
        """Tell whether numbers of a side were missing; from now on they are not."""
        gaps = self._gaps[side]
        for place, (first, behind) in enumerate(gaps):
            if (begin - first) % WORDS <= (stop - first) % WORDS <= (behind - first) % WORDS:
                left = ((first, begin), (stop, behind))
                gaps[place : place + 1] = [gap for gap in left if gap[0] != gap[1]]
                return True
        return False

    def relative(self, side: int, number: int) -> int | None:
        """Return a sequence number of a side counted from its SYN; None: that was not seen."""
        isn = self.isn[side]
        return None if isn is None else (number - isn) % WORDS

    def streamed(self, side: int) -> int:
        """Return how many bytes a side has sent; -1: not all of them were captured."""
        isn, upto = self.isn[side], self._upto[side]
        if isn is None or upto is None or self._cut or self._gaps[side]:
            return -1
        return (upto - isn - 1 - bool(self.seen[side] & Kind.FIN)) % WORDS

    def window(self, segment: Segment) -> int | None:
        """Return a window in bytes; None: by how much it is shifted was not seen."""
        if segment.flags & SYN:
            return segment.window
        if None in self.scale:
            return 0 if segment.window == 0 else None
        return segment.window << (self.scale[self.side(segment.source)] or 0)
