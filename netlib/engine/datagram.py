"""One UDP socket on the engine: whole datagrams in and out, and what ICMP says about them.

UDP promises nothing. "Connecting" only remembers the peer; a send succeeds though nobody listens;
the ICMP answer, if one comes, makes the *next* call on the socket fail once (Linux errno 111,
Windows WinError 10054, there even on a server's socket). None of this ends the socket.
"""

from __future__ import annotations

import errno
import socket
from collections.abc import Callable
from typing import Final, Protocol

from netlib.address import Endpoint
from netlib.engine.loop import Engine, Pollable
from netlib.engine.records import RECEIVED, SENT
from netlib.engine.tcp import QUEUE_BYTES
from netlib.errors import NetError, Operation, from_oserror
from netlib.events import PortUnreachable, Transport
from netlib.system.poller import READ
from netlib.system.sockets import SockAddr, kernel_drops

DATAGRAMS_PER_TURN = 512
"""How many datagrams one socket may read before the others have their turn."""

PEERS_REMEMBERED: Final = 256
"""Peers of one socket about whom something is kept; who came first is forgotten first. What answers
one may hold a whole datagram of it, so this is memory, too: 16 MB at most."""

FLOWS_REMEMBERED: Final = 4096
"""Peers of one socket that a recording is told of once; then all are told anew."""

LONGEST: Final = 65_536
"""Bytes that are asked for: longer than any datagram."""

Answer = Callable[[bytes, Endpoint], bytes | None]
"""Takes a datagram and its sender; returns what is sent back, or None: nothing."""

_NOBODY_THERE = frozenset({errno.ECONNREFUSED, errno.ECONNRESET, 10054, 10061, 10052})


class DatagramOwner(Protocol):
    """The activity a UDP socket belongs to."""

    activity: int

    def answer_to(self, peer: Endpoint) -> Answer:
        """Return what takes the datagrams of a peer; asked again once the peer was forgotten."""

    def unanswered(self, peer: Endpoint) -> None:
        """Hear that a datagram got no answer."""

    def unreachable(self, event: PortUnreachable) -> None:
        """Hear what ICMP told."""

    def failed(self, error: NetError) -> None:
        """Hear that a datagram could not be sent, or read."""

    def crashed(self, trace: str) -> None:
        """Show a bug."""


