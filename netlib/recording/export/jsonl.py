"""Rows as JSON Lines: one object a line, for programs."""

from __future__ import annotations

import json
from base64 import b64encode

from netlib.recording.event_json import public
from netlib.recording.export.writer import KINDS, ExportRow, RowWriter, utf8
from netlib.teaching.lines import line_text, shown_peer
from netlib.text import harmless_json


class JsonLinesWriter(RowWriter):
    """Writes an object a row: `kind` is "event" or "data", bytes are base64."""

    def row(self, row: ExportRow) -> bytes:
        """Return the object."""
        line = row.line
        if line.event is not None:
            fields = {"at": 0.0, "kind": "event"} | public(line.event, line.wall)
        else:
            fields = {
                "at": round(line.wall, 6),
                "kind": "data",
                "direction": KINDS[line.kind],
                "activity": row.activity,
                "connection": line.connection,
                "peer": shown_peer(line),
                "size": len(line.data),
                "data": b64encode(line.data).decode(),
                "text": line_text(line, self.options.encoding),
            }
        return utf8(harmless_json(json.dumps(fields, ensure_ascii=False)) + "\n")
