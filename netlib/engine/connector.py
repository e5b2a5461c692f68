"""Connecting: one of several addresses becomes a TCP connection (Happy Eyeballs).

Addresses are tried one after another, each with a head start before the next is tried beside
it (RFC 8305, section 5). The first that answers wins; the others are given up.
"""

from __future__ import annotations

import socket
from collections.abc import Callable
from typing import Protocol

from netlib.address import UNSPECIFIED, Endpoint, is_unicast
from netlib.engine.loop import Engine, Pollable, Timer
from netlib.engine.resolver import Address
from netlib.errors import Cause, NetError, Operation, from_errno, from_oserror
from netlib.events import Transport
from netlib.system.clock import now
from netlib.system.poller import WRITE
from netlib.system.sockets import IN_PROGRESS, connect_result, tcp_socket
from netlib.value import NamedTuple, replace

HEAD_START_SECONDS = 0.25
"""How long an address is tried alone before the next is tried beside it."""


class ConnectedSocket(NamedTuple):
    """A connection that came about."""

    sock: socket.socket
    address: Address
    seconds: float
    """From our SYN to the answer."""


class ConnectOwner(Protocol):
    """Whoever wants a connection: hears of every attempt, and once what came of them."""

    def trying(self, address: Address) -> None:
        """Hear of an attempt."""

    def reached(self, connected: ConnectedSocket) -> None:
        """Take the connection."""

    def fail(self, error: NetError) -> None:
        """Hear that there is none, and why."""

    def crashed(self, trace: str) -> None:
        """Show a bug."""


class HappyEyeballs:
    """Attempts to connect to one of several addresses. Belongs to the engine thread."""

    def __init__(
        self,
        engine: Engine,
        owner: ConnectOwner,
        addresses: list[Address],
        missed: Callable[[NetError, float], None] = lambda _error, _seconds: None,
        receive_buffer: int | None = None,
    ) -> None:
        """`missed` is told of each attempt that fails, and how many seconds after its SYN.

        `receive_buffer`: see `set_receive_buffer`.
        """
        self._engine = engine
        self._missed = missed
        self._owner = owner
        self._waiting = list(addresses)
        self._receive_buffer = receive_buffer
        self._attempts: dict[socket.socket, tuple[Address, float]] = {}
        self._errors: list[NetError] = []
        self._timer: Timer | None = None

    def go_on(self) -> None:
        """Try the next address; at the end, when all have failed, say why each did."""
        if self._timer:
            self._timer.cancel()
        while self._waiting:
            address = self._waiting.pop(0)
            self._owner.trying(address)
            refusal = self._attempt(address)
            if refusal is None:
                if self._waiting:
                    self._timer = self._engine.call_later(
                        HEAD_START_SECONDS, self._owner, self.go_on
                    )
                return
            self._miss(refusal, 0.0)
        if not self._attempts:
            first, *others = self._errors or [NetError(Operation.CONNECT, Cause.NAME_NOT_FOUND)]
            self._owner.fail(replace(first, others=tuple(others)))

    def give_up(self) -> None:
        """Abandon what is under way; harmless when all is over."""
        self._waiting = []
        if self._timer:
            self._timer.cancel()
        for sock in tuple(self._attempts):
            self._drop(sock)

    def _attempt(self, address: Address) -> NetError | None:
        """Send a SYN to one address; return why that failed at once."""
        if address.endpoint.host in UNSPECIFIED:
            return NetError(Operation.CONNECT, Cause.UNSPECIFIED, endpoint=address.endpoint)
        started = now()
        sock = None
        try:
            sock = tcp_socket(address.family, self._receive_buffer)
            code = sock.connect_ex(address.sockaddr)
            sockets = self._engine.outbox.sockets
            sockets.opened(started, Transport.TCP, sock, address.endpoint)
            if code and code not in IN_PROGRESS:
                sock.close()
                return _refused(code, address.endpoint)
            self._engine.register(sock.fileno(), WRITE, _Attempt(self, sock))
        except OSError as refusal:
            if sock is not None:
                sock.close()
            return from_oserror(Operation.CONNECT, refusal, address.endpoint)
        self._attempts[sock] = (address, started)
        return None

    def answered(self, sock: socket.socket) -> None:
        """An attempt has ended, well or not."""
        address, started = self._attempts[sock]
        refusal = _refusal(sock, address.endpoint)
        if refusal is None:
            del self._attempts[sock]
            self._engine.unregister(sock.fileno())
            self.give_up()
            self._owner.reached(ConnectedSocket(sock, address, now() - started))
            return
        self._drop(sock)
        self._miss(refusal, now() - started)
        if not self._attempts:
            self.go_on()

    def _miss(self, refusal: NetError, seconds: float) -> None:
        self._errors.append(refusal)
        self._missed(refusal, seconds)

    def _drop(self, sock: socket.socket) -> None:
        del self._attempts[sock]
        self._engine.unregister(sock.fileno())
        sock.close()

    def crashed(self, trace: str) -> None:
        """A bug of ours while connecting: the owner's to show."""
        self._owner.crashed(trace)


class _Attempt(Pollable):
    """One SYN under way, as the engine watches it."""

    def __init__(self, attempts: HappyEyeballs, sock: socket.socket) -> None:
        self._attempts, self._sock = attempts, sock

    def on_ready(self, mask: int) -> None:
        """The kernel has an answer."""
        self._attempts.answered(self._sock)

    def crashed(self, trace: str) -> None:
        """A bug of ours: the attempts' to show."""
        self._attempts.crashed(trace)


def _refused(code: int, peer: Endpoint) -> NetError:
    error = from_errno(Operation.CONNECT, code, peer)
    if error.cause is Cause.UNREACHABLE and not is_unicast(peer.host):
        return replace(error, cause=Cause.NOT_UNICAST)
    return error


def _refusal(sock: socket.socket, peer: Endpoint) -> NetError | None:
    """Return why an attempt failed; None: it did not."""
    try:
        if code := connect_result(sock):
            return from_errno(Operation.CONNECT, code, peer)
        if sock.getsockname() == sock.getpeername():
            # A connect to a free local port may meet itself (RFC 9293, figure 7): nobody is there.
            return NetError(Operation.CONNECT, Cause.REFUSED, endpoint=peer)
    except OSError as refusal:  # it was answered, and is gone already
        return from_oserror(Operation.CONNECT, refusal, peer)
    return None
