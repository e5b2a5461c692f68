"""Which pictures are taken: looks, and few of them in which every pair of values occurs."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations, product
from typing import Final, NamedTuple


class Screen(NamedTuple):
    """Pixels of the window, and of an inch."""

    width: int
    height: int
    dpi: int

    @property
    def name(self) -> str:
        """As it stands in the names of files."""
        return f"{self.width}x{self.height}" + ("@2x" if self.dpi == 192 else "")


class Look(NamedTuple):
    """One picture: what is shown, and how."""

    tab: str
    screen: Screen
    size: int
    """Points."""
    language: str
    dark: bool

    @property
    def name(self) -> str:
        """The name of its file, without the ending."""
        light = "dark" if self.dark else "light"
        return f"{self.tab}-{self.screen.name}-{self.size:02}-{self.language}-{light}"


SCREENS: Final = (Screen(960, 540, 96), Screen(1280, 800, 96), Screen(1920, 1080, 192))
SIZES: Final = (8, 12, 18, 24, 32)
LANGUAGES: Final = ("en", "zh")
LIGHTS: Final = (False, True)


def every(tabs: Sequence[str]) -> list[Look]:
    """Return all looks of these tabs."""
    return [Look(*values) for values in product(tabs, SCREENS, SIZES, LANGUAGES, LIGHTS)]


def pairwise(looks: Sequence[Look]) -> list[Look]:
    """Return some of the looks, in which every pair of values of all of them occurs.

    Always the one that shows most pairs not seen yet: not the fewest possible, but near.
    """
    missing = {pair for look in looks for pair in _pairs(look)}
    chosen = []
    while missing:
        best = max(looks, key=lambda look: len(missing & _pairs(look)))
        missing -= _pairs(best)
        chosen.append(best)
    return chosen


def _pairs(look: Look) -> set[tuple[int, object, int, object]]:
    return {(i, one, j, other) for (i, one), (j, other) in combinations(enumerate(look), 2)}
