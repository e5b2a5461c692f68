"""The engines of a network: one, and more where a poller is full; how all of them end."""

from __future__ import annotations

import errno
import threading
from collections.abc import Callable
from functools import partial

from netlib.engine.hold import Hold
from netlib.engine.loop import Engine
from netlib.engine.outbox import Outbox
from netlib.engine.workers import Workers
from netlib.system.clock import now
from netlib.system.memory import keep_freed_memory
from netlib.system.poller import Poller


class EnginePool:
    """All engines of a network: one, and further ones where one cannot watch more sockets.

    Windows' select() takes 512. Activities live on the first engine, which gives connections to
    the others.
    """

    def __init__(
        self, outbox: Outbox, new_poller: Callable[[], Poller], died: Callable[[str], None]
    ) -> None:
        """`died`: called on `home` with the traceback when the loop of one of them breaks."""
        keep_freed_memory()  # engines and recorder hand big chunks from one to the other
        self._outbox = outbox
        self._died = died
        self._new_poller = new_poller
        self._workers = Workers()
        self.hold = Hold()
        self._all: list[Engine] = []
        self.home = self._add()

    def engine_with_room(self) -> Engine:
        """Return an engine with room for one more connection; asked on `home` only.

        OSError: the system has no sockets, or no thread, for a further one.
        """
        for engine in self._all:
            if engine.has_room:
                return engine
        return self._add()

    def stop(self, timeout: float) -> bool:
        """End all of them within `timeout` seconds; True: no thread is left.

        `home` is the last, because what ends elsewhere is announced there.
        """
        until = now() + timeout
        asked = threading.Event()
        # What it was told before now has reached the others.
        self.home.call_soon_threadsafe(None, asked.set)
        asked.wait(timeout)
        gone = [engine.stop(max(0.1, until - now())) for engine in reversed(self._all)]
        return all(gone)

    def _add(self) -> Engine:
        engine = Engine(self._outbox, self._new_poller(), self._workers, self.hold)
        home = self._all[0] if self._all else engine
        engine.died = partial(home.run, None, self._died)
        try:
            engine.start()
        except RuntimeError as refusal:  # no more threads
            raise OSError(errno.EAGAIN, str(refusal)) from refusal
        self._all.append(engine)  # afterwards: to one that does not run nobody may be given
        return engine
