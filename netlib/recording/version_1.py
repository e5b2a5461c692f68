"""Recordings of format `socketboard-1`: a row for each chunk. They are read, and never converted.

chunk   id (in order of time), at (monotonic s), wall (s since 1970), activity, connection,
kind (0 event, 1 received, 2 sent, 3 and 4 ciphertext), peer (and after a blank its
nickname), line (number of the first line in its activity), lines, data
"""

from __future__ import annotations

import json
from array import array
from collections.abc import Collection, Iterator, Sequence
from itertools import accumulate
from typing import Any, Final

from netlib.engine.records import PLAIN_RECEIVED, RECEIVED, WIRE_RECEIVED, WIRE_SENT
from netlib.i18n import _
from netlib.recording.cut import (
    CARRY_BYTES,
    CARRY_LINES,
    LATEST,
    Cut,
    Row,
    Tails,
    cut,
    unfinished,
)
from netlib.recording.database import Database, RecordingError
from netlib.recording.event_json import EVENT
from netlib.recording.matching import Matcher
from netlib.recording.query import Query
from netlib.recording.tables import UNREADABLE, Blocks, CallHeads, Flow, Heads, Span
from netlib.teaching.lines import WIRE, Line

FORMAT: Final = "socketboard-1"

TABLES: Final = {
    "chunk": (
        *("id", "at", "wall", "activity", "connection"),
        *("kind", "peer", "line", "lines", "data"),
    ),
}

BLOCK: Final = 32
"""Chunks of a block."""

LOOK_BACK: Final = 4
"""Blocks before, in which a character may have begun that goes on in one."""

_AT: Final = "coalesce(CAST(at AS REAL), 0.0)"
_WALL: Final = f"coalesce(min(max(CAST(wall AS REAL), 0.0), {LATEST}), 0.0)"

_PEER: Final = "CAST(substr(peer, 1, 400) AS TEXT)"
_KIND: Final = "CASE WHEN kind IN (0, 1, 2, 3, 4) THEN CAST(kind AS INTEGER) ELSE 0 END"
_LINE: Final = "coalesce(CAST(line AS INTEGER), 0)"
_CELLS: Final = f"""
{_WALL}, {_AT}, coalesce(CAST(connection AS INTEGER), 0), {_KIND},
{_PEER}, {_LINE}, coalesce(CAST(data AS BLOB), x'')"""
"""The cells of a row as what they should be, whatever somebody else wrote into the file."""

_LINES: Final = "max(1, min(coalesce(CAST(lines AS INTEGER), 1), coalesce(length(data), 0) + 1))"
"""How many lines a chunk has: one and no more than bytes and one, whatever the file says."""

_SPAN: Final = """activity = :activity AND line < :last AND line >= coalesce(
  (SELECT max(line) FROM chunk WHERE activity = :activity AND line <= :first), :first)"""

_PAGE: Final = f"SELECT {_CELLS} FROM chunk WHERE {_SPAN} ORDER BY line"  # noqa: S608

_BEFORE: Final = f"""
SELECT connection, kind, substr(CAST(data AS BLOB), :tail) FROM chunk
WHERE kind > 0 AND length(data) > 0 AND {_SPAN} ORDER BY line"""  # noqa: S608

_BY_ID: Final = f"""
SELECT id, {_CELLS} FROM chunk WHERE id IN (SELECT value FROM json_each(?))"""  # noqa: S608

_TAILS: Final = """
SELECT id, connection, kind, coalesce(substr(CAST(data AS BLOB), ?3), x'') FROM chunk
WHERE id > ?1 AND id <= ?2 AND kind IN (1, 2)
  AND connection IN (SELECT value FROM json_each(?4))
ORDER BY id"""

