"""Why something could not be written: the system's reason, or the recording's."""

from __future__ import annotations

import errno

from netlib.recording.database import RecordingError
from netlib.recording.refusal import why_not


def test_a_full_disk_and_a_broken_recording_are_told_apart() -> None:
    full = why_not(OSError(errno.ENOSPC, "No space left on device"))
    assert "space" in full or "full" in full
    assert why_not(RecordingError("row 7\x1b[2J")).endswith("row 7\\x1b[2J")
