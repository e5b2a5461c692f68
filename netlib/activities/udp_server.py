"""UDP servers: a service (what is answered) wired to UDP sockets (who is heard).

Whoever answers any datagram can be set on another such server, or on itself, by one datagram with a
forged source; the two would answer each other for ever. So nobody is answered who is likely to be
a server, and the services do not answer what is an answer.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from netlib.activities.base import TELL_SECONDS, Runtime, UdpResponder
from netlib.activities.counters import Totals
from netlib.activities.serving import ServerConfig, emit_listening, fail_to_bind
from netlib.address import Endpoint
from netlib.engine.datagram import DatagramSocket
from netlib.engine.loop import Timer
from netlib.engine.pausing import pause_datagrams, resume_datagrams
from netlib.errors import NetError, Operation
from netlib.events import Crashed, ReadingPaused, ReadingResumed, Unanswered
from netlib.services import SERVICES
from netlib.services.base import Service
from netlib.silence import Silence
from netlib.system.sockets import bind_udp, is_own_address, local_endpoint

WELL_KNOWN: Final = range(1024)
"""Ports of standard servers, which answer like ours (RFC 6335, section 6: system ports)."""
OUR_PORTS: Final = frozenset(info.default_port for info in SERVICES.values())


class UdpServer(UdpResponder):
    """A UDP server: every datagram is answered by the service, or not."""

    def __init__(self, activity: int, runtime: Runtime, config: ServerConfig) -> None:
        super().__init__(activity, runtime)
        self.config = config
        self.service: Service = config.make_service()
        self._sockets: list[DatagramSocket] = []
        self._port = config.port
        self._reading_paused = False
        self._unanswered = self._told = 0
        """Datagrams that got no answer, and of them those that an event has told."""
        self._last_unanswered: tuple[Endpoint, Silence | None] | None = None
        """Who sent it; why it got no answer, where that is not seen by the peer."""
        self._tells_later: Timer | None = None

    def open(self) -> None:
        """Bind, or say why not."""
        try:
            socks = bind_udp(self.config.host, self.config.port, self.config.receive_buffer)
            self._sockets = [DatagramSocket(self, self.engine, sock) for sock in socks]
            for sock in self._sockets:
                sock.open()
        except (OSError, UnicodeError) as refusal:
            fail_to_bind(self, self.config, refusal)
            return
        self._port = local_endpoint(socks[0]).port
        emit_listening(self, self.config, socks)
        if self.config.reading_paused:
            self.set_reading(paused=True)

    def set_reading(self, *, paused: bool) -> None:
        """Read nothing, or read again; on the engine."""
        if paused is self._reading_paused:
            return
        self._reading_paused = paused
        for sock in self._sockets:
            (pause_datagrams if paused else resume_datagrams)(sock)
        kind = ReadingPaused if paused else ReadingResumed
        self.emit(kind(at=self.engine.now, activity=self.activity, connection=0))

    def release(self) -> None:
        """Close the sockets; their figures stay."""
        self.runtime.listening.pop(self.activity, None)
        for sock in self._sockets:
            sock.close()
        if self._tells_later is not None:
            self._tells_later.cancel()
            self._tell()

    def answer_to(self, peer: Endpoint) -> Callable[[bytes, Endpoint], bytes | None]:
        """Return what answers the datagrams of a peer: the service, or nobody."""
        return self.service.answer_to(peer) if self._silence(peer) is None else self.datagram

    def _silence(self, peer: Endpoint) -> Silence | None:
        """Return why nothing is answered to a peer: it can have no answer, or seems a server."""
        port = peer.port
        if not port:
            return Silence.NO_PORT
        if self.service.answers_queries_only:
            return None
        own = port == self._port and is_own_address(peer.host)
        return Silence.LOOP if own or port in WELL_KNOWN or port in OUR_PORTS else None

    def unanswered(self, peer: Endpoint) -> None:
        """Count a datagram that got no answer; tell of the first at once."""
        self._unanswered += 1
        self._last_unanswered = peer, None
        if self._tells_later is None:
            self._tell()

    def failed(self, error: NetError) -> None:
        """An answer could not be sent: of the first it is told why, those after it are counted."""
        super().failed(error)
        if error.operation is Operation.SEND and error.endpoint is not None:
            self._unanswered += 1
            self._last_unanswered = error.endpoint, Silence.NOT_SENT
            if self._tells_later is None:
                self._told += 1
                self._tell_later()

    def _tell(self) -> None:
        """Tell how many datagrams got no answer since this was told, if there are any."""
        self._tells_later = None
        count = self._unanswered - self._told
        if not count or self._last_unanswered is None:
            return
        self._told = self._unanswered
        peer, known = self._last_unanswered
        why = known or self._silence(peer) or self.service.silence
        at, activity = self.engine.now, self.activity
        self.emit(Unanswered(at=at, activity=activity, peer=peer, count=count, why=why))
        self._tell_later()

    def _tell_later(self) -> None:
        if not self._stopping:
            self._tells_later = self.engine.call_later(TELL_SECONDS, self, self._tell)

    def crashed(self, trace: str) -> None:
        """A bug while answering one datagram: show it; the others are still served."""
        self.emit(
            Crashed(at=self.engine.now, activity=self.activity, connection=0, traceback=trace)
        )

    def totals(self) -> Totals:
        """Return what crossed the wire so far; from any thread."""
        drops = [sock.dropped() for sock in self._sockets]
        return Totals(
            received=sum(sock.bytes_in for sock in self._sockets),
            sent=sum(sock.bytes_out for sock in self._sockets),
            messages=sum(sock.received for sock in self._sockets),
            unsent=sum(sock.lost for sock in self._sockets),
            kernel_drops=None if None in drops else sum(filter(None, drops)),
            unanswered=self._unanswered,
        )
