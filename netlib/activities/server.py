"""Servers: a service (what is said) wired to listening sockets (who is heard)."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeVar

from netlib.activities.base import Activity, Habitat
from netlib.activities.counters import Totals
from netlib.address import LAST_PORT, Endpoint
from netlib.engine.datagram import DatagramSocket
from netlib.engine.listener import Door, Pace
from netlib.engine.loop import guard
from netlib.engine.port_owner import find_holder
from netlib.engine.stream import Link, Stream
from netlib.engine.tcp import Manners
from netlib.errors import Cause, Operation, from_oserror
from netlib.events import Accepted, Crashed, Listening, Refused, Transport
from netlib.services import SERVICES
from netlib.services.base import Options, Service, Session
from netlib.system.sockets import (
    EVERYWHERE,
    LOCAL,
    SocketType,
    bind_udp,
    listen,
    local_endpoint,
    prepare_accepted,
)

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerConfig:
    """What a server shall be. Times in seconds; None: no deadline."""

    service: str
    host: str = LOCAL
    """`localhost`: this computer only; "" or "*": every interface; else one interface's address."""
    port: int
    transport: Transport = Transport.TCP
    read_timeout: float | None = 30.0
    write_timeout: float | None = 10.0
    max_clients: int = 10_000
    max_accepts: int | None = None
    """Connections accepted in any one second; further ones wait in the accept queue."""
    max_line: int = 1 << 20

    def __post_init__(self) -> None:
        """Refuse what cannot work. Raises ValueError."""
        if not 0 <= self.port <= LAST_PORT:
            raise ValueError(f"port {self.port}")
        if self.max_clients < 1 or self.max_line < 1:
            raise ValueError(f"{self.max_clients} clients, {self.max_line} bytes a line")
        if self.max_accepts is not None and self.max_accepts < 1:
            raise ValueError(f"{self.max_accepts} connections a second")
        for seconds in (self.read_timeout, self.write_timeout):
            if seconds is not None and not seconds > 0:
                raise ValueError(f"timeout {seconds} s")

    def make_service(self) -> Service:
        """Return a fresh service of the kind asked for. Raises ValueError: there is none."""
        info = SERVICES.get(self.service)
        if info is None or self.transport not in info.transports:
            raise ValueError(f"{self.service} over {self.transport}")
        return info.factory(Options(now=time.time, max_line=self.max_line))


class Server(Activity):
    """A TCP server: listeners, and a stream with its session per client."""

    def __init__(self, number: int, habitat: Habitat, config: ServerConfig) -> None:
        super().__init__(number, habitat)
        self.config = config
        self.service: Service = config.make_service()
        idle = config.read_timeout if self.service.idle_closes else None
        self.manners = Manners(read_timeout=idle, write_timeout=config.write_timeout)
        self.posts = type(self.service).take_post is not Service.take_post
        self._members: dict[Session, Stream] = {}
        self._floor = threading.RLock()
        """Held by the session that speaks: with several engines, several could."""
        self._delivering = False
        self._spread = False
        """Clients are on several engines: what they hear of each other then waits its turn there,
        so that all of them hear it in one order."""
        self._doors: list[Door] = []
        self.pace = Pace(config.max_accepts)
        self._counting = threading.Lock()
        self._gone = Totals(0, 0, 0)
        """What clients that are no longer here exchanged."""

    def begin(self) -> None:
        """Listen, or say why not."""
        try:
            anywhere = self.config.host in EVERYWHERE
            listeners = listen(self.config.host, self.config.port)
            self._doors = [Door(self, listener, anywhere=anywhere) for listener in listeners]
            local = local_endpoint(listeners[0])
            for door in self._doors:
                door.open()
        except (OSError, UnicodeError) as refusal:
            fail_to_bind(self, refusal)
            return
        emit_listening(self, local)

    def let_go(self) -> None:
        """Accept nobody any more."""
        for door in self._doors:
            door.close()

    # -- newcomers -------------------------------------------------------------------------------

    def admit(self, sock: SocketType, peer: Endpoint, local: Endpoint) -> None:
        """Take a newcomer in, or turn it away. Raises OSError: it was reset while it waited."""
        limit = self.config.max_clients
        if len(self.streams) >= limit:
            sock.close()
            self.emit(Refused(at=self.engine.now, activity=self.id, peer=peer, limit=limit))
            return
        prepare_accepted(sock)
        engine = self.habitat.spare_engine()
        if engine is not self.engine:
            engine.guests += 1
            self._spread = True
        link = Link(next(self.habitat.numbers), peer, self.service.session(peer))
        stream = Stream(self, engine, sock, link)
        self.streams[stream.connection] = stream
        if self.posts:
            self._members[stream.session] = stream
        self.emit(
            Accepted(
                at=self.engine.now,
                activity=self.id,
                connection=stream.connection,
                local=local,
                peer=peer,
            )
        )
        if engine is self.engine:
            guard(stream, stream.open)
        else:
            engine.call(stream.open)

    # -- clients ---------------------------------------------------------------------------------

    def in_turn(self, what: Callable[..., T], *arguments: object) -> T:
        """Let a session speak; alone, where it speaks to others, and deliver what it said."""
        if not self.posts:
            return what(*arguments)
        with self._floor:
            answer = what(*arguments)
            if not self._delivering:
                self._deliver()
            return answer

    def _deliver(self) -> None:
        """Send posts until there are none; a peer dropped meanwhile may cause further ones."""
        self._delivering = True
        try:
            while posts := self.service.take_post():
                for session, data in () if self._stopping else posts:
                    stream = self._members.get(session)
                    if stream is not None:
                        hand_over = stream.engine.call if self._spread else stream.engine.run
                        hand_over(stream.post, data)
        finally:
            self._delivering = False

    def stream_closed(self, stream: Stream) -> None:
        """Keep a gone client's figures."""
        if stream.engine is not self.engine:
            stream.engine.guests -= 1
        self._members.pop(stream.session, None)
        with self._counting:
            self._gone = _plus(self._gone, stream)
            self.streams.pop(stream.connection, None)
        self._finish_if_empty()

    def totals(self) -> Totals:
        """Return what crossed the wire so far; from any thread, each figure exact in itself."""
        with self._counting:
            streams, total = tuple(self.streams.values()), self._gone
        for stream in streams:
            total = _plus(total, stream)
        return total._replace(clients=len(streams))


