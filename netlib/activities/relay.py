"""A relay: stands between a client and a server, and is the bad network between them.

To the client it is the server, to the server a client. What it can do to a stream is less than what
a network does to packets: each kernel talks to the relay's, which acknowledges at once. So it
delays bytes and holds them back, and loses none; datagrams (`udp_relay`) it may lose.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Sequence
from functools import partial
from typing import Final

from netlib.activities.base import Activity, Runtime, TcpActivity, check_target
from netlib.activities.counters import Totals, sum_up
from netlib.activities.impaired_link import ImpairedQueue, Link, check_impairments
from netlib.activities.serving import emit_listening, fail_to_bind, reject
from netlib.address import LAST_PORT, Endpoint
from netlib.engine.connector import ConnectedSocket, HappyEyeballs
from netlib.engine.listener import Listener, RateLimit
from netlib.engine.pausing import pause_reading, resume_reading
from netlib.engine.resolver import Address, Answer, Family
from netlib.engine.stream import Stream
from netlib.engine.tcp import ConnectionOptions
from netlib.errors import Cause, NetError, Operation, timed_out
from netlib.events import (
    Accepted,
    CloseReason,
    Connecting,
    Failed,
    Impaired,
    Transport,
)
from netlib.protocols.handler import Handler
from netlib.protocols.impairment import Impairment
from netlib.system.sockets import (
    LOCAL,
    WILDCARDS,
    SocketType,
    is_own_address,
    listen,
    local_endpoint,
    prepare_accepted,
)
from netlib.value import value

MOST_CLIENTS: Final = 64
"""Connections at once; who comes then is closed at once."""
MOST_UNSENT: Final = 256 * 1024
"""Bytes of one connection, each way, that are on their way or wait to be sent; then the relay reads
no more, and TCP slows down who sends."""
PIECE_BYTES: Final = 1460
"""Where there is a rate: what goes on at once, as much as a segment usually carries."""
CONNECT_SECONDS: Final = 5.0


@value(kw_only=True)
class RelayConfig:
    """Where a relay leads, where it listens, and what it does to what crosses it."""

    endpoint: Endpoint
    """The server."""
    transport: Transport = Transport.TCP
    host: str = LOCAL
    """As in `ServerConfig`."""
    port: int = 0
    """0: one that is free."""
    up: Impairment = Impairment()
    """To the server."""
    down: Impairment = Impairment()
    """To the client."""
    seed: int = 0
    """Of chance: what arrives at the same times has the same fate."""

    def __post_init__(self) -> None:
        """Refuse what cannot work. Raises ValueError."""
        check_target(self.endpoint, CONNECT_SECONDS)
        if not 0 <= self.port <= LAST_PORT:
            raise ValueError(f"port {self.port}")
        check_impairments(self.transport, self.up, self.down)

    @property
    def service(self) -> str:
        """What listens there."""
        return "relay"

    @property
    def receive_buffer(self) -> int | None:
        """As the system sees fit."""
        return None


class TcpRelay(TcpActivity):
    """A relay of connections: for each of a client, one to the server."""

    options = ConnectionOptions(duplex=True, stays_open=True)

    def __init__(self, activity: int, runtime: Runtime, config: RelayConfig) -> None:
        super().__init__(activity, runtime)
        self.config = config
        self.link = Link(self.engine, self, config.transport, config.seed)
        self.rate_limit = RateLimit(None)
        self.short_of_files = False
        self.listeners: list[Listener] = []
        self.addresses: list[Address] = []
        """Those of the server."""
        self.crossings: set[_Crossing] = set()
        self._counting = threading.Lock()
        self._gone = Totals(0, 0, 0)

    def open(self) -> None:
        """Look the server up, then listen."""
        self.resolve(self.config.endpoint, socket.SOCK_STREAM, Family.ANY, self._on_answer)

    def _on_answer(self, answer: Answer, seconds: float) -> None:
        if isinstance(answer, NetError):
            self.fail(answer)
            return
        self.addresses = answer
        try:
            socks = listen(self.config.host, self.config.port)
            self.listeners = [Listener(self, sock) for sock in socks]
            for listener in self.listeners:
                listener.open()
        except (OSError, UnicodeError) as refusal:
            fail_to_bind(self, self.config, refusal)
            return
        begin(self, self.config, self.link, socks, answer)

    def release(self) -> None:
        """Accept nothing any more, and let nothing arrive."""
        self.runtime.listening.pop(self.activity, None)
        self.link.close()
        for listener in self.listeners:
            listener.close()
        for crossing in tuple(self.crossings):
            crossing.give_up()

    def admit(self, sock: SocketType, peer: Endpoint, local: Endpoint) -> None:
        """Take a connection, or close it at once. Raises OSError: it was reset while it waited."""
        if len(self.crossings) >= MOST_CLIENTS:
            reject(self, sock, peer, MOST_CLIENTS)
            return
        prepare_accepted(sock)
        _Crossing(self, sock, peer, local)

    def stream(self, sock: SocketType, peer: Endpoint, end: _End) -> _RelayStream:
        """Return one of a crossing's two connections, not open yet."""
        connection = next(self.runtime.connections)
        stream = _RelayStream(self, self.engine, sock, connection, peer=peer, handler=end)
        self.streams[connection] = end.stream = stream
        return stream

    def connection_closed(self, connection: int) -> None:
        """Keep the figures of a connection that is gone."""
        self.runtime.paused_ends.pop(connection, None)
        with self._counting:
            self._gone = sum_up(self._gone, [self.streams.pop(connection)])
        self._finish_if_empty()

    def totals(self) -> Totals:
        """Return what crossed all its sockets so far; from any thread."""
        with self._counting:
            streams, gone = tuple(self.streams.values()), self._gone
        return sum_up(gone, streams)._replace(clients=len(self.crossings))


