"""A few numbers of each call: where it is in the file, at which end, of what kind, at which place.

A *way* is an end and a kind in one number: bytes of one way are a stream of their own.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Sequence
from typing import Final

from netlib.engine.records import (
    EVENT,
    FLOW_BITS,
    KIND_MASK,
    PLAIN_RECEIVED,
    PLAIN_SENT,
    RECEIVED,
    SENT,
    WIRE_RECEIVED,
    WIRE_SENT,
)
from netlib.teaching.calls import Part

MOST_PARTS: Final = 1000
"""Calls in which the bytes of one are looked for at most."""

_OTHER_SIDE: Final = {
    **dict.fromkeys((SENT, WIRE_SENT), (WIRE_RECEIVED, RECEIVED)),
    **dict.fromkeys((RECEIVED, WIRE_RECEIVED), (WIRE_SENT, SENT)),
    PLAIN_SENT: (PLAIN_RECEIVED,),
    PLAIN_RECEIVED: (PLAIN_SENT,),
}
"""As what the other end has the bytes of a call: the first of these that it has any of.

Where it has ciphertext, that is what crossed; one of both may not speak TLS.
"""

_NONE: Final = array("q")


class CallColumns:
    """The calls there are, by their numbers: 0, 1, 2… One thread appends while others read."""

    def __init__(self) -> None:
        self.keys = array("q")
        """How each is found in its block."""
        self._ways = array("q")
        self._offsets = array("q")
        """Of each how many bytes went its way before."""
        self._calls: dict[int, array[int]] = {}
        """The calls of each way."""
        self._crossed: dict[int, int] = {}
        """How many bytes have gone each way."""

    def append(self, key: int, end: int, kind: int, size: int) -> None:
        """Take in the next call: at which end it was, and how many bytes it moved."""
        way = end << FLOW_BITS | kind
        crossed = self._crossed.get(way, 0)
        self._ways.append(way)
        self._offsets.append(crossed)
        self._crossed[way] = crossed + size
        if way not in self._calls:
            self._calls[way] = array("q")
        self._calls[way].append(len(self.keys))
        self.keys.append(key)

    def end(self, number: int) -> int:
        """Return at which end a call was."""
        return self._ways[number] >> FLOW_BITS

    def kind(self, number: int) -> int:
        """Return of what kind a call is; see `teaching.calls`."""
        return self._ways[number] & KIND_MASK

    def offset(self, number: int) -> int:
        """Return how many bytes of the same end and kind came before a call."""
        return self._offsets[number]

    def size(self, number: int) -> int:
        """Return how many bytes a call moved: up to where the next one begins."""
        way = self._ways[number]
        calls = self._calls[way]
        after = bisect_right(calls, number)
        stop = self._offsets[calls[after]] if after < len(calls) else self._crossed[way]
        return stop - self._offsets[number]

    def of(self, end: int) -> list[array[int]]:
        """Return the calls at an end, a list for each kind there is; ascending, and they grow."""
        ways = range(end << FLOW_BITS, (end + 1) << FLOW_BITS)
        return [self._calls[way] for way in ways if way in self._calls]

    def of_kind(self, end: int, kind: int = EVENT) -> Sequence[int]:
        """Return the calls of one kind at an end, ascending; they grow."""
        return self._calls.get(end << FLOW_BITS | kind, _NONE)

    def total(self, end: int, *kinds: int) -> int:
        """Return how many bytes calls of some kinds have moved at an end."""
        return sum(self._crossed.get(end << FLOW_BITS | kind, 0) for kind in kinds)

    def crossed(self, number: int, other: int) -> int:
        """Return how many bytes of a call are calls at the end `other`, too, of a stream."""
        until = self._crossed.get(self._across(number, other), 0) - self._offsets[number]
        return min(max(until, 0), self.size(number))

    def parts(self, number: int, other: int) -> list[Part]:
        """Return in which calls at the end `other` the bytes of a call are, of a stream.

        What one end sent is what the other received: by its place in the stream.
        """
        offset, stop = self._offsets[number], self._offsets[number] + self.size(number)
        calls = self._calls.get(self._across(number, other), _NONE)
        at = max(bisect_right(calls, offset, key=self._offsets.__getitem__) - 1, 0)
        found: list[Part] = []
        for call in calls[at : at + MOST_PARTS]:
            begin = self._offsets[call]
            until = begin + self.size(call)
            if begin >= stop:
                break
            if until > max(offset, begin):
                found.append(Part(call, max(begin - offset, 0), min(until, stop) - offset))
        return found

    def _across(self, number: int, other: int) -> int:
        """Return the way that the bytes of a call went at the end `other`."""
        ways = [other << FLOW_BITS | kind for kind in _OTHER_SIDE[self.kind(number)]]
        return next((way for way in ways if way in self._calls), ways[-1])
