"""What a bad network does to what crosses it, decided by chance that can be repeated.

The words are those of Linux' netem (tc-netem(8)). Nothing is sent or kept here: each direction is
asked when something arrives, and says when it goes on. With the same seed, what arrives at the same
times has the same fate.
"""

from __future__ import annotations

from math import inf
from random import Random

from netlib.i18n import _
from netlib.value import fields, value


@value(kw_only=True)
class Impairment:
    """What happens in one direction. Times in seconds; what may happen, as probability: 0 to 1."""

    delay: float = 0.0
    jitter: float = 0.0
    """A delay is longer by up to so much, each by another part of it; the order stays."""
    loss: float = 0.0
    duplicate: float = 0.0
    reorder: float = 0.0
    """How often something does not wait for the delay, and overtakes what does."""
    rate: float = 0.0
    """Bytes a second; 0: no limit."""
    queue: int = 64 << 10
    """Bytes that wait for their turn where there is a rate; what would be more is lost."""
    black_hole: bool = False
    """Nothing goes on, and nobody is told, as with a cable that was pulled further away."""

    def __post_init__(self) -> None:
        """Refuse what cannot be. Raises ValueError."""
        if not all(0 <= part <= 1 for part in (self.loss, self.duplicate, self.reorder)):
            raise ValueError("a probability lies between 0 and 1")
        if not all(0 <= size < inf for size in (self.delay, self.jitter, self.rate)):
            raise ValueError("delay, jitter and rate are 0 or more")
        if self.queue < 1:
            raise ValueError("a queue has room for at least 1 byte")
        if self.reorder and not self.delay:
            raise ValueError(_("Without a delay nothing can be overtaken."))

    def __str__(self) -> str:
        """Return what is wrong: `delay=0.2 loss=0.3`, `black-hole=on`; empty: nothing is."""
        wrong = ((name, getattr(self, name)) for name in fields(self) if name != "queue")
        return " ".join(
            f"{name.replace('_', '-')}={'on' if found is True else f'{found:g}'}"
            for name, found in wrong
            if found
        )


class ImpairedDirection:
    """Decides for one thing after the other that crosses in one direction."""

    def __init__(self, impairment: Impairment, seed: int) -> None:
        self.impairment = impairment
        """May be changed: it holds for what arrives from then on."""
        self._random = Random(seed)
        self._free_at = self._last = -inf

    def fate(self, at: float, size: int) -> tuple[float, ...]:
        """Return when something goes on that arrives `at` with `size` bytes; never before `at`.

        Empty: it is lost; two times: there are two of it. `at` never goes back.
        """
        bad, chance = self.impairment, self._random.random
        lost, doubled, overtakes = (
            chance() < part for part in (bad.loss, bad.duplicate, bad.reorder)
        )
        more = chance() * bad.jitter  # drawn even if lost: what is lost changes no other's fate
        if bad.black_hole or lost:
            return ()
        sent = self._transmitted(at, size)
        if sent is None:
            return ()
        if overtakes:
            leaves = sent
        else:
            leaves = self._last = max(self._last, sent + bad.delay + more)
        return (leaves, leaves) if doubled else (leaves,)

    def _transmitted(self, at: float, size: int) -> float | None:
        """Return when the last byte has left at the rate; None: the queue is full."""
        bad = self.impairment
        if not bad.rate:
            return at
        begins = max(at, self._free_at)
        if (begins - at) * bad.rate + size > bad.queue:
            return None
        self._free_at = begins + size / bad.rate
        return self._free_at