_ACTIVITIES: Final = """
WITH RECURSIVE one(activity) AS (
  SELECT min(activity) FROM chunk WHERE typeof(activity) = 'integer'
  UNION ALL
  SELECT (SELECT min(activity) FROM chunk WHERE activity > one.activity AND activity < 9e18)
  FROM one WHERE one.activity IS NOT NULL)
SELECT activity, (
  SELECT CAST(line + lines AS INTEGER) FROM chunk
  WHERE activity = one.activity ORDER BY line DESC LIMIT 1)
FROM one WHERE activity IS NOT NULL"""
"""From one activity to the next by the index, which is quick in a file of any size."""

_SIZES: Final = """
SELECT coalesce(sum(CASE WHEN kind = 1 THEN length(data) END), 0),
       coalesce(sum(CASE WHEN kind = 2 THEN length(data) END), 0)
FROM chunk WHERE activity = ?"""

_ONLY: Final = "typeof(activity) = 'integer' AND (:only IS NULL OR +activity IN ({}))".format(
    "SELECT value FROM json_each(:only)"
)
"""+ : the index by activity is no help."""

_SCAN: Final = f"""
SELECT max(id), sum(lines), min(at), max(at) FROM (
  SELECT id, {_LINES} AS lines, {_AT} AS at FROM chunk WHERE id > :after AND {_ONLY}
  ORDER BY id LIMIT :many)"""  # noqa: S608

_HEADS: Final = f"""
SELECT id, {_AT}, activity, {_LINES} FROM chunk WHERE id > :after AND id <= :until AND {_ONLY}
ORDER BY id"""  # noqa: S608

_CALL_HEADS: Final = f"""
SELECT id, activity, coalesce(CAST(connection AS INTEGER), 0), {_PEER},
  {_KIND}, coalesce(length(data), 0)
FROM chunk WHERE id > :after AND id <= :until AND {_ONLY}"""  # noqa: S608

_CONDITIONS: Final = {
    "text": "AND (kind = 0 OR kind <= 2 AND instr(CAST(lower(data) AS BLOB), :text))",
    "hex": "AND kind != 0 AND instr(data, :hex)",
    "peer": "AND instr(lower(peer), :peer)",
    "kinds": "AND instr(:kinds, kind)",
    "since": "AND wall >= :since",
    "until": "AND wall < :before",
    "connection": "AND connection = :connection",
}
"""What a field of the query asks of a chunk, in SQL. For SQLite's `lower` too, only A is a."""

_DATA: Final = "CASE WHEN kind = 0 THEN CAST(data AS TEXT) ELSE CAST(data AS BLOB) END"
_DATA_OF_MANY: Final = f"CASE WHEN kind = 0 OR lines > 1 THEN {_DATA} END"
"""A chunk of one line that SQLite found to match needs no second look."""

_FIRST: Final = -(1 << 63)


