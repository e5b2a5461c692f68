"""The bare bytes, as they crossed: a file for each direction."""

from __future__ import annotations

import errno
import os
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
        """Return NAME.received.bin and NAME.sent.bin, where `path` is NAME or NAME.bin.

        IsADirectoryError: it has no NAME.
        """
        if not path.name:
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
        name = path.name.removesuffix(".bin")
        return {way: path.with_name(f"{name}.{KINDS[way]}.bin") for way in Direction}
