"""Looking for a pattern of calls in a thread."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from netlib.i18n import _
from netlib.recording.calls import CallIndex
from netlib.recording.patterns import Pattern, places
from netlib.recording.reader import Recording, RecordingError
from netlib.system.background import Background
from netlib.text import visible_text


class PatternSearch(Background):
    """Places among the calls there are by now. Its outcome is why none could be looked for."""

    def __init__(self, path: Path, index: CallIndex, pattern: Pattern) -> None:
        """Begin at once."""
        self.places: list[tuple[int, ...]] = []
        """The calls of each place, in order."""
        self.told = False
        """Whoever waits for it has been told."""
        self._path, self._index, self._pattern = path, index, pattern
        super().__init__("pattern", lambda _job: self._look())

    def _look(self) -> str:
        try:
            with closing(Recording(self._path)) as recording:
                recording.give_up_when(self.cancelled)
                self.places = places(recording, self._index, self._pattern, self.cancelled)
        except (RecordingError, ValueError) as refusal:
            reason = visible_text(str(refusal), 200)
            return _("The recording cannot be read: {reason}").format(reason=reason)
        return ""
