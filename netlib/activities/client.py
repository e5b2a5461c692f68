"""The TCP client: look-up, attempts to connect, perhaps TLS; HTTP replies where one is awaited."""

from __future__ import annotations

import socket
from functools import partial
from typing import TYPE_CHECKING

from netlib.activities.base import Runtime, TcpActivity, check_receive_buffer, check_target
from netlib.activities.counters import Totals
from netlib.address import Endpoint
from netlib.engine.connector import ConnectedSocket, HappyEyeballs
from netlib.engine.loop import Timer
from netlib.engine.pouring import PouringStream
from netlib.engine.resolver import Address, Answer, Family
from netlib.engine.stream import Stream
from netlib.engine.tcp import ConnectionOptions
from netlib.errors import NetError, Operation, timed_out
from netlib.events import (
    Connecting,
    HttpHead,
    HttpReply,
    ReadingPaused,
    ReceiveBufferSet,
    Transport,
)
from netlib.protocols.handler import Handler
from netlib.protocols.http import ReplyReader
from netlib.protocols.http_exchange import HttpExchange, Pour, Sink
from netlib.system.sockets import receive_buffer
from netlib.value import value

if TYPE_CHECKING:
    from netlib.activities.tls import ClientTls
    from netlib.protocols.tls import TlsSession


@value(kw_only=True)
class ClientConfig:
    """Where a client shall connect, and how. Times in seconds."""

    endpoint: Endpoint
    transport: Transport = Transport.TCP
    family: Family = Family.ANY
    timeout: float = 5.0
    """For the look-up, the connect and the TLS handshake together."""
    options: ConnectionOptions = ConnectionOptions(duplex=True)
    tls: ClientTls | None = None
    """None: what is sent crosses the wire as it is."""
    reading_paused: bool = False
    """Reading begins paused, after the TLS handshake if there is one, until `Kernel` resumes it."""

    def __post_init__(self) -> None:
        """Refuse what cannot work. Raises ValueError."""
        check_target(self.endpoint, self.timeout)
        check_receive_buffer(self.options.receive_buffer)
        if self.tls is not None and self.transport is not Transport.TCP:
            raise ValueError("TLS over UDP")
        if self.reading_paused and self.transport is not Transport.TCP:
            raise ValueError("a pause over UDP")


