"""What a query asks of the bytes of a chunk, of an event, of a peer: whatever the format."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import Final

from netlib.i18n import _
from netlib.recording.cut import EVENT_BYTES
from netlib.recording.database import RecordingError
from netlib.recording.event_json import from_json
from netlib.recording.query import Query
from netlib.recording.tables import Read, Span
from netlib.teaching.lines import decoded
from netlib.teaching.narrate import describe
from netlib.text import encode
from netlib.value import NamedTuple

SLICE_BYTES: Final = 256 << 10
"""Bytes looked through in one go: as long Python's lock is held."""

MOST_HITS: Final = 1 << 20
"""Lines in which something begins, of one page: more than a page of ours has."""

_SMALL: Final = {code: code + 32 for code in range(ord("A"), ord("Z") + 1)}

Hit = tuple[int, int]
"""A chunk, and the line of it in which something begins, both counted from 0."""


class Needle(NamedTuple):
    """Bytes looked for."""

    data: bytes
    any_case: bool
    """`data` is in small letters, and large ones are found too."""

    def hits(self, data: bytes, told: Callable[[], Sequence[int]]) -> Iterator[Hit]:
        """Yield the lines in which the bytes begin.

        `told` returns where the chunks end that stand in `data`; asked when something is found.
        """
        length = len(self.data)
        chunk = line = after = counted = 0
        ends: Sequence[int] = ()
        for start in range(0, len(data), SLICE_BYTES):
            part = data[start : start + SLICE_BYTES + length - 1]
            part = part.lower() if self.any_case else part
            at = part.find(self.data, max(after - start, 0))
            while at >= 0:
                at += start
                ends = ends or told()
                if at >= ends[chunk]:
                    chunk, line = bisect_right(ends, at, chunk), 0
                    counted = ends[chunk - 1]
                if at + length > ends[chunk]:  # it would go on in another chunk
                    after = at + 1
                else:
                    line += data.count(b"\n", counted, at)
                    counted = at
                    yield chunk, line
                    after = data.find(b"\n", at, ends[chunk]) + 1 or ends[chunk]
                at = part.find(self.data, after - start)


class Matcher:
    """A query as chunks and events are compared with it."""

    def __init__(self, query: Query) -> None:
        self.query = query
        self.text = small(query.text)
        words = encode(query.text, query.encoding).lower()
        self.needles = [
            *([Needle(words, any_case=True)] if words else []),
            *([Needle(query.hex, any_case=False)] if query.hex else []),
        ]
        self.peer = small(query.peer)
        fields = query.connection or query.kinds or query.peer or query.since or query.until
        self.needs_bytes = bool(self.needles) and not fields
        """Whether every chunk must be looked into; else its time or its flow may rule it out."""
        self.across = bool(query.text) and _overlaps(query.encoding)
        """Its bytes may also be found across two characters."""

    def hits(self, data: bytes, told: Callable[[], Sequence[int]]) -> list[Hit]:
        """Return the lines that have all that is looked for, in order; see `Needle.hits`."""
        first, *others = (
            list(islice(needle.hits(data, told), MOST_HITS)) for needle in self.needles
        )
        if len(first) == MOST_HITS:
            raise RecordingError(_("more rows match than can be shown"))
        return sorted(set(first).intersection(*others)) if others else first

    def tells(self, event: str | bytes) -> bool:
        """Tell whether the sentence of an event has the text; hexadecimal it never has."""
        if self.query.hex:
            return False
        if not self.text:
            return True
        if len(event) > EVENT_BYTES:
            return False
        try:
            told = event if isinstance(event, str) else event.decode("utf-8", "replace")
            return self.text in small(describe(from_json(told)))
        except ValueError:  # no event: somebody else wrote the file
            return False

    def is_wanted(self, connection: int, kind: int, peer: str | None) -> bool:
        """Tell whether the fields of a chunk are those asked for."""
        query = self.query
        return (
            (not query.connection or connection == query.connection)
            and (not query.kinds or kind in query.kinds)
            and (not self.peer or self.peer in small(peer or ""))
        )

    def readable(
        self,
        read: Read,
        activity: int,
        start: int,
        hits: Sequence[int],
    ) -> Sequence[int]:
        """Keep the lines that have the text, and not only its bytes across two characters.

        `hits` are lines of a chunk whose first one has the number `start`.
        """
        if not hits or not self.across:
            return hits
        wanted = {start + hit for hit in hits}
        return [
            line.number - start
            for line in read(Span(activity, min(wanted), max(wanted) + 1), None)
            if line.number in wanted and self.text in small(decoded(line, self.query.encoding))
        ]


def small(text: str) -> str:
    """Return text with small letters for A to Z, as `bytes.lower` does; others stay."""
    return text.translate(_SMALL)


def _overlaps(encoding: str) -> bool:
    """Tell whether a character's bytes may be found across two others: GBK, Big5, Shift JIS."""
    one, two = (len(text.encode(encoding, "ignore")) for text in "a一")
    return (one, two) == (1, 2)
