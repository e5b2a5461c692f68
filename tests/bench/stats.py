"""What many runs say together: spreads, ratios pair by pair, whose turn it is."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Sequence
from typing import NamedTuple, TypeVar

T = TypeVar("T")


class Spread(NamedTuple):
    """What several runs gave."""

    least: float
    median: float
    most: float


class Figure(NamedTuple):
    """One line of the results. `name` is its key in the table of goals."""

    name: str
    spread: Spread
    note: str = ""


def spread(values: Iterable[float]) -> Spread:
    """Return the least, the median and the most. Raises ValueError when there is none."""
    ordered = sorted(values)
    if not ordered:
        raise ValueError("no run")
    return Spread(ordered[0], statistics.median(ordered), ordered[-1])


def ratios(ours: Sequence[float], theirs: Sequence[float]) -> list[float]:
    """Divide run by run: only neighbours in time saw the same machine. Raises ValueError."""
    return [one / other for one, other in zip(ours, theirs, strict=True)]


def quantile(values: Sequence[float], share: float) -> float:
    """Return the value that `share` (0 to 1) of the values do not exceed. Raises ValueError."""
    if not values:
        raise ValueError("no value")
    ordered = sorted(values)
    return ordered[min(int(share * len(ordered)), len(ordered) - 1)]


def in_turn(contestants: Sequence[T], number: int) -> list[T]:
    """Return who runs when in round `number`: A B, then B A, so that no place is the better."""
    return list(contestants) if number % 2 == 0 else list(reversed(contestants))


def slope(points: Sequence[tuple[float, float]]) -> float:
    """Return how much y grows with x, by least squares; 0 for a single point."""
    middle_x, middle_y = (statistics.fmean(values) for values in zip(*points, strict=True))
    spread_x = sum((x - middle_x) ** 2 for x, _ in points)
    common = sum((x - middle_x) * (y - middle_y) for x, y in points)
    return common / spread_x if spread_x else 0.0
