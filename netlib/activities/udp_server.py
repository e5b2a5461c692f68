"""UDP servers: a service (what is answered) wired to UDP sockets (who is heard)."""

from __future__ import annotations

from netlib.activities.base import Runtime, UdpActivity
from netlib.activities.counters import Totals
from netlib.activities.serving import ServerConfig, emit_listening, fail_to_bind
from netlib.engine.datagram import DatagramSocket
from netlib.events import Crashed
from netlib.services.base import Service
from netlib.system.sockets import bind_udp


class UdpServer(UdpActivity):
    """A UDP server: every datagram is answered by the service, or not."""

    def __init__(self, activity: int, runtime: Runtime, config: ServerConfig) -> None:
        super().__init__(activity, runtime)
        self.config = config
        self.service: Service = config.make_service()
        self.datagram = self.service.datagram
        """What to answer: the service's to say."""
        self._sockets: list[DatagramSocket] = []

    def open(self) -> None:
        """Bind, or say why not."""
        try:
            socks = bind_udp(self.config.host, self.config.port)
            self._sockets = [DatagramSocket(self, self.engine, sock) for sock in socks]
            for sock in self._sockets:
                sock.open()
        except (OSError, UnicodeError) as refusal:
            fail_to_bind(self, self.config, refusal)
            return
        emit_listening(self, self.config, socks)

    def release(self) -> None:
        """Close the sockets; their figures stay."""
        self.runtime.listening.pop(self.activity, None)
        for sock in self._sockets:
            sock.close()

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
        )
