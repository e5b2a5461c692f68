"""The bare bytes, as they crossed: a file for each direction."""

from __future__ import annotations

from pathlib import Path

from netlib.events import Direction
from netlib.recording.export.writer import KINDS, ExportRow, RowWriter


class RawWriter(RowWriter):
    """Writes bytes and nothing else; events have no file."""

    def row(self, row: ExportRow) -> bytes:
        """Return the bytes."""
        return row.line.data

    @staticmethod
    def files(path: Path) -> dict[int, Path]:
        """Return NAME.received.bin and NAME.sent.bin, where `path` is NAME or NAME.bin."""
        name = path.name.removesuffix(".bin")
        return {way: path.with_name(f"{name}.{KINDS[way]}.bin") for way in Direction}
