"""A listening socket of a server, and how connections are taken from its accept queue."""

from __future__ import annotations

import socket
from collections import deque
from typing import Protocol

from netlib.address import Endpoint
from netlib.engine.loop import Engine, Pollable
from netlib.errors import Cause, NetError, Operation, from_oserror
from netlib.events import Event, Failed, Transport
from netlib.system.poller import READ
from netlib.system.sockets import WILDCARDS, SocketType, accept, local_endpoint, saved_syn

ACCEPTS_PER_TURN = 1024
"""Fewer would starve the last of many that connect at once (p99 of 0.6 s at 64)."""

BREATHER_SECONDS = 1.0
"""Pause in accepting when the system has no more sockets: it would fail again at once."""

_OUT_OF_ROOM = frozenset({Cause.NO_FILES, Cause.NO_BUFFERS})
"""What the next in the queue would hear too. All else is about one connection that is gone: what
its network says of it (Linux, accept(2)), or that it was reset (Windows: 10054, 10057)."""


class RateLimit:
    """How often something may happen: at most `rate` times in any one second; None: as it comes."""

    def __init__(self, rate: int | None) -> None:
        self._rate = rate
        self._times: deque[float] = deque(maxlen=rate or 0)

    def add(self, now: float) -> None:
        """It happened."""
        self._times.append(now)

    def room(self, now: float, most: int) -> int:
        """Return how often it may happen now, `most` at most."""
        if self._rate is None:
            return most
        while self._times and self._times[0] <= now - 1.0:
            self._times.popleft()
        return min(most, self._rate - len(self._times))

    def wait(self, now: float) -> float:
        """Return after how many seconds there is room, when there is none now."""
        return self._times[0] + 1.0 - now


class ListenerOwner(Protocol):
    """The server a listener belongs to."""

    activity: int
    engine: Engine
    rate_limit: RateLimit
    short_of_files: bool
    """That no more can be accepted has been said."""

    def admit(self, sock: SocketType, peer: Endpoint, local: Endpoint) -> None:
        """Take a connection, or close it at once. Raises OSError: it was reset while it waited."""

    def emit(self, event: Event) -> None:
        """Send an event out."""

    def crashed(self, trace: str) -> None:
        """Show a bug."""


class Listener(Pollable):
    """A listening socket. Belongs to the engine thread."""

    def __init__(self, owner: ListenerOwner, listener: socket.socket) -> None:
        """Accept nothing yet."""
        self._owner = owner
        self.sock, self._family = listener, int(listener.family)
        local = local_endpoint(listener)
        self._local = None if local.host in WILDCARDS else local
        """Where all its connections come to; None: to any of our addresses."""
        self.paused = False
        """A person has paused accepting."""
        self._closed = False
        self._resting = False
        self._sockets = owner.engine.outbox.sockets
        self._sockets.opened(owner.engine.now, Transport.TCP, listener)

    def open(self) -> None:
        """Begin, or go on, to accept. Raises OSError when the engine has no room."""
        self._resting = False
        if not self._closed and not self.paused:
            self._owner.engine.register(self.sock.fileno(), READ, self)

    def pause(self) -> None:
        """Leave connections in the queue until `resume`; the kernel completes their handshakes."""
        self.paused = True
        self._owner.engine.unregister(self.sock.fileno())

    def resume(self) -> None:
        """Accept again, after a rest that is not over at its end."""
        was, self.paused = self.paused, False
        if was and not self._resting:
            self.open()

    def close(self) -> None:
        """Accept nothing any more."""
        self._closed = True
        self._owner.engine.unregister(self.sock.fileno())
        self.sock.close()

    def on_ready(self, mask: int) -> None:
        """Connections wait in the accept queue: take as many as may be taken now."""
        owner = self._owner
        for _ in range(self._room()):
            try:
                sock, address = accept(self.sock, self._family)
            except BlockingIOError:
                owner.short_of_files = False  # whoever waited has come in
                return
            except OSError as refusal:
                error = from_oserror(Operation.ACCEPT, refusal, self._local)
                if error.cause not in _OUT_OF_ROOM:
                    continue  # it left the queue by itself
                self._fail(error)
                return
            owner.rate_limit.add(owner.engine.now)
            self._take(sock, Endpoint.from_sockaddr(address))

    def _fail(self, error: NetError) -> None:
        """No more sockets: leave the others in the queue, serve the rest, try again soon."""
        owner = self._owner
        if not owner.short_of_files:  # once, though it fails every second and at both listeners
            owner.short_of_files = True
            owner.emit(Failed(at=owner.engine.now, activity=owner.activity, error=error))
        self._rest(BREATHER_SECONDS)

    def _take(self, sock: SocketType, peer: Endpoint) -> None:
        if (take_syn := self._sockets.take_syn) is not None and (syn := saved_syn(sock)):
            take_syn(self._owner.engine.now, syn)
        try:
            self._owner.admit(sock, peer, self._local or local_endpoint(sock))
        except OSError:
            sock.close()  # it was reset while it waited to be accepted
        except BaseException:
            sock.close()  # a bug, shown elsewhere
            raise

    def _room(self) -> int:
        """Return how many connections may be taken now; if none, rest until some may."""
        now, rate_limit = self._owner.engine.now, self._owner.rate_limit
        count = rate_limit.room(now, ACCEPTS_PER_TURN)
        if not count:
            self._rest(rate_limit.wait(now))
        return count

    def _rest(self, seconds: float) -> None:
        """Leave connections in the queue for a while."""
        self._resting = True
        self._owner.engine.unregister(self.sock.fileno())
        self._owner.engine.call_later(seconds, self._owner, self.open)

    def crashed(self, trace: str) -> None:
        """A bug while taking a connection: the server's to show."""
        self._owner.crashed(trace)