class Client(TcpActivity):
    """A TCP connection opened by us: look-up, attempts to connect, then a stream."""

    def __init__(self, activity: int, runtime: Runtime, config: ClientConfig) -> None:
        super().__init__(activity, runtime)
        self.config = config
        self.options, self.reading_paused = config.options, config.reading_paused
        self._exchange = HttpExchange(_ReplyEvents(self))
        self._session: TlsSession | None = None
        self._resolve_seconds = 0.0
        self._stage = Operation.RESOLVE
        """What is under way, for when the time is over."""
        self._timer: Timer | None = None
        self._attempts: HappyEyeballs | None = None
        self._stream: Stream | None = None
        self.connection = 0
        """The number of the connection, once there is one."""

    def open(self) -> None:
        """Look the name up; the timeout runs from here."""
        self._timer = self.engine.call_later(self.config.timeout, self, self._time_out)
        tls = self.config.tls
        if tls is None:
            self._resolve()
        else:  # reading the system's certificates takes a while
            self.engine.in_thread(
                self, partial(tls.prepare, self.config.endpoint), self._on_session
            )

    def _on_session(self, prepared: TlsSession | NetError) -> None:
        if isinstance(prepared, NetError):
            self.fail(prepared)
        elif not self._stopping:
            self._session = prepared
            self._resolve()

    def _resolve(self) -> None:
        config = self.config
        self.resolve(config.endpoint, socket.SOCK_STREAM, config.family, self._on_answer)

    def _on_answer(self, answer: Answer, seconds: float) -> None:
        if isinstance(answer, NetError):
            self.fail(answer)
            return
        self._resolve_seconds = seconds
        self._stage = Operation.CONNECT
        self._attempts = HappyEyeballs(
            self.engine, self, answer, receive_buffer=self.options.receive_buffer
        )
        self._attempts.go_on()

    # -- attempts --------------------------------------------------------------------------------

    def trying(self, address: Address) -> None:
        """A SYN is on its way."""
        self.emit(Connecting(at=self.engine.now, activity=self.activity, peer=address.endpoint))

    def reached(self, connected: ConnectedSocket) -> None:
        """An address has answered: the connection stands."""
        peer = connected.address.endpoint
        self.connection = connection = next(self.runtime.connections)
        if self._session is None:
            self.release()
        else:
            self._stage = Operation.HANDSHAKE  # the timeout runs on
        stream = PouringStream(
            self,
            self.engine,
            connected.sock,
            connection,
            peer=peer,
            handler=self._handler(connection),
        )
        self._stream = self.streams[connection] = stream
        self.tell_connected(stream, connected, self._resolve_seconds)
        if self.options.receive_buffer is not None:
            _tell_buffer(self, self.options.receive_buffer, receive_buffer(connected.sock))
        stream.open()
        if self._session is None:
            _begin_to_read(self, stream)

    def _handler(self, connection: int) -> Handler:
        """Return what speaks on the connection: the exchange, with TLS round it if wanted."""
        if self._session is None or self.config.tls is None:
            return self._exchange
        from netlib.activities.tls import client_layer

        return client_layer(self, connection, self._exchange, self._session, self.config.tls)

    def secured(self) -> None:
        """The TLS handshake has succeeded: the time for it is no longer counted."""
        self.release()
        if self._stream is not None:
            _begin_to_read(self, self._stream)

    def _time_out(self) -> None:
        self.fail(timed_out(self._stage, self.config.endpoint, self.config.timeout))

    def release(self) -> None:
        """Give up the attempts that are still under way."""
        if self._timer:
            self._timer.cancel()
        if self._attempts:
            self._attempts.give_up()

    def totals(self) -> Totals:
        """Return what crossed the wire so far; from any thread."""
        stream = self._stream
        if stream is None:
            return Totals(0, 0, 0)
        return Totals(stream.received, stream.sent, stream.handler.messages, len(self.streams))

    def connection_closed(self, connection: int) -> None:
        """The connection is over, and with it this activity."""
        super().connection_closed(connection)
        self.stop()

    # -- HTTP ------------------------------------------------------------------------------------

    def request(self, data: bytes, sink: Sink | None = None, pour: Pour | None = None) -> bool:
        """Send `data` as it stands, and read what comes as the reply to it; from any thread.

        However long it is: a request is sent whole, or not at all. False: not connected.
        """
        stream = self._stream
        if stream is None or not stream.can_write:
            return False
        with self._queueing:
            stream.queued += len(data)
        self.engine.call_soon_threadsafe(stream, self._request, stream, data, sink, pour)
        return True

    def _request(self, stream: Stream, data: bytes, sink: Sink | None, pour: Pour | None) -> None:
        self._exchange.await_reply(data, sink, pour)
        stream.send_queued(data)
        if stream.can_write:
            stream.await_message()


def _tell_buffer(client: Client, asked: int, given: int) -> None:
    client.emit(
        ReceiveBufferSet(
            at=client.engine.now,
            activity=client.activity,
            connection=client.connection,
            asked=asked,
            given=given,
        )
    )


def _begin_to_read(client: Client, stream: Stream) -> None:
    """Let nothing that the peer says be read where a person has paused reading by now."""
    if client.reading_paused and client.pause_reading(stream):
        paused = ReadingPaused(
            at=client.engine.now, activity=client.activity, connection=client.connection
        )
        client.emit(paused)


class _ReplyEvents:
    """What the exchange tells of replies, as events of the client."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def on_reply_head(self, reply: ReplyReader) -> None:
        """Tell status and headers."""
        client = self._client
        client.emit(
            HttpHead(
                at=client.engine.now,
                activity=client.activity,
                connection=client.connection,
                status=reply.status,
                reason=reply.reason,
                version=reply.version,
                headers=tuple(reply.headers),
            )
        )

    def on_reply(self, reply: ReplyReader, body: bytes) -> None:
        """Tell what the reply came to."""
        client = self._client
        client.emit(
            HttpReply(
                at=client.engine.now,
                activity=client.activity,
                connection=client.connection,
                status=reply.status,
                reason=reply.reason,
                version=reply.version,
                headers=tuple(reply.headers),
                body_size=reply.body_size,
                body=body,
                complete=reply.complete,
                error=reply.error or "",
                size=reply.size,
            )
        )
