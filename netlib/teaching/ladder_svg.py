"""A ladder as SVG: a picture for a worksheet, that any browser shows."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from html import escape
from typing import Final

from netlib.teaching.ladder import Rung, sites
from netlib.teaching.ladder_picture import picture
from netlib.teaching.ladder_text import TextOptions
from netlib.teaching.lifelines import Paper, heads, lifelines, most_sites
from netlib.teaching.shapes import Dot, Font, Label, Plate, Shape, Stroke

WIDTH: Final = 1000
LINE: Final = 18
SIZES: Final[dict[Font, int]] = {"text": 13, "bold": 13, "mono": 13, "small": 11}
MONO: Final = "ui-monospace, 'DejaVu Sans Mono', Consolas, monospace"
SANS: Final = "system-ui, 'Segoe UI', 'Noto Sans CJK SC', 'Microsoft YaHei', sans-serif"
WIDE: Final = frozenset("WF")
"""East Asian widths of characters as wide as they are high."""

COLOURS: Final[dict[str, str]] = {
    "text": "#141c26",
    "muted": "#4c5968",
    "ghost": "#667386",
    "edge": "#838f9e",
    "field": "#ffffff",
    "stripe": "#eef2f8",
    "hot": "#fff3cf",
    "hot_edge": "#b98900",
    "info_ground": "#e8edf4",
    "sent": "#0b52bf",
    "received": "#0b6b3a",
    "fin": "#5b3aa8",
    "bad": "#b3201a",
    "sent_ground": "#dbe7fb",
    "received_ground": "#d9f0e2",
    "fin_ground": "#ece6fa",
    "bad_ground": "#fde8e6",
}
"""For white paper."""

_FORBIDDEN: Final = "[\x00-\x1f\ud800-\udfff\ufffe\uffff]"

_ANCHORS: Final = {"w": "start", "e": "end", "center": "middle"}
_BASELINE: Final = 0.36
"""How far below the middle of a text it stands, in sizes of it."""


def ladder_svg(rows: Sequence[Rung], options: TextOptions, note: str = "") -> str:
    """Return rows as an SVG document (SVG 1.1). `note`: a sentence below them."""
    paper = Paper(WIDTH, LINE, measure, encoding=options.encoding, remarks=options.commentary)
    lines = lifelines(sites(rows, most_sites(paper)), paper)
    drawn = picture(rows, lines, paper)
    head = 2 * LINE + 16
    height = head + drawn.tops[-1] + 2 * LINE
    parts = [
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}"'
        f' viewBox="0 0 {WIDTH} {height}" font-family="{escape(SANS)}">\n'
        '<rect width="100%" height="100%" fill="#ffffff"/>\n',
        *map(_element, heads(lines, options.addresses, paper)),
        f'<g transform="translate(0 {head})">\n',
        *map(_element, drawn.shapes),
        "</g>\n",
    ]
    if note:
        parts.append(_element(Label(LINE, height - LINE, note, "w", "muted", "small")))
    return "".join(parts) + "</svg>\n"


def measure(text: str, font: Font) -> int:
    """Return about how wide a text is: fonts differ from computer to computer."""
    size = SIZES[font]
    wide = sum(unicodedata.east_asian_width(character) in WIDE for character in text)
    return round(size * (wide * 1.05 + (len(text) - wide) * 0.61))


def _element(shape: Shape) -> str:
    match shape:
        case Stroke():
            return _line(shape)
        case Label(x=x, y=y, text=text, anchor=anchor, role=role, font=font):
            size = SIZES[font]
            weight = ' font-weight="bold"' if font == "bold" else ""
            family = f' font-family="{escape(MONO)}"' if font == "mono" else ""
            return (
                f'<text x="{x}" y="{y + size * _BASELINE:.1f}" font-size="{size}"{weight}{family}'
                f' text-anchor="{_ANCHORS[anchor]}" fill="{COLOURS[role]}" xml:space="preserve">'
                f"{escape(_allowed(text), quote=False)}</text>\n"
            )
        case Plate(x1=x1, y1=y1, x2=x2, y2=y2, fill=fill, edge=edge):
            stroke = f' stroke="{COLOURS[edge]}"' if edge else ""
            size_ = f'width="{max(x2 - x1, 0)}" height="{max(y2 - y1, 0)}" rx="4"'
            return f'<rect x="{x1}" y="{y1}" {size_} fill="{COLOURS[fill]}"{stroke}/>\n'
        case Dot(x=x, y=y, radius=radius, role=role, filled=filled):
            fill = COLOURS[role] if filled else COLOURS["field"]
            return (
                f'<circle cx="{x}" cy="{y}" r="{radius}" fill="{fill}"'
                f' stroke="{COLOURS[role]}" stroke-width="2"/>\n'
            )


def _line(shape: Stroke) -> str:
    colour = COLOURS[shape.role]
    dash = ' stroke-dasharray="6 4"' if shape.dashed else ""
    line = (
        f'<line x1="{shape.x1}" y1="{shape.y1}" x2="{shape.x2}" y2="{shape.y2}"'
        f' stroke="{colour}" stroke-width="{shape.wide:g}"{dash}/>\n'
    )
    if not shape.head:
        return line
    points = " ".join(f"{x:.1f},{y:.1f}" for x, y in arrow_head(shape, 10, 4))
    return line + f'<polygon points="{points}" fill="{colour}"/>\n'


def arrow_head(shape: Stroke, length: float, half: float) -> list[tuple[float, float]]:
    """Return the corners of an arrow's head, the tip first."""
    wide, high = shape.x2 - shape.x1, shape.y2 - shape.y1
    size = max((wide * wide + high * high) ** 0.5, 1.0)
    along, down = wide / size, high / size
    x, y = shape.x2 - along * length, shape.y2 - down * length
    return [
        (shape.x2, shape.y2),
        (x - down * half, y + along * half),
        (x + down * half, y - along * half),
    ]


def _allowed(text: str) -> str:
    """Return text without what XML cannot hold (XML 1.0, section 2.2)."""
    return re.sub(_FORBIDDEN, "\N{REPLACEMENT CHARACTER}", text)
