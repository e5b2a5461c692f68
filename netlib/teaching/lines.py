r"""One line of traffic, and how it reads: for views, text files, logs and terminals alike.

    10:31:02.481   +0.7 ms  ←      12 B  127.0.0.1:8080  你好\n
    10:31:02.481            · accepted 127.0.0.1:53122

and where several clients are served, with whose row it is in every row (a tab stands behind it):

    10:31:02.481   +0.7 ms  ▌04 127.0.0.1:53122        ←      12 B  你好\n
    10:31:09.103   +6.62 s  ▌04 王小明                 ·            the peer finished sending (FIN)

`format_row` lays out every row there is; what differs from place to place are its columns.
One chunk may be several lines; only its first has time, arrow and size, so that a class sees where
one receive ended and the next began. All that a peer sent has passed `visible`.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Final, Literal, get_args

from netlib.events import Direction, Event
from netlib.i18n import _
from netlib.teaching.narrate import describe, mark, severity
from netlib.text import Decoder, to_hex, visible, visible_text
from netlib.value import NamedTuple

View = Literal["log", "text", "hex"]
"""log: columns and text. text: the stream as it reads, without columns. hex: bytes and text."""

Format = Literal["text", "csv", "jsonl", "raw", "pcapng", "svg"]
"""How a recording is written for other programs; see recording/export."""

FORMATS: Final[tuple[Format, ...]] = get_args(Format)

WIRE_BYTES: Final = 24
"""Bytes of ciphertext that are shown."""

ROW_BYTES: Final = 4096
"""Bytes of one line that are shown; Tk freezes on lines of a megabyte."""

HEX_BYTES: Final = 256
"""Bytes of one line that are shown in hexadecimal."""

WIRE: Final = 2
"""Added to a `Direction` in `Line.kind`: bytes as they crossed the wire below TLS."""

ARROWS: Final = {Direction.RECEIVED: "←", Direction.SENT: "→"}
WIRE_ARROWS: Final = {Direction.RECEIVED: "⇠", Direction.SENT: "⇢"}
TAGS: Final = {Direction.RECEIVED: "received", Direction.SENT: "sent"}

CHIP: Final = "▌"
"""Stands before the number of a client; views show it in the client's colour."""

WHOSE_WIDTH: Final = 22
"""Columns for number and name of a client: an IPv4 address with its port fits nearly always."""

_CLOCK_WIDTH: Final = 12
_INTERVAL_WIDTH: Final = 10
_BEGIN: Final = datetime(1970, 1, 1, tzinfo=UTC)
_LATEST: Final = 32_503_593_600.0
"""Seconds since 1970 of the last whole day that Windows' calendar knows; files may claim more."""


class Line(NamedTuple):
    """One line of a view: part of a chunk up to LF, or a whole event."""

    number: int
    """Its number in the activity, from 0."""
    wall: float
    """Seconds since 1970."""
    at: float
    """Seconds by the monotonic clock."""
    connection: int
    kind: int
    """0: event; else a `Direction`, or for ciphertext one + `WIRE`."""
    peer: str | None
    data: bytes
    """The line's bytes with its LF; empty for an event that could be read."""
    first: bool
    """It begins its chunk."""
    chunk_size: int
    """Bytes of the whole chunk."""
    carry: bytes = b""
    """Bytes just before it in the same stream, when a character may have been split there."""
    event: Event | None = None
    name: str = ""
    """The nickname of the other end, once it had one."""
    more: int = 0
    """Bytes of the line after `data` that were not read: nobody wanted so many."""
    lost: str = ""
    """Why this line, and those after it, cannot be read; to be translated."""


class LogEntry(NamedTuple):
    """What a row shows: an event, or text that went one way."""

    wall: float
    """Seconds since 1970."""
    what: Event | Direction
    text: str = ""
    """What went that way, visible already; an event has its own words."""
    peer: str = ""
    """The other end, where the row is to name it: its nickname, else its address."""
    size: int = 0
    """Bytes of the whole chunk."""
    interval: float | None = None
    """Seconds since the row above; None: there is none."""
    first: bool = True
    """False: it goes on with the chunk of the row above."""
    wire: bool = False
    """It crossed the wire so, and means something else: ciphertext."""
    connection: int = 0
    """The number of the client, where there are several; 0: none."""


Column = Callable[[LogEntry], str | None]
"""Returns one cell of a row; None: this row has none."""


def format_row(entry: LogEntry, columns: tuple[Column, ...]) -> tuple[str, str]:
    """Return how a row is marked ("sent", "received" or an event's severity), and its text."""
    what = entry.what
    tag = TAGS[what] if isinstance(what, Direction) else severity(what)
    if entry.wire:
        tag = "info"
    cells = [cell for column in columns if (cell := column(entry)) is not None]
    return tag, "  ".join(cells)


