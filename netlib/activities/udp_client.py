"""The UDP client: a socket with one peer, which promises nothing."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

from netlib.activities.base import Runtime, UdpActivity, queue
from netlib.activities.counters import Totals
from netlib.address import Endpoint
from netlib.engine.datagram import DatagramOwner, DatagramSocket
from netlib.engine.loop import Engine, Timer
from netlib.engine.resolver import Address, Answer
from netlib.errors import NetError, Operation, from_oserror, timed_out
from netlib.events import Connected, Transport
from netlib.i18n import _
from netlib.system.clock import now
from netlib.system.sockets import local_endpoint, udp_limit, udp_socket

if TYPE_CHECKING:
    from netlib.activities.client import ClientConfig


class UdpClient(UdpActivity):
    """A UDP socket with one peer. "Connected" here means: the peer is remembered, nothing sent."""

    def __init__(self, activity: int, runtime: Runtime, config: ClientConfig) -> None:
        super().__init__(activity, runtime)
        self.config = config
        self.socket: DatagramSocket | None = None
        self._timer: Timer | None = None

    def open(self) -> None:
        """Look the name up, then remember the peer."""
        self._timer = self.engine.call_later(self.config.timeout, self, self._time_out)
        config = self.config
        self.resolve(config.endpoint, socket.SOCK_DGRAM, config.family, self._on_answer)

    def _on_answer(self, answer: Answer, seconds: float) -> None:
        if self._timer:
            self._timer.cancel()
        begun = now()
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
                activity=self.activity,
                connection=0,
                transport=Transport.UDP,
                local=local_endpoint(opened.sock),
                peer=opened.peer,
                resolve_seconds=seconds,
                connect_seconds=now() - begun,
            )
        )

    def send(self, data: bytes, connection: int | None = None) -> bool:
        """Queue one datagram; from any thread. ValueError: see `check_datagram`."""
        sock = self.socket
        check_datagram(data, self.config.endpoint if sock is None else sock.peer)
        return queue(data, [] if sock is None else [sock], self._queueing)

    def release(self) -> None:
        """Close the socket. Nobody is told: UDP has no FIN."""
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
        self.fail(timed_out(Operation.RESOLVE, self.config.endpoint, self.config.timeout))


def check_datagram(data: bytes, peer: Endpoint | None) -> None:
    """Refuse what no datagram to `peer` can carry. Raises ValueError with a sentence."""
    limit = udp_limit("" if peer is None else peer.host)
    if len(data) > limit:
        sentence = _("{size:,} bytes: a UDP datagram carries at most {limit:,}.")
        raise ValueError(sentence.format(limit=limit, size=len(data)))


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
        return from_oserror(Operation.CONNECT, refusal, address.endpoint, datagram=True)
    return opened
