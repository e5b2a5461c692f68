"""The state diagram of RFC 9293 (figure 5) on a canvas: boxes, edges, the way taken, two marks.

Where an edge runs is data, in columns and rows of boxes and in halves of a box from their middles.
"""

from __future__ import annotations

import tkinter as tk
from itertools import pairwise
from typing import Final, Literal

from gui.models.kernel_states import EndShown
from gui.theme.theme import Theme
from gui.translated import translate
from gui.views.ink import BOLD, SMALL, Ink
from netlib import N_, TIME_WAIT_SECONDS
from netlib.teaching.tcp_states import EDGES, Edge, boxes, taken
from netlib.value import NamedTuple

Anchor = Literal["w", "e", "nw", "ne", "sw", "se", "center"]
"""Which side of a label touches its place; "center": it runs upwards, left of its edge."""

PLACES: Final[dict[str, tuple[tuple[int, int], ...]]] = {
    "CLOSED": ((1, 0), (2, 6)),
    "SYN-SENT": ((0, 1),),
    "LISTEN": ((2, 1),),
    "SYN-RECEIVED": ((2, 2),),
    "ESTABLISHED": ((1, 3),),
    "FIN-WAIT-1": ((0, 4),),
    "CLOSE-WAIT": ((2, 4),),
    "FIN-WAIT-2": ((0, 5),),
    "CLOSING": ((1, 5),),
    "LAST-ACK": ((2, 5),),
    "TIME-WAIT": ((0, 6),),
}
"""Column and row of each box; CLOSED stands at the beginning and at the end."""
LAST_ROW: Final = 6
_TAG: Final = N_("system")


class Spot(NamedTuple):
    """A place: column and row, and how many halves of a box beside their middle."""

    column: float
    across: float
    row: float
    down: float = 0.0


class Mark(NamedTuple):
    """What is said of a box."""

    ours: bool
    """The state is this one, as this program knows it."""
    system: bool
    """The system says so."""
    been: bool
    """The connection was in it."""


class Route(NamedTuple):
    """How an edge runs, and where its label stands."""

    spots: tuple[Spot, ...]
    label: Spot
    anchor: Anchor


_S = Spot
ROUTES: Final[dict[tuple[str, str], Route]] = {
    ("CLOSED", "SYN-SENT"): Route(
        (_S(1, -1, 0), _S(0, -0.4, 0), _S(0, -0.4, 1, -1)), _S(0, -0.4, 0.1), "nw"
    ),
    ("CLOSED", "LISTEN"): Route(
        (_S(1, 1, 0), _S(2, 0.4, 0), _S(2, 0.4, 1, -1)), _S(2, 0.4, 0.1), "ne"
    ),
    ("SYN-SENT", "CLOSED"): Route(
        (_S(0, 0.4, 1, -1), _S(0, 0.4, 0.58), _S(1, -0.5, 0.58), _S(1, -0.5, 0, 1)),
        _S(1, -0.5, 0.58),
        "ne",
    ),
    ("LISTEN", "CLOSED"): Route(
        (_S(2, -0.4, 1, -1), _S(2, -0.4, 0.58), _S(1, 0.5, 0.58), _S(1, 0.5, 0, 1)),
        _S(1, 0.5, 0.58),
        "nw",
    ),
    ("LISTEN", "SYN-RECEIVED"): Route(
        (_S(2, -0.3, 1, 1), _S(2, -0.3, 2, -1)), _S(2, -0.3, 1.5), "e"
    ),
    ("SYN-RECEIVED", "LISTEN"): Route((_S(2, 0.3, 2, -1), _S(2, 0.3, 1, 1)), _S(2, 0.3, 1.5), "w"),
    ("SYN-SENT", "SYN-RECEIVED"): Route(
        (_S(0, 1, 1), _S(1, 0, 1), _S(1, 0, 2, -0.3), _S(2, -1, 2, -0.3)), _S(1, 0, 1), "ne"
    ),
    ("SYN-SENT", "ESTABLISHED"): Route(
        (_S(0, 0, 1, 1), _S(0, 0, 3), _S(1, -1, 3)), _S(0, 0, 1.7), "w"
    ),
    ("SYN-RECEIVED", "ESTABLISHED"): Route(
        (_S(2, 0, 2, 1), _S(2, 0, 3), _S(1, 1, 3)), _S(2, 0, 2.62), "e"
    ),
    ("SYN-RECEIVED", "FIN-WAIT-1"): Route(
        (_S(2, -1, 2, 0.4), _S(0, 1.4, 2, 0.4), _S(0, 1.4, 4, -0.4), _S(0, 1, 4, -0.4)),
        _S(0, 1.4, 2, 0.4),
        "nw",
    ),
    ("ESTABLISHED", "FIN-WAIT-1"): Route(
        (_S(1, -0.45, 3, 1), _S(1, -0.45, 3.55), _S(0, 0, 3.55), _S(0, 0, 4, -1)),
        _S(0, 0, 3.55),
        "sw",
    ),
    ("ESTABLISHED", "CLOSE-WAIT"): Route(
        (_S(1, 0.45, 3, 1), _S(1, 0.45, 3.55), _S(2, 0, 3.55), _S(2, 0, 4, -1)),
        _S(2, 0, 3.55),
        "se",
    ),
    ("FIN-WAIT-1", "FIN-WAIT-2"): Route((_S(0, 0, 4, 1), _S(0, 0, 5, -1)), _S(0, 0, 4.5), "w"),
    ("FIN-WAIT-1", "CLOSING"): Route(
        (_S(0, 1, 4, 0.4), _S(1, 0, 4, 0.4), _S(1, 0, 5, -1)), _S(1, 0, 4.6), "w"
    ),
    ("FIN-WAIT-1", "TIME-WAIT"): Route(
        (_S(0, -1, 4), _S(0, -1.2, 4), _S(0, -1.2, 6), _S(0, -1, 6)), _S(0, -1.2, 5), "center"
    ),
    ("FIN-WAIT-2", "TIME-WAIT"): Route((_S(0, 0, 5, 1), _S(0, 0, 6, -1)), _S(0, 0, 5.5), "w"),
    ("CLOSING", "TIME-WAIT"): Route(
        (_S(1, 0, 5, 1), _S(1, 0, 6, -0.4), _S(0, 1, 6, -0.4)), _S(1, 0, 5.55), "w"
    ),
    ("CLOSE-WAIT", "LAST-ACK"): Route((_S(2, 0, 4, 1), _S(2, 0, 5, -1)), _S(2, 0, 4.5), "e"),
    ("LAST-ACK", "CLOSED"): Route((_S(2, 0, 5, 1), _S(2, 0, 6, -1)), _S(2, 0, 5.5), "e"),
    ("TIME-WAIT", "CLOSED"): Route((_S(0, 1, 6, 0.4), _S(2, -1, 6, 0.4)), _S(1, 0.1, 6, 0.4), "sw"),
}


