"""Cases that are recorded here and now: whether they can be, and where this window keeps them."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from netlib import Background, _


class LiveCases:
    """What is recorded lives as long as the window. `close` removes it."""

    def __init__(self) -> None:
        self.recordings: dict[str, dict[int, Path]] = {}
        """See `Player.recordings`, by the key of the lesson."""
        self._asked: Background | None = None
        self._answered = False
        self._folder: TemporaryDirectory[str] | None = None

    @property
    def folder(self) -> Path:
        """Where they are recorded. Raises OSError: there can be no such folder."""
        if self._folder is None:
            self._folder = TemporaryDirectory(prefix="socketboard-", ignore_cleanup_errors=True)
        return Path(self._folder.name)

    @property
    def permitted(self) -> bool:
        """Whether it is known that they can be; the first time it is asked for that."""
        if self._asked is None:
            from netlib.live_cases.live import why_not_live  # processes: few steps need them

            self._asked = Background("socketboard-live-permitted", lambda _work: why_not_live())
        return self._asked.outcome == ""

    def why_not(self) -> str:
        """Return in a sentence why they cannot be, as far as that is known."""
        if self._asked is None or self._asked.outcome is None:
            return _("Whether this computer permits it is being looked at.")
        return _("Not recorded here: {why}.").format(why=self._asked.outcome)

    def has_answered(self) -> bool:
        """Tell once that it has become known whether they can be."""
        known = self._asked is not None and self._asked.outcome is not None
        come, self._answered = known and not self._answered, known
        return come

    def close(self) -> None:
        """Remove what was recorded."""
        if self._asked is not None:
            self._asked.cancel()
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None
