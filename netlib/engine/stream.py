"""One TCP connection: bytes to a handler and back, half-close, abort, deadlines.

Its states and what leads from one to another stand in `netlib.engine.state`; the first cause of an
end wins, there is one Closed, and nothing after it.

A stream that serves reads nothing while a reply is unsent, and no more at once than it has room to
answer; so a peer that never reads costs one such reply, and is dropped at the write deadline. A
stream that dials reads on (`duplex`): both ends waiting for the other to read would be a deadlock.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, TypeVar

from netlib.address import Endpoint
from netlib.engine.loop import BUFFER_BYTES, FOREVER, Engine, guard
from netlib.engine.state import CAN_READ, CAN_WRITE, LISTENS, Closing, State, Step, left_in
from netlib.engine.tcp import ConnectionOptions, TcpSocket
from netlib.errors import Cause, NetError, Operation, from_errno, from_oserror
from netlib.events import Closed, CloseReason, Crashed, Direction, Finished, Idle, PeerFinished
from netlib.protocols.handler import Handler
from netlib.system.poller import READ, WRITE
from netlib.system.sockets import SocketType, connect_result, shutdown_write

LINGER_SECONDS = 2.0
"""How long a peer that was told why may go on talking to nobody before we close for good."""

LAST_BYTES = 80

FIRST_READ = 16 * 1024
"""Bytes read at once from somebody whose answers we do not know yet: an empty line may be answered
by a long one, and a peer that never reads leaves us with the answers to one such read."""

RECEIVED = Direction.RECEIVED

T = TypeVar("T")

_WITH_RESET = frozenset(
    {CloseReason.ABORTED, CloseReason.WRITE_TIMEOUT, CloseReason.TOO_SLOW, CloseReason.BUG}
)


class StreamOwner(Protocol):
    """The activity a stream belongs to."""

    activity: int
    engine: Engine
    options: ConnectionOptions
    broadcasts: bool
    """True: handlers may produce bytes for others, and are called one at a time: `exclusive`."""

    def exclusive(self, what: Callable[..., T], *arguments: object) -> T:
        """Call a handler's method."""

    def stream_closed(self, stream: Stream) -> None:
        """Forget a stream: it is over."""


