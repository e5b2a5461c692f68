"""Waiting until sockets are ready: epoll on Linux, kqueue on macOS, select() on Windows."""

from __future__ import annotations

import select
import selectors
import sys
from typing import Protocol

READ, WRITE = 1, 4
"""Readiness as bits of a mask; the values are epoll's, so that its masks need no translation."""


class Poller(Protocol):
    """Waits until file descriptors are ready."""

    capacity: int | None
    """How many descriptors it can watch; None: as many as the process may open."""
    tells_ends: bool
    """Whether a mask of 0 still tells of an end: an RST, or a FIN each way."""

    def register(self, fd: int, mask: int) -> None:
        """Begin to watch. Raises ValueError: the poller is closed."""

    def modify(self, fd: int, mask: int) -> None:
        """Change what is watched."""

    def unregister(self, fd: int) -> None:
        """Stop watching; before the descriptor is closed."""

    def closing(self, fd: int) -> None:
        """Stop watching a descriptor that is closed at once."""

    def poll(self, timeout: float) -> list[tuple[int, int]]:
        """Wait up to `timeout` seconds; return (descriptor, mask) of what is ready."""

    def close(self) -> None:
        """Give all back to the system."""


class SelectorPoller:
    """A `Poller` over a selector of the standard library: kqueue on macOS, select() on Windows."""

    tells_ends = False

    def __init__(
        self, selector: selectors.BaseSelector | None = None, capacity: int | None = None
    ) -> None:
        self._selector = selector or selectors.DefaultSelector()
        self.capacity = capacity

    def register(self, fd: int, mask: int) -> None:
        """Begin to watch; a mask of 0 watches nothing yet. Raises ValueError: it is closed."""
        if self._selector.get_map() is None:  # that of select() itself would take it
            raise ValueError("the poller is closed")
        if events := _to_selector(mask):
            self._selector.register(fd, events)

    def modify(self, fd: int, mask: int) -> None:
        """Change what is watched."""
        events = _to_selector(mask)
        watched = fd in self._selector.get_map()
        if events and watched:
            self._selector.modify(fd, events)
        elif events:
            self._selector.register(fd, events)
        elif watched:
            self._selector.unregister(fd)

    def unregister(self, fd: int) -> None:
        """Stop watching; before the descriptor is closed."""
        if fd in self._selector.get_map():
            self._selector.unregister(fd)

    def closing(self, fd: int) -> None:
        """Stop watching a descriptor that is closed at once."""
        self.unregister(fd)

    def poll(self, timeout: float) -> list[tuple[int, int]]:
        """Wait up to `timeout` seconds; (descriptor, mask) of what is ready."""
        return [
            (key.fd, (READ if events & 1 else 0) | (WRITE if events & 2 else 0))
            for key, events in self._selector.select(timeout)
        ]

    def close(self) -> None:
        """Give the selector back to the system."""
        self._selector.close()


def _to_selector(mask: int) -> int:
    return (selectors.EVENT_READ if mask & READ else 0) | (
        selectors.EVENT_WRITE if mask & WRITE else 0
    )


def make_poller() -> Poller:
    """Return the best poller here: bare epoll is a tenth faster than its selector in ping-pong."""
    if sys.platform.startswith("linux"):
        return _EpollPoller()
    return SelectorPoller(
        capacity=512 if sys.platform == "win32" else None
    )  # as many as select() takes there


if sys.platform.startswith("linux"):

    class _EpollPoller:
        """Epoll without a layer in between."""

        capacity: int | None = None
        tells_ends = True

        def __init__(self) -> None:
            self._epoll = select.epoll()

        def register(self, fd: int, mask: int) -> None:
            self._epoll.register(fd, mask)

        def modify(self, fd: int, mask: int) -> None:
            self._epoll.modify(fd, mask)

        def unregister(self, fd: int) -> None:
            self._epoll.unregister(fd)

        def close(self) -> None:
            self._epoll.close()

        def closing(self, fd: int) -> None:
            """Nothing to do: epoll forgets a file when its last descriptor is closed.

            Ours are never duplicated, nor inherited by a program we start: there is only one.
            """

        def poll(self, timeout: float) -> list[tuple[int, int]]:
            return self._epoll.poll(timeout, 1024)
