"""What is different between two runs: which rows of one ladder the other one has, too."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from difflib import SequenceMatcher
from typing import Final

from netlib.teaching.ladder import Rung
from netlib.value import NamedTuple

MOST_ROWS: Final = 5000
"""Rows of each run that are compared."""

MOST_DIFFERENT: Final = 1000
"""So many rows between what both runs begin and end with are compared; more are all different."""


class Pair(NamedTuple):
    """A row of the left run beside one of the right; None: the other run has no such row."""

    left: int | None
    right: int | None


def compared(left: Sequence[Rung], right: Sequence[Rung]) -> list[Pair]:
    """Return the rows of both runs side by side. Times, ports and row numbers may differ."""
    ours, theirs = [*map(_key, left)], [*map(_key, right)]
    shorter = min(len(ours), len(theirs))
    head = next((i for i in range(shorter) if ours[i] != theirs[i]), shorter)
    rest = shorter - head
    tail = next((i for i in range(rest) if ours[-1 - i] != theirs[-1 - i]), rest)
    found = [Pair(row, row) for row in range(head)]
    found += _between(ours[: len(ours) - tail], theirs[: len(theirs) - tail], head)
    found += [Pair(len(ours) - i, len(theirs) - i) for i in range(tail, 0, -1)]
    return found


def _between(ours: Sequence[Hashable], theirs: Sequence[Hashable], head: int) -> list[Pair]:
    """Return the rows from `head` on, which differ somewhere."""
    if max(len(ours), len(theirs)) - head > MOST_DIFFERENT:
        lefts = [Pair(row, None) for row in range(head, len(ours))]
        return lefts + [Pair(None, row) for row in range(head, len(theirs))]
    found: list[Pair] = []
    matcher = SequenceMatcher(None, ours[head:], theirs[head:], autojunk=False)
    for tag, begin, end, start, stop in matcher.get_opcodes():
        if tag == "equal":
            pairs = zip(range(begin, end), range(start, stop), strict=True)
            found += [Pair(head + one, head + other) for one, other in pairs]
        else:
            found += [Pair(head + row, None) for row in range(begin, end)]
            found += [Pair(None, head + row) for row in range(start, stop)]
    return found


def _key(row: Rung) -> Hashable:
    """Return what of a row must be the same in both runs."""
    call = row.call
    arrows = tuple(
        (arrow.sort, arrow.style, arrow.label, arrow.size, arrow.source == row.site)
        for arrow in row.arrows
    )
    return row.site.serves, row.name, call.kind, call.data, type(call.event), arrows
