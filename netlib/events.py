"""What happened on the network, as data: facts (see `netlib.value`) and their union `Event`.

Every event is a past fact. It carries bytes, endpoints, enums and numbers; never sockets, threads
or exceptions. `at` is `system.clock.now()` in seconds, read right after the system call; `activity`
is the number `Network` gave the server, client or UDP socket, `connection` that of one connection
(0: the activity itself). Bytes that cross the wire are `Chunk`s, for the recorder alone.

Guarantees: one Closed per connection, last, the first cause wins; one ActivityStopped at the end.
"""

from __future__ import annotations

from enum import IntEnum, StrEnum

from netlib.address import Endpoint
from netlib.errors import NetError
from netlib.path import NetPath
from netlib.silence import Awaited, Silence
from netlib.value import NamedTuple, value


class Direction(IntEnum):
    """Which way the bytes of a chunk went, seen from this program."""

    RECEIVED = 1
    SENT = 2


class Transport(StrEnum):
    """The transport protocol of an activity."""

    TCP = "tcp"
    UDP = "udp"


class CloseReason(StrEnum):
    """Why a TCP connection ended: the first cause, seen from this program."""

    BY_US = "by us"
    """We closed it: FIN sent."""
    BY_PEER = "by peer"
    """The peer sent FIN and all that was owed to it has been sent."""
    RESET = "reset"
    """The peer sent RST."""
    ABORTED = "aborted"
    """We sent RST."""
    READ_TIMEOUT = "read timeout"
    """No complete message within the read deadline."""
    WRITE_TIMEOUT = "write timeout"
    """The peer did not take what we sent within the write deadline."""
    LINE_TOO_LONG = "line too long"
    """A line passed the limit; the peer was told."""
    TOO_MUCH_UNFINISHED = "too much unfinished"
    """What all clients had begun and not ended passed the limit; who held most of it was told."""
    WRONG_PROTOCOL = "wrong protocol"
    """The peer speaks HTTP, the server does not; the peer was told."""
    TOO_SLOW = "too slow"
    """Too much waited for a peer that does not read."""
    STOPPED = "stopped"
    """The server or the program was stopped."""
    FAILED = "failed"
    """Another error, named in `Closed.error`."""
    BUG = "bug"
    """This program failed; a Crashed event carries the traceback."""


class Chunk(NamedTuple):
    """Bytes that crossed one socket in one system call (TCP) or one whole datagram (UDP)."""

    at: float
    activity: int
    connection: int
    direction: Direction
    peer: Endpoint | None
    """The other end of a datagram; None for TCP, where the connection tells."""
    data: bytes


class WireChunk(Chunk):
    """Bytes as they crossed the wire where a layer (TLS) makes others of them: `Plaintext`."""

    __slots__ = ()


class Plaintext(Chunk):
    """Bytes as the program reads or says them, above a layer; they crossed as `WireChunk`s."""

    __slots__ = ()


@value(kw_only=True)
class _Head:
    at: float
    activity: int


@value(kw_only=True)
class Listening(_Head):
    """A server is bound and ready."""

    local: Endpoint
    transport: Transport
    service: str
    dual_stack: bool = False
    """`local` is :: and takes IPv4 too, as the socket says (RFC 3493, section 5.3)."""
    also: tuple[Endpoint, ...] = ()
    """Where else it listens: localhost is 127.0.0.1 and ::1."""


@value(kw_only=True)
class Resolving(_Head):
    """The look-up of a host name has begun."""

    host: str


@value(kw_only=True)
class Resolved(_Head):
    """A host name has been looked up."""

    host: str
    addresses: tuple[Endpoint, ...]
    seconds: float


@value(kw_only=True)
class Connecting(_Head):
    """A SYN is on its way to one address (RFC 9293, section 3.5)."""

    peer: Endpoint


@value(kw_only=True)
class Connected(_Head):
    """We opened a TCP connection, or gave a UDP socket its peer (which sends nothing)."""

    connection: int
    transport: Transport
    local: Endpoint
    peer: Endpoint
    resolve_seconds: float
    connect_seconds: float


@value(kw_only=True)
class Secured(_Head):
    """The TLS handshake has succeeded (RFC 8446, section 4)."""

    connection: int
    version: str
    """As it is written: TLSv1.3."""
    cipher: str
    verified: bool | None
    """Whether the server's certificate was verified; None: we are the server."""
    name: str
    """Whom the certificate names; empty: unknown, or we are the server."""
    seconds: float


@value(kw_only=True)
class Accepted(_Head):
    """A server took a connection from its accept queue."""

    connection: int
    local: Endpoint
    peer: Endpoint


@value(kw_only=True)
class Rejected(_Head):
    """A server closed a new connection at once, because a limit was reached."""

    peer: Endpoint
    limit: int
    """The number of clients allowed; 0: the system has no more sockets, see `error`."""
    error: NetError | None = None


@value(kw_only=True)
class Unanswered(_Head):
    """A UDP server did not answer datagrams; `why` is the reason of the last."""

    peer: Endpoint
    """Who sent the last of them."""
    count: int
    """How many, since the event before; told at once, then once a second at most."""
    why: Silence = Silence.LOOP


@value(kw_only=True)
class Impaired(_Head):
    """From now on a relay does this to what crosses it, each way: `delay=0.2 loss=0.3`."""

    up: str
    """To the server; empty: nothing."""
    down: str
    """To the client."""


