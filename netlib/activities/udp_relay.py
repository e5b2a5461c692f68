"""A relay of datagrams: for each client a socket of its own, by which answers find back."""

from __future__ import annotations

import socket
from functools import partial
from typing import Final

from netlib.activities.base import Runtime, UdpResponder
from netlib.activities.counters import Totals
from netlib.activities.impaired_link import Link
from netlib.activities.relay import RelayConfig, begin
from netlib.activities.serving import fail_to_bind
from netlib.activities.udp_client import open_udp
from netlib.address import Endpoint
from netlib.engine.datagram import Answer as AnswerDatagram
from netlib.engine.datagram import DatagramSocket
from netlib.engine.resolver import Address, Answer, Family
from netlib.errors import NetError
from netlib.events import PortUnreachable
from netlib.system.sockets import address_for, bind_udp

MOST_CLIENTS: Final = 64
"""Clients that are remembered; who was silent longest is forgotten first."""


class UdpRelay(UdpResponder):
    """A relay of datagrams: each is lost, delayed, doubled or overtaken by itself."""

    def __init__(self, activity: int, runtime: Runtime, config: RelayConfig) -> None:
        super().__init__(activity, runtime)
        self.config = config
        self.link = Link(self.engine, self, config.transport, config.seed)
        self._fronts: list[_Front] = []

    def open(self) -> None:
        """Look the server up, then bind."""
        self.resolve(self.config.endpoint, socket.SOCK_DGRAM, Family.ANY, self._on_answer)

    def _on_answer(self, answer: Answer, seconds: float) -> None:
        if isinstance(answer, NetError):
            self.fail(answer)
            return
        try:
            socks = bind_udp(self.config.host, self.config.port)
            self._fronts = [_Front(self, sock, answer[0]) for sock in socks]
            for front in self._fronts:
                front.socket.open()
        except (OSError, UnicodeError) as refusal:
            fail_to_bind(self, self.config, refusal)
            return
        begin(self, self.config, self.link, socks, answer)

    def release(self) -> None:
        """Close all sockets, and let nothing arrive; nobody is told: UDP has no FIN."""
        self.runtime.listening.pop(self.activity, None)
        self.link.close()
        for front in self._fronts:
            front.close()

    def totals(self) -> Totals:
        """Return what was exchanged with clients so far; from any thread."""
        socks = [front.socket for front in self._fronts]
        drops = [sock.dropped() for sock in socks]
        return Totals(
            received=sum(sock.bytes_in for sock in socks),
            sent=sum(sock.bytes_out for sock in socks),
            messages=sum(sock.received for sock in socks),
            unsent=sum(sock.lost for sock in socks),
            kernel_drops=None if None in drops else sum(filter(None, drops)),
        )


class _Front:
    """Where clients send to: one of the addresses at which the relay listens."""

    def __init__(self, relay: UdpRelay, sock: socket.socket, server: Address) -> None:
        self.activity = relay.activity
        self.socket = DatagramSocket(self, relay.engine, sock)
        self._relay, self._server = relay, server
        self._clients: dict[Endpoint, _Client] = {}
        """In the order in which they were last heard."""

    def answer_to(self, peer: Endpoint) -> AnswerDatagram:
        """Return what takes the datagrams of a client."""
        return self._take

    def _take(self, data: bytes, peer: Endpoint) -> None:
        client = self._clients.pop(peer, None) or self._new_client(peer)
        if client is not None:
            self._clients[peer] = client
            self._relay.link.up.add(len(data), partial(client.socket.send, data))

    def _new_client(self, peer: Endpoint) -> _Client | None:
        """Return a client's way to the server; None: there can be none."""
        if len(self._clients) >= MOST_CLIENTS:
            self._clients.pop(next(iter(self._clients))).socket.close()
        client = _Client(self._relay, self, peer)
        opened = open_udp(client, self._relay.engine, self._server)
        if isinstance(opened, NetError):
            self._relay.failed(opened)
            return None
        client.socket = opened
        return client

    def unanswered(self, peer: Endpoint) -> None:
        """Hear that a datagram got no answer at once: none ever does."""

    def unreachable(self, event: PortUnreachable) -> None:
        """Pass on what ICMP told."""
        self._relay.unreachable(event)

    def failed(self, error: NetError) -> None:
        """Pass on why a datagram could not be sent, or read."""
        self._relay.failed(error)

    def crashed(self, trace: str) -> None:
        """A bug of ours: the relay's to show."""
        self._relay.crashed(trace)

    def close(self) -> None:
        """Close its socket, and those of its clients."""
        self.socket.close()
        for client in self._clients.values():
            client.socket.close()


class _Client:
    """A client's way to the server, and the server's back to it."""

    socket: DatagramSocket

    def __init__(self, relay: UdpRelay, front: _Front, peer: Endpoint) -> None:
        self.activity = relay.activity
        self._relay, self._front, self._peer = relay, front, peer
        assert front.socket.sock is not None
        self._sockaddr = address_for(front.socket.sock, peer)

    def answer_to(self, peer: Endpoint) -> AnswerDatagram:
        """Return what takes the datagrams of the server."""
        return self._take

    def _take(self, data: bytes, peer: Endpoint) -> None:
        send = partial(self._front.socket.send, data, self._sockaddr, self._peer)
        self._relay.link.down.add(len(data), send)

    def unanswered(self, peer: Endpoint) -> None:
        """Hear that a datagram got no answer at once: none ever does."""

    def unreachable(self, event: PortUnreachable) -> None:
        """Pass on what ICMP told: nobody is there."""
        self._relay.unreachable(event)

    def failed(self, error: NetError) -> None:
        """Pass on why a datagram could not be sent, or read."""
        self._relay.failed(error)

    def crashed(self, trace: str) -> None:
        """A bug of ours: the relay's to show."""
        self._relay.crashed(trace)
