"""The tables of a recording, and the view in which plain SQL finds every chunk.

    meta    what the file is: format, when it was begun
    flow    what the numbers in the codes of a page stand for: a TCP connection, a datagram's peer,
            or (connection 0, no peer) what happened to an activity itself
    packet  a packet that was captured, where somebody asked for that and it is permitted: when
            (`at` and `wall` in microseconds, as in a page), how many bytes it had, and those from
            its IP header on; without data: how many packets were missed. Older files have no such
            table.
    page    some chunks and events of one activity; see `netlib.recording.page`
    chunk   a view: one row for each chunk or event, with the columns of format `socketboard-1`
            id (in the order it happened), at (monotonic s), wall (s since 1970), activity,
            connection, kind (0 event, 1 received, 2 sent; under TLS these are plain text, and 3
            and 4 what crossed the wire), peer (whom it came from or went to, and after a blank its
            nickname), line (number of its first line in its activity), lines (how many it has),
            data (the bytes; an event's JSON; NULL: they stand in a segment beside the file)

The view is for a look with sqlite3, not for work: it costs some 20 µs a row.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from netlib.recording.page import Page

FORMAT: Final = "socketboard-2"

_TYPES: Final = {"times": "BLOB", "codes": "BLOB", "ends": "BLOB", "line_ends": "BLOB"} | {
    "numbers": "BLOB",
    "data": "BLOB",
}
_COLUMNS: Final = ", ".join(f"{name} {_TYPES.get(name, 'INTEGER')}" for name in Page._fields)

_EVERY_BYTE: Final = bytes(range(256)).hex()


def _byte(column: str, at: str) -> str:
    """Return SQL for the value of one byte of a blob, counted from 0."""
    return f"(instr(every.byte, substr({column}, {at} + 1, 1)) - 1)"


def _cell(column: str, index: str) -> str:
    """Return SQL for one number of a column; 8 bytes wide are read as far as SQL can: 7."""
    width = f"(length({column}) / chunks)"
    at = f"({index}) * {width}"
    low = " + ".join(f"{_byte(column, f'{at} + {byte}')} * {256**byte}" for byte in range(4))
    high = " + ".join(f"{_byte(column, f'{at} + {byte}')} * {256**byte}" for byte in range(4, 7))
    return f"({low} + CASE {width} WHEN 8 THEN {high} ELSE 0 END)"


_ENDS_BEFORE: Final = f"CASE n WHEN 0 THEN 0 ELSE {_cell('ends', 'n - 1')} END"
_LINES_BEFORE: Final = (
    f"CASE WHEN n = 0 THEN 0 WHEN line_ends IS NULL THEN n ELSE {_cell('line_ends', 'n - 1')} END"
)

CHUNK_VIEW: Final = f"""
CREATE VIEW chunk AS
WITH every(byte) AS MATERIALIZED (SELECT x'{_EVERY_BYTE}'),
counted(n) AS MATERIALIZED (
  SELECT 0 UNION ALL SELECT n + 1 FROM counted WHERE n + 1 < (SELECT max(chunks) FROM page)),
cut AS (
  SELECT page.*, n, {_cell("codes", "n")} AS code, {_cell("times", "n")} AS time,
    CASE WHEN numbers IS NULL THEN n ELSE {_cell("numbers", "n")} END AS place,
    {_ENDS_BEFORE} AS start, {_cell("ends", "n")} AS stop, {_LINES_BEFORE} AS lines_before,
    CASE WHEN line_ends IS NULL THEN n + 1 ELSE {_cell("line_ends", "n")} END AS lines_until
  FROM page JOIN counted ON n < chunks JOIN every)
SELECT number + place AS id, (at + time) / 1e6 AS at, (at + time + wall) / 1e6 AS wall,
  cut.activity AS activity, coalesce(connection, 0) AS connection,
  CASE code & 7 WHEN 5 THEN 1 WHEN 6 THEN 2 ELSE code & 7 END AS kind, peer,
  line + lines_before AS line, lines_until - lines_before AS lines,
  CASE WHEN data IS NULL THEN NULL WHEN start = stop THEN x''
    WHEN code & 7 = 0 THEN CAST(substr(data, start + 1, stop - start) AS TEXT)
    ELSE substr(data, start + 1, stop - start) END AS data
FROM cut LEFT JOIN flow ON flow.id = code >> 3
ORDER BY cut.number + place;
"""  # noqa: S608 - nothing in it comes from outside

SCHEMA: Final = f"""
CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;
CREATE TABLE flow(id INTEGER PRIMARY KEY, activity INTEGER, connection INTEGER, peer TEXT);
CREATE TABLE page(id INTEGER PRIMARY KEY, {_COLUMNS});
CREATE TABLE packet(
  id INTEGER PRIMARY KEY, at INTEGER, wall INTEGER, size INTEGER, data BLOB);
CREATE INDEX page_line ON page(activity, line);
{CHUNK_VIEW}"""

INSERT_PAGE: Final = (
    f"INSERT INTO page({', '.join(Page._fields)}) VALUES ({', '.join('?' * len(Page._fields))})"  # noqa: S608
)
INSERT_FLOW: Final = "INSERT INTO flow VALUES (?, ?, ?, ?)"


def segment_path(recording: Path, number: int) -> Path:
    """Return the file beside a recording in which payloads of its pages stand: FILE.0001."""
    return recording.with_name(f"{recording.name}.{number:04}")


def beside(recording: Path) -> list[Path]:
    """Return what SQLite puts beside a recording while it is written."""
    return [recording.with_name(recording.name + end) for end in ("-wal", "-shm")]
