"""Somebody has the interpreter to himself for a moment: busy engines wait meanwhile.

Threads of one Python take turns. Whoever draws while data pours in would wait for an engine at each
of his many calls of Tk's, for these let other threads go on: a picture took twice as long, at worst
three times, and the data came no faster for it.
"""

from __future__ import annotations

import threading
from types import TracebackType
from typing import Final

MOST_SECONDS: Final = 0.04
"""An engine goes on after that, however long it is held."""


class Hold:
    """Entered by one thread at a time; asked by the engines, before each socket they serve."""

    def __init__(self) -> None:
        self.on = False
        self.waiting = False
        """Whether an engine waits, or has waited, this time."""
        self._over = threading.Event()

    def __enter__(self) -> Hold:
        """Hold busy engines; each ends what it is doing first."""
        self.waiting = False
        self._over.clear()  # first: whoever sees `on` is to wait
        self.on = True
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _bug: object, _trace: TracebackType | None
    ) -> None:
        """Let them go on."""
        self.on = False
        self._over.set()

    def wait(self) -> None:
        """Wait until it is over, at most `MOST_SECONDS`; nobody waits longer for the same one."""
        self.waiting = True
        if not self._over.wait(MOST_SECONDS):
            self.on = False
