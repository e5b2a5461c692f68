"""What the clients of a server have begun and not ended, together: the sum, and who holds most."""

from __future__ import annotations

import itertools
import threading
from bisect import bisect_left, insort

from netlib.value import NamedTuple


class _Share(NamedTuple):
    """What one client holds; they are sorted by it, and the last gives up first."""

    size: int
    begun: int
    """The earlier it began, the larger: of equals it is the longest-held."""
    connection: int
    message: int


class UnfinishedLimit:
    """Keeps the sum of what is unfinished below a limit in bytes. From any thread."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.total = 0
        """Bytes."""
        self._shares: dict[int, _Share] = {}
        self._ascending: list[_Share] = []
        self._begun = itertools.count(0, -1)
        self._lock = threading.Lock()

    def hold(self, connection: int, size: int, message: int) -> list[int]:
        """Take in that a connection holds `size` bytes of its message of that number, or (0) none.

        Return the connections that must give up what they hold; they are forgotten here.
        """
        with self._lock:
            before = self._forget(connection)
            if size:
                same = before is not None and before.message == message
                begun = before.begun if before is not None and same else next(self._begun)
                self._keep(_Share(size, begun, connection, message))
            give_up = []
            while self.total > self.limit:
                give_up.append(self._ascending[-1].connection)
                self._forget(give_up[-1])
            return give_up

    def forget(self, connection: int) -> None:
        """A connection is over: it holds nothing any more."""
        if connection in self._shares:  # seldom: no lock for all others
            with self._lock:
                self._forget(connection)

    def _keep(self, share: _Share) -> None:
        self.total += share.size
        self._shares[share.connection] = share
        insort(self._ascending, share)

    def _forget(self, connection: int) -> _Share | None:
        share = self._shares.pop(connection, None)
        if share is not None:
            self.total -= share.size
            del self._ascending[bisect_left(self._ascending, share)]
        return share
