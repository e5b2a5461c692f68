"""A run of a step that is shown by a case: the case is recorded here and now."""

from __future__ import annotations

from pathlib import Path

from netlib import Network
from netlib.lessons.run import Run
from netlib.live_cases.live import LiveCase


class LiveRun(Run):
    """It has no script. `close` gives it up, with all that it has begun."""

    def __init__(self, network: Network, case: str, path: Path) -> None:
        """Begin to record a case into this new file."""
        super().__init__(network, ())
        self._case = LiveCase(case, path)
        self.recording = path

    @property
    def proven(self) -> bool:
        """Whether all that happens in the case has happened, and is recorded."""
        return self._case.outcome == ""

    def turn(self) -> None:
        """See what became of it."""
        self.why_not = self._case.outcome or ""

    def close(self) -> None:
        """Give it up, if it is not done."""
        self._case.cancel()
        super().close()
