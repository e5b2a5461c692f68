"""The UDP client: a socket with one peer, which promises nothing."""

from __future__ import annotations

import socket
import threading
import time

from netlib.activities.base import Activity, Runtime
from netlib.activities.client import ClientConfig
from netlib.activities.counters import Totals
from netlib.address import Endpoint
from netlib.engine.datagram import DatagramOwner, DatagramSocket
from netlib.engine.loop import Engine, Timer
from netlib.engine.resolver import Address, Answer, look_up, look_up_numeric
from netlib.errors import Cause, NetError, Operation, from_oserror
from netlib.events import Connected, Transport
from netlib.i18n import _
from netlib.system.sockets import UDP_LIMIT, local_endpoint, udp_socket

QUEUE_BYTES = 1 << 20
"""Bytes a user may have waiting in the socket's queue; beyond it `send` says no."""


class UdpClient(Activity):
    """A UDP socket with one peer. "Connected" here means: the peer is remembered, nothing sent."""

    def __init__(self, number: int, runtime: Runtime, config: ClientConfig) -> None:
        super().__init__(number, runtime)
        self.config = config
        self.socket: DatagramSocket | None = None
        self._asking = threading.Lock()
        self._asked = 0
        self._begun = 0.0
        self._timer: Timer | None = None

    def open(self) -> None:
        """Look the name up, then remember the peer."""
        self._begun = time.monotonic()
        self._timer = self.engine.call_later(self.config.timeout, self._time_out)
        endpoint, family = self.config.endpoint, self.config.family
        numeric = look_up_numeric(endpoint, socket.SOCK_DGRAM, family)
        if numeric is not None:
            self._on_answer(numeric)
        else:
            look_up(self.engine, endpoint, socket.SOCK_DGRAM, family, self._on_answer)

    def _on_answer(self, answer: Answer) -> None:
        if self._stopping:
            return
        if self._timer:
            self._timer.cancel()
        resolved = time.monotonic()
        opened = answer if isinstance(answer, NetError) else open_udp(self, self.engine, answer[0])
        if isinstance(opened, NetError):
            self.fail(opened)
            return
        assert opened.sock is not None
        assert opened.peer is not None
        self.socket = opened
        self.emit(
            Connected(
                at=self.engine.now,
                activity=self.id,
                connection=0,
                transport=Transport.UDP,
                local=local_endpoint(opened.sock),
                peer=opened.peer,
                resolve_seconds=resolved - self._begun,
                connect_seconds=time.monotonic() - resolved,
            )
        )

    def send(self, data: bytes) -> bool:
        """Queue one datagram; from any thread. False: no socket, or too much waits already.

        Raises ValueError for a datagram longer than UDP allows.
        """
        if len(data) > UDP_LIMIT:
            sentence = _("A datagram carries at most %(limit)d bytes; this one has %(size)d.")
            raise ValueError(sentence % {"limit": UDP_LIMIT, "size": len(data)})
        sock = self.socket
        if sock is None or sock.sock is None:
            return False
        with self._asking:
            if self._asked - sock.dequeued + len(data) > QUEUE_BYTES:
                return False
            self._asked += len(data)
        self.engine.call_soon_threadsafe(sock.send_queued, data)
        return True

    def datagram(self, data: bytes, peer: Endpoint) -> bytes | None:
        """Receive one; no answer."""
        return None

    def release(self) -> None:
        """Close the socket. Nobody is told: UDP has no goodbye."""
        if self._timer:
            self._timer.cancel()
        if self.socket is not None:
            self.socket.close()

    def totals(self) -> Totals:
        """Return what crossed the wire so far; from any thread."""
        sock = self.socket
        if sock is None:
            return Totals(0, 0, 0)
        return Totals(sock.bytes_in, sock.bytes_out, sock.received, 0, sock.lost, sock.dropped())

    def _time_out(self) -> None:
        self.fail(NetError(Operation.RESOLVE, Cause.TIMED_OUT))


def open_udp(owner: DatagramOwner, engine: Engine, address: Address) -> DatagramSocket | NetError:
    """Return a UDP socket, open, whose only peer is `address`; or why there is none."""
    sock = None
    try:
        sock = udp_socket(address.family)
        sock.connect(address.sockaddr)
        opened = DatagramSocket(owner, engine, sock, address.endpoint)
        opened.open()
    except OSError as refusal:
        if sock is not None:
            sock.close()
        return from_oserror(Operation.CONNECT, refusal)
    return opened