@value(kw_only=True)
class PeerFinished(_Head):
    """The peer sent FIN: it will send nothing more, but may still read (half-close)."""

    connection: int
    unfinished: int = 0
    """Bytes of a message that it began and did not end; `awaits`: what would have ended it."""
    awaits: Awaited | None = None


@value(kw_only=True)
class Unfinished(_Head):
    """A message has begun, its end has not come, and nothing more comes for now."""

    connection: int
    awaits: Awaited
    size: int
    """Bytes of it that have been received."""


@value(kw_only=True)
class Named(_Head):
    """A client told a chat room its nickname."""

    connection: int
    name: str


@value(kw_only=True)
class Finished(_Head):
    """We sent FIN after the last byte: we will send nothing more, but still read (half-close)."""

    connection: int


@value(kw_only=True)
class Idle(_Head):
    """Nothing has been received for `seconds`; a notice, not an end."""

    connection: int
    seconds: float


@value(kw_only=True)
class ReadingPaused(_Head):
    """A person paused reading: what the peer sends waits in the kernel from here on."""

    connection: int
    """0: every connection of the server, those to come included."""


@value(kw_only=True)
class ReadingResumed(_Head):
    """Reading goes on; `connection` 0: from every client of the server."""

    connection: int


@value(kw_only=True)
class AcceptingPaused(_Head):
    """A person paused accepting: who connects waits in the accept queue from here on."""


@value(kw_only=True)
class AcceptingResumed(_Head):
    """Accepting goes on: who waited is taken first."""


@value(kw_only=True)
class ReceiveBufferSet(_Head):
    """A receive buffer was asked for (SO_RCVBUF). Sizes in bytes."""

    connection: int
    """0: the server's, which every connection that it takes inherits."""
    asked: int
    given: int
    """What the system says it is now; Linux counts its own bookkeeping, as much again."""


@value(kw_only=True)
class Closed(_Head):
    """A TCP connection is over. Nothing of this connection follows."""

    connection: int
    reason: CloseReason
    error: NetError | None = None
    received: int = 0
    sent: int = 0
    """Bytes handed to the kernel in all."""
    unsent: int = 0
    """Bytes that were accepted from the user or a service but never left."""
    messages: int = 0  # complete ones, received in all
    state: str = ""
    """In which state the kernel's connection is left, as RFC 9293, section 3.3.2 names it."""


@value(kw_only=True)
class PortUnreachable(_Head):
    """ICMP told a UDP socket that nobody has the peer's port (RFC 1122, section 4.1.3.3)."""

    peer: Endpoint | None


@value(kw_only=True)
class TimeReply(_Head):
    """A UDP time server answered."""

    peer: Endpoint
    number: int
    """The query it answers, counted from 1."""
    text: str
    rtt_seconds: float
    """NTP: the delay δ, without the time that the server took (RFC 5905, section 8)."""
    offset_seconds: float | None
    """Server's clock minus ours, at the middle of the round trip; None: no time could be read."""
    precision_seconds: float | None = None
    """The true offset is no further than this from `offset_seconds`; None: not known."""
    stratum: int | None = None
    """NTP: how many clocks are between the server and a reference clock; None: not told."""


@value(kw_only=True)
class TimeLost(_Head):
    """No answer to a time query within its timeout, after all retries."""

    number: int
    tries: int


@value(kw_only=True)
class HttpHead(_Head):
    """Status and headers of the reply to an HTTP request have arrived; its body follows."""

    connection: int
    status: int
    reason: str
    headers: tuple[tuple[bytes, bytes], ...]
    version: str = ""
    """As the status line has it, 1.1; empty in recordings of version 0.1."""


@value(kw_only=True)
class HttpReply(_Head):
    """The whole reply to an HTTP request has arrived."""

    connection: int
    status: int
    reason: str
    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes
    """The body's first MiB, decoded from chunks but not from its content coding."""
    body_size: int
    complete: bool
    """False: the connection ended before the promised end."""
    error: str
    """Why the reply cannot be read as HTTP; empty: it can. The raw bytes are in the traffic.

    With a status: the head could be read, and its body is damaged.
    """
    size: int = 0
    """Bytes that came of it, header and framing included."""
    version: str = ""  # as in `HttpHead`


@value(kw_only=True)
class Diagnosed(_Head):
    """A step of the path to a server has been looked at; `path` holds all that is known now."""

    path: NetPath


@value(kw_only=True)
class Failed(_Head):
    """An operation of the activity failed; `error` says which, and why."""

    error: NetError
    connection: int = 0


@value(kw_only=True)
class Crashed(_Head):
    """A bug in this program ended a connection or an activity; shown as a bug."""

    connection: int
    traceback: str


@value(kw_only=True)
class ActivityStopped(_Head):
    """The activity is over: no socket of it is open. Nothing of this activity follows."""


# fmt: off
Event = (
    Listening | Resolving | Resolved | Connecting | Connected | Secured | Accepted | Rejected
    | Unanswered | Impaired | Unfinished | Named | PeerFinished | Finished | Idle | ReadingPaused
    | ReadingResumed | AcceptingPaused | AcceptingResumed | ReceiveBufferSet | Closed
    | PortUnreachable | TimeReply | TimeLost | HttpHead | HttpReply | Diagnosed | Failed | Crashed
    | ActivityStopped
)
# fmt: on
