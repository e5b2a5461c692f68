"""Where the lifelines of a ladder are, and what stands over them; and how large its paper is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Final

from netlib.teaching.ladder import OTHERS, Site
from netlib.teaching.ladder_text import site_name
from netlib.teaching.shapes import Font, Label, Plate, Shape
from netlib.text import visible_text
from netlib.value import NamedTuple
from netlib.wrap import broken

SIDE: Final = 11
"""Widths that depend on the size of text are counted in its capital letters: room for +123.4 ms."""
NAMES: Final = 10
"""Room outside the lifelines for the name of a call and its size."""
REMARKS: Final = 26
"""Room for a sentence beside each row."""
LEAST_WIDTH: Final = 14
"""Two lifelines are so far apart at least."""
LEAST_UNITS: Final = SIDE + 2 * NAMES + LEAST_WIDTH
"""What two lifelines take; on narrower paper all is closer together."""


class Paper(NamedTuple):
    """How large things are."""

    width: int
    line: int
    """Height of a line of text."""
    measure: Callable[[str, Font], int]
    """How wide a text is."""
    zoom: float = 1.0
    """How far rows stand apart."""
    encoding: str = "utf-8"
    remarks: bool = False
    """A sentence beside each row of which there is something to say, where there is room."""
    breaking: Callable[[str, int], Sequence[str]] | None = None
    """Breaks small text into lines; whoever draws often remembers them. None: done each time."""

    def broken(self, text: str, room: int) -> Sequence[str]:
        """Break small text into lines no wider than `room`."""
        if self.breaking is not None:
            return self.breaking(text, room)
        return broken(text, lambda piece: self.measure(piece, "small"), room)

    @property
    def unit(self) -> int:
        """How wide a capital letter is; where there is little room, less."""
        return max(min(self.measure("M", "small"), self.width // LEAST_UNITS), 1)

    @property
    def has_remarks(self) -> bool:
        """Whether two lifelines are not too close together with sentences beside them."""
        return self.remarks and self.width >= (LEAST_UNITS + REMARKS) * self.unit

    @property
    def right(self) -> int:
        """Where the room for sentences begins, or where the paper ends."""
        return self.width - (REMARKS * self.unit if self.has_remarks else 0)


class Lifelines(NamedTuple):
    """Where the lifelines are, from left to right."""

    sites: Sequence[Site]
    at: Sequence[int]
    left: int
    """Where the room for names begins."""
    right: int
    """Where that for sentences begins."""

    def room(self, x: int) -> tuple[int, int]:
        """Return between which places there is nothing but the lifeline at `x`."""
        number = self.at.index(x)
        left = self.at[number - 1] if number else self.left
        return left, self.at[number + 1] if number + 1 < len(self.at) else self.right

    def x(self, site: Site) -> int:
        """Return where a site's lifeline is: its own, or that of all others."""
        shown = site if site in self.sites else OTHERS
        return self.at[self.sites.index(shown) if shown in self.sites else len(self.sites) - 1]


def most_sites(paper: Paper) -> int:
    """Return for how many lifelines there is room; two at least."""
    unit = paper.unit
    room = paper.right - (SIDE + 2 * NAMES) * unit
    return max(2, 1 + room // (LEAST_WIDTH * unit))


def lifelines(sites: Sequence[Site], paper: Paper) -> Lifelines:
    """Return where they are: the first and the last as far apart as there is room."""
    unit, right = paper.unit, paper.right
    first, last = (SIDE + NAMES) * unit, right - NAMES * unit
    steps = max(len(sites) - 1, 1)
    at = [first + (last - first) * number // steps for number in range(len(sites))]
    return Lifelines(sites, at, SIDE * unit, right)


def heads(
    lines: Lifelines, addresses: dict[Site, str], paper: Paper, *, low: bool = False
) -> list[Shape]:
    """Return what stands over the lifelines: what each is, and where; `low`: in one line."""
    found: list[Shape] = []
    gap = min((after - before for before, after in pairwise(lines.at)), default=paper.width)
    half = min(max(gap // 2 - 4, paper.line), (18 if low else 9) * paper.unit)
    room = 2 * half - 4
    for site, x in zip(lines.sites, lines.at, strict=True):
        found.append(Plate(x - half, 2, x + half, (2 - low) * paper.line + 8, "info_ground"))
        name, where = site_name(site), visible_text(site.address or addresses.get(site, ""), 300)
        both = f"{name}  {where}" if low else name
        fits = paper.measure(both, "bold") <= room
        shown = both.rstrip() if fits else fitting(name, paper, "bold", room)
        found.append(Label(x, 4 + paper.line // 2, shown, "center", "text", "bold"))
        if not low:
            shown = fitting(where, paper, "small", room)
            found.append(Label(x, 4 + paper.line * 3 // 2, shown, "center", "muted", "small"))
    return found


def fitting(text: str, paper: Paper, font: Font, room: int) -> str:
    """Return as much of a text as there is room for."""
    if paper.measure(text, font) <= room:
        return text
    few, many = 0, len(text)
    while few < many:
        middle = (few + many + 1) // 2
        if paper.measure(text[:middle] + "…", font) <= room:
            few = middle
        else:
            many = middle - 1
    return f"{text[:few]}…" if few else ""
