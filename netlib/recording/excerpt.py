"""The beginning and the end of each chunk of a page: all that rows show of long ones."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate
from typing import Final

from netlib.recording.cut import CARRY_BYTES
from netlib.teaching.lines import ROW_BYTES

EDGE: Final = max(ROW_BYTES, CARRY_BYTES)
"""Bytes at either end."""


class Excerpt:
    """Stands for the payload of a page whose bytes are on the disk."""

    def __init__(self, chunks: Sequence[bytes]) -> None:
        self._starts = [*accumulate(map(len, chunks), initial=0)]
        self._heads = [chunk[:EDGE] for chunk in chunks]
        self._tails = [chunk[-EDGE:] for chunk in chunks]

    def part(self, start: int, stop: int) -> bytes | None:
        """Return bytes `start` to `stop` - 1 of the payload; None: they are not all here."""
        if start == stop:
            return b""
        chunk = bisect_right(self._starts, start) - 1
        begin, end = self._starts[chunk : chunk + 2]
        if stop <= min(begin + EDGE, end):
            return self._heads[chunk][start - begin : stop - begin]
        if end - EDGE <= start and stop <= end:
            shift = end - len(self._tails[chunk])
            return self._tails[chunk][start - shift : stop - shift]
        return None

    def __len__(self) -> int:
        """Return how many bytes are here."""
        return sum(map(len, self._heads)) + sum(map(len, self._tails))