class _Crossing:
    """A connection through the relay: the client's to us, then ours to the server."""

    def __init__(self, relay: TcpRelay, sock: SocketType, peer: Endpoint, local: Endpoint) -> None:
        """Begin; nothing is read from the client until the server is connected."""
        self._relay = relay
        self._client, self._server = _End(self, relay.link.up), _End(self, relay.link.down)
        self._client.other, self._server.other = self._server, self._client
        stream = relay.stream(sock, peer, self._client)
        at, activity, connection = relay.engine.now, relay.activity, stream.connection
        relay.emit(
            Accepted(at=at, activity=activity, connection=connection, local=local, peer=peer)
        )
        self._timer = relay.engine.call_later(CONNECT_SECONDS, self, self._time_out)
        self._attempts = HappyEyeballs(relay.engine, self, relay.addresses)
        relay.crossings.add(self)
        stream.open()
        if not self._client.is_over:
            pause_reading(stream)
            self._attempts.go_on()

    def trying(self, address: Address) -> None:
        """A SYN is on its way."""
        relay = self._relay
        relay.emit(Connecting(at=relay.engine.now, activity=relay.activity, peer=address.endpoint))

    def reached(self, connected: ConnectedSocket) -> None:
        """The server is connected: read from both."""
        relay, peer = self._relay, connected.address.endpoint
        self._timer.cancel()
        stream = relay.stream(connected.sock, peer, self._server)
        relay.tell_connected(stream, connected, 0.0)
        stream.open()
        self._client.go_on()

    def fail(self, error: NetError) -> None:
        """Tell that the server cannot be reached: to a client all that can be told is RST."""
        relay = self._relay
        self.give_up()
        relay.emit(Failed(at=relay.engine.now, activity=relay.activity, error=error))
        self._client.abort()

    def _time_out(self) -> None:
        endpoint = self._relay.config.endpoint
        self.fail(timed_out(Operation.CONNECT, endpoint, CONNECT_SECONDS))

    def give_up(self) -> None:
        """Connect to the server no more; harmless when that is over."""
        self._timer.cancel()
        self._attempts.give_up()

    def ended(self) -> None:
        """One of the two connections is closed."""
        self.give_up()
        if self._client.is_over and self._server.is_over:
            self._relay.crossings.discard(self)

    def crashed(self, trace: str) -> None:
        """A bug of ours: the relay's to show."""
        self._relay.crashed(trace)


