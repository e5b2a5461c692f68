"""Every byte is in exactly one piece of each lane, in order; the text twin says the same."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import accumulate, pairwise

from hypothesis import given
from hypothesis import strategies as st

from netlib.protocols.framing import Framing, message_ends
from netlib.teaching.boundaries import Boundaries, Lane, Piece
from netlib.teaching.boundary_text import CELL, COLUMNS, as_text, columns
from netlib.teaching.boundary_words import title
from netlib.value import replace

NAMES, STEP = 9, 20
"""Columns of the names of lanes in English, and bytes in a line."""

sizes = st.lists(st.integers(1, 40), max_size=60)
texts = st.text(st.sampled_from("ab \n你é😀\x00\u202e"), max_size=200).map(str.encode) | st.binary(
    max_size=300
)
FRAMINGS: dict[str, Framing] = {
    "line": Framing(lf=True),
    "length2": Framing(prefix=2),
    "length4": Framing(prefix=4),
    "fixed": Framing(size=7),
}


def cut(total: int, lengths: Sequence[int]) -> list[int]:
    """Return offsets that divide `total` bytes into calls of these lengths, and a last one."""
    ends = [end for end in accumulate(lengths) if end < total]
    return [*ends, total] if total else []


@st.composite
def directions(draw: st.DrawFn) -> tuple[Boundaries, bytes]:
    data = draw(texts)
    received = draw(st.integers(0, len(data)))
    name = draw(st.sampled_from([*FRAMINGS]))
    messages = Lane([*message_ends(FRAMINGS[name], [data[:received]])])
    sends, receives = Lane(cut(len(data), draw(sizes))), Lane(cut(received, draw(sizes)))
    return Boundaries(lambda a, b: data[a:b], sends, receives, messages, name), data


@given(directions(), st.integers(1, 50))
def test_every_byte_is_in_one_piece_of_a_lane(
    direction: tuple[Boundaries, bytes], least: int
) -> None:
    boundaries, data = direction
    for name in ("sends", "stream", "receives", "messages"):
        lane = boundaries.lane(name)
        assert lane is not None
        pieces = [*lane.pieces(0, len(data), least)]
        rest = boundaries.rest(name)
        together = [*pieces, rest] if rest else pieces
        assert all(one.end == other.start for one, other in pairwise(together))
        covered = b"".join(data[one.start : one.end] for one in together)
        assert covered == (data if name != "messages" else data[: len(covered)])
        assert sum(one.last - one.number + 1 for one in pieces) == len(lane)
        assert {one.end for one in pieces} <= {*lane.ends}


@given(directions(), st.integers(1, 50), st.integers(0, 300), st.integers(0, 300))
def test_what_is_in_sight_is_the_same_however_far_one_has_scrolled(
    direction: tuple[Boundaries, bytes], least: int, first: int, last: int
) -> None:
    lane = direction[0].sends
    assert lane is not None
    whole = [*lane.pieces(0, lane.end, least)]
    seen = [*lane.pieces(first, last, least)]
    assert seen == [one for one in whole if one in seen]
    assert {one for one in whole if one.start < last and one.end > first and first < last} <= {
        *seen
    }


@given(sizes, st.integers(0, 300), st.integers(0, 300))
def test_pieces_are_found_by_their_bytes(lengths: list[int], first: int, last: int) -> None:
    ends = [*accumulate(lengths)]
    spans = [Piece(n, n, start, end) for n, (start, end) in enumerate(pairwise([0, *ends]), 1)]
    within = [one for one in spans if one.start < last and one.end > first]
    found = Lane(ends).holding(first, last)
    if first < last:
        assert (found is None) == (not within)
    if found and within:
        assert (found.number, found.last) == (within[0].number, within[-1].number)
        assert (found.start, found.end) == (within[0].start, within[-1].end)


@given(texts, st.data())
def test_a_cut_divides_a_character_just_where_decoding_is_incomplete(
    data: bytes, draw: st.DataObject
) -> None:
    text = data.decode("utf-8", "ignore")
    clean = text.encode()
    boundaries = Boundaries(lambda a, b: clean[a:b], Lane([len(clean)] if clean else []), None)
    starts = {*accumulate((len(one.encode()) for one in text), initial=0)}
    offset = draw.draw(st.integers(0, len(clean)))
    assert (boundaries.divided(offset) is None) == (offset in starts)


@given(directions())
def test_the_text_twin_has_each_cut_before_its_byte(direction: tuple[Boundaries, bytes]) -> None:
    boundaries, data = direction
    boundaries = replace(boundaries, read=lambda a, b: data[a:b].replace(b"|", b"!"))
    lines = as_text(boundaries, 0, len(data)).splitlines()
    assert lines[0] == title(boundaries)
    assert all(columns(line) <= COLUMNS for line in lines[2:])
    for word, lane in (("Sends", boundaries.sends), ("Receives", boundaries.receives)):
        rows = [line[NAMES:] for line in lines[1:] if line.startswith(f"{word} ")]
        found = {number * STEP + at for number, row in enumerate(rows) for at in cuts(row)}
        assert lane is not None
        assert {0, *lane.ends} - {lane.end} <= found <= {0, *lane.ends}


def cuts(row: str) -> Iterator[int]:
    """Yield how many bytes stand before each cut of a row."""
    at = 0
    for character in row:
        if character == "|":
            assert at % CELL == 0
            yield at // CELL
        at += columns(character)
