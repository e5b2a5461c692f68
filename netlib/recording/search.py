"""Looking through a recording of a million rows while the window lives.

SQLite compares the bytes, outside Python's lock; Python looks only at chunks that are hit, to tell
in which of their lines. A match is the position of a line in a `RowIndex` (see row_index.py).
"""

from __future__ import annotations

import threading
from array import array
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, Final, NamedTuple

from netlib.i18n import _
from netlib.recording.event_json import EVENT, from_json
from netlib.recording.query import Query
from netlib.recording.reader import LINES, Recording, RecordingError
from netlib.recording.row_index import Span
from netlib.recording.timeline import Order, in_order
from netlib.system.background import Background
from netlib.teaching.lines import decoded
from netlib.teaching.narrate import describe
from netlib.text import encode, visible_text

_BY_NUMBER: Final = """
SELECT {columns} FROM chunk
WHERE id > :after AND id <= :until AND {only} {conditions} ORDER BY id"""

_OF_SPAN: Final = """
SELECT {columns} FROM chunk
WHERE activity = :activity AND line < :last
  AND line >= coalesce(
    (SELECT max(line) FROM chunk WHERE activity = :activity AND line <= :first), :first)
  {conditions} ORDER BY line"""

_CONDITIONS: Final = {
    "text": "AND (kind = 0 OR kind <= 2 AND instr(CAST(lower(data) AS BLOB), :text))",
    "hex": "AND kind != 0 AND instr(data, :hex)",
    "peer": "AND instr(lower(peer), :peer)",
    "kinds": "AND instr(:kinds, kind)",
    "since": "AND wall >= :since",
    "until": "AND wall < :until",
    "connection": "AND connection = :connection",
}
"""What a field of the query asks of a chunk, in SQL. For SQLite's `lower` too, only A is a."""

_DATA: Final = "CASE WHEN kind = 0 THEN CAST(data AS TEXT) ELSE CAST(data AS BLOB) END"
_DATA_OF_MANY: Final = f"CASE WHEN kind = 0 OR lines > 1 THEN {_DATA} END"
"""A chunk of one line that SQLite found to match needs no second look."""

_SMALL: Final = {code: code + 32 for code in range(ord("A"), ord("Z") + 1)}


class Needle(NamedTuple):
    """Bytes looked for in a chunk."""

    data: bytes
    any_case: bool
    """`data` is in small letters, and large ones are found too."""

    def lines(self, chunk: bytes) -> Iterator[int]:
        """Yield, counted from 0, the lines of a chunk in which the bytes begin."""
        where = chunk.lower() if self.any_case else chunk
        number = counted = 0
        at = where.find(self.data)
        while at >= 0:
            number += where.count(b"\n", counted, at)
            yield number
            counted = where.find(b"\n", at)
            at = where.find(self.data, counted + 1) if counted >= 0 else -1


class Scanner:
    """Finds the lines of a recording that a query asks for."""

    def __init__(self, recording: Recording, query: Query) -> None:
        self._recording = recording
        self._query = query
        self._text = _small(query.text)
        self._values = values = _values(query)
        self._needles = [
            Needle(values[name], any_case=name == "text")
            for name in ("text", "hex")
            if name in values
        ]
        self._checks = bool(query.text) and _overlaps(query.encoding)
        data = _DATA if self._checks else _DATA_OF_MANY if self._needles else "NULL"
        self._columns = f"id, activity, line, {LINES}, kind, {data}"
        self._conditions = " ".join(_CONDITIONS[name] for name in values)

    def lines(self, span: Span) -> Iterator[int]:
        """Yield the numbers of the lines that match, ascending. Raises RecordingError."""
        statement = _OF_SPAN.format(columns=self._columns, conditions=self._conditions)
        for row in self._recording.select(statement, self._values | span._asdict()):
            hits, line = self._in_chunk(*row), row[2]
            yield from (at for hit in hits if span.first <= (at := line + hit) < span.last)

    def in_order(self, after: int, until: int, only: str) -> dict[int, Sequence[int]]:
        """Return, of chunks by their numbers, which of their lines match, counted from 0.

        `only`: in SQL, which chunks besides. Raises RecordingError.
        """
        statement = _BY_NUMBER.format(columns=self._columns, conditions=self._conditions, only=only)
        values = self._values | {"after": after, "until": until}
        rows = self._recording.select(statement, values)
        return {row[0]: hits for row in rows if (hits := self._in_chunk(*row))}

    def _in_chunk(
        self, _id: int, activity: int, line: int, lines: int, kind: int, data: Any
    ) -> Sequence[int]:
        if data is None:
            return range(lines)
        if kind == EVENT:
            return range(self._is_told(data))
        hits = self._hits(data)
        return self._readable(activity, line, hits) if hits and self._checks else hits

    def _is_told(self, event: str) -> bool:
        """Tell whether the sentence of an event has the text."""
        try:
            return self._text in _small(describe(from_json(event)))
        except ValueError:  # no event: somebody else wrote the file
            return False

    def _hits(self, chunk: bytes) -> list[int]:
        """Return which lines of a chunk have all that is looked for, counted from 0."""
        first, *others = (set(needle.lines(chunk)) for needle in self._needles)
        return sorted(first.intersection(*others))

    def _readable(self, activity: int, start: int, hits: list[int]) -> list[int]:
        """Keep the lines that have the text, and not only its bytes across two characters."""
        encoding, wanted = self._query.encoding, {start + hit for hit in hits}
        return [
            line.number - start
            for line in self._recording.read(activity, start, max(wanted) + 1)
            if line.number in wanted and self._text in _small(decoded(line, encoding))
        ]


