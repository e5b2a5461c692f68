"""Who speaks in chat rooms, and which number each has: it chooses the colour of the name."""

from __future__ import annotations

from typing import Final
from zlib import crc32

HUES: Final = 8
"""Numbers that differ in their colour."""


class Speakers:
    """Gives every name a number that it keeps, the same in every client of this window.

    The first few have a colour each; there are no more, and further names share them.
    """

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    def number(self, name: str) -> int:
        """Return a number from 1 to HUES: as a rule the same whenever the program runs."""
        usual = crc32(name.encode("utf-8", "replace")) % HUES
        if name not in self._numbers and len(self._numbers) < HUES:
            taken = self._numbers.values()
            turn = ((usual + step) % HUES + 1 for step in range(HUES))
            self._numbers[name] = next(number for number in turn if number not in taken)
        return self._numbers.get(name, usual + 1)
