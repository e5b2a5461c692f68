"""Threads for what blocks: name look-ups, verifying certificates, asking who has a port."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from typing import Final

from netlib.system.logger import Logger

log = Logger(__name__)

THREADS: Final = 16
"""How many may block at once; further work waits. Nobody can cancel a look-up under way."""

Work = Callable[[], object]


class Workers:
    """Runs work in threads that end when there is none; from any thread."""

    def __init__(self) -> None:
        self._waiting: deque[Work] = deque()
        self._counting = threading.Lock()
        self._running = 0

    def run(self, work: Work) -> None:
        """Have `work()` done soon. It must not raise; a bug that does is logged.

        RuntimeError: the system gives no thread, and there is none that could do it later.
        """
        self._waiting.append(work)
        with self._counting:
            if self._running >= THREADS:
                return
            thread = threading.Thread(target=self._work, name="socketboard-worker", daemon=True)
            try:
                thread.start()
            except RuntimeError:
                if self._running:
                    return
                self._waiting.remove(work)
                raise
            self._running += 1

    def _work(self) -> None:
        while (work := self._next()) is not None:
            try:
                work()
            except Exception:  # the outermost frame of this thread
                log.exception("bug in %r", work)

    def _next(self) -> Work | None:
        """Return what is to be done next; None: nothing, and this thread is counted out.

        Both under one lock: else work could be added for a thread that has just decided to end.
        """
        with self._counting:
            if self._waiting:
                return self._waiting.popleft()
            self._running -= 1
            return None