class Search(Background):
    """A query that a thread answers, and goes on answering for rows that come later.

    What it has found may be read at any time, by any thread, without waiting. Its outcome is why it
    could not go on.
    """

    def __init__(self, path: Path, query: Query, lines: Order | Iterable[Span]) -> None:
        """Begin at once to look through some lines of the recording at `path`."""
        self.path, self.query = path, query
        self.matches = array("q")
        """Positions of the lines found, ascending; it only grows."""
        self.scanned = 0
        """Positions looked at."""
        self._index = in_order(lines)
        self._news = threading.Event()
        super().__init__("search", lambda _job: self._answer())  # last: it begins at once

    @property
    def total(self) -> int:
        """Positions there are to look at."""
        return self._index.total

    @property
    def done(self) -> bool:
        """All there is so far has been looked at, or nothing more will be."""
        return self.scanned == self.total or self.outcome is not None

    def extend(self, lines: Iterable[tuple[int, int]]) -> None:
        """Go on with what is new, told how many lines each activity has by now. Costs nothing."""
        if self._index.extend(lines):
            self._news.set()

    def cancel(self, timeout: float = 1.0) -> bool:
        """Look no further; wait up to `timeout` seconds for the thread to end."""
        self._cancelled.set()  # before the news: a search that waits for them looks at this next
        self._news.set()
        return super().cancel(timeout)

    # -- the thread ------------------------------------------------------------------------------

    def _answer(self) -> str:
        """Search until nobody wants it any more, or return why it cannot go on."""
        try:
            with closing(Recording(self.path)) as recording:
                recording.give_up_when(self.cancelled)
                scanner = Scanner(recording, self.query)
                while not self.cancelled():
                    self._news.clear()  # before looking: what comes meanwhile is looked at next
                    self._look(recording, scanner)
                    self._news.wait()
        except (RecordingError, ValueError) as refusal:
            if not self.cancelled():
                return _("The recording cannot be read: {reason}").format(
                    reason=visible_text(str(refusal), 200)
                )
        return ""

    def _look(self, recording: Recording, scanner: Scanner) -> None:
        """Look at all there is by now."""
        for until, *found in self._index.find(recording, scanner, self.scanned):
            self.matches.extend(found)
            # After its matches: who sees that all is scanned has them all.
            self.scanned = until
            if self.cancelled():
                return


def find(recording: Recording, lines: Order | Iterable[Span], query: Query) -> array[int]:
    """Return the positions among `lines` of all that match. Raises RecordingError."""
    index, scanner = in_order(lines), Scanner(recording, query)
    found = array("q")
    for _until, *positions in index.find(recording, scanner, 0):
        found.extend(positions)
    return found


def _values(query: Query) -> dict[str, Any]:
    """Return what stands for the names in `_CONDITIONS`; only what is asked for."""
    asked = {
        "text": encode(query.text, query.encoding).lower(),
        "hex": query.hex,
        "peer": _small(query.peer),
        "kinds": "".join(str(int(kind)) for kind in query.kinds),
        "since": query.since,
        "until": query.until,
        "connection": query.connection or None,
    }
    return {name: value for name, value in asked.items() if value not in (None, "", b"")}


def _small(text: str) -> str:
    """Return text with small letters for A to Z, as `bytes.lower` does; others stay."""
    return text.translate(_SMALL)


def _overlaps(encoding: str) -> bool:
    """Tell whether a character's bytes may be found across two others: GBK, Big5, Shift JIS."""
    one, two = (len(text.encode(encoding, "ignore")) for text in "a一")
    return (one, two) == (1, 2)
