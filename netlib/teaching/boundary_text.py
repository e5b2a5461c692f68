"""The picture of the boundaries as lines of text: a byte takes three columns in every lane."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final
from unicodedata import combining, east_asian_width

from netlib.i18n import N_, _, ngettext
from netlib.teaching.boundaries import RESTS, Boundaries, LaneName
from netlib.teaching.boundary_words import remark, title
from netlib.value import NamedTuple

CELL: Final = 3
"""Columns of a byte: two for itself, one for the cut before it."""
COLUMNS: Final = 79
"""Columns of a line."""
BYTES: Final = 400
"""Bytes that are laid out unless more are asked for."""
_EVERY: Final = 5
"""Bytes from one offset that is written to the next."""
LANES: Final[tuple[tuple[LaneName, str], ...]] = (
    ("sends", N_("Sends")),
    ("stream", N_("Bytes")),
    ("receives", N_("Receives")),
    ("messages", N_("Messages")),
)
"""The lanes in their order, with what each is called."""


class _Part(NamedTuple):
    """What of a piece lies in one block of lines."""

    before: str
    """The mark of a cut; empty where the piece began in an earlier block."""
    size: int
    """Bytes."""
    text: str
    more: str
    """Follows the text where there is room for both."""
    after: str = ""
    """The mark of a cut at the end of the block."""


def as_text(boundaries: Boundaries, first: int = 0, last: int = BYTES) -> str:
    """Return title, remark, and all lanes from offset `first` up to `last` - 1, as lines."""
    last = min(last, boundaries.size)
    lines = [*filter(None, (title(boundaries), remark(boundaries)))]
    names = max(columns(_(name)) for _lane, name in LANES) + 1
    step = (COLUMNS - names - 1) // CELL // _EVERY * _EVERY
    for begin in range(first, last, step):
        lines += ["", *_block(boundaries, begin, min(begin + step, last), names)]
    if more := boundaries.size - last:
        words = ngettext("… {count:,} more byte", "… {count:,} more bytes", more)
        lines += ["", words.format(count=more)]
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _block(boundaries: Boundaries, first: int, last: int, names: int) -> Iterator[str]:
    yield " " * names + _at({CELL * (at - first) + 1: str(at) for at in _offsets(first, last)})
    for lane, name in LANES:
        if boundaries.lane(lane) is None:
            continue
        found = boundaries.characters(first, last) if lane == "stream" else []
        if whole := {
            CELL * (one.start - first) + 1: one.text for one in found if one.start >= first
        }:
            yield " " * names + _at(whole)
        parts = _parts(boundaries, lane, first, last)
        yield fitted(_(name), names) + "".join(map(_drawn, parts))


def _parts(boundaries: Boundaries, lane: LaneName, first: int, last: int) -> Iterator[_Part]:
    known = boundaries.lane(lane)
    mark = " " if lane == "stream" else "|"
    for piece in known.pieces(first, last) if known is not None else ():
        start, end = max(piece.start, first), min(piece.end, last)
        whole = (start, end) == (piece.start, piece.end)
        yield _Part(
            mark if start == piece.start else "",
            end - start,
            boundaries.words(lane, piece, first, last),
            f"{end - start:,} B" if whole and lane != "stream" else "",
            mark if end == piece.end == last else "",
        )
    if (rest := boundaries.rest(lane)) and rest.start < last and rest.end > first:
        start, end = max(rest.start, first), min(rest.end, last)
        yield _Part(":" if start == rest.start else "", end - start, _(RESTS[lane]), "")


def _drawn(part: _Part) -> str:
    """Return a part in `CELL` columns for each byte."""
    room = CELL * part.size - 1
    full = f"{part.text}  {part.more}"
    text = full if part.more and columns(full) <= room else part.text
    return (part.before or " ") + fitted(text, room) + part.after


def _offsets(first: int, last: int) -> Iterator[int]:
    yield from range(first - first % -_EVERY, last, _EVERY)


def _at(words: dict[int, str]) -> str:
    """Return a line with words that begin at given columns; what has no room is left out."""
    line, length = "", 0
    for place, word in sorted(words.items()):
        if place >= length:
            line += " " * (place - length) + word
            length = place + columns(word) + 1
            line += " "
    return line


def columns(text: str) -> int:
    """Return how many columns of a terminal a text takes."""
    return sum(0 if combining(one) else 2 if east_asian_width(one) in "WF" else 1 for one in text)


def fitted(text: str, room: int) -> str:
    """Return a text in just `room` columns: filled up with blanks, or cut, which … tells."""
    if columns(text) > room:
        kept = text
        while kept and columns(kept) > room - 1:
            kept = kept[:-1]
        text = f"{kept}…" if room else ""
    return text + " " * (room - columns(text))
