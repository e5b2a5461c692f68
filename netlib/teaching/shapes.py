"""What a picture is made of: the same on a canvas and in an SVG file.

Colours and fonts are named by what they are for; whoever draws says which they are.
"""

from __future__ import annotations

from typing import Literal

from netlib.value import NamedTuple

Font = Literal["text", "bold", "mono", "small"]
Anchor = Literal["w", "e", "center"]


class Stroke(NamedTuple):
    """A straight line."""

    x1: int
    y1: int
    x2: int
    y2: int
    role: str
    wide: float = 1.0
    dashed: bool = False
    head: bool = False
    """It has the head of an arrow at its end."""


class Label(NamedTuple):
    """A text in one line."""

    x: int
    y: int
    text: str
    anchor: Anchor
    role: str
    font: Font = "text"


class Plate(NamedTuple):
    """A filled rectangle."""

    x1: int
    y1: int
    x2: int
    y2: int
    fill: str
    edge: str = ""


class Dot(NamedTuple):
    """Where a call is made (filled), or where one takes what came (a ring)."""

    x: int
    y: int
    radius: int
    role: str
    filled: bool


Shape = Stroke | Label | Plate | Dot
