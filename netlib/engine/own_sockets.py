"""Which addresses this program's sockets have: by them its packets are known from all others'.

A socket is noted where it comes about. That it is closed is seen when somebody looks: nobody need
tell, and a call on the network costs nothing.
"""

from __future__ import annotations

import socket
import threading
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from typing import Final
from weakref import ref

from netlib.address import Endpoint
from netlib.events import Transport
from netlib.system.sockets import local_endpoint, save_syn
from netlib.value import NamedTuple

KEPT_SECONDS: Final = 5.0
"""How long the addresses of a closed socket still count: its last packets are on their way."""

LOOK_SECONDS: Final = 0.5
"""Shortest time between two looks at which sockets are closed."""

_UNSEEN: Final = 64
"""Sockets that may be closed without anybody having looked, besides as many as are open."""


class OwnSocket(NamedTuple):
    """The addresses of a socket. One without a peer has whatever comes to it and goes from it."""

    transport: Transport
    local: Endpoint | None
    """None: the system has not said it yet."""
    peer: Endpoint | None


class OwnSockets:
    """The sockets of this program: listeners, connections it began, and those of UDP."""

    def __init__(self) -> None:
        self._open: list[tuple[OwnSocket, ref[socket.socket]]] = []
        self._closed: deque[tuple[float, OwnSocket]] = deque()
        self._changing = threading.Lock()
        self._look_at = 0.0
        self._limit = _UNSEEN
        """So many may count as open before somebody must look which are closed."""
        self._known: tuple[OwnSocket, ...] | None = None
        self.take_syn: Callable[[float, bytes], object] | None = None
        """Takes when a connection was accepted, and the SYN it began with; see `save_syns`."""

    def opened(
        self, now: float, transport: Transport, sock: socket.socket, peer: Endpoint | None = None
    ) -> None:
        """Note a socket that has its address; any thread."""
        local = None
        with suppress(OSError):  # Windows, while it connects
            local = local_endpoint(sock)
        own = OwnSocket(transport, local, peer)
        if self.take_syn is not None and _listens(own):
            save_syn(sock, wanted=True)
        with self._changing:
            self._open.append((own, ref(sock)))
            self._known = None
            if len(self._open) >= self._limit:
                self._look(now)
                self._limit = _UNSEEN + 2 * len(self._open)

    def save_syns(self, take: Callable[[float, bytes], object] | None) -> None:
        """Have the kernel keep the SYN of each connection to come for `take`; None: no more.

        For who may not capture (Linux, TCP_SAVE_SYN); where there is no such thing nothing comes.
        """
        self.take_syn = take
        with self._changing:
            listeners = [sock() for own, sock in self._open if _listens(own)]
        for listener in filter(None, listeners):
            save_syn(listener, wanted=take is not None)

    def known(self, now: float) -> tuple[OwnSocket, ...]:
        """Return the sockets whose packets are ours; the same object while they are the same."""
        with self._changing:
            if now >= self._look_at:
                self._look(now)
            if self._known is None:
                self._known = (*(own for own, _sock in self._open),)
                self._known += (*(own for _closed, own in self._closed),)
            return self._known

    def _look(self, now: float) -> None:
        """Find out which sockets are closed, and forget those that have long been."""
        self._look_at = now + LOOK_SECONDS
        still = []
        for own, sock in self._open:
            if _is_closed(sock()):
                self._closed.append((now, own))
                self._known = None
            else:
                still.append((own, sock))
        self._open = still
        while self._closed and self._closed[0][0] < now - KEPT_SECONDS:
            self._closed.popleft()
            self._known = None


def _listens(own: OwnSocket) -> bool:
    return own.transport is Transport.TCP and own.peer is None


def _is_closed(sock: socket.socket | None) -> bool:
    return sock is None or sock.fileno() < 0
