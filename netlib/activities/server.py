"""Servers: a service (what is said) wired to listening sockets (who is heard)."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import partial
from typing import TypeVar

from netlib.activities.base import Runtime, TcpActivity
from netlib.activities.counters import Totals, sum_up
from netlib.activities.serving import ServerConfig, emit_listening, fail_to_bind, reject
from netlib.activities.turns import Turns
from netlib.activities.unfinished import UnfinishedLimit
from netlib.address import Endpoint
from netlib.engine.listener import Listener, RateLimit
from netlib.engine.loop import Engine, guard
from netlib.engine.state import LISTENS
from netlib.engine.stream import Stream
from netlib.engine.tcp import ConnectionOptions, TcpSocket
from netlib.errors import Operation, from_oserror
from netlib.events import Accepted, Named
from netlib.protocols.handler import Handler, innermost
from netlib.services.base import Service
from netlib.system.sockets import (
    VANISHED_SECONDS,
    SocketType,
    give_up_after,
    listen,
    prepare_accepted,
)

T = TypeVar("T")

PACE_SECONDS = 0.02
"""Pause between two turns of clients that flood others, while one of them reads too slowly."""


class Server(TcpActivity):
    """A TCP server: listeners, and a stream with its handler per client."""

    def __init__(self, activity: int, runtime: Runtime, config: ServerConfig) -> None:
        super().__init__(activity, runtime)
        self.config = config
        self.service: Service = config.make_service()
        idle = config.read_timeout if self.service.idle_closes else None
        self.options = ConnectionOptions(
            read_timeout=idle,
            message_timeout=config.read_timeout,
            write_timeout=config.write_timeout,
            receive_buffer=config.receive_buffer,
            receive_size=config.receive_size,
        )
        self.broadcasts = self.service.broadcasts
        self._context = None if config.tls is None else config.tls.make_context()
        self._members: dict[Handler, Stream] = {}
        self._speaking = threading.RLock()
        """Held while a handler is called: with several engines, several could be at once."""
        self._turns = Turns(self.engine, self, self._pace)
        self._delivering = False
        self._announcing = False
        """It is planned when to tell what the service gathers."""
        self._spread = False
        """Clients are on several engines: what they hear of each other then waits its turn there,
        so that all of them hear it in one order."""
        self._unfinished = UnfinishedLimit(config.max_unfinished)
        self.listeners: list[Listener] = []
        self.rate_limit = RateLimit(config.max_accepts)
        self.short_of_files = False
        self._counting = threading.Lock()
        self._gone = Totals(0, 0, 0)
        """What clients that are no longer here exchanged."""

    def open(self) -> None:
        """Listen, or say why not."""
        try:
            config = self.config
            listeners = listen(config.host, config.port, config.receive_buffer, config.backlog)
            patience = config.write_timeout
            if patience is None or patience > VANISHED_SECONDS:
                for sock in listeners:  # who does not read is not dropped before that
                    give_up_after(sock, patience)
            self.listeners = [Listener(self, listener) for listener in listeners]
            for listener in self.listeners:
                listener.open()
        except (OSError, UnicodeError) as refusal:
            fail_to_bind(self, self.config, refusal)
            return
        emit_listening(self, self.config, listeners)
        if self.config.reading_paused or self.config.accepting_paused:
            from netlib.activities.kernel import begin_paused

            begin_paused(self, self.config)

    def release(self) -> None:
        """Accept nothing any more."""
        self.runtime.listening.pop(self.activity, None)
        for listener in self.listeners:
            listener.close()

    # -- accepting -------------------------------------------------------------------------------

    def admit(self, sock: SocketType, peer: Endpoint, local: Endpoint) -> None:
        """Take a connection, or close it at once. Raises OSError: it was reset while it waited."""
        limit = self.config.max_clients
        if len(self.streams) >= limit:
            reject(self, sock, peer, limit)
            return
        prepare_accepted(sock)
        try:
            engine = self.runtime.engine_with_room()
        except OSError as refusal:
            reject(self, sock, peer, 0, from_oserror(Operation.ACCEPT, refusal, peer))
            return
        if engine is not self.engine:
            engine.lent += 1
            self._spread = True
        connection, handler = next(self.runtime.connections), self.service.handler(peer)
        outermost = self._secured(engine, connection, handler)
        stream = Stream(self, engine, sock, connection, peer=peer, handler=outermost)
        self.streams[connection] = stream
        if self.broadcasts:
            self._members[handler] = stream
        at, activity = self.engine.now, self.activity
        self.emit(Accepted(at=at, activity=activity, connection=connection, local=local, peer=peer))
        begin = partial(self.open_paused, stream) if self.reading_paused else stream.open
        if engine is self.engine:
            guard(stream, begin)
        else:
            engine.call_soon_threadsafe(stream, begin)

    def _secured(self, engine: Engine, connection: int, handler: Handler) -> Handler:
        """Return `handler`, with TLS round it if that is wanted."""
        if self._context is None:
            return handler
        from netlib.activities.tls import server_layer

        return server_layer(self, engine, connection, handler, self._context)

    # -- clients ---------------------------------------------------------------------------------

    def exclusive(self, what: Callable[..., T], *arguments: object) -> T:
        """Call a handler's method; where it may reach others: alone, then deliver what it left."""
        if not self.broadcasts:
            return what(*arguments)
        with self._speaking:
            self.service.set_busy(self._turns.busy)
            answer = what(*arguments)
            if not self._delivering:  # else the call below is at it, and will see what was added
                self._deliver()
            return answer

    def _deliver(self) -> None:
        """Send broadcasts until there are none; a peer dropped meanwhile may cause further ones."""
        self._delivering = True
        try:
            for handler, name in self.service.take_names():
                self._tell_name(handler, name)
            while broadcasts := self.service.take_broadcasts():
                self._turns.count(len(broadcasts))
                for handler, data in () if self._stopping else broadcasts:
                    stream = self._members.get(handler)
                    if stream is not None:  # it may have left since this was said
                        hand_over = (
                            stream.engine.call_soon_threadsafe
                            if self._spread
                            else stream.engine.run
                        )
                        hand_over(stream, stream.post, data)
        finally:
            self._delivering = False
        seconds = self.service.gathers
        if seconds is not None and not self._announcing and not self._stopping:
            self._announcing = True
            self.engine.run(self, self.engine.call_later, seconds, self, self._announce)

    def _announce(self) -> None:
        self._announcing = False
        self.exclusive(self.service.announce)

    def wait_turn(self, stream: TcpSocket, proceed: Callable[[], None]) -> None:
        """Call `proceed` when it is a client's turn: who waits longest goes on first."""
        self._turns.wait(stream, proceed)

    def _pace(self) -> float:
        """Return after how many seconds clients may go on: later while somebody falls behind."""
        behind = self.options.room // 2
        members = tuple(self._members.values())
        return PACE_SECONDS if any(one.buffered > behind for one in members) else 0.0

    def hold(self, connection: int, handler: Handler) -> None:
        """Know what a client has begun and not ended; whoever holds too much of it gives up."""
        size, message = handler.unfinished, handler.messages
        for number in self._unfinished.hold(connection, size, message):
            if (stream := self.streams.get(number)) is not None:
                stream.engine.run(stream, self._give_up, stream)

    def _give_up(self, stream: Stream) -> None:
        """Have a client let go of what it holds, and tell it, if that can still be done."""
        give_up = partial(stream.handler.give_up, self._unfinished.limit)
        if stream.state.abilities & LISTENS:
            stream.resume(give_up)
        else:
            self.exclusive(give_up)

    def _tell_name(self, handler: Handler, name: str) -> None:
        stream = self._members.get(handler)
        if stream is not None:
            connection, at = stream.connection, stream.engine.now
            stream.name_peer(name)
            self.emit(Named(at=at, activity=self.activity, connection=connection, name=name))

    def connection_closed(self, connection: int) -> None:
        """Keep a gone client's figures."""
        stream = self.streams[connection]
        if stream.engine is not self.engine:
            stream.engine.lent -= 1
        self.runtime.paused_ends.pop(connection, None)
        if self.broadcasts:
            self._members.pop(innermost(stream.handler), None)
        self._unfinished.forget(connection)
        with self._counting:
            received, sent, messages, *_others = self._gone
            self._gone = Totals(
                received + stream.received,
                sent + stream.sent,
                messages + stream.handler.messages,
            )
            del self.streams[connection]
        self._finish_if_empty()

    def totals(self) -> Totals:
        """Return what crossed the wire so far; from any thread, each figure exact in itself."""
        with self._counting:
            streams, gone = tuple(self.streams.values()), self._gone
        return sum_up(gone, streams)
