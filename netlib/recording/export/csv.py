"""Rows as a table for spreadsheets (RFC 4180)."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from typing import Final

from netlib.recording.export.writer import KINDS, ExportRow, RowWriter, utf8
from netlib.teaching.lines import line_text, shown_peer, stamp
from netlib.teaching.narrate import describe
from netlib.text import to_hex, visible_text

COLUMNS: Final = (
    *("time", "activity", "connection", "direction"),
    *("peer", "size", "text", "hex"),
)
"""`size` in bytes of the row, so that a column adds up to what crossed."""

_FORMULA: Final = re.compile("((?:^|[;\t])[ \t\r\xa0\u3000]*)([=+@＝＋－＠-])")
"""How spreadsheets recognise what they would run, blanks before it or not; also where one cuts the
cells at semicolons or tabs."""


class CsvWriter(RowWriter):
    """Writes a table with a head, in which no cell is a formula."""

    def head(self) -> bytes:
        """Return the names of the columns."""
        return _cells(COLUMNS)

    def row(self, row: ExportRow) -> bytes:
        """Return a row of the table."""
        line = row.line
        if line.event is not None:
            size, text = "", describe(line.event)
        else:
            size = str(len(line.data))
            text = visible_text(line_text(line, self.options.encoding), None)
        head = stamp(line.wall), str(row.activity), str(line.connection), KINDS[line.kind]
        return _cells((*head, shown_peer(line), size, text, to_hex(line.data)))


class _Echo:
    """A file that hands back what is written to it: the csv module wants a file."""

    def write(self, text: str) -> str:
        return text


_sheet: Final = csv.writer(_Echo(), quoting=csv.QUOTE_ALL)


def _cells(cells: Sequence[str]) -> bytes:
    """Return a row of a table in which no cell is a formula."""
    written: str = _sheet.writerow([_FORMULA.sub(r"\1'\2", cell) for cell in cells])
    return utf8(written)
