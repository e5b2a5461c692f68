"""Opening a recording to look at it: what it holds, and all of it in order of time."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from netlib.i18n import _
from netlib.recording.reader import Recording, RecordingError, open_recording
from netlib.recording.timeline import Timeline
from netlib.system.background import Background
from netlib.text import visible_text
from netlib.value import NamedTuple


class Contents(NamedTuple):
    """A recording that was opened. Who takes it, closes it."""

    recording: Recording
    lines: dict[int, int]
    """How many each activity has."""
    complete: bool
    """These are all its activities; else there are more."""
    everything: Timeline


def open_contents(path: Path, cancelled: Callable[[], bool] = lambda: False) -> Contents:
    """Open a file; ValueError with a translated sentence says why not."""
    recording = open_recording(path, 0.0, cancelled)
    try:
        lines = recording.activities()
        return Contents(recording, lines, recording.complete, Timeline(recording))
    except RecordingError as refusal:
        recording.close()
        reason = visible_text(str(refusal), 200)
        sentence = _("The recording cannot be read: {reason}")
        raise ValueError(sentence.format(reason=reason)) from refusal


class Opening(Background):
    """A recording that is being opened; the outcome is why it could not be."""

    contents: Contents | None = None
    """What was opened, and is the caller's now."""

    def __init__(self, path: Path) -> None:
        """Begin at once."""
        super().__init__("open recording", lambda _job: self._open(path))

    def give_up(self) -> None:
        """Nobody wants it any more; nothing is waited for."""
        self.cancel(timeout=0.0)
        self._close_unwanted()

    def _open(self, path: Path) -> str:
        try:
            self.contents = open_contents(path, self.cancelled)
        except ValueError as wrong:
            return str(wrong)
        if self.cancelled():  # `give_up` may have looked for it too early
            self._close_unwanted()
        return ""

    def _close_unwanted(self) -> None:
        if self.contents is not None:
            self.contents.recording.close()
