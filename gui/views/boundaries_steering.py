"""Which bytes of the boundaries are in sight, and which piece is looked at."""

from __future__ import annotations

from typing import Final

from gui.views.boundaries_layout import Axis, Chosen, lanes_of
from netlib.teaching.boundaries import Boundaries, LaneName
from netlib.value import NamedTuple

ZOOM: Final = 1.5
"""Factor of a step."""


class Measures(NamedTuple):
    """Pixels that the window has and wants."""

    left: int
    room: int
    """From where on, and how wide, bytes are drawn."""
    written: int
    """Width of a byte that can be read."""
    usual: int
    """Width of a byte at first, where not all of them fit."""
    largest: int
    least: int
    """Width of a piece that is drawn alone."""


class Steering:
    """Scrolls, zooms and chooses, by what is asked for in pixels, bytes and steps."""

    def __init__(self) -> None:
        """Look at nothing yet."""
        self._boundaries: Boundaries | None = None
        self._measures = Measures(0, 1, 1, 1, 1, 1)
        self._cell = self._begin = 0.0
        self.chosen: Chosen | None = None
        self.pointed: Chosen | None = None
        """What the pointer is over; it comes before what is chosen."""

    def begin(self, boundaries: Boundaries, *, grown: bool = False) -> None:
        """Look at other boundaries, from their beginning; or at the same, which have `grown`."""
        self._boundaries = boundaries
        if grown:
            return
        self._cell = self._begin = 0.0
        self.chosen = self.pointed = None

    def measure(self, measures: Measures) -> None:
        """Take over sizes of the window; all bytes are in sight at first, if one can read them."""
        self._measures = measures
        if not self._cell:
            whole = self._whole()
            self._cell = whole if whole >= measures.written else measures.usual
        self._bound()

    @property
    def axis(self) -> Axis:
        """Where bytes are now."""
        return Axis(self._measures.left, self._measures.room, self._cell or 1.0, self._begin)

    @property
    def looked_at(self) -> Chosen | None:
        """The piece that is named and marked."""
        return self.pointed or self.chosen

    @property
    def size(self) -> int:
        """Bytes of the stream."""
        return self._boundaries.size if self._boundaries is not None else 0

    def zoom(self, factor: float) -> None:
        """Make bytes wider or narrower by a factor; 0: so that all are in sight.

        What is chosen stays where it is, or else what is in the middle.
        """
        axis = self.axis
        at = self.chosen.piece.start if self.chosen else axis.begin + axis.room / axis.cell / 2
        place = (at - axis.begin) * axis.cell
        self._cell = axis.cell * factor if factor else self._whole()
        self._bound()
        self.scroll(at - place / self._cell)

    def scroll(self, begin: float) -> None:
        """Put an offset at the left edge."""
        self._begin = begin
        self._bound()

    def piece_at(self, lane: LaneName | None, offset: int) -> Chosen | None:
        """Return the piece of a lane that has a byte, as it is drawn; None: none has it."""
        if self._boundaries is None or lane is None:
            return None
        found = self._boundaries.lane(lane)
        least = 1 if lane == "stream" else self.axis.least(self._measures.least)
        pieces = found.pieces(offset, offset + 1, least) if found is not None else ()
        return next((Chosen(lane, one) for one in pieces if one.start <= offset < one.end), None)

    def step(self, way: int) -> None:
        """Choose the piece before (-1) or after (1) the chosen one, or else the first in sight."""
        if self.chosen is None:
            self.go_to(max(self.axis.first, 0))
        else:
            piece = self.chosen.piece
            self.go_to(piece.end if way > 0 else piece.start - 1)

    def change_lane(self, way: int) -> None:
        """Choose, in the lane above (-1) or below (1), what has the same byte."""
        if self._boundaries is None or self.chosen is None:
            self.step(way)
            return
        lanes = lanes_of(self._boundaries)
        number = lanes.index(self.chosen.lane) + way
        if 0 <= number < len(lanes):
            offset = max(self.chosen.piece.start, min(self.axis.first, self.chosen.piece.end - 1))
            self._choose(self.piece_at(lanes[number], offset))

    def go_to(self, offset: int) -> None:
        """Choose the piece that has a byte, in the lane of the chosen one or else the first."""
        if self._boundaries is not None:
            lane = self.chosen.lane if self.chosen else lanes_of(self._boundaries)[0]
            self._choose(self.piece_at(lane, offset))

    def _choose(self, found: Chosen | None) -> None:
        """Choose what was found, and bring it into sight."""
        self.pointed = None
        if found is None:
            return
        self.chosen = found
        axis, (start, end) = self.axis, (found.piece.start, found.piece.end)
        shown = axis.room / axis.cell
        if start < axis.begin or end - start > shown:
            self.scroll(start)
        elif end > axis.begin + shown:
            self.scroll(end - shown)

    def _whole(self) -> float:
        """Return the width of a byte at which all are in sight."""
        return min(self._measures.room / max(self.size, 1), self._measures.largest)

    def _bound(self) -> None:
        """Show neither less than all where there is room, nor what lies beyond."""
        self._cell = min(max(self._cell, self._whole()), self._measures.largest)
        shown = self._measures.room / self._cell
        self._begin = min(max(self._begin, 0.0), max(self.size - shown, 0.0))
