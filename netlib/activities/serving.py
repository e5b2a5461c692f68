"""What TCP and UDP servers share: what they are asked to be, and where they say they listen."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Protocol

from netlib.activities.base import Activity, Runtime, check_receive_buffer
from netlib.address import LAST_PORT, Endpoint
from netlib.errors import PORT_TAKEN, NetError, Operation, from_oserror
from netlib.events import Listening, ReceiveBufferSet, Rejected, Transport
from netlib.services import SERVICES
from netlib.services.base import LOSS, SEED, Options, Service
from netlib.system.clock import wall_clock
from netlib.system.port_owner import port_owner
from netlib.system.sockets import (
    EVERYWHERE,
    LOCAL,
    WILDCARDS,
    SocketType,
    host_name,
    is_dual_stack,
    local_endpoint,
    receive_buffer,
)
from netlib.value import replace, value

if TYPE_CHECKING:
    from netlib.activities.tls import ServerTls

_LOOPBACK = ("127.0.0.1", "::1")

LONGEST_OFFSET = 1e10
"""Seconds that a clock may be told to be wrong: three centuries."""

OWNER_SECONDS = 5.0
"""How long the news that a port is taken waits for the name of the program that has it: on a busy
machine with many programs the search takes seconds."""


@value(kw_only=True)
class ServerConfig:
    """What a server shall be. Times in seconds; None: no deadline."""

    service: str
    host: str = LOCAL
    """`localhost`: this computer only; "" or "*": every interface; else one interface's address,
    0.0.0.0 every one over IPv4 only."""
    port: int
    transport: Transport = Transport.TCP
    read_timeout: float | None = 30.0
    write_timeout: float | None = 10.0
    max_clients: int = 10_000
    max_accepts: int | None = None
    """Connections accepted in any one second; further ones wait in the accept queue."""
    max_line: int | None = None
    """Bytes allowed in one line; None: what is usual for the service."""
    max_unfinished: int = 128 << 20
    """Bytes of memory that all clients together may hold in messages begun and not ended; beyond it
    whoever holds most is told why and closed."""
    receive_buffer: int | None = None
    """SO_RCVBUF of each connection in bytes, over UDP of the server; None: as the system sees fit,
    over UDP much."""
    receive_size: int | None = None
    """Bytes that each receive asks for, over TCP; None: many."""
    backlog: int | None = None
    """Connections that wait to be accepted; None: as many as the system has room for."""
    reading_paused: bool = False
    accepting_paused: bool = False
    """It begins so, until `Kernel` resumes it."""
    clock_offset: float = 0.0
    """Seconds that the service's clock is ahead of the computer's; behind: negative."""
    loss: float = LOSS
    seed: int = SEED
    """Of a service that loses datagrams, or leaves something else to chance: see `Options`."""
    tls: ServerTls | None = None
    """None: what is said crosses the wire as it is."""

    def __post_init__(self) -> None:
        """Refuse what cannot work. Raises ValueError."""
        if not 0 <= self.port <= LAST_PORT:
            raise ValueError(f"port {self.port}")
        if self.max_clients < 1 or (self.max_line is not None and self.max_line < 1):
            raise ValueError(f"{self.max_clients} clients, {self.max_line} bytes a line")
        if self.max_unfinished < 1:
            raise ValueError(f"{self.max_unfinished} bytes unfinished")
        if self.max_accepts is not None and self.max_accepts < 1:
            raise ValueError(f"{self.max_accepts} connections a second")
        for seconds in (self.read_timeout, self.write_timeout):
            if seconds is not None and not seconds > 0:
                raise ValueError(f"timeout {seconds} s")
        _check_settings(self)
        check_receive_buffer(self.receive_buffer)
        of_tcp = (self.tls, self.backlog, self.accepting_paused)
        if self.transport is not Transport.TCP and of_tcp != (None, None, False):
            raise ValueError("TLS, or connections that wait to be accepted, over UDP")

    def make_service(self) -> Service:
        """Return a fresh service of the kind asked for. Raises ValueError: there is none."""
        info = SERVICES.get(self.service)
        if info is None or self.transport not in info.transports:
            raise ValueError(f"{self.service} over {self.transport}")
        line = self.max_line or info.max_line
        ahead, now = self.clock_offset, wall_clock.now
        return info.make(
            Options(
                now=(lambda: now() + ahead) if ahead else now,
                max_line=line,
                host_name=host_name(),
                loss=self.loss,
                seed=self.seed,
            )
        )


def _check_settings(config: ServerConfig) -> None:
    """Refuse what no service can be set to. Raises ValueError."""
    if not (0 <= config.loss <= 1 and abs(config.clock_offset) <= LONGEST_OFFSET):
        raise ValueError(f"loss {config.loss}, clock {config.clock_offset} s ahead")
    if config.backlog is not None and config.backlog < 1:
        raise ValueError(f"{config.backlog} connections that wait to be accepted")
    size = config.receive_size
    if size is not None and (size < 1 or config.transport is not Transport.TCP):
        raise ValueError(f"receives of {size} bytes over {config.transport}")


class ListenConfig(Protocol):
    """Where somebody shall listen, and as what."""

    @property
    def service(self) -> str:
        """What listens there."""

    @property
    def host(self) -> str:
        """As in `ServerConfig`."""

    @property
    def port(self) -> int:
        """0: one that is free."""

    @property
    def transport(self) -> Transport:
        """TCP or UDP."""

    @property
    def receive_buffer(self) -> int | None:
        """SO_RCVBUF that was asked for in bytes."""


def emit_listening(server: Activity, config: ListenConfig, socks: Sequence[SocketType]) -> None:
    """Say where a server listens, as its sockets have it."""
    first, *others = socks
    listening = Listening(
        at=server.engine.now,
        activity=server.activity,
        local=local_endpoint(first),
        transport=config.transport,
        service=config.service,
        dual_stack=is_dual_stack(first),
        also=tuple(map(local_endpoint, others)),
    )
    server.runtime.listening[server.activity] = listening
    server.emit(listening)
    if config.receive_buffer is not None:
        server.emit(
            ReceiveBufferSet(
                at=server.engine.now,
                activity=server.activity,
                connection=0,
                asked=config.receive_buffer,
                given=receive_buffer(first),
            )
        )


def reject(
    server: Activity, sock: SocketType, peer: Endpoint, limit: int, error: NetError | None = None
) -> None:
    """Close a new connection at once, and say so: see `Rejected`."""
    sock.close()
    at, activity = server.engine.now, server.activity
    server.emit(Rejected(at=at, activity=activity, peer=peer, limit=limit, error=error))


def fail_to_bind(server: Activity, config: ListenConfig, refusal: OSError | UnicodeError) -> None:
    """Say why a server could not begin, and end it; who has the port, if that is known in time."""
    error = from_oserror(Operation.BIND, refusal, Endpoint(config.host or "*", config.port))
    if error.cause not in PORT_TAKEN:
        server.fail(error)
        return
    if service := _own_server(server.runtime, config):
        server.fail(replace(error, service=service))
        return
    # `fail` is silent the second time: whoever comes first tells, the owner's name or the timer.
    server.engine.call_later(OWNER_SECONDS, server, lambda: server.fail(error))
    server.engine.in_thread(
        server,
        partial(port_owner, config.port, config.transport),
        lambda owner: server.fail(replace(error, detail=owner) if owner else error),
    )


def _own_server(runtime: Runtime, config: ListenConfig) -> str:
    """Return the service of this program that is in the way of `config`; empty: there is none."""
    wanted = _LOOPBACK if config.host == LOCAL else (config.host,)
    anywhere = config.host in EVERYWHERE
    for other in runtime.listening.values():
        places = [place for place in (other.local, *other.also) if place.port == config.port]
        overlap = [place for place in places if anywhere or place.host in (*wanted, *WILDCARDS)]
        if overlap and other.transport is config.transport:
            return other.service
    return ""