class DatagramSocket(Pollable):
    """A non-blocking UDP socket. All methods belong to the engine thread.

    Counters are plain ints written by the engine only, in datagrams and bytes.
    """

    __slots__ = (
        "_dropped",
        "_flows",
        "_peers",
        "bytes_in",
        "bytes_out",
        "dequeued",
        "engine",
        "lost",
        "owner",
        "peer",
        "queued",
        "received",
        "sent",
        "sock",
    )

    def __init__(
        self,
        owner: DatagramOwner,
        engine: Engine,
        sock: socket.socket,
        peer: Endpoint | None = None,
    ) -> None:
        self.owner = owner
        self.engine = engine
        self.sock: socket.socket | None = sock
        self.peer = peer
        """The only peer of a connected socket; None: anybody may send."""
        self.received = self.sent = self.bytes_in = self.bytes_out = 0
        self.lost = 0
        """Datagrams we could not hand to the kernel."""
        self.queued = self.dequeued = 0
        """Bytes the user asked to send (written by the caller), and of them those seen here."""
        self._dropped: int | None = 0
        self._peers: dict[SockAddr, tuple[Endpoint, Answer, int]] = {}
        self._flows: dict[Endpoint | None, int] = {}

    def open(self) -> None:
        """Begin to read. Raises OSError when the engine has no room."""
        assert self.sock is not None
        self.engine.register(self.sock.fileno(), READ, self)
        sockets = self.engine.outbox.sockets
        sockets.opened(self.engine.now, Transport.UDP, self.sock, self.peer)

    def close(self) -> None:
        """Give the socket back, keep its figures; safe to call twice."""
        self._dropped = self.dropped()
        sock, self.sock = self.sock, None
        if sock is not None:
            self.engine.unregister(sock.fileno())
            sock.close()
            self._end_flows()

    def dropped(self) -> int | None:
        """Datagrams the kernel dropped because we were too slow; None: it does not tell."""
        sock = self.sock
        return self._dropped if sock is None else kernel_drops(sock)

    def on_ready(self, mask: int) -> None:  # noqa: C901 - once a datagram: no further calls
        """Read what has arrived, and answer; a bounded number a turn."""
        sock, engine, peers = self.sock, self.engine, self._peers
        assert sock is not None
        receive, put = sock.recvfrom, engine.outbox.put
        for _ in range(DATAGRAMS_PER_TURN):
            try:
                data, address = receive(LONGEST)
            except OSError as refusal:
                if self._nothing_came(refusal):
                    return
                continue
            size = len(data)
            peer, answer, flow = peers.get(address) or self._remember(address)
            self.received += 1
            self.bytes_in += size
            if put:
                put((engine.us, flow | RECEIVED, data))
                engine.put_bytes += size
            reply = answer(data, peer)
            if self.sock is None:
                return
            if reply is None:
                self.owner.unanswered(peer)
                continue
            try:
                sock.sendto(reply, address)
            except OSError:
                self.send(reply, address, peer)
                continue
            self.sent += 1
            self.bytes_out += len(reply)
            if put:
                put((engine.us, flow | SENT, reply))
                engine.put_bytes += len(reply)

    def _nothing_came(self, refusal: OSError) -> bool:
        """Pass on what the system said instead of a datagram; True: read no further this turn."""
        if isinstance(refusal, BlockingIOError):
            return True
        self._told(Operation.RECEIVE, refusal, self.peer)
        return self.sock is None or refusal.errno not in _NOBODY_THERE

    def send(
        self, data: bytes, address: SockAddr | None = None, peer: Endpoint | None = None
    ) -> None:
        """Send one datagram, to `address` or to the socket's only peer."""
        refusal = self._hand_over(data, address)
        peer = peer or self.peer
        if refusal is not None and refusal.errno in _NOBODY_THERE:
            # That was the news about an earlier datagram; this one has not been sent yet.
            self._told(Operation.SEND, refusal, peer)
            refusal = self._hand_over(data, address)
        if refusal is not None:
            self.lost += 1
            if not isinstance(refusal, BlockingIOError):
                self._told(Operation.SEND, refusal, peer)
            return
        self.sent += 1
        self.bytes_out += len(data)
        engine = self.engine
        if put := engine.outbox.put:
            put((engine.us, self._flow(peer) | SENT, data))
            engine.put_bytes += len(data)

    def _hand_over(self, data: bytes, address: SockAddr | None) -> OSError | None:
        """Give the kernel a datagram; return why it did not take it."""
        if self.sock is None:
            return BlockingIOError()
        try:
            if address is None:
                self.sock.send(data)
            else:
                self.sock.sendto(data, address)
        except OSError as refusal:
            return refusal
        return None

    def takes(self, size: int) -> bool:
        """Tell whether the user may queue `size` more bytes; from any thread."""
        return self.sock is not None and self.queued - self.dequeued + size <= QUEUE_BYTES

    def send_queued(self, data: bytes) -> None:
        """Send what the user typed."""
        self.dequeued += len(data)
        self.send(data)

    def _told(self, operation: Operation, refusal: OSError, peer: Endpoint | None) -> None:
        engine, owner = self.engine, self.owner
        if refusal.errno in _NOBODY_THERE:
            owner.unreachable(
                PortUnreachable(at=engine.now, activity=owner.activity, peer=self.peer)
            )
        else:
            owner.failed(from_oserror(operation, refusal, peer, datagram=True))

    def _remember(self, address: SockAddr) -> tuple[Endpoint, Answer, int]:
        peers = self._peers
        if len(peers) >= PEERS_REMEMBERED:
            del peers[next(iter(peers))]
        peer = Endpoint.from_sockaddr(address)
        known = peers[address] = peer, self.owner.answer_to(peer), self._flow(peer)
        return known

    def _flow(self, peer: Endpoint | None) -> int:
        """Return what the codes of a peer's datagrams have above the kind."""
        flow = self._flows.get(peer)
        if flow is None:
            outbox = self.engine.outbox
            if len(self._flows) >= FLOWS_REMEMBERED:
                self._end_flows()
            flow = self._flows[peer] = outbox.begin_flow(self.owner.activity, 0, peer)
        return flow

    def _end_flows(self) -> None:
        """Forget whose datagrams were recorded as what."""
        self._peers.clear()  # they name flows, too
        for flow in self._flows.values():
            self.engine.outbox.end_flow(flow)
        self._flows.clear()

    def crashed(self, trace: str) -> None:
        """A bug of ours while serving a datagram: the activity's to show."""
        self.owner.crashed(trace)