def _time(entry: LogEntry) -> str:
    return clock(entry.wall)


def _time_to_the_second(entry: LogEntry) -> str:
    return clock(entry.wall)[:8]


def _time_and_interval(entry: LogEntry) -> str:
    if not entry.first:
        return " " * (_CLOCK_WIDTH + _INTERVAL_WIDTH)
    interval = "" if entry.interval is None else short_time(entry.interval)
    return f"{clock(entry.wall)}{interval:>{_INTERVAL_WIDTH}}"


def _arrow_and_size(entry: LogEntry) -> str | None:
    if not isinstance(entry.what, Direction):
        return None
    return f"{_arrow(entry, entry.what)} {entry.size:>7,} B" if entry.first else f"┊{'':10}"


def _arrow(entry: LogEntry, way: Direction) -> str:
    return WIRE_ARROWS[way] if entry.wire else ARROWS[way]


def _whose(entry: LogEntry) -> str:
    """Return number and name of the client, and a tab: in what font a name stands, views know."""
    number = f"{CHIP}{entry.connection:02} " if entry.connection else ""
    return f"{number}{entry.peer}\t"


def _whose_in_brief(entry: LogEntry) -> str:
    """Return number and nickname, or the port if it has none: addresses are long."""
    return _whose(entry._replace(peer=entry.peer[max(entry.peer.rfind(":"), 0) :]))


def _mark_or_arrow(entry: LogEntry) -> str:
    """Return a cell of one width for rows of both kinds, so that all words begin in one column."""
    cell = _arrow_and_size(entry)
    return f"{mark(entry.what)}{'':10}" if cell is None else cell  # type: ignore[arg-type]


def _words(entry: LogEntry) -> str:
    what = entry.what
    return entry.text if isinstance(what, Direction) else describe(what)


def _peer(entry: LogEntry) -> str | None:
    """Return whose it is; below it room as wide, so that text stands under text."""
    return (entry.peer if entry.first else " " * len(entry.peer)) or None


def _text(entry: LogEntry) -> str:
    what = entry.what
    return entry.text if isinstance(what, Direction) else f"{mark(what)} {describe(what)}"


def _arrow_and_text(entry: LogEntry) -> str:
    what = entry.what
    return f"{_arrow(entry, what)} {entry.text}" if isinstance(what, Direction) else _text(entry)


TABLE: Final = (_time_and_interval, _arrow_and_size, _peer, _text)
"""A traffic view with all there is to know."""
LOG: Final = (_time, _peer, _arrow_and_text)
"""A server's log on a terminal."""
CLIENTS_TABLE: Final = (_time_and_interval, _whose, _mark_or_arrow, _words)
"""A traffic view of a server: whose row it is, in every row."""
CLIENTS_LOG: Final = (_time_to_the_second, _whose, _arrow_and_text)
"""The same where there is little room."""
CLIENTS_TALK: Final = (_whose, _arrow_and_text)
"""Whose it is, and what."""
CLIENTS_BRIEF: Final = (_whose_in_brief, _arrow_and_text)
"""The same where there is next to no room."""
TAB_COLUMNS: Final[dict[tuple[Column, ...], int]] = {
    CLIENTS_TABLE: _CLOCK_WIDTH + _INTERVAL_WIDTH + 2 + WHOSE_WIDTH,
    CLIENTS_LOG: len("10:31:02") + 2 + WHOSE_WIDTH,
    CLIENTS_TALK: WHOSE_WIDTH,
    CLIENTS_BRIEF: 12,
}
"""Where the tab leads to, in characters."""
TALK: Final = (_time_to_the_second, _arrow_and_text)
"""A conversation."""
PLAIN: Final = (_arrow_and_text,)
"""Who speaks, and what."""


def format_line(
    line: Line,
    previous: Line | None,
    view: View,
    encoding: str,
    *,
    peers: bool = False,
    columns: tuple[Column, ...] | None = None,
) -> tuple[str, str]:
    """Return how a line of a recording is marked, and how it reads: see `format_row`.

    `previous` is the line shown above it, which the time between the two is counted from.
    `peers`: say of each line whose it is. `columns`: None: those of the view; else those in which
    a client stands by its nickname, if it has one.
    """
    interval = None if previous is None else line.at - previous.at
    names = peers and (line.first or view == "text" or columns is None)
    peer = shown_peer(line, short=bool(columns)) if names else ""
    number = line.connection if peer else 0
    columns = columns or (PLAIN if view == "text" else TABLE)
    if line.event is not None:
        entry = LogEntry(line.wall, line.event, "", peer, interval=interval, connection=number)
        return format_row(entry, columns)
    if not line.kind:
        return "warn", f"{clock(line.wall)}  {_unreadable(line)}"
    wire = line.kind > WIRE
    entry = LogEntry(
        wall=line.wall,
        what=Direction(line.kind - WIRE if wire else line.kind),
        text=_wire_text(line) if wire else _TEXTS[view](line, encoding),
        wire=wire,
        peer=peer,
        connection=number,
        size=line.chunk_size,
        interval=interval,
        first=line.first,
    )
    return format_row(entry, columns)


