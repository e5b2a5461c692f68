"""How the boundaries are drawn: a byte is one column in every lane, only what is in sight."""

from __future__ import annotations

import tkinter as tk
from typing import Final

from gui.theme.theme import Theme
from gui.translated import translate
from gui.views.boundaries_layout import (
    LEAST,
    MARGIN,
    Axis,
    Chosen,
    Rows,
    byte_width,
    divide,
)
from gui.views.ink import BOLD, MONO, SMALL, Area, Font, Ink
from netlib import N_
from netlib.teaching.boundaries import RESTS, Boundaries, Lane, LaneName, Piece
from netlib.teaching.boundary_words import TITLES, note
from netlib.value import NamedTuple

_COLOURS: Final[dict[LaneName, str]] = {
    "sends": "sent",
    "receives": "received",
    "messages": "fin",
}
"""The edge of each lane's boxes, and with `_ground` what they are filled with."""
_BETWEEN: Final[dict[LaneName, tuple[LaneName, LaneName]]] = {
    "sends": ("sends", "stream"),
    "receives": ("stream", "receives"),
    "messages": ("receives", "messages"),
}
"""The lanes between which the cuts of one are drawn."""
_DASH, _LONG_DASH = (3, 3), (5, 4)
_STEPS: Final = tuple(step * 10**power for power in range(9) for step in (1, 2, 5))
"""Bytes from one that is numbered to the next."""


class _Label(NamedTuple):
    """What is written in a piece."""

    words: str
    size: str
    colour: str = "text"


