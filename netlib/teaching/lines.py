r"""One line of a recording, and how it reads: for views, text files and terminals alike.

    10:31:02.481   +0.7 ms  →     12 B  127.0.0.1:8080  你好\n
    10:31:02.481            ·           accepted 127.0.0.1:53122

One chunk may be several lines; only its first has time, arrow and size, so that a class sees where
one receive ended and the next began. All that a peer sent has passed `visible`.
"""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from typing import Final, Literal, NamedTuple, get_args

from netlib.events import Direction, Event
from netlib.teaching.narrate import mark, sentence, severity
from netlib.text import Decoder, to_hex, visible, visible_text

View = Literal["log", "text", "hex"]
"""log: columns and text. text: the stream as it reads, without columns. hex: bytes and text."""

Format = Literal["text", "csv", "jsonl", "raw"]
"""How lines are written for other programs; see recording/export."""

FORMATS: Final[tuple[Format, ...]] = get_args(Format)

ROW_BYTES: Final = 4096
"""Bytes of one line that are shown; Tk freezes on lines of a megabyte."""

HEX_BYTES: Final = 256
"""Bytes of one line that are shown in hexadecimal."""

ARROWS: Final = {Direction.RECEIVED: "←", Direction.SENT: "→"}
TAGS: Final = {Direction.RECEIVED: "received", Direction.SENT: "sent"}

_NO_DELTA: Final = " " * 10
_LATEST: Final = 253_402_128_000.0
"""Seconds since 1970 of the last whole day that calendars here know; files may claim more."""


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
    """0: event; else a `Direction`."""
    peer: str | None
    data: bytes
    """The line's bytes with its LF; empty for an event."""
    first: bool
    """It begins its chunk."""
    chunk_size: int
    """Bytes of the whole chunk."""
    carry: bytes = b""
    """Bytes just before it in the same stream, when a character may have been split there."""
    event: Event | None = None


def format_line(
    line: Line, previous: Line | None, view: View, encoding: str, peers: bool = False
) -> tuple[str, str]:
    """Return how a line is marked ("sent", "received" or an event's severity), and its text.

    `previous` is the line shown above it, which the time between the two is counted from.
    `peers`: say of each chunk whose it is.
    """
    if line.event is not None:
        words = f"{mark(line.event)} {sentence(line.event)}"
        head = "" if view == "text" else f"{clock(line.wall)}{delta(line, previous)}  "
        return severity(line.event), head + words
    direction = Direction(line.kind)
    if view == "text":
        return TAGS[direction], f"{ARROWS[direction]} {stream_text(line, encoding)}"
    content = _hex_and_text(line, encoding) if view == "hex" else shown_text(line, encoding)
    if not line.first:
        return TAGS[direction], f"{'':12}{_NO_DELTA}  ┊{'':12}{content}"
    peer = f"{shown_peer(line)}  " if peers and line.peer else ""
    head = f"{clock(line.wall)}{delta(line, previous)}  {ARROWS[direction]}"
    return TAGS[direction], f"{head} {line.chunk_size:>7,} B  {peer}{content}"


def shown_peer(line: Line) -> str:
    """Return the other end of a line; empty where the recording does not tell."""
    return visible_text(line.peer or "", 300)


def shown_text(line: Line, encoding: str, limit: int = ROW_BYTES) -> str:
    """Return the visible text of a line, cut after `limit` bytes."""
    if not line.carry:
        return visible(line.data, encoding, limit)
    return visible_text(decoded(line, encoding, limit), None) + _more(line, limit)


def stream_text(line: Line, encoding: str) -> str:
    """Return what a line adds to the text of its stream, without its end.

    The first bytes of a character whose rest comes in the next chunk are left to that chunk.
    """
    whole = not line.connection or line.data.endswith(b"\n")
    text = decoded(line, encoding, ROW_BYTES, final=whole).removesuffix("\n").removesuffix("\r")
    return visible_text(text, None) + _more(line, ROW_BYTES)


def decoded(line: Line, encoding: str, limit: int | None = None, *, final: bool = True) -> str:
    r"""Return the text of a line as it is: control characters too, undecodable bytes as `\xNN`.

    `limit` in bytes. Not `final`: an unfinished character at the end is left out.
    """
    decoder = Decoder(encoding)
    decoder.decode(line.carry)
    return decoder.decode(line.data[:limit], final)


def _hex_and_text(line: Line, encoding: str) -> str:
    data = line.data[:HEX_BYTES]
    return f"{to_hex(data)}{_more(line, HEX_BYTES)}  │{visible(data, encoding)}│"


def _more(line: Line, limit: int) -> str:
    """Return how much of a line was cut off, if any."""
    return f" … +{len(line.data) - limit:,} B" if len(line.data) > limit else ""


def clock(wall: float) -> str:
    """Return local time of day with milliseconds, of seconds since 1970."""
    second = int(wall)
    return f"{_second(second)}.{int((wall - second) * 1000):03d}"


def stamp(wall: float) -> str:
    """Return local date and time with milliseconds (RFC 3339), of seconds since 1970."""
    return _local(wall).astimezone().isoformat(timespec="milliseconds")


def delta(line: Line, previous: Line | None) -> str:
    """Return the time since the row before, ten characters wide."""
    if previous is None:
        return _NO_DELTA
    return f"{short_time(line.at - previous.at):>10}"


def short_time(seconds: float) -> str:
    """Return a duration as people read it: +0.3 ms, +1.25 s, +3 min."""
    if seconds < 0.9995:
        return f"+{seconds * 1000:.1f} ms"
    return f"+{seconds:.2f} s" if seconds < 100 else f"+{seconds / 60:.0f} min"


@lru_cache(maxsize=64)
def _second(second: int) -> str:
    return f"{_local(second):%H:%M:%S}"


def _local(wall: float) -> datetime:
    """Return local time; what no calendar knows becomes the nearest day that it does."""
    return datetime.fromtimestamp(min(max(wall, 0.0), _LATEST))
