"""A page: some of what happened in one activity, as one row of a recording holds it.

Each chunk or event of it has one number in each *column*: unsigned, little-endian, 4 bytes wide, or
8 where one of the column does not fit. Its bytes stand one after the other in the page's payload.

    times     microseconds after the page's `at`
    codes     of which flow, and of which kind: see `netlib.engine.records`
    ends      where its bytes end in the payload; they begin where those before it end
    line_ends how many lines the page has up to its end; None: each is one line
    numbers   its place in the order of all that happened, after the page's `number`; None: 0, 1, 2…
"""

from __future__ import annotations

import sys
from array import array
from collections.abc import Sequence
from operator import le, lt
from typing import Final

from netlib.engine.records import EVENT, RECEIVED, SENT, WIRE_RECEIVED, WIRE_SENT
from netlib.recording.excerpt import Excerpt
from netlib.value import NamedTuple

SHOWN_KINDS: Final = (EVENT, RECEIVED, SENT, WIRE_RECEIVED, WIRE_SENT, RECEIVED, SENT)
"""What each kind is to a reader: what was read above a layer is received, or sent."""

PAGE_CHUNKS: Final = 1024
PAGE_BYTES: Final = 512 << 10
"""No more chunks, no more bytes; but a page has one chunk at least, however long that is."""


class Page(NamedTuple):
    """A row of the table `page`, in the order of its columns."""

    activity: int
    line: int
    """Number of its first line in its activity."""
    lines: int
    chunks: int
    number: int
    """Place of its first chunk in the order of all that happened."""
    last: int
    """Place of its last chunk; pages of other activities may have some in between."""
    at: int
    """Microseconds by the monotonic clock, of its first chunk."""
    until: int
    """The same of its last one."""
    wall: int
    """To be added, for microseconds since 1970."""
    received: int
    """Bytes received from the wire."""
    sent: int
    """Bytes sent on it."""
    size: int
    """Bytes of the payload."""
    segment: int | None
    """The file that holds the payload; None: it is in `data`."""
    offset: int
    """Where it begins in that file."""
    # Numbers first: SQLite reads past what stands before a column, and these are long.
    times: bytes
    codes: bytes
    ends: bytes
    line_ends: bytes | None
    numbers: bytes | None
    data: bytes | Excerpt | None = None
    """An excerpt: in memory only, of a page whose payload is in a segment."""


class Columns(NamedTuple):
    """The columns of a page as numbers, each as long as the page has chunks."""

    times: Sequence[int]
    codes: Sequence[int]
    ends: Sequence[int]
    line_ends: Sequence[int]
    numbers: Sequence[int]


def column(numbers: Sequence[int]) -> bytes:
    """Return numbers from 0 to 2^64 - 1 as a page has them."""
    try:
        packed = array("I", numbers)
    except OverflowError:
        packed = array("Q", numbers)
    if sys.byteorder == "big":
        packed.byteswap()
    return packed.tobytes()


def read_column(packed: bytes, count: int) -> Sequence[int]:
    """Return the numbers that `column` packed; ValueError: these are not `count` of them."""
    for width, typecode in ((4, "I"), (8, "Q")):
        if len(packed) == count * width:
            numbers = array(typecode)
            numbers.frombytes(packed)
            if sys.byteorder == "big":
                numbers.byteswap()
            return numbers
    raise ValueError(f"{len(packed)} bytes are not {count} numbers")


def columns(page: Page) -> Columns:
    """Return the columns of a page; ValueError: they contradict each other."""
    count = page.chunks
    each = range(1, count + 1)
    found = Columns(
        read_column(page.times, count),
        read_column(page.codes, count),
        read_column(page.ends, count),
        each if page.line_ends is None else read_column(page.line_ends, count),
        range(count) if page.numbers is None else read_column(page.numbers, count),
    )
    _check(page, found)
    return found


def _check(page: Page, found: Columns) -> None:
    """Raise ValueError where a page is not what `packer` can have written."""
    if page.chunks < 1 or found.ends[-1] != page.size or found.line_ends[-1] != page.lines:
        raise ValueError("a page does not hold what it says")
    for ascending in (found.times, found.ends):
        if not all(map(le, ascending, ascending[1:])):
            raise ValueError("a page is not in order")
    for rising in (found.line_ends, found.numbers):  # each chunk has a line and a place
        if not isinstance(rising, range) and not all(map(lt, rising, rising[1:])):
            raise ValueError("a page is not in order")
    if found.line_ends[0] < 1 or page.lines > page.size + page.chunks:
        raise ValueError("a page has more lines than it can")
    if page.number + found.numbers[-1] != page.last:
        raise ValueError("a page does not end where it says")
