"""Which connection of a pane the boundaries are shown of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gui.models.ladder import LadderRows

if TYPE_CHECKING:
    from netlib.recording.stream import Stream


class BoundariesOf:
    """The newest connection of a pane in which bytes have gone; or the one chosen in it."""

    def __init__(self, calls: LadderRows) -> None:
        """Look among the calls of a pane, as the ladder does."""
        self._calls = calls
        self.end: int | None = None
        """The end of it that is the pane's own; None: there is none."""

    def sync(self) -> None:
        """Take in what has come."""
        self._calls.sync()
        index = self._calls.calls
        self.end = None
        if index is None:
            return
        log = self._calls.log
        for end in reversed(index.pairing.ends):
            if (
                end.connection
                and end.activity in log.activities
                and log.connection in (0, end.connection)
                and len(index.columns.of(end.number)) > 1
            ):
                self.end = end.number
                return

    @property
    def version(self) -> int:
        """A number that grows when there are more calls."""
        index = self._calls.calls
        return 0 if index is None else index.total

    @property
    def whose(self) -> str:
        """Both addresses."""
        index = self._calls.calls
        if index is None or self.end is None:
            return ""
        end = index.pairing.ends[self.end]
        return f"{end.local} ↔ {end.peer}"

    def stream(self, *, sent: bool) -> Stream | None:
        """Return one direction of it; None: there is no such connection."""
        from netlib.recording.stream import Stream

        index = self._calls.calls
        if index is None or self.end is None:
            return None
        return Stream(self._calls.log.source.recording, index, self.end, sent=sent)
