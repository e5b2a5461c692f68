"""One TCP connection: bytes to a handler and back, half-close, abort, deadlines.

The states, and what ends them (first cause wins, one Closed, nothing after it):

    open ──peer's FIN──▶ half-closed ──▶ (stays open | ends)       `peer_finished`
    open ──finish()────▶ FIN after the last byte, still reading    `_fin`
    open ──end()───────▶ flushing ──▶ lingering ──▶ closed         `_close_reason`, `_lingering`
    any  ──close_now()─▶ closed                                    `sock is None`

A stream that serves reads nothing while a reply is unsent, and no more at once than it has room to
answer; so a peer that never reads costs one such reply, and is dropped at the write deadline. A
stream that dials reads on (`duplex`): both ends waiting for the other to read would be a deadlock.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, Protocol, TypeVar

from netlib.address import Endpoint
from netlib.engine.loop import BUFFER_BYTES, FOREVER, Engine, guard
from netlib.engine.tcp import ConnectionOptions, TcpSocket
from netlib.errors import Cause, NetError, Operation, from_errno, from_oserror
from netlib.events import (
    Chunk,
    Closed,
    CloseReason,
    Crashed,
    Direction,
    Finished,
    Idle,
    PeerFinished,
)
from netlib.services.base import Handler
from netlib.system.poller import READ, WRITE
from netlib.system.sockets import SocketType, connect_result, shutdown_write

LINGER_SECONDS = 2.0
"""How long a peer that was told why may go on talking to nobody before we close for good."""

LAST_BYTES = 80

FIRST_READ = 16 * 1024
"""Bytes read at once from somebody whose answers we do not know yet: an empty line may be answered
by a long one, and a peer that never reads leaves us with the answers to one gulp."""

RECEIVED = Direction.RECEIVED

T = TypeVar("T")

_WITH_RESET = frozenset(
    {CloseReason.ABORTED, CloseReason.WRITE_TIMEOUT, CloseReason.TOO_SLOW, CloseReason.BUG}
)


class StreamOwner(Protocol):
    """The activity a stream belongs to."""

    id: int
    engine: Engine
    options: ConnectionOptions
    broadcasts: bool
    """True: handlers may produce bytes for other handlers, and speak one at a time: `exclusive`."""

    def exclusive(self, what: Callable[..., T], *arguments: object) -> T:
        """Let a handler speak."""

    def stream_closed(self, stream: Stream) -> None:
        """Forget a stream: it is over."""


class Link(NamedTuple):
    """What a connection is about: its number, who is there, and what speaks to it."""

    number: int
    peer: Endpoint
    handler: Handler


class Stream(TcpSocket):
    """One TCP connection. All methods belong to the engine thread."""

    __slots__ = (
        "_close_reason",
        "_fin",
        "_lingering",
        "_read_size",
        "_send_error",
        "handler",
        "last",
        "last_at",
        "peer",
        "peer_finished",
        "received",
        "since",
    )

    owner: StreamOwner

    def __init__(
        self,
        owner: StreamOwner,
        engine: Engine,
        sock: SocketType,
        link: Link,
    ) -> None:
        super().__init__(engine, sock, link.number)
        self.owner = owner
        self.peer = link.peer
        self.handler = link.handler
        self.since = self.last_at = engine.now
        self.received = 0
        self.last = b""
        """The end of what was received last: enough for a table to show."""
        self.peer_finished = False
        """The peer has sent FIN."""
        self._fin = self._lingering = False
        self._read_size = FIRST_READ
        self._close_reason: CloseReason | None = None
        self._send_error: NetError | None = None

    def open(self) -> None:
        """Begin to read, and greet the peer."""
        assert self.sock is not None
        try:
            self.engine.register(self.sock.fileno(), READ, self)
        except OSError as refusal:
            self.close_now(CloseReason.FAILED, from_oserror(Operation.RECEIVE, refusal))
            return
        self.await_message()
        greeting = self.owner.exclusive(self.handler.opened)
        if greeting and not self.send_closed:
            self.write(greeting)

    # -- what the user and the owner ask for -----------------------------------------------------

    def post(self, data: bytes) -> None:
        """Send what another handler produced; a peer with no room left for it is dropped."""
        if self.send_closed:
            return
        if self.buffered + len(data) > self.owner.options.room:
            self.close_now(CloseReason.TOO_SLOW)
        else:
            self.write(data)

    def finish(self) -> None:
        """Half-close: FIN after what is still unsent; go on reading. Once."""
        if self.send_closed:
            return
        self._fin = self.send_closed = True
        if self._out is None:
            self._send_fin()

    def _send_fin(self) -> None:
        assert self.sock is not None
        shutdown_write(self.sock)
        self.engine.outbox.emit(
            Finished(at=self.engine.now, activity=self.owner.id, connection=self.connection)
        )
        if self.peer_finished:
            self.close_now(CloseReason.BY_PEER)

    def end(self, reason: CloseReason) -> None:
        """Close with FIN, after what is still unsent."""
        self.send_closed = True
        self._close_reason = self._close_reason or reason
        if self.sock is None or self._out is not None or self._lingering:
            return
        if self.handler.close_reason is None or self.peer_finished:
            self.close_now(self._close_reason)
            return
        # The handler ended the talk, the peer may still be talking. Closing with unread bytes
        # would make the kernel send RST, and the peer might never see our last words: FIN first,
        # then listen a little longer.
        shutdown_write(self.sock)
        self._lingering = True
        self.due_in(LINGER_SECONDS)
        self.rewatch(reading=True)

    # -- readiness -------------------------------------------------------------------------------

    def on_ready(self, mask: int) -> None:
        """The kernel says: readable, writable, or (other bits) broken."""
        if mask & WRITE and self._out is not None:
            self.flush()
        if self.sock is None:
            return
        if mask & READ:
            if not self.peer_finished and (self._out is None or self.owner.options.duplex):
                self._read(self.sock)
        elif mask & ~WRITE:
            self._examine(self.sock)

    def _read(self, sock: SocketType) -> None:  # noqa: C901 - once a chunk: no further calls
        engine = self.engine
        try:
            size = sock.recv_into(engine.buffer, self._read_size)
        except OSError as refusal:
            _cannot_read(self, refusal)
            return
        if not size:
            self._peer_finished()
            return
        data = bytes(engine.view[:size])
        self.received += size
        self.last_at = engine.now
        self.last = data[-LAST_BYTES:]
        if put := engine.outbox.put:
            put(Chunk(engine.now, self.owner.id, self.connection, RECEIVED, None, data))
            engine.put_bytes += size
        if self._close_reason is not None:
            return  # what it says now is recorded, but heard by nobody
        owner, handler = self.owner, self.handler
        before = handler.messages
        hear = handler.received
        reply = owner.exclusive(hear, data) if owner.broadcasts else hear(data)
        if handler.messages != before:
            self.await_message()
        if size == self._read_size:  # it has more to say: how much of that can be answered at once?
            self._read_size = _fitting(size, len(reply), owner.options.room)
        if reply and not self.send_closed:
            self.write(reply)
        if handler.close_reason is not None:
            self.end(handler.close_reason)

    def _examine(self, sock: SocketType) -> None:
        """An error or a hang-up without data: find out which."""
        if code := connect_result(sock):
            error = from_errno(Operation.RECEIVE, code)
            self.close_now(_reason(error), error)
        elif self.peer_finished:
            self.close_now(self._close_reason or CloseReason.RESET)
        else:
            self._read(sock)

    def _peer_finished(self) -> None:
        if self._send_error is not None:
            self.close_now(_reason(self._send_error), self._send_error)
            return
        self.peer_finished = True
        if self._lingering:
            self.close_now(self._close_reason or CloseReason.BY_US)
            return
        self.engine.outbox.emit(
            PeerFinished(at=self.engine.now, activity=self.owner.id, connection=self.connection)
        )
        last_words = b"" if self._close_reason else self.owner.exclusive(self.handler.finished)
        if last_words and not self.send_closed:
            self.write(last_words)
        self._silent_by = FOREVER
        if self._out is None:
            self.deadline = FOREVER
        if self._fin or not self.owner.options.stays_open:
            self.end(CloseReason.BY_PEER)
        self.rewatch(reading=False)

    # -- sending ---------------------------------------------------------------------------------

    def all_sent(self) -> None:
        """Nothing waits any more: what was put off until now is due."""
        if self.owner.options.duplex:
            self.due_at(self._silent_by)
        else:
            self.await_message()  # until now nobody was listening
        if self._close_reason is not None:
            self.end(self._close_reason)
            return
        if self._fin:
            self._send_fin()
        self.rewatch(reading=not self.peer_finished)

    def cannot_send(self, error: NetError) -> None:
        """Sending failed; what the peer said before it went may still wait to be read."""
        self.send_closed = True
        self._send_error = error
        reason = _reason(error)
        if self.peer_finished or not self.owner.options.duplex or reason is CloseReason.FAILED:
            self.close_now(reason, error)
        else:
            self.due_at(self._silent_by)
            self.rewatch(reading=True)

    # -- endings ---------------------------------------------------------------------------------

    def close_now(self, reason: CloseReason, error: NetError | None = None) -> None:
        """Close, whatever is pending; the one place where a stream ends."""
        if self._lingering:  # the end was decided before, and the peer was told
            reason, error = self._close_reason or reason, None
        fin_first = not self.peer_finished  # else nothing is unread, and close() sends FIN itself
        if not self.close_socket(with_reset=reason in _WITH_RESET, fin_first=fin_first):
            return
        guard(self, self.owner.exclusive, self.handler.closed)
        self.engine.outbox.emit(
            Closed(
                at=self.engine.now,
                activity=self.owner.id,
                connection=self.connection,
                reason=reason,
                error=error,
                received=self.received,
                sent=self.sent,
                unsent=self.unsent_bytes,
            )
        )
        if self.owner.engine is self.engine:
            guard(self.owner, self.owner.stream_closed, self)
        else:
            self.owner.engine.call_soon_threadsafe(self.owner.stream_closed, self)

    def on_deadline(self, now: float) -> None:
        """The deadline has passed."""
        notice = self.owner.options.idle_notice
        if self._lingering:
            self.close_now(CloseReason.BY_US)
        elif self._out is not None:
            self.close_now(CloseReason.WRITE_TIMEOUT)
        elif notice is None:
            self.end(CloseReason.READ_TIMEOUT)
        else:
            self._idle += notice
            self._silent_by = now + notice
            self.due_at(self._silent_by)
            self.engine.outbox.emit(
                Idle(
                    at=now,
                    activity=self.owner.id,
                    connection=self.connection,
                    seconds=self._idle,
                )
            )

    def crashed(self, trace: str) -> None:
        """A bug of ours while serving this connection: show it, close it."""
        self.engine.outbox.emit(
            Crashed(
                at=self.engine.now,
                activity=self.owner.id,
                connection=self.connection,
                traceback=trace,
            )
        )
        self.close_now(CloseReason.BUG)


def _cannot_read(stream: Stream, refusal: OSError) -> None:
    """There is nothing to read after all, or there never will be again."""
    if not isinstance(refusal, BlockingIOError):
        error = from_oserror(Operation.RECEIVE, refusal)
        stream.close_now(_reason(error), error)


def _fitting(size: int, reply: int, room: int) -> int:
    """Return how many bytes to read so that their answer fits in `room`, if `size` took `reply`."""
    return min(BUFFER_BYTES, max(1, size * room // reply)) if reply else BUFFER_BYTES


def _reason(error: NetError) -> CloseReason:
    gone = error.cause in (Cause.RESET, Cause.BROKEN_PIPE)
    return CloseReason.RESET if gone else CloseReason.FAILED
