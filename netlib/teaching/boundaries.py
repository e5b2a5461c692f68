"""What one end sent in which calls, what the other received in which: one axis of bytes for all.

Lanes are offsets in the stream, so that of a million calls only those in sight cost anything.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from operator import eq
from typing import Final, Literal, NamedTuple

from netlib.i18n import N_, _, ngettext
from netlib.teaching.explain import beside
from netlib.teaching.narrate import milliseconds, size_in_words
from netlib.text import to_hex, visible, visible_text
from netlib.value import value

Read = Callable[[int, int], bytes]
"""Returns the bytes of a stream from one offset up to another."""
LaneName = Literal["sends", "stream", "receives", "messages"]
FramingName = Literal["none", "line", "length2", "length4", "fixed"]

LOOKED_AT: Final = 1000
"""Receives that are looked at for one that ends inside a character."""
SHOWN: Final = 200
"""Bytes of a piece that its words show at most."""
_MULTIBYTE: Final = rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}"
"""What a character of several bytes looks like in UTF-8 (RFC 3629, section 4)."""
_BEFORE: Final = 3
"""Bytes of such a character that may lie before a cut, or after it."""

FRAMINGS: Final[dict[FramingName, str]] = {
    "none": N_("no framing"),
    "line": N_("cut at LF"),
    "length2": N_("2 bytes of length in front"),
    "length4": N_("4 bytes of length in front"),
    "fixed": N_("all of one size"),
}
_MARKS: Final[dict[FramingName, tuple[int, int]]] = {
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

_ONE: Final[dict[LaneName, str]] = {
    "sends": N_("Send {number}: {size} from offset {first}."),
    "receives": N_("Receive {number}: {size} from offset {first}."),
    "messages": N_("Message {number}: {size} from offset {first}."),
}
_SEVERAL: Final[dict[LaneName, str]] = {
    "sends": N_("Sends {number} to {until}: {size} from offset {first}."),
    "receives": N_("Receives {number} to {until}: {size} from offset {first}."),
    "messages": N_("Messages {number} to {until}: {size} from offset {first}."),
}
_WITHIN: Final[dict[LaneName, tuple[LaneName, str, str]]] = {
    "sends": (
        "receives",
        N_("It arrived in receive {number}."),
        N_("It arrived in receives {number} to {until}."),
    ),
    "receives": (
        "sends",
        N_("Its bytes are of send {number}."),
        N_("Its bytes are of sends {number} to {until}."),
    ),
    "messages": (
        "receives",
        N_("It arrived in receive {number}."),
        N_("It arrived in receives {number} to {until}, and is whole again."),
    ),
}
"""For a piece of each lane, those of which other lane hold its bytes: one, or several."""


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
    first: int = 0
    """Where the first begins: more than 0 where what came before was not kept."""
    times: Sequence[float] = ()
    """Seconds after the first send at which each call ended; empty: not known."""

    def __len__(self) -> int:
        return len(self.ends)

    @property
    def end(self) -> int:
        """The offset after the last."""
        return self.ends[-1] if self.ends else self.first

    def pieces(self, first: int, last: int, least: int = 1) -> Iterator[Piece]:
        """Yield in order all that have bytes from offset `first` up to `last` - 1.

        Those that are shorter than `least` bytes and lie side by side are put together; where,
        depends on `least` only, and a few pieces before `first` may come, too.
        """
        ends = self.ends
        at = bisect_right(ends, max(first - first % least, self.first))
        while at < len(ends) and (start := self._start(at)) < last:
            edge = (start // least + 1) * least
            until = max(bisect_right(ends, edge) - 1, at)
            yield Piece(at + 1, until + 1, start, ends[until])
            at = until + 1

    def holding(self, first: int, last: int) -> Piece | None:
        """Return all that hold bytes from offset `first` up to `last` - 1, as one; None: none."""
        at = bisect_right(self.ends, max(first, self.first))
        until = min(bisect_left(self.ends, last), len(self.ends) - 1)
        if at > until:
            return None
        return Piece(at + 1, until + 1, self._start(at), self.ends[until])

    def _start(self, at: int) -> int:
        return self.ends[at - 1] if at else self.first


@value()
class Boundaries:
    """One direction of a connection; a lane that nobody recorded is None."""

    read: Read
    """Of what was sent; where only the receiver's calls are known, of what was received."""
    sends: Lane | None
    receives: Lane | None
    messages: Lane | None = None
    """None: nothing marks them."""
    framing: FramingName = "none"
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

    # -- sentences -------------------------------------------------------------------------------

    def title(self) -> str:
        """Return the result: how many calls there were, and how many messages."""
        parts = []
        if self.sends is not None:
            count = len(self.sends)
            parts.append(ngettext("{count:,} send", "{count:,} sends", count).format(count=count))
        if self.receives is not None:
            count = len(self.receives)
            words = ngettext("{count:,} receive", "{count:,} receives", count)
            parts.append(words.format(count=count))
        if self.messages is not None:
            count = len(self.messages)
            words = ngettext("{count:,} message", "{count:,} messages", count)
            parts.append(words.format(count=count))
        return _("{result}.").format(result=_(", ").join(parts))

    def remark(self) -> str:
        """Return what the result shows."""
        return beside(*self._remarks())

    def _remarks(self) -> Iterator[str]:
        if not self.size:
            return
        if self.missing:
            told = _("{size} sent and not received.")
            yield told.format(size=size_in_words(self.missing))
        elif self.sends is None or self.receives is None:
            yield _("Only one end is known.")
        elif len(self.sends) == len(self.receives) and all(
            map(eq, self.sends.ends, self.receives.ends)
        ):
            yield _("Each receive took what one send gave. TCP does not promise that.")
        else:
            yield _("TCP carries bytes in order; it does not keep the calls apart.")
        if self.receives is not None and (cut := self._first_divided(self.receives)):
            number, character = cut
            told = _("Receive {number} ends inside {character}.")
            yield told.format(number=number, character=character)
        if rest := self.rest("messages"):
            count = rest.end - rest.start
            told = ngettext(
                "{count:,} byte at the end is no whole message yet.",
                "{count:,} bytes at the end are no whole message yet.",
                count,
            )
            yield told.format(count=count)

    def _first_divided(self, lane: Lane) -> tuple[int, str] | None:
        for number, end in enumerate(islice(lane.ends, LOOKED_AT), 1):
            if (found := self.divided(end)) is not None:
                return number, found.text
        return None

    def describe(self, name: LaneName, piece: Piece) -> str:
        """Return all that is known of a piece: its bytes, its time, and where they are else."""
        return beside(*self._descriptions(name, piece))

    def _descriptions(self, name: LaneName, piece: Piece) -> Iterator[str]:
        if name == "stream":
            yield self._byte(piece.start)
            return
        sentence = (_ONE if piece.alone else _SEVERAL)[name]
        yield _(sentence).format(
            size=size_in_words(piece.end - piece.start),
            first=f"{piece.start:,}",
            **_numbers(piece),
        )
        lane = self.lane(name)
        if lane is not None and len(lane.times) >= piece.number and piece.alone:
            told = _("It ended {time} after the first send began.")
            yield told.format(time=milliseconds(lane.times[piece.number - 1]))
        other, one, several = _WITHIN[name]
        lane = self.lane(other)
        if piece.alone and lane and (found := lane.holding(piece.start, piece.end)):
            yield _(one if found.alone else several).format(**_numbers(found))
        if name != "messages" and piece.alone and (cut := self.divided(piece.end)):
            yield _("It ends inside {character}.").format(character=cut.text)

    def _byte(self, offset: int) -> str:
        byte = self.read(offset, offset + 1)[0]
        known = {"offset": f"{offset:,}", "hex": f"{byte:02x}", "word": byte_word(byte)}
        within = self.characters(offset, offset + 1)
        if not within:
            return _("Offset {offset}: {word}, hexadecimal {hex}.").format(**known)
        one = within[0]
        place = {"number": offset - one.start + 1, "count": one.end - one.start}
        sentence = _(
            "Offset {offset}: {hex}, byte {number} of {count} of the character {character}."
        )
        return sentence.format(character=one.text, **known, **place)


def byte_word(byte: int) -> str:
    """Return a byte in two columns at most: itself in ASCII, else in hexadecimal."""
    return _BYTES.get(byte) or (chr(byte) if 0x20 < byte < 0x7F else f"{byte:02x}")


def _visible(data: bytes) -> str:
    """Return bytes as text, those that are no whole characters in hexadecimal; blanks are seen."""
    parts = re.split("([\udc80-\udcff]+)", data.decode("utf-8", "surrogateescape"))
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


def _numbers(piece: Piece) -> dict[str, str]:
    return {"number": f"{piece.number:,}", "until": f"{piece.last:,}"}
