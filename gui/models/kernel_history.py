"""What was seen of the kernel over the last seconds, and the connections it keeps in TIME-WAIT."""

from __future__ import annotations

from collections import deque
from typing import Final

from netlib import Pair, PairFacts, now
from netlib.value import NamedTuple

SECONDS: Final = 10.0
"""How far back the plots go."""
FRESH_SECONDS: Final = 0.5
"""For so long after a look a figure still holds."""
_SAMPLES: Final = 128
PAIRS_KEPT: Final = 8


class Sample(NamedTuple):
    """A figure at a moment; None: it was not told."""

    at: float
    value: float | None


class History:
    """One figure over the last seconds."""

    def __init__(self) -> None:
        self.samples: deque[Sample] = deque(maxlen=_SAMPLES)
        self.highest = 0.0
        """Ever."""

    def add(self, at: float, value: float | None) -> None:
        """Note what it is now."""
        self.samples.append(Sample(at, value))
        self.highest = max(self.highest, value or 0.0)
        while self.samples and self.samples[0].at < at - 2 * SECONDS:
            self.samples.popleft()

    @property
    def last(self) -> float | None:
        """What it was last; None: not told."""
        return self.samples[-1].value if self.samples else None

    @property
    def end(self) -> float:
        """Until when it is known: a look later than the last sample, at most now."""
        return min(now(), self.samples[-1].at + FRESH_SECONDS) if self.samples else 0.0

    def zero_since(self) -> float | None:
        """Return since when it has been 0 without a break; None: it is not, or no longer known."""
        since = None
        if self.end < now() - FRESH_SECONDS:
            return None
        for at, value in reversed(self.samples):
            if value != 0:
                break
            since = at
        return since


class Waiting(NamedTuple):
    """A connection in TIME-WAIT."""

    pair: Pair
    left: float | None
    """Seconds; None: how long is not known."""


class TimeWaits:
    """Connections that are closed, as long as the system keeps them in TIME-WAIT."""

    def __init__(self) -> None:
        self._pairs: dict[Pair, float | None] = {}
        """When each ends by the monotonic clock; None: not known."""
        self._confirmed: set[Pair] = set()

    def remember(self, pair: Pair) -> None:
        """A connection was closed by this end first."""
        self._pairs.pop(pair, None)
        self._pairs[pair] = None
        while len(self._pairs) > PAIRS_KEPT:
            self.forget(next(iter(self._pairs)))

    def forget(self, pair: Pair) -> None:
        """It is over, or a new connection has the pair."""
        self._pairs.pop(pair, None)
        self._confirmed.discard(pair)

    def hear(self, facts: PairFacts) -> None:
        """Take what the system says; what it no longer has is over."""
        if facts.refusal:
            return
        for pair in [one for one in self._pairs if one in facts.asked]:
            told = facts.states.get(pair)
            if told is None:
                self.forget(pair)
            elif told.state == "TIME-WAIT":
                self._confirmed.add(pair)
                self._pairs[pair] = None if told.seconds is None else facts.at + told.seconds

    @property
    def pairs(self) -> frozenset[Pair]:
        """Which are remembered."""
        return frozenset(self._pairs)

    def waiting(self, *, told: bool) -> list[Waiting]:
        """Return those in TIME-WAIT, the latest first; not `told`: as far as we know."""
        moment = now()
        return [
            Waiting(pair, None if until is None else max(0.0, until - moment))
            for pair, until in reversed(self._pairs.items())
            if pair in self._confirmed or not told
        ]