class _End(Handler):
    """One end of a crossing: what it hears goes to the other, by a queue of the link."""

    __slots__ = ("_crossing", "_heard_fin", "_on_its_way", "_queue", "_said_fin", "other", "stream")

    other: _End

    def __init__(self, crossing: _Crossing, queue: ImpairedQueue) -> None:
        super().__init__()
        self.stream: Stream | None = None
        self._crossing, self._queue = crossing, queue
        self._on_its_way = 0
        self._heard_fin = self._said_fin = False

    @property
    def is_over(self) -> bool:
        """Whether it is connected no more, or never was."""
        return self.stream is None or self.stream.sock is None

    @property
    def _room(self) -> bool:
        waiting = 0 if self.other.stream is None else self.other.stream.buffered
        return self._on_its_way + waiting <= MOST_UNSENT

    def go_on(self) -> None:
        """Read again, if there is room for what will come."""
        if self.stream is not None and self.other.stream is not None and self._room:
            resume_reading(self.stream)

    # -- what it hears ---------------------------------------------------------------------------

    def received(self, data: bytes) -> bytes:
        """Send it on its way; read no more while too much is."""
        step = PIECE_BYTES if self._queue.rate else len(data)
        for start in range(0, len(data), step):
            piece = data[start : start + step]
            self._on_its_way += len(piece)
            self._queue.add(len(piece), partial(self._arrive, piece))
        if not self._room and self.stream is not None:
            pause_reading(self.stream)
        return b""

    def finished(self) -> bytes:
        """FIN goes on behind the bytes."""
        self._heard_fin = True
        self._queue.add(0, self.other.finish)
        return b""

    def closed(self) -> None:
        """Whatever ended it before FIN had gone both ways, the other end hears it as RST."""
        self._crossing.ended()
        if not (self._heard_fin and self._said_fin):
            self._queue.add(0, self.other.abort)

    def _arrive(self, piece: bytes) -> None:
        self._on_its_way -= len(piece)
        other = self.other.stream
        if other is not None and other.can_write:
            other.write(piece)
        self.go_on()

    # -- what the other end has heard ------------------------------------------------------------

    def finish(self) -> None:
        """Send FIN."""
        self._said_fin = True
        if self.stream is not None:
            self.stream.finish()

    def abort(self) -> None:
        """Send RST."""
        if self.stream is not None and not self.is_over:
            self.stream.close_now(CloseReason.ABORTED)


class _RelayStream(Stream):
    """A connection of a crossing; when all is sent, the other end may be read again."""

    __slots__ = ()

    def all_sent(self) -> None:
        """Nothing waits any more."""
        super().all_sent()
        if isinstance(self.handler, _End):
            self.handler.other.go_on()


def begin(
    relay: Activity,
    config: RelayConfig,
    link: Link,
    socks: Sequence[SocketType],
    addresses: Sequence[Address],
) -> None:
    """Say where a relay listens, and impair what crosses it; or fail: it would lead to itself."""
    if _leads_back(addresses, socks):
        relay.fail(NetError(Operation.BIND, Cause.ADDRESS_IN_USE, endpoint=config.endpoint))
        return
    emit_listening(relay, config, socks)
    if config.up != config.down or config.up != Impairment():
        impair(relay, link, config.up, config.down)


def _leads_back(addresses: Sequence[Address], socks: Sequence[SocketType]) -> bool:
    """Tell whether one of the addresses is where one of the sockets listens."""
    for local in map(local_endpoint, socks):
        for there in (address.endpoint for address in addresses):
            anywhere = local.host in WILDCARDS and is_own_address(there.host)
            if there.port == local.port and (anywhere or there.host == local.host):
                return True
    return False


def impair(relay: Activity, link: Link, up: Impairment, down: Impairment) -> None:
    """Do this to what crosses a relay from now on, and say so; on its engine."""
    at, activity = relay.engine.now, relay.activity
    relay.emit(Impaired(at=at, activity=activity, up=str(up), down=str(down)))
    link.impair(up, down)
