"""How a TCP connection ends: half-close, flushing, lingering, errors, deadlines, reset.

The states stand in `netlib.engine.state`. The first cause of an end wins, there is one Closed, and
nothing after it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, TypeVar

from netlib.address import Endpoint
from netlib.engine.loop import FOREVER, Engine, guard
from netlib.engine.records import RECEIVED, WIRE_RECEIVED
from netlib.engine.state import CAN_READ, Closing, State, Step, left_in
from netlib.engine.tcp import BY_USER, PEER_BY_USER, UNWATCHED, ConnectionOptions, TcpSocket
from netlib.errors import Cause, NetError, Operation, from_errno, from_oserror, timed_out
from netlib.events import Closed, CloseReason, Crashed, Finished, Idle
from netlib.protocols.handler import Handler
from netlib.system.sockets import SocketType, connect_result, give_up_after, shutdown_write

LINGER_SECONDS = 2.0
"""How long a peer that was told why may go on talking to nobody before we close for good."""

T = TypeVar("T")

_GENTLE = frozenset({CloseReason.BY_US, CloseReason.BY_PEER})

_WITH_RESET = frozenset(
    {CloseReason.ABORTED, CloseReason.WRITE_TIMEOUT, CloseReason.TOO_SLOW, CloseReason.BUG}
)


class ConnectionOwner(Protocol):
    """The activity a connection belongs to."""

    activity: int
    engine: Engine
    options: ConnectionOptions
    broadcasts: bool
    """True: handlers may produce bytes for others, and are called one at a time: `exclusive`."""

    def exclusive(self, what: Callable[..., T], *arguments: object) -> T:
        """Call a handler's method."""

    def wait_turn(self, stream: TcpSocket, proceed: Callable[[], None]) -> None:
        """Call `proceed` when it is the turn of a stream whose handler has more to deal with."""

    def hold(self, connection: int, handler: Handler) -> None:
        """Know how much is unfinished now that a handler holds."""

    def peer_is_paused(self, stream: TcpSocket) -> bool:
        """Tell whether the other end is ours too, and a person has paused reading there."""

    def connection_closed(self, connection: int) -> None:
        """Forget a connection: it is over."""

    def crashed(self, trace: str) -> None:
        """Show a bug."""


