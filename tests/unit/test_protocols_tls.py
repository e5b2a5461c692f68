"""TLS over memory: two layers that hand each other their bytes, and no socket at all."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from netlib.errors import Cause, NetError, Operation
from netlib.events import CloseReason, Direction
from netlib.protocols.handler import Handler
from netlib.protocols.tls import Secrets, TlsLayer, TlsOptions, TlsSession
from netlib.services.echo import Echo
from tests.certificates import Pair
from tests.samples import THERE, service_options

IN, OUT = Direction


class Owner:
    """Keeps what a layer tells; what is to be done in a thread waits until it is run."""

    def __init__(self) -> None:
        self.plain: list[tuple[Direction, bytes]] = []
        self.secrets: Secrets | None = None
        self.waiting: list[tuple[Callable[[], Any], Callable[[Any], bytes]]] = []

    def record(self, direction: Direction, data: bytes) -> None:
        self.plain.append((direction, data))

    def secured(self, secrets: Secrets) -> None:
        self.secrets = secrets

    def in_thread(self, work: Callable[[], Any], done: Callable[[Any], bytes]) -> None:
        self.waiting.append((work, done))


class Side:
    """A layer and its owner."""

    def __init__(self, inner: Handler, session: TlsSession, *, in_thread: bool = False) -> None:
        self.owner = Owner()
        options = TlsOptions(verifies_in_thread=in_thread)
        self.layer = TlsLayer(inner, session, self.owner, options)

    def take(self, data: bytes) -> bytes:
        """Take ciphertext, run what is to be done in a thread, return the answer."""
        out = self.layer.received(data) if data else b""
        while self.owner.waiting:
            work, done = self.owner.waiting.pop(0)
            out += done(work())
        return out


def exchange(client: Side, server: Side, out: bytes, *, step: int = 1 << 20) -> None:
    """Carry bytes to and fro, in pieces of so many, until both are silent; the client begins."""
    while out:
        back = b"".join(server.take(piece) for piece in _pieces(out, step))
        out = b"".join(client.take(piece) for piece in _pieces(back, step))


def _pieces(data: bytes, step: int) -> Iterator[bytes]:
    return (data[at : at + step] for at in range(0, len(data), step))


@pytest.fixture
def server(good: Pair) -> Side:
    """A server that echoes."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(good.cert, good.key)
    return Side(Echo(service_options()).handler(THERE), TlsSession(context, None))


def client_of(authority: Path, name: str = "localhost", **more: Any) -> Side:
    context = ssl.create_default_context(cafile=str(authority))
    return Side(Handler(), TlsSession(context, name), **more)


@pytest.mark.parametrize("in_thread", [False, True])
@pytest.mark.parametrize("step", [1, 7, 1 << 20])
def test_what_is_said_early_waits_for_the_handshake_and_comes_back_whole(
    authority: Path, server: Side, step: int, in_thread: bool
) -> None:
    client = client_of(authority, in_thread=in_thread)
    hello = client.layer.opened()
    assert client.layer.outgoing("你好\n".encode()) == b""
    assert client.layer.held == 7
    exchange(client, server, hello, step=step)
    assert client.layer.held == 0
    assert client.owner.secrets is not None
    assert client.owner.secrets.name == "localhost"
    assert client.owner.secrets.version == "TLSv1.3"
    heard = b"".join(data for way, data in client.owner.plain if way is IN)
    assert heard == "你好\n".encode()
    assert b"".join(data for way, data in server.owner.plain if way is IN) == heard


def test_plain_text_never_crosses_the_wire(authority: Path, server: Side) -> None:
    client = client_of(authority)
    exchange(client, server, client.layer.opened())
    wire = client.layer.outgoing(b"a secret\n" * 9)
    answer = server.take(wire)
    assert b"secret" not in wire + answer
    client.take(answer)
    assert client.owner.plain == [(OUT, b"a secret\n" * 9), (IN, b"a secret\n" * 9)]


def test_our_last_word_is_close_notify_and_then_nothing_is_missing(
    authority: Path, server: Side
) -> None:
    client = client_of(authority)
    exchange(client, server, client.layer.opened())
    server.take(client.layer.finishing())
    assert server.layer.close_reason is CloseReason.BY_PEER
    server.layer.finished()
    assert server.layer.error is None


def test_fin_without_close_notify_means_that_something_is_missing(
    authority: Path, server: Side
) -> None:
    client = client_of(authority)
    early = client.layer.opened()
    server.layer.finished()
    assert server.layer.error == NetError(Operation.HANDSHAKE, Cause.TLS_TRUNCATED)
    assert server.take(early) == b""  # it has failed: nothing more is said


def test_the_same_after_the_handshake_is_no_failure_of_the_handshake(
    authority: Path, server: Side
) -> None:
    client = client_of(authority)
    exchange(client, server, client.layer.opened())
    server.layer.finished()
    assert server.layer.error == NetError(Operation.RECEIVE, Cause.TLS_TRUNCATED)


def test_a_certificate_for_somebody_else_is_refused_and_the_peer_hears_of_it(
    authority: Path, server: Side
) -> None:
    client = client_of(authority, "example.org")
    exchange(client, server, client.layer.opened())
    assert client.layer.error is not None
    assert client.layer.error.cause is Cause.CERTIFICATE_WRONG_NAME
    assert client.layer.close_reason is CloseReason.FAILED
    assert server.layer.error is not None
    assert server.layer.error.cause is Cause.CERTIFICATE_REJECTED
    assert client.owner.secrets is None


def test_what_is_no_tls_is_named_as_that(server: Side) -> None:
    server.take(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
    assert server.layer.error is not None
    assert server.layer.error.cause is Cause.NOT_TLS
    assert server.owner.plain == []
