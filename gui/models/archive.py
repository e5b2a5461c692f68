"""A recording opened from a file: a source of rows like the backend, but one that stands still."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from gui.models.traffic import cannot_read
from netlib.teaching.lines import clock, stamp
from netlib.teaching.narrate import describe

if TYPE_CHECKING:
    from netlib.recording.reader import Recording


class Entry(NamedTuple):
    """One server, client or UDP socket of a recording."""

    activity: int
    lines: int
    wall: float
    """When it began, in seconds since 1970."""
    words: str
    """Its first event."""


class Archive:
    """A `Source` over a file. Belongs to the main thread."""

    recording: Recording

    def __init__(self, path: Path) -> None:
        """Open it. ValueError with a translated sentence when that cannot be done."""
        from netlib.recording.reader import RecordingError, open_recording

        self.recording = open_recording(path, patience=0.0)
        try:
            self._lines = self.recording.activities()
        except RecordingError as refusal:
            self.recording.close()
            raise ValueError(cannot_read(str(refusal)).text) from refusal
        self.path = path

    def lines(self, activity: int) -> int:
        """Return how many lines of an activity are recorded."""
        return self._lines.get(activity, 0)

    def entries(self) -> list[Entry]:
        """Return what the recording holds, in the order it began."""
        return [self._entry(activity) for activity in sorted(self._lines)]

    def _entry(self, activity: int) -> Entry:
        total = self._lines[activity]
        first = next(iter(self.recording.lines(activity, 0, min(total, 8))), None)
        if first is None:
            return Entry(activity, total, 0.0, "…")
        words = describe(first.event) if first.event is not None else clock(first.wall)
        return Entry(activity, total, first.wall, words)

    def close(self) -> None:
        """Let the file go."""
        self.recording.close()


def entry_cells(entry: Entry) -> tuple[str, ...]:
    """Return an entry as the cells of a table."""
    began = stamp(entry.wall)[:19].replace("T", " ") if entry.wall else "–"
    return (str(entry.activity), began, f"{entry.lines:,}", entry.words)
