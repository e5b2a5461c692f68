"""What one end sent in which calls, what the other received in which: one axis of bytes for all.

Lanes are offsets in the stream, so that of a million calls only those in sight cost anything.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from typing import Final, Literal, Protocol

from netlib.i18n import N_
from netlib.text import to_hex, visible, visible_text
from netlib.value import NamedTuple, value

Read = Callable[[int, int], bytes]
"""Returns the bytes of a stream from one offset up to another."""
LaneName = Literal["sends", "stream", "receives", "messages"]

SHOWN: Final = 200
"""Bytes of a piece that its words show at most."""
_MULTIBYTE: Final = rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}"
"""What a character of several bytes looks like in UTF-8 (RFC 3629, section 4)."""
_NO_TEXT: Final = "([\udc80-\udcff\x00-\x08\x0b\x0c\x0e-\x1f\x7f]+)"
"""Bytes that did not decode, and controls but for TAB, LF and CR."""
_BEFORE: Final = 3
"""Bytes of such a character that may lie before a cut, or after it."""

FRAMINGS: Final[dict[str, str]] = {
    "none": N_("no framing"),
    "line": N_("cut at LF"),
    "length2": N_("2 bytes of length in front"),
    "length4": N_("4 bytes of length in front"),
    "fixed": N_("all of one size"),
}
_MARKS: Final[dict[str, tuple[int, int]]] = {
    "line": (0, 1),
    "length2": (2, 0),
    "length4": (4, 0),
}
"""Bytes before and after a message that only mark it."""

RESTS: Final[dict[LaneName, str]] = {
    "receives": N_("not received"),
    "messages": N_("no whole message yet"),
}
"""What is said of the bytes after the last piece of a lane."""
_BYTES: Final = {0x20: "␣", 0x09: "\\t", 0x0A: "\\n", 0x0D: "\\r"}


class Piece(NamedTuple):
    """A call or a message in its lane, or several that are too short to be shown one by one."""

    number: int
    """From 1."""
    last: int
    """The number of the last of several; of one alone it is its own."""
    start: int
    end: int
    """Its bytes are those from `start` up to `end` - 1."""

    @property
    def alone(self) -> bool:
        """Whether it is one piece."""
        return self.number == self.last


class Character(NamedTuple):
    """A character of several bytes."""

    start: int
    end: int
    text: str


@value()
class Lane:
    """Calls or messages that lie end to end in a stream."""

    ends: Sequence[int] = ()
    """The offset after each, in order."""
    times: Sequence[float] = ()
    """Seconds after the first send at which each call ended; empty: not known."""

    def __len__(self) -> int:
        return len(self.ends)

    @property
    def end(self) -> int:
        """The offset after the last."""
        return self.ends[-1] if self.ends else 0

    def pieces(self, first: int, last: int, least: int = 1) -> Iterator[Piece]:
        """Yield in order all that have bytes from offset `first` up to `last` - 1.

        Those that are shorter than `least` bytes and lie side by side are put together; where,
        depends on `least` only, and a few pieces before `first` may come, too.
        """
        ends = self.ends
        at = bisect_right(ends, max(first - first % least, 0))
        while at < len(ends) and (start := self._start(at)) < last:
            edge = (start // least + 1) * least
            until = max(bisect_right(ends, edge) - 1, at)
            yield Piece(at + 1, until + 1, start, ends[until])
            at = until + 1

    def holding(self, first: int, last: int) -> Piece | None:
        """Return all that hold bytes from offset `first` up to `last` - 1, as one; None: none."""
        at = bisect_right(self.ends, max(first, 0))
        until = min(bisect_left(self.ends, last), len(self.ends) - 1)
        if at > until:
            return None
        return Piece(at + 1, until + 1, self._start(at), self.ends[until])

    def cuts(self, first: int, last: int) -> bool:
        """Tell whether one of them ends between two bytes from `first` up to `last` - 1."""
        return bisect_right(self.ends, first) < bisect_left(self.ends, last)

    def _start(self, at: int) -> int:
        return self.ends[at - 1] if at else 0


@value()
class Boundaries:
    """One direction of a connection; a lane that nobody recorded is None."""

    read: Read
    """Of what was sent; where only the receiver's calls are known, of what was received."""
    sends: Lane | None
    receives: Lane | None
    messages: Lane | None = None
    """None: nothing marks them."""
    framing: str = "none"
    """One of FRAMINGS."""
    recv_size: int = 0
    """Bytes that each receive asked for at most; 0: not known."""

    @property
    def size(self) -> int:
        """Bytes of the stream, as far as they are known."""
        return max((lane.end for lane in (self.sends, self.receives) if lane), default=0)

    @property
    def missing(self) -> int:
        """Bytes that were sent and not received, as far as is known."""
        return self.size - self.receives.end if self.receives is not None else 0

    def lane(self, name: LaneName) -> Lane | None:
        """Return a lane by its name; that of the stream has one piece for each byte."""
        match name:
            case "sends":
                return self.sends
            case "stream":
                return Lane(range(1, self.size + 1))
            case "receives":
                return self.receives
            case "messages":
                return self.messages

    def rest(self, name: LaneName) -> Piece | None:
        """Return the bytes after a lane's last piece: not received, or of no whole message yet."""
        lane = self.lane(name)
        if lane is None or name in {"sends", "stream"}:
            return None
        end = self.size if name == "receives" or self.receives is None else self.receives.end
        return Piece(len(lane) + 1, len(lane) + 1, lane.end, end) if lane.end < end else None

    def characters(self, first: int, last: int) -> list[Character]:
        """Return the characters of several bytes that have one from `first` up to `last` - 1."""
        begin = max(first - _BEFORE, 0)
        data = self.read(begin, min(last + _BEFORE, self.size))
        found = (
            Character(begin + one.start(), begin + one.end(), _text(one[0]))
            for one in re.finditer(_MULTIBYTE, data)
        )
        return [one for one in found if one.text and one.end > first and one.start < last]

    def divided(self, offset: int) -> Character | None:
        """Return the character that a cut before the byte at `offset` divides; None: none."""
        near = self.characters(offset - 1, offset + 1) if 0 < offset < self.size else []
        return next((one for one in near if one.start < offset < one.end), None)

    def words(self, name: LaneName, piece: Piece, first: int = 0, last: int | None = None) -> str:
        """Return what may be shown of a piece's bytes, or of those from `first` up to `last` - 1.

        Of a message, without what marks it.
        """
        before, after = _MARKS.get(self.framing, (0, 0)) if name == "messages" else (0, 0)
        start = max(piece.start + before, first)
        end = piece.end - after if last is None else min(piece.end - after, last)
        if name == "stream":
            return byte_word(self.read(start, end)[0])
        shown = min(end, start + SHOWN)
        if shown < end and (cut := self.divided(shown)):
            shown = cut.start
        return _visible(self.read(start, shown)) + "…" * (shown < end)