def whose_row(activity: int) -> str:
    """Return what stands before a row where those of several activities are one list."""
    return f"{CHIP}{activity:02}  "


def shown_peer(line: Line, *, short: bool = False) -> str:
    """Return the other end of a line, address and nickname; empty: the recording is silent.

    `short`: only the nickname, if it has one.
    """
    both = (line.name or line.peer, "") if short else (line.peer, line.name)
    return visible_text(" ".join(filter(None, both)), 300)


def shown_text(line: Line, encoding: str, limit: int = ROW_BYTES) -> str:
    """Return the visible text of a line, cut after `limit` bytes."""
    if not line.carry:
        return visible(line.data, encoding, limit, more=line.more)
    whole = len(line.data) + line.more <= limit
    return visible_text(decoded(line, encoding, limit, final=whole), None) + _more(line, limit)


def stream_text(line: Line, encoding: str) -> str:
    """Return what a line adds to the text of its stream, without its end.

    The first bytes of a character whose rest comes in the next chunk are left to that chunk.
    """
    whole = not line.more and (not line.connection or line.data.endswith(b"\n"))
    text = decoded(line, encoding, ROW_BYTES, final=whole).removesuffix("\n").removesuffix("\r")
    return visible_text(text, None) + _more(line, ROW_BYTES)


def decoded(line: Line, encoding: str, limit: int | None = None, *, final: bool = True) -> str:
    r"""Return the text of a line as it is: control characters too, undecodable bytes as `\xNN`.

    `limit` in bytes. Not `final`: an unfinished character at the end is left out.
    """
    decoder = Decoder(encoding)
    decoder.decode(line.carry)
    return decoder.decode(line.data[:limit], final)


def line_text(line: Line, encoding: str) -> str:
    """Return `decoded`, or for ciphertext nothing: it is no text."""
    return "" if line.kind > WIRE else decoded(line, encoding)


def _hex_and_text(line: Line, encoding: str) -> str:
    data = line.data[:HEX_BYTES]
    return f"{to_hex(data)}{_more(line, HEX_BYTES)}  │{visible(data, encoding)}│"


def _wire_text(line: Line) -> str:
    """Return the first bytes of ciphertext: enough to see its record header, and no text in it."""
    data = line.data[:WIRE_BYTES]
    return f"{to_hex(data)}{_more(line, WIRE_BYTES)}"


_TEXTS: Final[dict[View, Callable[[Line, str], str]]] = {
    "log": shown_text,
    "text": stream_text,
    "hex": _hex_and_text,
}


def _unreadable(line: Line) -> str:
    """Return what stands for an event that is none here."""
    if line.lost:
        return "? " + _(line.lost)
    words = _("an entry that cannot be read: {text}")
    return "? " + words.format(text=visible(line.data, "utf-8", HEX_BYTES))


def _more(line: Line, limit: int) -> str:
    """Return how much of a line was cut off, if any."""
    left = len(line.data) + line.more - limit
    return f" … +{left:,} B" if left > 0 else ""


def clock(wall: float) -> str:
    """Return local time of day with milliseconds, of seconds since 1970."""
    second = int(wall)
    return f"{_second(second)}.{int((wall - second) * 1000):03d}"


def stamp(wall: float) -> str:
    """Return local date and time with milliseconds (RFC 3339), of seconds since 1970."""
    return _local(wall).isoformat(timespec="milliseconds")


def short_time(seconds: float) -> str:
    """Return a duration as people read it: +0.3 ms, +1.25 s, +3 min; −0.3 ms, into the past."""
    sign, seconds = "−" if seconds <= -0.00005 else "+", abs(seconds)
    if seconds < 0.9995:
        return f"{sign}{seconds * 1000:.1f} ms"
    return f"{sign}{seconds:.2f} s" if seconds < 100 else f"{sign}{seconds / 60:.0f} min"


@lru_cache(maxsize=64)
def _second(second: int) -> str:
    return f"{_local(second):%H:%M:%S}"


def _local(wall: float) -> datetime:
    """Return local time; what no calendar knows becomes the nearest day that it does."""
    return (_BEGIN + timedelta(seconds=min(max(wall, 0.0), _LATEST))).astimezone()
