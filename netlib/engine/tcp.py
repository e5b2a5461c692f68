"""A connected TCP socket on the engine: sending what the kernel takes, keeping the rest.

`TcpSocket` knows the socket, its outgoing queue, its state and its deadline. What the bytes mean,
and when a connection ends, is `netlib.engine.stream`'s.
"""

from __future__ import annotations

from abc import abstractmethod
from collections import deque
from typing import Final, Protocol

from netlib.address import Endpoint
from netlib.engine.loop import FOREVER, Engine, Pollable
from netlib.engine.records import RECEIVED
from netlib.engine.state import CAN_READ, CAN_WRITE, State, Step
from netlib.errors import NetError, Operation, from_oserror
from netlib.system.poller import READ, WRITE
from netlib.system.sockets import SocketType, reset_on_close, shutdown_write
from netlib.value import value

QUEUE_BYTES = 1 << 20
"""Bytes a user may have waiting for one socket, TCP or UDP; beyond it `send` says no."""

PIECE_BYTES = 256 * 1024
"""Longest piece given to one send call: more would hold the GIL too long."""

BY_HANDLER: Final = 1
"""Nothing is read: the handler has not dealt with what came before."""
BY_USER: Final = 2
"""Nothing is read: a person paused it."""
UNWATCHED: Final = 4
"""Nor is its end watched for: FIN has gone both ways. The kernel would tell of that in each turn,
while what came before waits to be read."""
PEER_BY_USER: Final = 8
"""The write timeout passed while a person paused reading at the other end, which is ours too."""


@value()
class ConnectionOptions:
    """How a connection behaves; shared by all connections of an activity. Times in seconds."""

    read_timeout: float | None = None
    """Longest wait for a complete message, counted from the end of the one before."""
    message_timeout: float | None = None
    """Longest wait for the end of a message that has begun, where a peer may else be silent."""
    write_timeout: float | None = 10.0
    """Longest wait for the peer to take anything of what was sent."""
    idle_notice: float | None = None
    """Silence after which a Idle event is due; the connection stays."""
    duplex: bool = False
    """Read on while something waits to be sent."""
    stays_open: bool = False
    """Keep our direction open after the peer's FIN, until we close."""
    room: int = 384 * 1024
    """Bytes that may wait for a peer that does not read before others, or its own next requests,
    add to them."""
    receive_buffer: int | None = None
    """SO_RCVBUF in bytes, asked for before the connection is opened; None: what is usual."""
    receive_size: int | None = None
    """Bytes that each receive asks for; None: as many as can be answered."""

    @property
    def patience(self) -> float:
        """Seconds a message may keep us waiting."""
        return self.idle_notice or self.read_timeout or FOREVER


class SocketOwner(Protocol):
    """The activity a connection belongs to."""

    activity: int
    options: ConnectionOptions