class Calls(Protocol):
    """The calls of one end: the offset after each, and when it ended."""

    @property
    def ends(self) -> Sequence[int]:
        """Of a `Lane`."""

    @property
    def times(self) -> Sequence[float]:
        """Of a `Lane`."""


class Exchange(Protocol):
    """All that went one way, both ends known."""

    @property
    def stream(self) -> bytes:
        """What was sent."""

    @property
    def sends(self) -> Calls:
        """Those of the sender."""

    @property
    def receives(self) -> Calls:
        """Those of the receiver."""

    @property
    def message_ends(self) -> Sequence[int]:
        """The offset after each message that was received."""

    @property
    def framing(self) -> str:
        """One of FRAMINGS."""

    @property
    def recv_size(self) -> int:
        """Bytes that each receive asked for at most."""


def boundaries_of(exchange: Exchange) -> Boundaries:
    """Return the boundaries of all that went one way."""
    stream, framing = exchange.stream, exchange.framing
    return Boundaries(
        lambda first, last: stream[first:last],
        Lane(exchange.sends.ends, times=exchange.sends.times),
        Lane(exchange.receives.ends, times=exchange.receives.times),
        None if framing == "none" else Lane(exchange.message_ends),
        framing,
        exchange.recv_size,
    )


def byte_word(byte: int) -> str:
    """Return a byte in two columns at most: itself in ASCII, else in hexadecimal."""
    return _BYTES.get(byte) or (chr(byte) if 0x20 < byte < 0x7F else f"{byte:02x}")


def _visible(data: bytes) -> str:
    """Return bytes as text; controls, and what is no whole character, in hexadecimal."""
    parts = re.split(_NO_TEXT, data.decode("utf-8", "surrogateescape"))
    for at in range(1, len(parts), 2):
        parts[at] = to_hex(parts[at].encode("utf-8", "surrogateescape"))
    parts[::2] = [visible_text(part, None).replace(" ", "␣") for part in parts[::2]]
    return " ".join(filter(None, parts))


def _text(data: bytes) -> str:
    """Return a character as it may be shown; empty: it is none after all."""
    try:
        return visible(data.decode())
    except UnicodeDecodeError:
        return ""