class EndingSocket(TcpSocket):
    """A TCP connection as far as its end goes. All methods belong to the engine thread."""

    __slots__ = ("closing", "handler", "received")

    owner: ConnectionOwner

    def __init__(
        self,
        owner: ConnectionOwner,
        engine: Engine,
        sock: SocketType,
        connection: int,
        *,
        peer: Endpoint,
        handler: Handler,
    ) -> None:
        super().__init__(engine, sock, connection, peer=peer)
        self.owner = owner
        self.patience = owner.options.patience
        self.handler = handler
        self.name_peer("")
        self.received = 0
        """Bytes."""
        self.closing: Closing | None = None
        """Why it ends, once that is decided."""

    def name_peer(self, name: str) -> None:
        """From now on record bytes as those of a peer with this nickname."""
        layered = self.handler.enciphers
        activity, outbox = self.owner.activity, self.engine.outbox
        flow = outbox.begin_flow(activity, self.connection, self.peer, name, layered=layered)
        self.code = flow | (WIRE_RECEIVED if layered else RECEIVED)

    def finish(self) -> None:
        """Half-close: FIN after what is still unsent; go on reading. Once."""
        if not self.can_write:
            return
        self._take_leave()
        if not self.can_write:  # that failed
            return
        self.state = self.state.after(Step.FINISH)
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
            self.state = self.state.after(Step.END)
            return
        ended_by_handler = self.handler.close_reason is not None
        if not ended_by_handler or not self._listens_to_peer():
            self.close_now(*self.closing)
            return
        # The handler ended the talk, the peer may still be talking. Closing with unread bytes
        # would make the kernel send RST, and the peer might never see our last words: FIN first,
        # then listen a little longer.
        self.state = self.state.after(Step.LINGER)
        shutdown_write(self.sock)
        self.due_in(LINGER_SECONDS)
        self.rewatch()

    def _listens_to_peer(self) -> bool:
        """Tell whether the peer may still say something, and can still be told something."""
        over = self.state is State.DRAINING or self.paused & UNWATCHED
        return bool(self.state.abilities & CAN_READ) and not over

    def _take_leave(self) -> None:
        """Send what the handler wants to be sent before our FIN."""
        if leave := self.handler.finishing():
            self.write(leave)

    def _send_fin(self) -> None:
        assert self.sock is not None
        if (late := self._late_error()) is not None:  # there is no connection left to send it on
            self.close_now(*late)
            return
        shutdown_write(self.sock)
        self.engine.outbox.emit(
            Finished(at=self.engine.now, activity=self.owner.activity, connection=self.connection)
        )
        if self.state is State.FLUSHING_LAST:
            self.close_now(CloseReason.BY_PEER)
        else:
            self.state = self.state.after(Step.FIN_SENT)

    def all_sent(self) -> None:
        """Nothing waits any more: what was put off until now is due."""
        if self.owner.options.idle_notice is not None:
            self.due_at(self._silent_by)
        else:
            self.await_message()  # a reply cannot be late before the request has ended
            self.await_end()
        if self.closing is not None:  # first: closing sends FIN itself
            self.end(*self.closing)
            return
        if self.state in (State.FINISHING, State.FLUSHING_LAST):
            self._send_fin()
        self.rewatch()

    def await_end(self) -> None:
        """Whoever may be silent between messages must end one that has begun."""
        limit = None if self.paused & BY_USER else self.owner.options.message_timeout
        if limit is None or self._silent_by != FOREVER or self.handler.pending is None:
            return
        self._silent_by = self.engine.now + limit
        if self._out is None:  # else the deadline is that of writing
            self.due_at(self._silent_by)

    def cannot_send(self, error: NetError) -> None:
        """Sending failed; what the peer said before it went may still wait to be read."""
        # Who is duplex read on all the time: what is left was said before the peer went. Who is not
        # may have left a request unread, which nobody would answer any more.
        reason = close_reason(error, self.state)
        can_read = self.state.abilities & CAN_READ
        if not can_read or not self.owner.options.duplex or reason is CloseReason.FAILED:
            self.close_now(reason, error)
            return
        self.closing = Closing(reason, error)
        self.state = self.state.after(Step.SEND_FAILED)
        self.due_at(self._silent_by)
        self.rewatch()

    def see_if_ended(self) -> None:
        """Ask for an RST by sending nothing; after our FIN nothing is sent, and nothing is told."""
        if self.sock is None or not self.can_write:
            return
        try:
            self.sock.send(b"")
        except BlockingIOError:
            return
        except OSError as refusal:
            error = from_oserror(Operation.RECEIVE, refusal, self.peer)
            self.close_now(close_reason(error, self.state), error)

    def close_now(self, reason: CloseReason, error: NetError | None = None) -> None:
        """Close, whatever is pending; the one place where a stream ends."""
        state = self.state
        if self.closing is not None and state in (State.LINGERING, State.FINISHED_BOTH):
            reason, error = self.closing  # the end was decided before, and the peer was told
        elif reason in _GENTLE and (late := self._late_error()) is not None:
            reason, error = late
        with_reset = reason in _WITH_RESET
        can_read = bool(state.abilities & CAN_READ)  # else nothing is unread, and close() sends FIN
        if not self.close_socket(with_reset=with_reset, fin_first=can_read):
            return
        self.engine.lulls.pop(self, None)
        # The handler before the event: what it still has to say of the connection (a reply that
        # broke off) comes before the last that is heard of it.
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
                messages=self.handler.messages,
                state=left_in(state, with_reset=with_reset or reason is CloseReason.RESET),
            )
        )
        if self.owner.engine is self.engine:
            guard(self.owner, self.owner.connection_closed, self.connection)
        else:
            self.owner.engine.call_soon_threadsafe(
                self.owner, self.owner.connection_closed, self.connection
            )

    def _late_error(self) -> Closing | None:
        """Return how it ended in truth, if the socket holds an error that nothing has told yet.

        After the peer's FIN nothing is read, so that an RST for what we sent since is not seen
        (EPIPE; RFC 9293, section 3.5.2). Servers have no time to ask.
        """
        if self.sock is None or not self.owner.options.duplex:
            return None
        if not (code := connect_result(self.sock)):
            return None
        error = from_errno(Operation.SEND, code, self.peer)
        return Closing(close_reason(error, self.state), error)

    def on_deadline(self, now: float) -> None:
        """The deadline has passed."""
        notice = self.owner.options.idle_notice
        if self.state is State.LINGERING:
            self.close_now(CloseReason.BY_US)
        elif self._out is not None:
            limit = self.owner.options.write_timeout
            if self.closing is None and _is_kept_waiting(self):
                self.due_in(limit)
                return
            error = timed_out(Operation.SEND, self.peer, limit) if limit else None
            self.close_now(CloseReason.WRITE_TIMEOUT, error)
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


def _is_kept_waiting(socket: EndingSocket) -> bool:
    """Tell whether our own user keeps a sender waiting: it is no fault of its peer's then.

    The kernel's own limit goes for good: both ends are in this program, neither can vanish. Once
    reading has been resumed, the peer has the whole write timeout again.
    """
    kept = socket.owner.peer_is_paused(socket)
    if kept and socket.sock is not None:
        give_up_after(socket.sock, None)
    was, socket.paused = socket.paused & PEER_BY_USER, socket.paused & ~PEER_BY_USER
    if kept:
        socket.paused |= PEER_BY_USER
    return bool(kept or was)


def close_reason(error: NetError, state: State) -> CloseReason:
    """Return as what a connection counts as closed that ends in a state with this error."""
    gone = error.cause in (Cause.RESET, Cause.BROKEN_PIPE)
    if error.cause is Cause.ABORTED and state in (State.PEER_FINISHED, State.FLUSHING_LAST):
        gone = True  # so Windows calls an RST that follows the peer's FIN (10053)
    return CloseReason.RESET if gone else CloseReason.FAILED
