"""Work in a thread of its own: begun at once, asked what became of it, given up.

For work that may take long beside the network: a search, an export, a copy. Nobody waits for it;
whoever began it looks at `outcome` now and then.
"""

from __future__ import annotations

import threading
from collections.abc import Callable

from netlib.i18n import _
from netlib.system.logger import Logger

log = Logger(__name__)


class Background:
    """One piece of work under way; any thread may ask it."""

    def __init__(self, name: str, work: Callable[[Background], str]) -> None:
        """Begin at once; `name` is the thread's.

        `work` is given this object and returns the outcome. It may set `progress`, and ends soon
        when it is `cancelled`. What it raises is a bug.
        """
        self.progress = 0.0
        """The share that is done, 0 to 1; stays 0 where the work cannot tell."""
        self.outcome: str | None = None
        """What became of it, as a translated sentence; "": nothing to tell; None: under way."""
        self.failed = False
        """Whether the outcome is why a file could not be written."""
        self._work = work
        self._cancelled = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()  # last: the work may ask for any of the above at once

    def cancelled(self) -> bool:
        """Tell whether nobody wants the work any more."""
        return self._cancelled.is_set()

    def cancelled_within(self, seconds: float) -> bool:
        """Wait so long, but no longer than until nobody wants the work any more: True then."""
        return self._cancelled.wait(seconds)

    def over_within(self, seconds: float) -> bool:
        """Wait up to `seconds` for the end of the work; True: it has ended."""
        self._thread.join(seconds)
        return not self._thread.is_alive()

    def cancel(self, timeout: float = 1.0) -> bool:
        """Ask the work to end, wait up to `timeout` seconds for that; True: it has."""
        self._cancelled.set()
        return self.over_within(timeout)

    def _run(self) -> None:
        try:
            self.outcome = self._work(self)
        except Exception:  # the outermost frame of this thread
            log.exception("bug in the thread %r", self._thread.name)
            self.outcome = _("a bug in Socketboard ended it; the log has the details")
