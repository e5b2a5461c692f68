"""TLS as a server: openssl and Python verify us; what is no TLS, and who does not trust us."""

from __future__ import annotations

import errno
import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from netlib.activities.serving import ServerConfig
from netlib.activities.tls import ClientTls, ServerTls
from netlib.errors import Cause, Operation
from netlib.events import Chunk, Closed, CloseReason, Listening, Secured, WireChunk
from netlib.network import CloseMode, Network
from tests.certificates import Pair
from tests.helpers import wait_until
from tests.peers import program
from tests.sockets.conftest import HOST, PREFIX, SECONDS, Events
from tests.sockets.test_activities_tls import GET, IN, LINE, OUT, plain


def serve(network: Network, events: Events, pair: Pair, service: str = "acknowledge") -> int:
    tls = ServerTls(cert_file=pair.cert, key_file=pair.key)
    number = network.serve(ServerConfig(service=service, host=HOST, port=0, tls=tls))
    return events.wait_for(Listening, activity=number).local.port


def _s_client(port: int) -> list[str]:
    return [program("openssl"), "s_client", "-connect", f"{HOST}:{port}", "-quiet"]


@pytest.mark.peers
def test_openssl_verifies_us_and_gets_its_line_back(
    network: Network, events: Events, authority: Path, good: Pair
) -> None:
    port = serve(network, events, good)
    with subprocess.Popen(
        [*_s_client(port), "-CAfile", str(authority), "-verify_return_error"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as client:
        assert client.stdin is not None
        assert client.stdout is not None
        client.stdin.write(LINE)
        client.stdin.flush()
        assert client.stdout.readline() == PREFIX + LINE
        client.stdin.close()
        client.terminate()
    assert events.wait_for(Secured).verified is None


@contextmanager
def blocking_client(port: int, authority: Path) -> Iterator[ssl.SSLSocket]:
    context = ssl.create_default_context(cafile=str(authority))
    with (
        socket.create_connection((HOST, port), timeout=SECONDS) as sock,
        context.wrap_socket(sock, server_hostname="localhost") as secured,
    ):
        yield secured


def test_megabytes_come_back_whole_and_everything_is_accounted_for(
    network: Network, events: Events, authority: Path, good: Pair
) -> None:
    data = bytes(range(256)) * 12_000
    port = serve(network, events, good, "echo")
    with blocking_client(port, authority) as peer:
        writer = threading.Thread(target=peer.sendall, args=(data,))
        writer.start()
        got = b""
        while len(got) < len(data):
            got += peer.recv(65_536)
        writer.join(SECONDS)
    assert got == data
    closed = events.wait_for(Closed)
    wire = [item for item in events.items if isinstance(item, WireChunk)]
    assert sum(len(one.data) for one in wire if one.direction is IN) == closed.received
    assert sum(len(one.data) for one in wire if one.direction is OUT) == closed.sent
    assert not any(type(item) is Chunk for item in events.items)
    assert plain(events, closed.activity) == plain(events, closed.activity, OUT) == data


def test_a_room_over_tls_hears_everybody(
    network: Network, events: Events, authority: Path, good: Pair
) -> None:
    port = serve(network, events, good, "chat")
    with blocking_client(port, authority) as ann, blocking_client(port, authority) as bob:
        first, second = ann.makefile("rb"), bob.makefile("rb")
        assert first.readline().startswith(b"* you are")
        assert second.readline().startswith(b"* you are")
        assert b"joined" in first.readline()
        bob.sendall(LINE)
        assert first.readline() == b"guest2: " + LINE
        first.close()
        second.close()


def test_what_is_no_tls_is_told_and_closed(network: Network, events: Events, good: Pair) -> None:
    port = serve(network, events, good)
    with socket.create_connection((HOST, port), timeout=SECONDS) as peer:
        peer.sendall(GET)
        while peer.recv(1000):
            pass
    error = events.wait_for(Closed).error
    assert error is not None
    assert (error.operation, error.cause) == (Operation.HANDSHAKE, Cause.NOT_TLS)


@pytest.mark.peers
def test_a_client_that_does_not_trust_us_is_told_apart(
    network: Network, events: Events, good: Pair
) -> None:
    port = serve(network, events, good)
    command = [*_s_client(port), "-verify_return_error", "-CAfile", str(good.cert)]
    subprocess.run(command, input=b"", capture_output=True, timeout=SECONDS, check=False)
    error = events.wait_for(Closed).error
    assert error is not None
    assert error.cause is Cause.CERTIFICATE_REJECTED


def test_abort_is_a_reset_under_tls_too(
    network: Network, events: Events, authority: Path, good: Pair
) -> None:
    port = serve(network, events, good)
    with blocking_client(port, authority) as peer:
        secured = events.wait_for(Secured)
        network.end(secured.activity, CloseMode.ABORT, secured.connection)
        wait_until(lambda: peer.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR) == errno.ECONNRESET)
    assert events.wait_for(Closed).reason is CloseReason.ABORTED


@pytest.mark.parametrize("content", [None, "no certificate\n"])
def test_a_certificate_that_cannot_be_read_is_the_callers_mistake(
    network: Network, tmp_path: Path, content: str | None
) -> None:
    path = tmp_path / "bad.pem"
    if content is not None:
        path.write_text(content)
    tls = ServerTls(cert_file=path, key_file=path)
    with pytest.raises(ValueError, match=r"bad\.pem"):
        network.serve(ServerConfig(service="echo", host=HOST, port=0, tls=tls))
    with pytest.raises(ValueError, match=r"bad\.pem"):
        ClientTls(ca_file=path)