class Version1:
    """The table `chunk`."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._flows: list[Flow] = []
        self._flow_numbers: dict[tuple[int, Flow], int] = {}
        self._layered: set[tuple[int, int]] = set()
        """Connections with ciphertext: what they received and sent is plain text."""

    def activities(self) -> Iterator[tuple[int, int]]:
        """Yield each activity and how many lines it has."""
        for activity, last in self._db.rows(_ACTIVITIES):
            if last is not None:
                yield activity, last

    def sizes(self, activity: int) -> tuple[int, int]:
        """Return how many bytes an activity received, and sent."""
        ((received, sent),) = self._db.select(_SIZES, (activity,))
        return received, sent

    def read(self, span: Span, limit: int | None) -> Iterator[Line]:
        """Yield lines; what is trimmed is missing."""
        tails: Tails | None = None
        for row in map(_row, self._db.rows(_PAGE, span._asdict())):
            if row.in_stream and tails is None:  # one look back; from here on they follow the rows
                tails = self._tails(span.activity, row.line)
            chunk = cut(row, {} if tails is None else tails)
            wanted = range(max(row.line, span.first) - row.line, max(span.last - row.line, 0))
            for _index, line in chunk.pick(wanted, limit):
                yield line

    def extend(self, blocks: Blocks) -> bool:
        """Look through the whole recording, once: nobody writes one of this format any more."""
        if blocks.after is not None:
            return False
        latest = array("d")
        only = _listed(blocks.activities)
        values: dict[str, Any] = {"only": only, "many": BLOCK, "after": _FIRST}
        blocks.after = _FIRST
        while True:
            ((last, lines, earliest, at),) = self._db.select(_SCAN, values)
            if last is None:
                return blocks.total > 0
            if last <= values["after"]:  # a damaged file may lead round in a circle
                raise RecordingError(_("its rows are not in order"))
            start = blocks.total
            while latest and latest[-1] > earliest:  # not in order: one block, put in order whole
                at = max(at, latest.pop())
                start = blocks.starts.pop()
                blocks.ends.pop()
            latest.append(at)
            blocks.starts.append(start)
            blocks.ends.append(last)
            blocks.total += lines
            values["after"] = last

    def heads(self, blocks: Blocks, block: int) -> Heads:
        """Return the chunks of a block; those of one activity stay in their order."""
        values = _between(blocks, block, block + 1)
        latest: dict[int, float] = {}
        rows = []
        for id, at, activity, lines in self._db.select(_HEADS, values):
            latest[activity] = max(at, latest.get(activity, at))
            rows.append((latest[activity], id, activity, lines))
        rows.sort()
        return Heads(
            [*accumulate(lines for _at, _id, _activity, lines in rows)],
            [id for _at, id, _activity, _lines in rows],
            [activity for _at, _id, activity, _lines in rows],
        )

    def call_heads(self, blocks: Blocks, block: int) -> CallHeads:
        """Return the chunks of a block; flows are numbered as they come."""
        rows = {}
        between = _between(blocks, block, block + 1)
        for id, activity, connection, peer, kind, size in self._db.select(_CALL_HEADS, between):
            above = 0
            if kind in (WIRE_RECEIVED, WIRE_SENT):
                self._layered.add((activity, connection))
            elif kind and (activity, connection) in self._layered:
                above = PLAIN_RECEIVED - RECEIVED
            flow = self._number(activity, (connection, peer if kind else None))
            rows[id] = (flow, kind + above, size)
        heads = self.heads(blocks, block)
        columns = zip(*(rows.get(id, (UNREADABLE, EVENT, 0)) for id in heads.keys), strict=True)
        flows, kinds, sizes = (array("q", column) for column in columns)
        return CallHeads(heads.keys, heads.activities, flows, kinds, sizes)

    def flow(self, number: int) -> Flow:
        """Return what the rows with this number said."""
        return self._flows[number] if number >= 0 else (0, None)

    def cuts(
        self, blocks: Blocks, block: int, keys: Sequence[int], limit: int | None
    ) -> dict[int, Cut]:
        """Return chunks of a block by their keys."""
        found: dict[int, Cut] = {}
        for begin in range(0, len(keys), BLOCK):
            found |= self._cuts(_after(blocks, block - LOOK_BACK), keys[begin : begin + BLOCK])
        return found

    def finder(self, query: Query) -> _Finder:
        """Return what looks for a query here."""
        return _Finder(self._db, self, query)

    def close(self) -> None:
        """Nothing stands beside such a recording."""

    def _number(self, activity: int, flow: Flow) -> int:
        number = self._flow_numbers.setdefault((activity, flow), len(self._flows))
        if number == len(self._flows):
            self._flows.append(flow)
        return number

    def _cuts(self, after: int, ids: Sequence[int]) -> dict[int, Cut]:
        """Return chunks by their ids; those after `after` may have begun what stands in them."""
        rows = {id: _row(cells) for id, *cells in self._db.select(_BY_ID, (_listed(ids),))}
        streams = {row.connection for row in rows.values() if row.in_stream}
        carried: dict[int, Tails] = {}
        tails: Tails = {}
        if streams:
            between = (after, max(rows), -CARRY_BYTES, _listed(streams))
            for id, connection, kind, end in self._db.select(_TAILS, between):
                way = (connection, kind)
                before = tails.get(way, b"")
                if id in rows:
                    carried[id] = {way: before}
                tails[way] = unfinished(before, end)
        return {id: cut(row, carried.get(id, {})) for id, row in rows.items()}

    def _tails(self, activity: int, line: int) -> Tails:
        """Return what each stream had left unfinished before `line`, one look back for all."""
        tails: Tails = {}
        span = Span(activity, line - CARRY_LINES, line)
        values = span._asdict() | {"tail": -CARRY_BYTES}
        for connection, kind, end in self._db.select(_BEFORE, values):
            way = (connection, kind)
            tails[way] = unfinished(tails.get(way, b""), end)
        return tails


class _Finder:
    """Finds lines by SQL, which compares outside Python's lock; Python looks at chunks hit."""

    def __init__(self, db: Database, tables: Version1, query: Query) -> None:
        self._db, self._tables = db, tables
        self._matcher = matcher = Matcher(query)
        words = {
            name: needle.data for name, needle in zip(_names(query), matcher.needles, strict=True)
        }
        asked = words | {
            "peer": matcher.peer,
            "kinds": "".join(str(int(kind)) for kind in query.kinds),
            "since": query.since,
            "before": query.until,
            "connection": query.connection or None,
        }
        self._values = {name: value for name, value in asked.items() if value not in (None, "")}
        names = ["until" if name == "before" else name for name in self._values]
        conditions = " ".join(_CONDITIONS[name] for name in names)
        data = _DATA if matcher.across else _DATA_OF_MANY if matcher.needles else "NULL"
        columns = f"SELECT id, activity, {_LINE}, {_LINES}, {_KIND}, {data} FROM chunk"  # noqa: S608
        self._of_span = f"{columns} WHERE {_SPAN} {conditions} ORDER BY line"
        self._of_blocks = (
            f"{columns} WHERE id > :after AND id <= :until AND {_ONLY} {conditions} ORDER BY id"
        )

    def lines(self, span: Span) -> Iterator[int]:
        """Yield the numbers of the lines that match, ascending."""
        for row in self._db.rows(self._of_span, self._values | span._asdict()):
            hits, line = self._in_chunk(*row), row[2]
            yield from (at for hit in hits if span.first <= (at := line + hit) < span.last)

    def hits(self, blocks: Blocks, first: int, last: int) -> dict[int, dict[int, Sequence[int]]]:
        """Return matches by block and by id."""
        found: dict[int, dict[int, Sequence[int]]] = {}
        block = first
        for row in self._db.rows(self._of_blocks, self._values | _between(blocks, first, last)):
            while row[0] > blocks.ends[block]:
                block += 1
            if hits := self._in_chunk(*row):
                found.setdefault(block, {})[row[0]] = hits
        return found

    def _in_chunk(
        self, _id: int, activity: int, line: int, lines: int, kind: int, data: Any
    ) -> Sequence[int]:
        if data is None:
            return range(lines)
        if kind == EVENT:
            return range(self._matcher.tells(data))
        if kind > WIRE:  # ciphertext is one line, whatever bytes are in it
            return range(1)
        hits = [line for _chunk, line in self._matcher.hits(data, lambda: (len(data),))]
        return self._matcher.readable(self._tables.read, activity, line, hits)


def _row(cells: Sequence[Any]) -> Row:
    wall, at, connection, kind, peer, line, data = cells
    return Row(wall, at, connection, kind, peer, line, data, len(data))


def _names(query: Query) -> list[str]:
    return [name for name in ("text", "hex") if getattr(query, name)]


def _listed(numbers: Collection[int] | None) -> str | None:
    return None if numbers is None else json.dumps([int(number) for number in numbers])


def _after(blocks: Blocks, block: int) -> int:
    """Return the id before the first one of a block."""
    return blocks.ends[block - 1] if block > 0 else _FIRST


def _between(blocks: Blocks, first: int, last: int) -> dict[str, Any]:
    """Return what stands for the names in a statement about some blocks."""
    return {
        "only": _listed(blocks.activities),
        "after": _after(blocks, first),
        "until": blocks.ends[last - 1],
    }
