"""What a text was before: versions walked back and forth, as Undo and Redo do. Pure."""

from __future__ import annotations

from typing import Final

LIMIT: Final = 200
"""Versions kept."""


class Edits:
    """The versions of one text; what is typed in one go, up to a blank, is one step."""

    def __init__(self, text: str) -> None:
        """Begin with what there is."""
        self._versions = [text]
        self._at = 0
        self._typing = False
        """Whether the newest version came of a single character, which others may join."""

    def note(self, text: str) -> None:
        """Take notice of the text there is now."""
        before = self._versions[self._at]
        if text == before:
            return
        added = _typed(before, text)
        if added and self._typing and not added.isspace():
            self._versions[self._at :] = [text]
        else:
            self._versions[self._at + 1 :] = [text]
            self._versions = self._versions[-LIMIT:]
            self._at = len(self._versions) - 1
        self._typing = bool(added)

    @property
    def older(self) -> bool:
        """Whether there is a version before this one."""
        return self._at > 0

    @property
    def newer(self) -> bool:
        """Whether there is one after it."""
        return self._at < len(self._versions) - 1

    def undo(self, text: str) -> str:
        """Return the version before `text`, which is what there is now."""
        self.note(text)
        return self._go(-1)

    def redo(self, text: str) -> str:
        """Return the version after `text`, if that was reached by going back."""
        self.note(text)
        return self._go(1)

    def _go(self, step: int) -> str:
        self._typing = False
        self._at = min(max(self._at + step, 0), len(self._versions) - 1)
        return self._versions[self._at]


def _typed(before: str, after: str) -> str:
    """Return the one character by which `after` is longer, or ""."""
    if len(after) != len(before) + 1:
        return ""
    at = next((n for n, char in enumerate(before) if after[n] != char), len(before))
    return after[at] if before == after[:at] + after[at + 1 :] else ""
