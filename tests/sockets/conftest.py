"""A network under observation, and plain blocking peers for it."""

from __future__ import annotations

import os
import socket
import struct
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeVar

import pytest

from netlib.activities.client import ClientConfig
from netlib.activities.counters import ClientRow
from netlib.activities.serving import ServerConfig
from netlib.address import Endpoint
from netlib.engine.outbox import NEVER
from netlib.engine.records import Item, Items, Record
from netlib.engine.resolver import Family
from netlib.engine.tcp import ConnectionOptions
from netlib.events import Chunk, Connected, Direction, Event, Listening, Transport
from netlib.network import Network
from tests.helpers import wait_until

HOST = "127.0.0.1"
SECONDS = 10.0
"""How long anything may take on a busy machine before it counts as not happening."""

PREFIX = "已接收: ".encode()

E = TypeVar("E", bound=Event)


class Events:
    """A recorder that keeps everything, and can be waited on."""

    due = NEVER
    keep = staticmethod(bytes)

    def __init__(self) -> None:
        self.items: list[Item] = []
        self._read = Items()

    def put(self, record: Record) -> None:
        if (item := self._read.item(record)) is not None:
            self.items.append(item)

    def end_turn(self, size: int) -> bool:
        return False

    def full(self) -> bool:
        return False

    def wait_for_room(self, seconds: float) -> None:
        raise AssertionError("never full")

    def of(self, kind: type[E], **wanted: object) -> list[E]:
        """Return the events of one kind whose fields are as wanted."""
        return [
            item
            for item in tuple(self.items)
            if isinstance(item, kind)
            if all(getattr(item, name) == value for name, value in wanted.items())
        ]

    def wait_for(self, kind: type[E], timeout: float = SECONDS, **wanted: object) -> E:
        """Return the first such event as soon as there is one."""
        try:
            wait_until(lambda: self.of(kind, **wanted), timeout, f"{kind.__name__} {wanted}")
        except AssertionError as late:
            late.add_note(f"the last that happened: {self.items[-5:]}")
            raise
        return self.of(kind, **wanted)[0]

    def data(self, direction: Direction, activity: int) -> bytes:
        """Return what an activity has received or sent."""
        chunks = [item for item in tuple(self.items) if isinstance(item, Chunk)]
        return b"".join(
            one.data for one in chunks if one.direction is direction and one.activity == activity
        )


@pytest.fixture
def events() -> Events:
    return Events()


@pytest.fixture
def network(events: Events) -> Iterator[Network]:
    """A network whose end leaves no thread behind; sockets are counted for every test."""
    network = Network(events)
    yield network
    assert network.close(timeout=5.0)


@dataclass
class Served:
    """A server that listens."""

    number: int
    port: int


def serve(
    network: Network,
    events: Events,
    service: str = "acknowledge",
    *,
    host: str = HOST,
    port: int = 0,
    udp: bool = False,
    read_timeout: float | None = 30.0,
    write_timeout: float | None = 10.0,
    max_clients: int = 10_000,
    max_accepts: int | None = None,
    max_line: int | None = None,
    max_unfinished: int = 128 << 20,
) -> Served:
    """Start a server, on a free port unless one is named, and wait until it listens."""
    config = ServerConfig(
        service=service,
        host=host,
        port=port,
        transport=Transport.UDP if udp else Transport.TCP,
        read_timeout=read_timeout,
        write_timeout=write_timeout,
        max_clients=max_clients,
        max_accepts=max_accepts,
        max_line=max_line,
        max_unfinished=max_unfinished,
    )
    number = network.serve(config)
    return Served(number, events.wait_for(Listening, activity=number).local.port)


def rows(network: Network, server: int) -> list[ClientRow]:
    """Return the clients of a server as they are now."""
    return [*network.clients(server).values()]


def dial(port: int, host: str = HOST) -> socket.socket:
    return socket.create_connection((host, port), timeout=SECONDS)


def listener(backlog: int = 16) -> socket.socket:
    """Return a peer's listening socket, not a server of ours."""
    sock = socket.create_server((HOST, 0), backlog=backlog)
    sock.settimeout(SECONDS)
    return sock


def accept(listening: socket.socket) -> socket.socket:
    sock, _ = listening.accept()
    sock.settimeout(SECONDS)
    return sock


def port_of(sock: socket.socket) -> int:
    return int(sock.getsockname()[1])


def udp_peer(port: int, host: str = HOST) -> socket.socket:
    sock = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_DGRAM)
    sock.settimeout(SECONDS)
    sock.connect((host, port))
    return sock


def read(sock: socket.socket, size: int) -> bytes:
    """Read exactly `size` bytes, or what came before FIN."""
    parts = []
    while size and (part := sock.recv(min(size, 1 << 20))):
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


def read_to_end(sock: socket.socket) -> bytes:
    """Read until FIN; a reset raises ConnectionResetError."""
    return read(sock, 1 << 40)


def reset(sock: socket.socket) -> None:
    """End a connection with a real RST."""
    form = "HH" if os.name == "nt" else "ii"
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack(form, 1, 0))
    sock.close()


OPEN = ConnectionOptions(duplex=True, stays_open=True)


def call(
    network: Network,
    port: int,
    host: str = HOST,
    *,
    timeout: float = 5.0,
    family: Family = Family.ANY,
    options: ConnectionOptions = OPEN,
    transport: Transport = Transport.TCP,
) -> int:
    config = ClientConfig(
        endpoint=Endpoint(host, port),
        transport=transport,
        timeout=timeout,
        family=family,
        options=options,
    )
    return network.connect(config)


def udp_client(network: Network, events: Events, port: int, host: str = HOST) -> int:
    """Open a UDP socket of ours whose only peer is there."""
    config = ClientConfig(endpoint=Endpoint(host, port), transport=Transport.UDP)
    number = network.connect(config)
    events.wait_for(Connected, activity=number)
    return number


@contextmanager
def talk(
    network: Network, events: Events, options: ConnectionOptions = OPEN
) -> Iterator[tuple[int, socket.socket]]:
    """Connect to a plain peer; give the activity and the peer's end."""
    with listener() as listening:
        number = call(network, port_of(listening), options=options)
        with accept(listening) as peer:
            events.wait_for(Connected, activity=number)
            yield number, peer


def on_engine(network: Network, what: Callable[[], object]) -> None:
    """Have the network's first thread do something soon."""
    network._engines.home.call_soon_threadsafe(None, what)


def settle(network: Network) -> None:
    """Return when the engine has done all it was told."""
    done = threading.Event()
    on_engine(network, done.set)
    assert done.wait(SECONDS)


@contextmanager
def held_up(network: Network) -> Iterator[None]:
    """Keep the engine busy with something else."""
    held, go_on = threading.Event(), threading.Event()

    def hold() -> None:
        held.set()
        go_on.wait()

    on_engine(network, hold)  # one command: between two the engine could look at its sockets
    assert held.wait(SECONDS)
    try:
        yield
    finally:
        go_on.set()


def is_root() -> bool:
    """Tell whether we may do everything here."""
    return sys.platform != "win32" and os.geteuid() == 0


def unshared(kind: str) -> list[str]:
    """Return what runs a program in a namespace of its own: "n" for network, "m" for mounts."""
    mounts = ["--propagation", "unchanged"] if "m" in kind else []  # works in a chroot, too
    return ["unshare", *mounts, f"-{kind}" if is_root() else f"-Ur{kind}"]