class Diagram:
    """Draws the diagram for a size and two marks."""

    def __init__(self, canvas: tk.Canvas, theme: Theme) -> None:
        """Draw nothing yet."""
        self._ink, self._theme = Ink(canvas, theme), theme
        self._size = self._box = 0, 0
        self._tight = self._roomy = False
        """There is no room between the boxes; there is room for labels."""

    def least_height(self) -> int:
        """Return the height in pixels below which boxes would touch."""
        return (LAST_ROW + 1) * (self._ink.line(SMALL) + self._theme.px(3)) + self._theme.px(14)

    def draw(self, end: EndShown, width: int, height: int) -> None:
        """Draw everything: what was taken, then the boxes over it."""
        ink, px = self._ink, self._theme.px
        ink.clear()
        self._size = width, height
        wide = max(ink.wide(name, BOLD) for name in PLACES) + px(20)
        high = ink.line(BOLD) + px(6)
        self._tight = (LAST_ROW + 1) * (high + px(4)) + px(14) > height
        self._box = min(wide, (width - px(44)) * 3 // 10), ink.line(SMALL) if self._tight else high
        self._roomy = self._gap() >= self._box[1] + ink.line(SMALL)
        been = taken(end.visited)
        for edge in sorted(EDGES, key=been.__contains__):  # what was taken lies on top
            self._edge(edge, taken=edge in been)
        for name, places in PLACES.items():
            for place in places:
                self._node(name, place, _mark(name, place, end))

    def _gap(self) -> float:
        return (self._size[1] - self._box[1] - self._theme.px(14)) / LAST_ROW

    def _at(self, spot: Spot) -> tuple[int, int]:
        (width, _height), (wide, high) = self._size, self._box
        left = wide / 2 + self._theme.px(34)
        right = width - wide / 2 - self._theme.px(6)
        x = left + (right - left) * spot.column / 2 + spot.across * wide / 2
        y = high / 2 + self._theme.px(7) + self._gap() * spot.row + spot.down * high / 2
        return round(x), round(y)

    def _edge(self, edge: Edge, *, taken: bool) -> None:
        route, ink = ROUTES[edge.start, edge.end], self._ink
        colour = "accent" if taken else "edge"
        points = [self._at(spot) for spot in route.spots]
        thick = max(self._theme.px(2.5), 2) if taken else max(self._theme.px(1), 1)
        for one, other in pairwise(points):
            ink.fill(_bar(one, other, thick), colour)
        self._head(points[-2], points[-1], colour)
        if self._roomy:
            self._label(edge, route, "text" if taken else "muted")

    def _head(self, before: tuple[int, int], tip: tuple[int, int], colour: str) -> None:
        long, half = self._theme.px(7), self._theme.px(4)
        (x, y), down, across = tip, _sign(tip[1] - before[1]), _sign(tip[0] - before[0])
        base = x - across * long, y - down * long
        sides = half * down, half * across
        self._ink.canvas.create_polygon(
            *(x, y, base[0] - sides[0], base[1] - sides[1], base[0] + sides[0], base[1] + sides[1]),
            fill=self._ink.colour(colour),
            width=0,
        )

    def _label(self, edge: Edge, route: Route, colour: str) -> None:
        x, y = self._at(route.label)
        gap = self._theme.px(5)
        upwards = route.anchor == "center"
        x += -self._ink.line(SMALL) // 2 - 2 if upwards else gap if "w" in route.anchor else -gap
        y += {"n": 2, "s": -2}.get(route.anchor[0], 0)
        words = edge.label
        if edge.cause == "2 MSL" and TIME_WAIT_SECONDS is not None:
            words = f"{words} = {TIME_WAIT_SECONDS:.0f} s"
        self._ink.canvas.create_text(
            *(x, y),
            text=words,
            font=SMALL,
            fill=self._ink.colour(colour),
            anchor=route.anchor,
            angle=90 if upwards else 0,
        )

    def _node(self, name: str, place: tuple[int, int], mark: Mark) -> None:
        ink, px = self._ink, self._theme.px
        (x, y), (wide, high) = self._at(Spot(place[0], 0, place[1])), self._box
        area = (x - wide // 2, y - high // 2, x + wide // 2, y + high // 2)
        if mark.system:
            out = px(1.5 if self._tight else 4)
            ink.box(
                (area[0] - out, area[1] - out, area[2] + out, area[3] + out), "field", "hot_edge"
            )
        ground, edge, text = "card", "edge", "muted"
        if mark.ours:
            ground, edge, text = "accent", "accent", "on_accent"
        elif mark.been:
            ground, edge, text = "tint", "accent", "text"
        ink.box(area, ground, edge)
        font: str = SMALL
        widest = max(ink.wide(each, BOLD) for each in PLACES)
        if not self._tight and widest <= wide - px(8):
            font = BOLD if mark.ours or mark.system else "TkDefaultFont"
        words = ink.fit(name, SMALL, wide - px(2)) if font == SMALL else name
        tags = [tag for tag, on in mark._asdict().items() if on]
        ink.canvas.create_text(x, y, text=words, font=font, fill=ink.colour(text), tags=tags)
        if mark.system and self._roomy:
            self._tag(area, on_right=place[0] > 1)

    def _tag(self, area: tuple[int, int, int, int], *, on_right: bool) -> None:
        """Say over a box that the system names this state, where no label stands."""
        ink, px = self._ink, self._theme.px
        words = translate(_TAG)
        wide, high = ink.wide(words, SMALL) + px(10), ink.line(SMALL) + px(2)
        right = area[2] + px(4) if on_right else area[0] - px(4) + wide
        top = max(area[1] - px(4) - high + 1, 0)
        ink.fill((right - wide, top, right, top + high), "hot")
        ink.frame((right - wide, top, right, top + high), "hot_edge")
        ink.canvas.create_text(
            right - wide // 2, top + high // 2, text=words, font=SMALL, fill=ink.colour("text")
        )


def _mark(name: str, place: tuple[int, int], end: EndShown) -> Mark:
    """Return what is said of a box; of the two of CLOSED, the lower one is the end of the way."""
    known = boxes(end.ours) if end.ours else ()
    ours = name in known and (name == end.system or end.system not in known)
    visited = [box for state in end.visited for box in boxes(state)]
    if name != "CLOSED":
        return Mark(ours, name == end.system, name in visited)
    last = place[1] == LAST_ROW
    here = (len(visited) > 1) is last
    return Mark(
        ours and here, name == end.system and here, name in (visited[1:] if last else visited[:1])
    )


def _bar(one: tuple[int, int], other: tuple[int, int], thick: int) -> tuple[int, int, int, int]:
    """Return a straight line, crisp, as an area."""
    (left, right), (top, bottom) = sorted((one[0], other[0])), sorted((one[1], other[1]))
    half = thick // 2
    return left - half, top - half, right - half + thick, bottom - half + thick


def _sign(number: int) -> int:
    return (number > 0) - (number < 0)
