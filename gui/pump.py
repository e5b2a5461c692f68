"""The pump: thirty times a second, take what has happened and show it; bounded, always re-armed."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable

from netlib import Logger, now

log = Logger(__name__)

PERIOD = 33
"""Milliseconds between ticks; more where a tick takes long: keys, clicks and the engines, which a
tick holds, have half as long after it at least."""
SLOW_SECONDS = 0.05
"""A tick that takes longer is worth a line in the log."""


class Pump:
    """Calls `work` at every tick until it is stopped."""

    def __init__(self, root: tk.Misc, work: Callable[[], None]) -> None:
        """Tick nothing yet."""
        self._root, self._work = root, work
        self._waiting: str | None = None
        self.running = False

    def start(self) -> None:
        """Begin to tick."""
        self.running = True
        self._tick()

    def stop(self) -> None:
        """Tick no more; at once."""
        self.running = False
        if self._waiting is not None:
            self._root.after_cancel(self._waiting)
            self._waiting = None

    def _tick(self) -> None:
        begun = now()
        try:
            self._work()
        finally:  # a bug in one tick is shown, but must not stop the window
            if self.running:
                spent = now() - begun
                if spent > SLOW_SECONDS:
                    log.info("a tick took %.0f ms", spent * 1000)
                took = int(spent * 1000)
                self._waiting = self._root.after(max(1, PERIOD - took, took // 2), self._tick)