class TcpSocket(Pollable):
    """A non-blocking TCP socket with its outgoing queue. Belongs to the engine thread."""

    __slots__ = (
        "_idle",
        "_out",
        "_silent_by",
        "buffered",
        "code",
        "connection",
        "deadline",
        "dequeued",
        "engine",
        "owner",
        "patience",
        "paused",
        "peer",
        "queued",
        "sent",
        "sock",
        "state",
    )

    owner: SocketOwner

    def __init__(
        self, engine: Engine, sock: SocketType, connection: int, *, peer: Endpoint
    ) -> None:
        self.engine = engine
        self.peer = peer
        self.sock: SocketType | None = sock
        self.connection = connection
        self.sent = 0
        self.queued = self.dequeued = 0
        """Bytes the user asked to send (written by the caller), and of them those seen here."""
        self.buffered = 0
        """Bytes that wait for the kernel to take them, or never left."""
        self.code = RECEIVED
        """As what received bytes are recorded; sent ones have the code after it."""
        self.state = State.OPEN
        self.patience = FOREVER
        """Seconds a message may keep us waiting."""
        self.paused = 0
        """Why nothing is read: `BY_HANDLER | BY_USER`, and what follows from it; 0: it is."""
        self.deadline = FOREVER
        """When this connection must be looked at, by the engine's clock."""
        self._silent_by = FOREVER
        """When the wait for a message has been too long."""
        self._idle = 0.0
        self._out: deque[memoryview] | None = None

    @property
    def unsent_bytes(self) -> int:
        """Bytes the user asked to send that have not left; from any thread."""
        return self.queued - self.dequeued + self.buffered

    @property
    def can_write(self) -> bool:
        """Whether more may be sent: no FIN was asked for, and the kernel has not refused."""
        return bool(self.state.abilities & CAN_WRITE)

    def takes(self, size: int) -> bool:
        """Tell whether the user may queue `size` more bytes; from any thread."""
        return self.can_write and self.unsent_bytes + size <= QUEUE_BYTES

    def write(self, data: bytes) -> None:
        """Send `data`: now what the kernel takes, the rest when it has room again."""
        size = len(data)
        if self._out is not None:
            self._out.append(memoryview(data))
            self.buffered += size
            return
        assert self.sock is not None
        try:
            taken = self.sock.send(data if size <= PIECE_BYTES else memoryview(data)[:PIECE_BYTES])
        except BlockingIOError:
            taken = 0
        except OSError as refusal:
            self.buffered += size  # first: what cannot be sent is counted as unsent
            self.cannot_send(from_oserror(Operation.SEND, refusal, self.peer))
            return
        if taken == size:
            self.sent += size
            engine = self.engine
            if put := engine.outbox.put:
                put((engine.us, self.code + 1, data))
                engine.put_bytes += size
            return
        if taken:
            _count_sent(self, data[:taken])
        self._out = deque((memoryview(data)[taken:],))
        self.buffered += size - taken
        self.due_in(self.owner.options.write_timeout)
        self.rewatch()

    def flush(self) -> None:
        """The kernel has room: give it what waits."""
        out = self._out
        while out:
            piece = out[0]
            sent = self._push(piece[:PIECE_BYTES])
            if isinstance(sent, NetError):
                self._out = None
                self.cannot_send(sent)
                return
            if sent:
                self.buffered -= sent
                self.due_in(self.owner.options.write_timeout)
            if sent == len(piece):
                out.popleft()
                continue
            out[0] = piece[sent:]
            if sent < PIECE_BYTES:
                return
        self._out = None
        self.all_sent()

    def _push(self, data: bytes | memoryview) -> int | NetError:
        """Give the kernel `data`; return how many bytes it took, or why it takes no more."""
        assert self.sock is not None
        try:
            size = self.sock.send(data)
        except BlockingIOError:
            return 0
        except OSError as refusal:
            return from_oserror(Operation.SEND, refusal, self.peer)
        _count_sent(self, data if size == len(data) else data[:size])
        return size

    def rewatch(self) -> None:
        """Watch for what the state allows to be read and, while something waits, for room.

        Who is not duplex reads nothing meanwhile: a peer that does not take answers gets no more.
        """
        if self.sock is None:
            return
        reads = self.state.abilities & CAN_READ and (self._out is None or self.owner.options.duplex)
        if self.paused:
            if self.paused & UNWATCHED:
                return
            reads = reads and not self.paused & (BY_HANDLER | BY_USER)
        mask = (READ if reads else 0) | (WRITE if self._out else 0)
        self.engine.modify(self.sock.fileno(), mask)

    def await_message(self) -> None:
        """From now on a message is awaited: it begins the silence anew."""
        engine = self.engine
        self._idle = 0.0
        self._silent_by = silent_by = engine.now + self.patience
        if self._out is None:  # else the deadline is that of writing
            self.deadline = silent_by
            if silent_by < engine.sweep_due:  # noqa: PLR1730 - once a message: no call
                engine.sweep_due = silent_by

    def due_in(self, seconds: float | None) -> None:
        """Set the deadline `seconds` from now; None: there is none."""
        self.due_at(FOREVER if seconds is None else self.engine.now + seconds)

    def due_at(self, deadline: float) -> None:
        """Set the deadline; the next sweep must not be too late for it."""
        self.deadline = deadline
        self.engine.sweep_due = min(self.engine.sweep_due, deadline)

    def close_socket(self, *, with_reset: bool, fin_first: bool) -> bool:
        """Give the socket back, with RST or FIN; False: it was closed before.

        `fin_first`: unread bytes may turn the close into an RST; let FIN leave before.
        """
        sock, self.sock = self.sock, None
        if sock is None:
            return False
        self.state = self.state.after(Step.CLOSE)
        self._out = None
        self.deadline = FOREVER
        # Before the close: from then on the same number may be another socket's.
        self.engine.unregister(sock.fileno(), closing=True)
        if with_reset:
            reset_on_close(sock)
        elif fin_first:
            shutdown_write(sock)
        sock.close()
        return True

    @abstractmethod
    def on_deadline(self, now: float) -> None:
        """The deadline has passed."""

    @abstractmethod
    def all_sent(self) -> None:
        """Nothing waits any more."""

    @abstractmethod
    def cannot_send(self, error: NetError) -> None:
        """The kernel will take nothing more, because of `error`."""


def _count_sent(socket: TcpSocket, data: bytes | memoryview) -> None:
    """Count and record what the kernel has taken."""
    size = len(data)
    socket.sent += size
    engine = socket.engine
    if put := engine.outbox.put:
        put((engine.us, socket.code + 1, bytes(data)))
        engine.put_bytes += size