class UdpServer(Activity):
    """A UDP server: every datagram is answered by the service, or not."""

    def __init__(self, number: int, habitat: Habitat, config: ServerConfig) -> None:
        super().__init__(number, habitat)
        self.config = config
        self.service: Service = config.make_service()
        self.datagram = self.service.datagram
        """What to answer: the service's to say."""
        self._sockets: list[DatagramSocket] = []

    def begin(self) -> None:
        """Bind, or say why not."""
        try:
            socks = bind_udp(self.config.host, self.config.port)
            self._sockets = [DatagramSocket(self, self.engine, sock) for sock in socks]
            local = local_endpoint(socks[0])
            for sock in self._sockets:
                sock.open()
        except (OSError, UnicodeError) as refusal:
            fail_to_bind(self, refusal)
            return
        emit_listening(self, local)

    def let_go(self) -> None:
        """Close the sockets; their figures stay."""
        for sock in self._sockets:
            sock.close()

    def crashed(self, trace: str) -> None:
        """A bug while answering one datagram: show it; the others are still served."""
        self.emit(Crashed(at=self.engine.now, activity=self.id, connection=0, traceback=trace))

    def totals(self) -> Totals:
        """Return what crossed the wire so far; from any thread."""
        drops = [sock.dropped() for sock in self._sockets]
        return Totals(
            received=sum(sock.bytes_in for sock in self._sockets),
            sent=sum(sock.bytes_out for sock in self._sockets),
            messages=sum(sock.received for sock in self._sockets),
            unsent=sum(sock.lost for sock in self._sockets),
            kernel_drops=None if None in drops else sum(filter(None, drops)),
        )


def emit_listening(server: Server | UdpServer, local: Endpoint) -> None:
    """Say where a server listens, as people write it: `0.0.0.0` for every interface."""
    config = server.config
    everywhere = Endpoint("0.0.0.0", local.port)
    server.emit(
        Listening(
            at=server.engine.now,
            activity=server.id,
            local=everywhere if config.host in EVERYWHERE else local,
            transport=config.transport,
            service=config.service,
        )
    )


def fail_to_bind(server: Server | UdpServer, refusal: OSError | UnicodeError) -> None:
    """Say why a server could not begin, and end it."""
    error = from_oserror(Operation.BIND, refusal)

    def tell(holder: str | None) -> None:
        server.fail(replace(error, detail=holder) if holder else error)

    if error.cause is Cause.ADDRESS_IN_USE:
        find_holder(server.engine, server.config.port, server.config.transport, tell)
    else:
        tell(None)


def _plus(total: Totals, stream: Stream) -> Totals:
    return Totals(
        total.received + stream.received,
        total.sent + stream.sent,
        total.messages + stream.session.messages,
    )
