"""One TCP connection: bytes to a handler and back. How it ends is `netlib.engine.ending`'s.

A stream that serves reads nothing while a reply is unsent, and no more at once than it has room to
answer; so a peer that never reads costs one such reply, and is dropped at the write deadline. A
stream that dials reads on (`duplex`): both ends waiting for the other to read would be a deadlock.
"""

from __future__ import annotations

from collections.abc import Callable

from netlib.address import Endpoint
from netlib.engine.ending import ConnectionOwner, EndingSocket, close_reason
from netlib.engine.loop import FOREVER, Engine
from netlib.engine.state import CAN_READ, CAN_WRITE, LISTENS, Closing, State, Step
from netlib.engine.tcp import BY_HANDLER, BY_USER, UNWATCHED
from netlib.errors import Operation, from_errno, from_oserror
from netlib.events import CloseReason, PeerFinished, Unfinished
from netlib.protocols.handler import Handler
from netlib.system.poller import READ, WRITE
from netlib.system.sockets import SocketType, connect_result

LAST_BYTES = 80

MOST_READ = 256 * 1024
"""Most bytes read at once: who comes next waits for the answer to all of them."""

FIRST_READ = 16 * 1024
"""Bytes read at once from somebody whose answers we do not know yet: an empty line may be answered
by a long one, and a peer that never reads leaves us with the answers to one such read."""

RETRY_SECONDS = 0.02
"""After how long it is asked again whether a handler may go on whose answers still waited."""