class Drawing:
    """Draws one direction on a canvas."""

    def __init__(self, canvas: tk.Canvas, theme: Theme) -> None:
        """Draw nothing yet."""
        self.ink = Ink(canvas, theme)
        self.rows = Rows({}, 0)

    def draw(self, boundaries: Boundaries, axis: Axis, chosen: Chosen | None) -> None:
        """Draw what is in sight."""
        self.ink.clear()
        self.rows = divide(self.ink, boundaries)
        if chosen is not None:  # in every lane one sees where the bytes of the chosen piece are
            left, right = axis.x(chosen.piece.start), axis.x(chosen.piece.end)
            self.ink.fill((left, 0, right, self.ink.canvas.winfo_height()), "hot")
        for name in self.rows.tops:
            lane = boundaries.lane(name)
            if name == "stream":
                self._stream(boundaries, axis)
            elif lane is not None:
                self._lane(boundaries, axis, name, lane)
        if chosen is not None and chosen.lane in self.rows.tops:
            self.ink.frame(self._area(axis, chosen.lane, chosen.piece), "hot_edge", 3)
        self._names(boundaries, axis)

    def _area(self, axis: Axis, name: LaneName, piece: Piece, inset: int = 0) -> Area:
        top = self.rows.tops[name]
        left, right = axis.x(piece.start) + inset, axis.x(piece.end) - inset
        return left, top, right, top + self.rows.high

    def _lane(self, boundaries: Boundaries, axis: Axis, name: LaneName, lane: Lane) -> None:
        least = axis.least(self.ink.px(LEAST))
        colour, inset = _COLOURS[name], self.ink.px(1.5)
        runs: list[list[Piece]] = []
        for piece in lane.pieces(axis.first, axis.last, least):
            if axis.x(piece.end) - axis.x(piece.start) < self.ink.px(2 * LEAST):
                if not runs or runs[-1][-1].end != piece.start:
                    runs.append([])
                runs[-1].append(piece)
                continue
            self.ink.box(self._area(axis, name, piece, inset), f"{colour}_ground", colour)
            self._cut(axis, name, piece.start)
            if piece.end == lane.end:
                self._cut(axis, name, piece.end)
            self._words(boundaries, axis, name, piece)
        for run in runs:
            self._band(axis, name, run)
        if (rest := boundaries.rest(name)) is not None:
            area = self._area(axis, name, rest, inset)
            self.ink.frame(area, "ghost", dash=_LONG_DASH)
            label = _Label(translate(RESTS[name]), f"{rest.end - rest.start:,} B", "ghost")
            self._label(axis, name, rest, label)

    def _band(self, axis: Axis, name: LaneName, pieces: list[Piece]) -> None:
        """Draw narrow pieces that lie side by side."""
        whole = pieces[0]._replace(end=pieces[-1].end)
        cuts = [axis.x(end) for end in (whole.start, *(piece.end for piece in pieces))]
        colour = _COLOURS[name]
        self.ink.band(self._area(axis, name, whole), cuts, f"{colour}_ground", colour)

    def _cut(self, axis: Axis, name: LaneName, offset: int) -> None:
        above, below = _BETWEEN[name]
        tops, x = self.rows.tops, axis.x(offset)
        if above in tops:
            start, end = (x, tops[above] + self.rows.high), (x, tops[below])
            self.ink.rule(start, end, _COLOURS[name], _DASH)

    def _words(self, boundaries: Boundaries, axis: Axis, name: LaneName, piece: Piece) -> None:
        if not piece.alone:
            label = _Label(f"×{piece.last - piece.number + 1:,}", "")
        elif name == "messages":
            receives = boundaries.receives
            again = receives is not None and receives.cuts(piece.start, piece.end)
            whole = translate(N_("whole again") if again else N_("whole"))
            label = _Label(boundaries.words(name, piece), whole)
        else:
            size = f"{piece.end - piece.start:,} B"
            label = _Label(boundaries.words(name, piece), size)
        self._label(axis, name, piece, label)

    def _label(self, axis: Axis, name: LaneName, piece: Piece, label: _Label) -> None:
        """Write into the part of a piece that is in sight: words, and under them its size."""
        left = max(axis.x(piece.start), axis.left)
        right = min(axis.x(piece.end), axis.left + axis.room)
        room, middle = right - left, (left + right) // 2
        ghost = label.colour != "text"
        font = SMALL if ghost else MONO
        line, small = self.ink.line(MONO), self.ink.line(SMALL)
        both = bool(label.size) and line + small <= self.rows.high
        top = self.rows.tops[name] + (self.rows.high - line - small * both) // 2
        words = self._fitted(label.words, font, room)
        self.ink.text((middle, top), words, font, label.colour, "n")
        if both:
            size = self._fitted(label.size, SMALL, room)
            tone = label.colour if ghost else _COLOURS[name]
            self.ink.text((middle, top + line), size, SMALL, tone, "n")

    def _fitted(self, text: str, font: Font, room: int) -> str:
        """Return as much of a text as there is room for; what is cut keeps away from the edge."""
        if self.ink.wide(text, font) <= room - self.ink.px(4):
            return text
        return self.ink.fit(text, font, room - self.ink.px(12))

    # -- the stream ------------------------------------------------------------------------------

    def _stream(self, boundaries: Boundaries, axis: Axis) -> None:
        first, last = axis.first, min(axis.last, boundaries.size)
        area = self._area(axis, "stream", Piece(1, 1, 0, boundaries.size))
        if axis.cell >= byte_width(self.ink):
            self._characters(boundaries, axis, first, last)
            self._bytes(boundaries, axis, first, last)
        self._offsets(axis, first, last)
        self.ink.frame(area, "edge")

    def _characters(self, boundaries: Boundaries, axis: Axis, first: int, last: int) -> None:
        """Shade and name characters of several bytes; warmer, where a receive divides one."""
        receives, top = boundaries.receives, self.rows.tops["stream"]
        for one in boundaries.characters(first, last):
            divided = receives is not None and receives.cuts(one.start, one.end)
            left, right = axis.x(one.start), axis.x(one.end)
            ground = "hot" if divided else "stripe"
            self.ink.fill((left, top, right, top + self.rows.high), ground)
            middle = (left + right) // 2
            self.ink.text((middle, top - self.ink.px(2)), one.text, BOLD, "text", "s")

    def _bytes(self, boundaries: Boundaries, axis: Axis, first: int, last: int) -> None:
        lane, top = boundaries.lane("stream"), self.rows.tops["stream"]
        for piece in lane.pieces(first, last) if lane is not None else ():
            x, word = axis.x(piece.start), boundaries.words("stream", piece)
            if piece.start:
                self.ink.rule((x, top), (x, top + self.rows.high), "line")
            middle = (x + axis.x(piece.end)) // 2
            font = MONO if len(word) == 1 else "MonoSmallFont"
            self.ink.text((middle, self._line_top()), word, font, "text", "n")

    def _line_top(self) -> int:
        """Return where the text of the stream begins."""
        lines = self.ink.line(MONO) + self.ink.line(SMALL)
        room = self.rows.high - (lines if lines <= self.rows.high else self.ink.line(MONO))
        return self.rows.tops["stream"] + max(room // 2, 0)

    def _offsets(self, axis: Axis, first: int, last: int) -> None:
        """Number the bytes, as many of them as there is room for."""
        line, top = self.ink.line(MONO), self.rows.tops["stream"]
        if line + self.ink.line(SMALL) > self.rows.high:
            return
        y, written = self._line_top() + line, axis.cell >= byte_width(self.ink)
        wide = self.ink.wide(f"{last:,}", SMALL) + self.ink.px(6 if written else 24)
        step = next((step for step in _STEPS if step * axis.cell >= wide), _STEPS[-1])
        for offset in range(first + -first % step, last, step):
            x = axis.x(offset)
            if written:
                middle = (x + axis.x(offset + 1)) // 2
                self.ink.text((middle, y), f"{offset:,}", SMALL, "muted", "n")
            else:
                self.ink.rule((x, top), (x, top + self.rows.high // 3), "edge")
                self.ink.text((x + self.ink.px(3), y), f"{offset:,}", SMALL, "muted", "nw")

    # -- names -----------------------------------------------------------------------------------

    def _names(self, boundaries: Boundaries, axis: Axis) -> None:
        """Write what each lane is, over what has been scrolled under it."""
        ink, edge = self.ink, axis.left - 1
        ink.fill((0, 0, edge, ink.canvas.winfo_height()), "field")
        bold, small, room = ink.line(BOLD), ink.line(SMALL), edge - ink.px(MARGIN)
        for name, top in self.rows.tops.items():
            both = bold + small <= self.rows.high
            y = top + (self.rows.high - bold - small * both) // 2
            words = ink.fit(translate(TITLES[name]), BOLD, room)
            ink.text((ink.px(MARGIN), y), words, BOLD, "text", "nw")
            if both:
                under = ink.fit(note(boundaries, name), SMALL, room)
                ink.text((ink.px(MARGIN), y + bold), under, SMALL, "muted", "nw")
