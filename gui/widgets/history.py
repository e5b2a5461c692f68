"""Lines typed before, walked with Up and Down; what is typed meanwhile is never lost. Pure."""

from __future__ import annotations

LIMIT = 200
"""Lines kept."""


class History:
    """Old lines and one unsent draft, each keeping its edits until the next line is sent."""

    def __init__(self, limit: int = LIMIT) -> None:
        """Start empty."""
        self._limit = limit
        self._sent: list[str] = []
        self._open()

    def add(self, line: str) -> None:
        """Remember a sent line (not twice in a row) and start a new draft."""
        if line and self._sent[-1:] != [line]:
            self._sent = [*self._sent, line][-self._limit :]
        self._open()

    def older(self, current: str) -> str:
        """Return the line before; `current` is what stands in the entry and is kept."""
        return self._move(current, -1)

    def newer(self, current: str) -> str:
        """Return the line after, at the end the draft; `current` is kept."""
        return self._move(current, 1)

    def _open(self) -> None:
        self._lines = [*self._sent, ""]
        self._at = len(self._sent)

    def _move(self, current: str, step: int) -> str:
        self._lines[self._at] = current
        self._at = min(max(self._at + step, 0), len(self._lines) - 1)
        return self._lines[self._at]