class Stream(EndingSocket):
    """One TCP connection. All methods belong to the engine thread."""

    __slots__ = (
        "_holds",
        "_read_size",
        "_told",
        "last",
        "last_at",
        "since",
    )

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
        super().__init__(owner, engine, sock, connection, peer=peer, handler=handler)
        self.since = self.last_at = engine.now
        self.last = b""
        """The end of what was received last: enough for a table to show."""
        self._read_size = min(owner.options.receive_size or FIRST_READ, MOST_READ)
        self._holds = False
        """Its owner knows that it holds half a message."""
        self._told = -1
        """How many messages were complete when it was told that one is not."""

    @property
    def unsent_bytes(self) -> int:
        """Bytes that are to be sent and have not left; from any thread."""
        return self.queued - self.dequeued + self.buffered + self.handler.held

    def open(self) -> None:
        """Begin to read, and greet the peer."""
        assert self.sock is not None
        try:
            self.engine.register(self.sock.fileno(), READ, self)
        except OSError as refusal:
            self.close_now(CloseReason.FAILED, from_oserror(Operation.RECEIVE, refusal, self.peer))
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
        """Send what another handler produced; a peer for whom too much waits already is dropped."""
        if not self.can_write:
            return
        if self.buffered > self.owner.options.room:
            self.close_now(CloseReason.TOO_SLOW)
        elif outgoing := self.handler.outgoing(data):
            self.write(outgoing)

    def resume(self, step: Callable[[], bytes]) -> None:
        """Run a step of the handler that no chunk has caused, and do what it comes to."""
        if self.state.abilities & LISTENS:
            self._answer(self.owner.exclusive(step))

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

    def _read(self, sock: SocketType) -> None:  # noqa: C901, PLR0912 - once a chunk: no calls
        engine, handler = self.engine, self.handler
        try:
            data = sock.recv(self._read_size)
        except OSError as refusal:
            _cannot_read(self, refusal)
            return
        if not data:
            self._on_peer_fin()
            return
        size = len(data)
        self.received += size
        self.last_at = engine.now
        self.last = data[-LAST_BYTES:]
        owner = self.owner
        if put := engine.outbox.put:
            put((engine.us, self.code, data))
            engine.put_bytes += size
        if not self.state.abilities & LISTENS:
            return  # what it says now is recorded, but heard by nobody
        before = handler.messages
        hear = handler.received
        reply = owner.exclusive(hear, data) if owner.broadcasts else hear(data)
        if handler.messages != before:
            self.await_message()
        if owner.broadcasts:
            self.await_end()
        elif size == self._read_size and owner.options.receive_size is None:
            # it has more to say: how much can be answered at once?
            self._read_size = _fitting(size, len(reply), owner.options.room)
        if reply and self.state.abilities & CAN_WRITE:
            self.write(reply)
        if handler.close_reason is not None:  # after the reply, which may say why
            self.end(handler.close_reason, handler.error)
        elif owner.broadcasts and handler.unheard and not self.paused:
            self._pause()
        if handler.unfinished or self._holds:
            self._hold()

    def _pause(self) -> None:
        """Read nothing until the handler has dealt with what it has; others come in between."""
        self.paused |= BY_HANDLER
        self.rewatch()
        self.owner.wait_turn(self, self._proceed)

    def _proceed(self) -> None:
        """It is the handler's turn again, unless its answers or the recorder must wait."""
        if self._out is not None or self.engine.outbox.full():
            self.engine.call_later(RETRY_SECONDS, self, self._proceed)
            return
        self.resume(self.handler.proceed)
        if self.state.abilities & LISTENS and self.handler.unheard:
            self.owner.wait_turn(self, self._proceed)
        else:
            self.paused &= ~BY_HANDLER
            self.rewatch()

    def _hold(self) -> None:
        """Half a message has grown, or ended: the owner must know how much all of them hold."""
        if self.sock is None:
            return
        self._holds = bool(self.handler.unfinished)
        if self._holds:
            self.engine.lulls[self] = self.engine.now  # the sweep asks after a while
        self.owner.hold(self.connection, self.handler)

    def on_lull(self) -> None:
        """Nothing has followed what completed no message: tell what is waited for, once a message.

        A message that ends at last, and then another that does not, is told again.
        """
        pending, heard = self.handler.pending, self.handler.messages
        if pending is None or self._told == heard or not self.state.abilities & CAN_READ:
            return
        self._told = heard
        self.engine.outbox.emit(
            Unfinished(
                at=self.engine.now,
                activity=self.owner.activity,
                connection=self.connection,
                awaits=pending.awaits,
                size=pending.size,
            )
        )

    def _answer(self, reply: bytes) -> None:
        """Send what the handler said, and end when it wants to."""
        if reply and self.can_write:
            self.write(reply)
        if self.handler.close_reason is not None:
            self.end(self.handler.close_reason, self.handler.error)

    def _examine(self, sock: SocketType) -> None:
        """An error or a hang-up without data: find out which."""
        if code := connect_result(sock):
            error = from_errno(Operation.RECEIVE, code, self.peer)
            self.close_now(close_reason(error, self.state), error)
        elif self.paused & BY_USER:
            self.paused |= UNWATCHED
            self.engine.unregister(sock.fileno())
        elif self.state.abilities & CAN_READ:
            self._read(sock)
        else:
            self.close_now(*(self.closing or Closing(CloseReason.RESET)))

    def _on_peer_fin(self) -> None:
        before = self.state
        if before is State.DRAINING and self.closing is not None:
            self.close_now(*self.closing)
            return
        # First: what follows must know that nothing more will come.
        self.state = before.after(Step.PEER_FIN)
        if before is State.LINGERING:
            self.close_now(CloseReason.BY_US)
            return
        pending = self.handler.pending
        self.engine.outbox.emit(
            PeerFinished(
                at=self.engine.now,
                activity=self.owner.activity,
                connection=self.connection,
                unfinished=0 if pending is None else pending.size,
                awaits=None if pending is None else pending.awaits,
            )
        )
        self._silent_by = FOREVER
        if self._out is None:
            self.deadline = FOREVER
        if before.abilities & LISTENS:
            self._answer(self.owner.exclusive(self.handler.finished))
        if not self.owner.options.stays_open or before in (State.FINISHING, State.FINISHED):
            self.end(CloseReason.BY_PEER)
        self.rewatch()  # last: only now is it known what is left to wait for


def _cannot_read(stream: Stream, refusal: OSError) -> None:
    """There is nothing to read after all, or there never will be again."""
    if not isinstance(refusal, BlockingIOError):
        error = from_oserror(Operation.RECEIVE, refusal, stream.peer)
        stream.close_now(close_reason(error, stream.state), error)


def _fitting(size: int, reply: int, room: int) -> int:
    """Return how many bytes to read so that their answer fits in `room`, if `size` took `reply`."""
    return min(MOST_READ, max(1, size * room // reply)) if reply else MOST_READ
