"""A ladder as shapes on paper: what a canvas shows and what an SVG file holds is the same.

Only the rows given are drawn; an arrow to a row beyond them leads over the edge.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final

from netlib.i18n import _
from netlib.teaching.ladder import OTHERS, Arrow, Rung
from netlib.teaching.ladder_text import commentary, note, state, words
from netlib.teaching.lifelines import Lifelines, Paper, fitting
from netlib.teaching.lines import short_time
from netlib.teaching.segments import numbers, what
from netlib.teaching.shapes import Anchor, Dot, Label, Plate, Shape, Stroke
from netlib.value import NamedTuple

IMPLIED_LINES: Final = 1.15
"""Further arrows of one row are so many lines apart."""
REMARK_GAP: Final = 0.3
"""So many lines are between the sentences of two rows."""
THIN: Final = ("implied", "captured")
"""Styles of arrows that are segments, not calls: no call is marked where they begin."""
LOST_AT: Final = 0.6
"""A lost datagram ends at this share of the way."""


class Picture(NamedTuple):
    """What was drawn."""

    shapes: list[Shape]
    tops: list[int]
    """Where each row begins, and last where the last one ends."""


class _Row(NamedTuple):
    """A row and where it is."""

    rung: Rung
    top: int
    arrows: int
    """Where its first arrow begins."""
    remarks: Sequence[str]


def picture(
    rows: Sequence[Rung],
    lines: Lifelines,
    paper: Paper,
    chosen: Collection[int] = (),
    tops: Sequence[int] = (),
) -> Picture:
    """Draw rows from the top of the paper on; `chosen` are keys of rows.

    `tops`: see `row_tops`; where rows are put further apart than they need be.
    """
    places: dict[int, _Row] = {}
    tops = list(tops) or row_tops(rows, paper)
    room = _room_for_remarks(paper)
    for rung, top in zip(rows, tops[:-1], strict=True):
        pause = _pause_height(paper) if rung.pause else 0
        first = top + pause + round(paper.line * 1.15)
        places[rung.key] = _Row(rung, top, first, _remarks(rung, paper, room))
    drawing = _Drawing(lines, paper, places, tops[-1])
    for row, bottom in zip(places.values(), tops[1:], strict=True):
        drawing.row(row, bottom, chosen=row.rung.key in chosen)
    return Picture(drawing.grounds + drawing.lifelines(tops[-1]) + drawing.shapes, tops)


def row_tops(rows: Sequence[Rung], paper: Paper) -> list[int]:
    """Return where each row begins, and last where the last one ends."""
    shown = {rung.key for rung in rows}
    room = _room_for_remarks(paper)
    tops = [0]
    for rung in rows:
        pause = _pause_height(paper) if rung.pause else 0
        height = _height(rung, shown, paper, len(_remarks(rung, paper, room)))
        tops.append(tops[-1] + pause + height)
    return tops


def _height(rung: Rung, shown: Collection[int], paper: Paper, remarks: int) -> int:
    """Return how high a row is: an arrow has its words above it, unless another row has both."""
    implied = sum(arrow.style in THIN for arrow in rung.arrows)
    begun = any(
        arrow.style not in THIN and not (arrow.target == rung.site and arrow.other in shown)
        for arrow in rung.arrows
    )
    lines = 1.1 if not rung.arrows else 1.9 if begun or implied else 1.7
    both = any(arrow.style not in THIN for arrow in rung.arrows)
    lines = lines * paper.zoom + max(implied - (not both), 0) * IMPLIED_LINES
    return round(paper.line * max(lines, 1.1, remarks + REMARK_GAP if remarks > 1 else 0))


def _pause_height(paper: Paper) -> int:
    return round(paper.line * 1.6)


def _room_for_remarks(paper: Paper) -> int:
    """Return how wide a sentence about a row may be; 0: there are none."""
    return paper.width - paper.right - 2 * paper.unit if paper.has_remarks else 0


def _remarks(rung: Rung, paper: Paper, room: int) -> Sequence[str]:
    """Return the sentence about a row, broken into lines."""
    sentence = commentary(rung) if room and rung.arrows else ""
    return paper.broken(sentence, room) if sentence else ()


class _Drawing:
    """Shapes of rows."""

    def __init__(
        self, lines: Lifelines, paper: Paper, places: dict[int, _Row], bottom: int
    ) -> None:
        self.grounds: list[Shape] = []
        """What lies below the lifelines."""
        self.shapes: list[Shape] = []
        self._lines, self._paper, self._places, self._bottom = lines, paper, places, bottom
        self._unit = paper.unit
        self._dot = min(max(paper.line // 4, 3), self._unit)
        self._pauses: list[tuple[int, int]] = []
        self._hot = False
        """The row that is being drawn is the chosen one."""
        calls = [key for key in places if key >= 0]
        self._first, self._last = min(calls, default=0), max(calls, default=0)

    def row(self, row: _Row, bottom: int, *, chosen: bool) -> None:
        """Draw one row."""
        rung, paper = row.rung, self._paper
        top = row.arrows - round(paper.line * 1.15)
        self._hot = chosen
        if chosen:
            plate = Plate(self._lines.left - self._unit, top, self._lines.right, bottom, "hot")
            self.grounds.append(plate._replace(edge="hot_edge"))
        if rung.pause:
            self._pause(row.top, top, rung.pause)
        if rung.delta is not None:
            y = row.arrows if rung.arrows else (top + bottom) // 2
            x = self._lines.left - 2 * self._unit
            text = fitting(short_time(rung.delta), paper, "small", x)
            self.shapes.append(Label(x, y, text, "e", "muted", "small"))
        for number, text in enumerate(row.remarks):
            y = top + paper.line // 2 + number * paper.line
            self.shapes.append(Label(self._lines.right + self._unit, y, text, "w", "text", "small"))
        if rung.arrows:
            self._arrows(row)
        else:
            self._note(row, (top + bottom) // 2)

    def lifelines(self, bottom: int) -> list[Shape]:
        """Return the lifelines, dashed where there was a pause."""
        found: list[Shape] = []
        for x in self._lines.at:
            y = 0
            for begin, end in self._pauses:
                found.append(Stroke(x, y, x, begin, "edge", 2))
                found.append(Stroke(x, begin, x, end, "edge", 2, dashed=True))
                y = end
            found.append(Stroke(x, y, x, bottom, "edge", 2))
        return found

    # -- inside ----------------------------------------------------------------------------------

    def _pause(self, top: int, bottom: int, seconds: float) -> None:
        left, right = self._lines.left, self._lines.right
        self._pauses.append((top + 2, bottom - 2))
        self.grounds.append(Plate(left, top + 2, right, bottom - 2, "stripe"))
        sentence = _("{time} without a call").format(time=short_time(seconds).removeprefix("+"))
        middle = (self._lines.at[0] + self._lines.at[-1]) // 2
        room = 2 * min(middle - left, right - middle)
        text = fitting(f"··· {sentence} ···", self._paper, "small", room)
        self.shapes.append(Label(middle, (top + bottom) // 2, text, "center", "muted", "small"))

    def _note(self, row: _Row, y: int) -> None:
        """Write what happened without an arrow, beside its lifeline."""
        x = self._lines.x(row.rung.site)
        leftmost = x <= (self._lines.at[0] + self._lines.at[-1]) // 2
        end = self._lines.at[-1 if leftmost else 0]
        room = abs(end - x) if end != x else self._lines.right - x
        room -= 2 * self._unit
        text = fitting(note(row.rung, self._paper.encoding), self._paper, "small", room)
        self.shapes.append(Dot(x, y, max(self._dot // 2, 2), "muted", filled=True))
        shift = self._unit if leftmost else -self._unit
        anchor: Anchor = "w" if leftmost else "e"
        self._on_ground(Label(x + shift, y, text, anchor, "muted", "small"))

    def _arrows(self, row: _Row) -> None:
        rung, y, said = row.rung, row.arrows, False
        for arrow in rung.arrows:
            if arrow.style in THIN:
                self._segment(row, arrow, y)
                y += round(self._paper.line * IMPLIED_LINES)
                continue
            if not self._is_drawn_elsewhere(rung, arrow):
                self._arrow(row, arrow, row.arrows, said=said)
                said = True
            y = row.arrows + round(self._paper.line * IMPLIED_LINES)
        self._call(row)

    def _is_drawn_elsewhere(self, rung: Rung, arrow: Arrow) -> bool:
        """Tell whether the row at the other end draws it: the one where it begins does."""
        return arrow.target == rung.site and arrow.other in self._places

    def _call(self, row: _Row) -> None:
        """Mark where the call was, and name it outside its lifeline."""
        rung, y, paper = row.rung, row.arrows, self._paper
        own = [arrow for arrow in rung.arrows if arrow.style not in THIN]
        x = self._lines.x(rung.site)
        left = all(x <= self._other_x(rung, arrow) for arrow in rung.arrows)
        words_ = rung.name
        if rung.size is not None and own and own[0].target == rung.site:
            words_ = f"{rung.name} {rung.size:,} B"
        if words_:
            shift = -2 * self._dot if left else 2 * self._dot
            room = abs(self._lines.room(x)[not left] - x) - 2 * self._dot
            text = fitting(words_, paper, "small", room)
            self.shapes.append(Label(x + shift, y, text, "e" if left else "w", "muted", "small"))
        if own:
            sends = own[0].source == rung.site
            self.shapes.append(Dot(x, y, self._dot, _role(own[0]), filled=sends))

    def _other_x(self, rung: Rung, arrow: Arrow) -> int:
        return self._lines.x(arrow.target if arrow.source == rung.site else arrow.source)

    def _segment(self, row: _Row, arrow: Arrow, y: int) -> None:
        """Draw a segment that TCP must have sent, or that the kernel showed, with its numbers."""
        packet, implied = row.rung.packet, arrow.style == "implied"
        x1, x2 = self._lines.x(arrow.source), self._lines.x(arrow.target)
        way = 1 if x2 > x1 else -1
        role = "ghost" if implied else _role(arrow)
        self.shapes.append(
            Stroke(
                x1 + way * 4,
                y,
                x2 - way * 4,
                y + self._paper.line // 3,
                role,
                1.5 if implied else 1,
                dashed=implied,
                head=True,
            )
        )
        begin: Anchor = "w" if way > 0 else "e"
        end: Anchor = "e" if way > 0 else "w"
        above = y - self._paper.line * 9 // 20
        near, far = x1 + way * 2 * self._unit, x2 - way * 2 * self._unit
        room = abs(x2 - x1) - 5 * self._unit
        told = arrow.label if packet is None else f"{arrow.label}  {numbers(packet)}"
        remark = _("implied") if packet is None else what(packet)
        remark = fitting(remark, self._paper, "small", room // 2)
        room -= self._paper.measure(remark, "small")
        told = fitting(told, self._paper, "small", room)
        write = self.shapes.append if implied else self._on_ground
        write(Label(near, above, told, begin, role, "small"))
        write(Label(far, above, remark, end, "bad" if packet else role, "small"))

    def _arrow(self, row: _Row, arrow: Arrow, y: int, *, said: bool) -> None:
        """Draw what was seen; `said`: another arrow of the row has its words."""
        x1, x2 = self._lines.x(arrow.source), self._lines.x(arrow.target)
        y1, y2 = self._ends(row, arrow, y)
        way = 1 if x2 > x1 else -1
        role = _role(arrow)
        if arrow.style in ("lost", "unread", "waiting"):
            x2 = x1 + round((x2 - x1) * LOST_AT)
            mark = "…" if arrow.style == "waiting" else "✗"
            self.shapes.append(Stroke(x1 + way * self._dot, y1, x2, y2, role, 2))
            label = Label(x2 + way * self._unit, y2, mark, "w" if way > 0 else "e", "bad", "bold")
            self.shapes.append(label)
            x = x2 + way * 3 * self._unit
            room = abs(self._lines.right - x if way > 0 else x - self._lines.left)
            text = fitting(state(arrow), self._paper, "small", room)
            self._on_ground(Label(x, y2, text, label.anchor, "bad", "small"))
        else:
            self.shapes.append(
                Stroke(x1 + way * self._dot, y1, x2 - way * self._dot, y2, role, 2, head=True)
            )
        if not said:
            self._words(row.rung, arrow, (x1, self._lines.x(arrow.target)), y1)

    def _words(self, rung: Rung, arrow: Arrow, ends: tuple[int, int], y: int) -> None:
        """Write size and first words over the beginning of an arrow."""
        x1, x2 = ends
        way = 1 if x2 > x1 else -1
        anchor: Anchor = "w" if way > 0 else "e"
        above = y - self._paper.line * 5 // 8
        pill = arrow.label or f"{(rung.size or 0):,} B"
        pill = fitting(pill, self._paper, "small", abs(x2 - x1) - 3 * self._unit)
        role = _role(arrow)
        wide = self._paper.measure(pill, "small") + self._unit
        begin = x1 + way * 2 * self._unit
        low, high = sorted((begin, begin + way * wide))
        half = self._paper.line // 2 - 1
        self.shapes.append(Plate(low, above - half, high, above + half, f"{role}_ground"))
        self.shapes.append(Label((low + high) // 2, above, pill, "center", role, "small"))
        if arrow.label:
            return
        room = abs(x2 - x1) - wide - 4 * self._unit
        text = fitting(words(rung, self._paper.encoding), self._paper, "mono", room)
        self._on_ground(
            Label(begin + way * (wide + self._unit // 2), above, text, anchor, "text", "mono")
        )

    def _ends(self, row: _Row, arrow: Arrow, y: int) -> tuple[int, int]:
        """Return where an arrow begins and ends: in the rows of both calls, where they are."""
        fall = self._paper.line // 2
        if arrow.other is None:
            return (y, y + fall) if arrow.source == row.rung.site else (y - fall, y)
        other = self._places.get(arrow.other)
        if other is not None:
            return y, max(other.arrows, y)
        if arrow.other > self._last:
            return y, self._bottom + self._paper.line
        if arrow.other < self._first:
            return -self._paper.line, y
        return (y, y + fall) if arrow.source == row.rung.site else (y - fall, y)

    def _on_ground(self, label: Label) -> None:
        """Write on a piece of ground: lines may pass below."""
        wide = self._paper.measure(label.text, label.font)
        half = self._paper.line // 2 - 1
        left = {"w": label.x, "e": label.x - wide, "center": label.x - wide // 2}[label.anchor]
        ground = "hot" if self._hot else "field"
        self.shapes.append(Plate(left, label.y - half, left + wide, label.y + half, ground))
        self.shapes.append(label)


def _role(arrow: Arrow) -> str:
    """Return the colour of an arrow: what clients say, what servers say, FIN, RST."""
    if arrow.sort == "fin":
        return "fin"
    if arrow.sort in ("rst", "icmp"):
        return "bad"
    return "received" if arrow.source.serves and arrow.source != OTHERS else "sent"
