"""Rows as text: what the view shows, a row a line."""

from __future__ import annotations

from netlib.recording.export.writer import ExportRow, RowWriter, utf8
from netlib.teaching.lines import format_line, whose_row


class TextWriter(RowWriter):
    """Writes rows as the view shows them."""

    def row(self, row: ExportRow) -> bytes:
        """Return a row as it is drawn, with its peer."""
        view, encoding = self.options.view, self.options.encoding
        text = format_line(row.line, row.previous, view, encoding, peers=True)[1]
        whose = f"{whose_row(row.activity)}" if self.options.numbered else ""
        return utf8(f"{whose}{text}\n")
