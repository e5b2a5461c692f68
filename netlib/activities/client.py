"""The TCP client: look-up, attempts, one connection; HTTP replies read where one is awaited."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from netlib.activities.base import Activity, Runtime
from netlib.activities.counters import Totals
from netlib.address import LAST_PORT, Endpoint
from netlib.engine.connector import ConnectedSocket, HappyEyeballs
from netlib.engine.loop import Timer
from netlib.engine.resolver import Address, Answer, Family, look_up, look_up_numeric
from netlib.engine.stream import Link, Stream
from netlib.engine.tcp import ConnectionOptions
from netlib.errors import Cause, NetError, Operation
from netlib.events import Connected, Connecting, HttpReply, Resolved, Resolving, Transport
from netlib.protocols.http import ReplyReader
from netlib.services.base import Handler
from netlib.system.sockets import local_endpoint

BODY_KEPT = 1 << 20
"""Bytes of an HTTP body that travel in the event; all of them are in the recording."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientConfig:
    """Where a client shall connect, and how. Times in seconds."""

    endpoint: Endpoint
    transport: Transport = Transport.TCP
    family: Family = Family.ANY
    timeout: float = 5.0
    """For the look-up and the connect together."""
    options: ConnectionOptions = field(default=ConnectionOptions(duplex=True))

    def __post_init__(self) -> None:
        """Refuse what cannot work. Raises ValueError."""
        check_target(self.endpoint, self.timeout)


def check_target(endpoint: Endpoint, timeout: float) -> None:
    """Refuse a port nobody can have and a timeout that is over before it begins. ValueError."""
    if not 0 < endpoint.port <= LAST_PORT:
        raise ValueError(f"port {endpoint.port}")
    if not timeout > 0:
        raise ValueError(f"timeout {timeout} s")


class ClientHandler(Handler):
    """Our end of a conversation: says nothing by itself, reads HTTP replies when one is awaited."""

    __slots__ = ("_body", "_reader", "_replied")

    def __init__(self, replied: Callable[[ReplyReader, bytes], None]) -> None:
        super().__init__()
        self._replied = replied
        self._reader: ReplyReader | None = None
        self._body = bytearray()

    def await_reply(self, method: str) -> None:
        """Read what comes now as the reply to an HTTP request."""
        self._reader = ReplyReader(method)
        self._body.clear()

    def received(self, data: bytes) -> bytes:
        """Count it; no answer."""
        self.messages += 1
        if self._reader is not None:
            self._reader.feed(data)
            self._look(self._reader)
        return b""

    def finished(self) -> bytes:
        """The peer sent FIN: a reply without a stated length ends here."""
        self._end_reply()
        return b""

    def closed(self) -> None:
        """The connection is gone: so is the rest of a reply."""
        self._end_reply()

    def _end_reply(self) -> None:
        if self._reader is not None:
            self._reader.finish()
            self._look(self._reader)

    def _look(self, reader: ReplyReader) -> None:
        body = reader.take_body()
        self._body += body[: BODY_KEPT - len(self._body)]
        if reader.done:
            whole, self._body = bytes(self._body), bytearray()
            self._reader = None
            self._replied(reader, whole)


class Client(Activity):
    """A TCP connection opened by us: look-up, a race of attempts, then a stream."""

    def __init__(self, number: int, runtime: Runtime, config: ClientConfig) -> None:
        super().__init__(number, runtime)
        self.config = config
        self.options = config.options
        self.handler = ClientHandler(self._on_reply)
        self._begun = 0.0
        self._resolve_seconds = 0.0
        self._timer: Timer | None = None
        self._attempts_at: HappyEyeballs | None = None
        self._stream: Stream | None = None

    def open(self) -> None:
        """Look the name up; the timeout runs from here."""
        self._begun = time.monotonic()
        self._timer = self.engine.call_later(self.config.timeout, self._time_out)
        endpoint, family = self.config.endpoint, self.config.family
        numeric = look_up_numeric(endpoint, socket.SOCK_STREAM, family)
        if numeric is not None:
            self._try_all(numeric)
            return
        self.emit(Resolving(at=self.engine.now, activity=self.id, host=endpoint.host))
        look_up(self.engine, endpoint, socket.SOCK_STREAM, family, self._on_answer)

    def _on_answer(self, answer: Answer) -> None:
        if self._stopping:
            return
        if isinstance(answer, NetError):
            self.fail(answer)
            return
        self._resolve_seconds = time.monotonic() - self._begun
        self.emit(
            Resolved(
                at=self.engine.now,
                activity=self.id,
                host=self.config.endpoint.host,
                addresses=tuple(address.endpoint for address in answer),
                seconds=self._resolve_seconds,
            )
        )
        self._try_all(answer)

    # -- attempts --------------------------------------------------------------------------------

    def _try_all(self, addresses: list[Address]) -> None:
        self._attempts_at = HappyEyeballs(self.engine, self, addresses)
        self._attempts_at.go_on()

    def trying(self, address: Address) -> None:
        """A SYN is on its way."""
        self.emit(Connecting(at=self.engine.now, activity=self.id, peer=address.endpoint))

    def reached(self, won: ConnectedSocket) -> None:
        """Somebody answered: begin to talk."""
        self.release()
        peer = won.address.endpoint
        link = Link(next(self.runtime.numbers), peer, self.handler)
        stream = Stream(self, self.engine, won.sock, link)
        self._stream = self.streams[stream.connection] = stream
        self.emit(
            Connected(
                at=self.engine.now,
                activity=self.id,
                connection=stream.connection,
                transport=Transport.TCP,
                local=local_endpoint(won.sock),
                peer=peer,
                resolve_seconds=self._resolve_seconds,
                connect_seconds=won.seconds,
            )
        )
        stream.open()

    def _time_out(self) -> None:
        operation = Operation.RESOLVE if self._attempts_at is None else Operation.CONNECT
        self.fail(NetError(operation, Cause.TIMED_OUT))

    def release(self) -> None:
        """Give up the attempts that are still under way."""
        if self._timer:
            self._timer.cancel()
        if self._attempts_at:
            self._attempts_at.give_up()

    def totals(self) -> Totals:
        """Return what crossed the wire so far; from any thread."""
        stream = self._stream
        if stream is None:
            return Totals(0, 0, 0)
        return Totals(stream.received, stream.sent, stream.handler.messages, len(self.streams))

    def stream_closed(self, stream: Stream) -> None:
        """The connection is over, and with it this activity."""
        super().stream_closed(stream)
        self.stop()

    # -- HTTP ------------------------------------------------------------------------------------

    def request(self, data: bytes) -> None:
        """Send `data` as it stands, and read what comes as the reply to it."""
        for stream in tuple(self.streams.values()):
            self.handler.await_reply(data.split(b" ", 1)[0].decode("ascii", "replace"))
            stream.send(data)

    def _on_reply(self, reader: ReplyReader, body: bytes) -> None:
        connection = next(iter(self.streams), 0)
        self.emit(
            HttpReply(
                at=self.engine.now,
                activity=self.id,
                connection=connection,
                status=reader.status,
                reason=reader.reason,
                headers=tuple(reader.headers),
                body_size=reader.body_size,
                body=body,
                complete=reader.complete,
                error=reader.error or "",
            )
        )