class Stream(TcpSocket):
    """One TCP connection. All methods belong to the engine thread."""

    __slots__ = (
        "_read_size",
        "closing",
        "handler",
        "last",
        "last_at",
        "peer",
        "received",
        "since",
    )

    owner: StreamOwner

    def __init__(
        self,
        owner: StreamOwner,
        engine: Engine,
        sock: SocketType,
        connection: int,
        *,
        peer: Endpoint,
        handler: Handler,
    ) -> None:
        super().__init__(engine, sock, connection)
        self.owner = owner
        self.peer = peer
        self.handler = handler
        self.chunk = handler.chunk
        self.since = self.last_at = engine.now
        self.received = 0
        self.last = b""
        """The end of what was received last: enough for a table to show."""
        self.closing: Closing | None = None
        """Why it ends, once that is decided."""
        self._read_size = FIRST_READ

    @property
    def unsent_bytes(self) -> int:
        """Bytes that are to be sent and have not left; from any thread."""
        return super().unsent_bytes + self.handler.held

    def open(self) -> None:
        """Begin to read, and greet the peer."""
        assert self.sock is not None
        try:
            self.engine.register(self.sock.fileno(), READ, self)
        except OSError as refusal:
            self.close_now(CloseReason.FAILED, from_oserror(Operation.RECEIVE, refusal))
            return
        self.await_message()
        self.resume(self.handler.opened)

    # -- what the user and the owner ask for -----------------------------------------------------

    def send_queued(self, data: bytes) -> None:
        """Send what the user typed, unless sending is over."""
        self.dequeued += len(data)
        if not self.can_write:
            self.buffered += len(data)
        elif outgoing := self.handler.outgoing(data):
            self.write(outgoing)

    def post(self, data: bytes) -> None:
        """Send what another handler produced; a peer with no room left for it is dropped."""
        if not self.can_write:
            return
        if self.buffered + len(data) > self.owner.options.room:
            self.close_now(CloseReason.TOO_SLOW)
        elif outgoing := self.handler.outgoing(data):
            self.write(outgoing)

    def resume(self, step: Callable[[], bytes]) -> None:
        """Run a step of the handler that no chunk has caused, and do what it comes to."""
        if self.state.abilities & LISTENS:
            self._answer(self.owner.exclusive(step))

    def finish(self) -> None:
        """Half-close: FIN after what is still unsent; go on reading. Once."""
        if not self.can_write:
            return
        self._take_leave()
        if not self.can_write:  # that failed
            return
        self.become(Step.FINISH)
        if self._out is None:
            self._send_fin()

    def end(self, reason: CloseReason, error: NetError | None = None) -> None:
        """Close with FIN, after what is still unsent."""
        if self.can_write:
            self._take_leave()
        if self.sock is None or self.state is State.LINGERING:
            return
        self.closing = self.closing or Closing(reason, error)
        if self._out is not None:
            self.become(Step.END)
            return
        ended_by_handler = self.handler.close_reason is not None
        if not ended_by_handler or not self._listens_to_peer():
            self.close_now(*self.closing)
            return
        # The handler ended the talk, the peer may still be talking. Closing with unread bytes
        # would make the kernel send RST, and the peer might never see our last words: FIN first,
        # then listen a little longer.
        self.become(Step.LINGER)
        shutdown_write(self.sock)
        self.due_in(LINGER_SECONDS)
        self.rewatch()

    def _listens_to_peer(self) -> bool:
        """Tell whether the peer may still say something, and can still be told something."""
        return bool(self.state.abilities & CAN_READ) and self.state is not State.DRAINING

    def _take_leave(self) -> None:
        """Send what the handler wants to be sent before our FIN."""
        if leave := self.handler.finishing():
            self.write(leave)

    def _send_fin(self) -> None:
        assert self.sock is not None
        shutdown_write(self.sock)
        self.engine.outbox.emit(
            Finished(at=self.engine.now, activity=self.owner.activity, connection=self.connection)
        )
        if self.state is State.FLUSHING_LAST:
            self.close_now(CloseReason.BY_PEER)
        else:
            self.become(Step.FIN_SENT)

    # -- readiness -------------------------------------------------------------------------------

    def on_ready(self, mask: int) -> None:
        """The kernel says: readable, writable, or (other bits) broken."""
        if mask & WRITE and self._out is not None:
            self.flush()
        if self.sock is None:
            return
        if mask & READ:
            if self.state.abilities & CAN_READ and (self._out is None or self.owner.options.duplex):
                self._read(self.sock)
        elif mask & ~WRITE:
            self._examine(self.sock)

    def _read(self, sock: SocketType) -> None:  # noqa: C901 - once a chunk: no further calls
        engine, handler = self.engine, self.handler
        try:
            size = sock.recv_into(engine.buffer, self._read_size)
        except OSError as refusal:
            _cannot_read(self, refusal)
            return
        if not size:
            self._on_peer_fin()
            return
        data = bytes(engine.view[:size])
        self.received += size
        self.last_at = engine.now
        self.last = data[-LAST_BYTES:]
        owner = self.owner
        if put := engine.outbox.put:
            put(self.chunk(engine.now, owner.activity, self.connection, RECEIVED, None, data))
            engine.put_bytes += size
        if not self.state.abilities & LISTENS:
            return  # what it says now is recorded, but heard by nobody
        before = handler.messages
        hear = handler.received
        reply = owner.exclusive(hear, data) if owner.broadcasts else hear(data)
        if handler.messages != before:
            self.await_message()
        if size == self._read_size:  # it has more to say: how much of that can be answered at once?
            self._read_size = _fitting(size, len(reply), owner.options.room)
        if reply and self.state.abilities & CAN_WRITE:
            self.write(reply)
        if handler.close_reason is not None:
            self.end(handler.close_reason, handler.error)

    def _answer(self, reply: bytes) -> None:
        """Send what the handler said, and end when it wants to."""
        if reply and self.can_write:
            self.write(reply)
        if self.handler.close_reason is not None:
            self.end(self.handler.close_reason, self.handler.error)

    def _examine(self, sock: SocketType) -> None:
        """An error or a hang-up without data: find out which."""
        if code := connect_result(sock):
            error = from_errno(Operation.RECEIVE, code)
            self.close_now(_reason(error), error)
        elif self.state.abilities & CAN_READ:
            self._read(sock)
        else:
            self.close_now(*(self.closing or Closing(CloseReason.RESET)))

    def _on_peer_fin(self) -> None:
        listened = self.state.abilities & LISTENS
        if self.state is State.DRAINING and self.closing is not None:
            self.close_now(*self.closing)
            return
        half_closed_by_us = self.state in (State.FINISHING, State.FINISHED)
        was_lingering = self.state is State.LINGERING
        self.become(Step.PEER_FIN)  # first: what follows must know that nothing more will come
        if was_lingering:
            self.close_now(CloseReason.BY_US)
            return
        self.engine.outbox.emit(
            PeerFinished(
                at=self.engine.now, activity=self.owner.activity, connection=self.connection
            )
        )
        self._silent_by = FOREVER
        if self._out is None:
            self.deadline = FOREVER
        if listened:
            self._answer(self.owner.exclusive(self.handler.finished))
        if half_closed_by_us or not self.owner.options.stays_open:
            self.end(CloseReason.BY_PEER)
        self.rewatch()

    # -- sending ---------------------------------------------------------------------------------

    def all_sent(self) -> None:
        """Nothing waits any more: what was put off until now is due."""
        if self.owner.options.duplex:
            self.due_at(self._silent_by)
        else:
            self.await_message()  # until now nobody was listening
        if self.closing is not None:
            self.end(*self.closing)
            return
        if self.state in (State.FINISHING, State.FLUSHING_LAST):
            self._send_fin()
        self.rewatch()

    def cannot_send(self, error: NetError) -> None:
        """Sending failed; what the peer said before it went may still wait to be read."""
        reason = _reason(error)
        can_read = self.state.abilities & CAN_READ
        if not can_read or not self.owner.options.duplex or reason is CloseReason.FAILED:
            self.close_now(reason, error)
            return
        self.closing = Closing(reason, error)
        self.become(Step.SEND_FAILED)
        self.due_at(self._silent_by)
        self.rewatch()

    # -- endings ---------------------------------------------------------------------------------

    def close_now(self, reason: CloseReason, error: NetError | None = None) -> None:
        """Close, whatever is pending; the one place where a stream ends."""
        state = self.state
        if self.closing is not None and state in (State.LINGERING, State.FINISHED_BOTH):
            reason, error = self.closing  # the end was decided before, and the peer was told
        with_reset = reason in _WITH_RESET
        can_read = bool(state.abilities & CAN_READ)  # else nothing is unread, and close() sends FIN
        if not self.close_socket(with_reset=with_reset, fin_first=can_read):
            return
        guard(self, self.owner.exclusive, self.handler.closed)
        self.engine.outbox.emit(
            Closed(
                at=self.engine.now,
                activity=self.owner.activity,
                connection=self.connection,
                reason=reason,
                error=error,
                received=self.received,
                sent=self.sent,
                unsent=self.unsent_bytes,
                state=left_in(state, with_reset=with_reset or reason is CloseReason.RESET),
            )
        )
        if self.owner.engine is self.engine:
            guard(self.owner, self.owner.stream_closed, self)
        else:
            self.owner.engine.call_soon_threadsafe(self.owner.stream_closed, self)

    def on_deadline(self, now: float) -> None:
        """The deadline has passed."""
        notice = self.owner.options.idle_notice
        if self.state is State.LINGERING:
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
                    activity=self.owner.activity,
                    connection=self.connection,
                    seconds=self._idle,
                )
            )

    def crashed(self, trace: str) -> None:
        """A bug of ours while serving this connection: show it, close it."""
        self.engine.outbox.emit(
            Crashed(
                at=self.engine.now,
                activity=self.owner.activity,
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
