"""TLS as a client, against openssl and nginx; and each refusal for what it is."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

from netlib.activities.client import ClientConfig
from netlib.activities.tls import ClientTls
from netlib.address import Endpoint
from netlib.engine.tcp import ConnectionOptions
from netlib.errors import Cause, Operation
from netlib.events import (
    Closed,
    CloseReason,
    Connected,
    Direction,
    Failed,
    HttpReply,
    PeerFinished,
    Plaintext,
    Secured,
)
from netlib.network import CloseMode, Network
from tests.certificates import Certificates, Pair
from tests.helpers import wait_until
from tests.peers import INDEX, nginx, openssl_server, socat
from tests.sockets.conftest import SECONDS, Events, listener, port_of

IN, OUT = Direction
LINE = "你好，TLS\n".encode()
GET = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"


@pytest.fixture(scope="module")
def trusting(authority: Path) -> ClientTls:
    return ClientTls(ca_file=authority)


def dial(network: Network, port: int, tls: ClientTls, **more: object) -> int:
    config = ClientConfig(endpoint=Endpoint("localhost", port), tls=tls, **more)  # type: ignore[arg-type]
    return network.connect(config)


def plain(events: Events, activity: int, direction: Direction = IN) -> bytes:
    """Return what an activity has read or said above TLS."""
    chunks = [item for item in tuple(events.items) if isinstance(item, Plaintext)]
    return b"".join(
        one.data for one in chunks if (one.activity, one.direction) == (activity, direction)
    )


# -- as a client ---------------------------------------------------------------------------------


@pytest.mark.peers
def test_a_page_of_nginx_over_tls_and_the_certificate_verified(
    network: Network, events: Events, good: Pair, trusting: ClientTls
) -> None:
    with nginx(good) as port:
        number = dial(network, port, trusting)
        secured = events.wait_for(Secured, activity=number)
        assert (secured.verified, secured.name, secured.version) == (True, "localhost", "TLSv1.3")
        assert network.request(number, GET)
        reply = events.wait_for(HttpReply, activity=number)
        assert (reply.status, reply.complete, reply.body) == (200, True, INDEX.encode())
        assert plain(events, number, OUT) == GET
        network.stop(number)


@pytest.mark.peers
def test_two_requests_over_one_connection_each_get_their_reply(
    network: Network, events: Events, good: Pair, trusting: ClientTls
) -> None:
    with nginx(good) as port:
        number = dial(network, port, trusting)
        events.wait_for(Connected, activity=number)
        missing = GET.replace(b"/ ", b"/none ")
        assert network.request(number, GET)  # sent before the handshake is over, one behind
        assert network.request(number, missing)  # the other
        wait_until(lambda: len(events.of(HttpReply, activity=number)) == 2)
        assert [reply.status for reply in events.of(HttpReply, activity=number)] == [200, 404]
        network.stop(number)


@pytest.mark.peers
@pytest.mark.parametrize("version", ["-tls1_2", "-tls1_3"])
def test_lines_to_openssl_and_back_then_both_sides_end_properly(
    network: Network, events: Events, good: Pair, trusting: ClientTls, version: str
) -> None:
    with openssl_server(good, version) as port:
        number = dial(network, port, trusting)
        events.wait_for(Connected, activity=number)
        assert network.send(number, b"abc\n")
        wait_until(lambda: plain(events, number) == b"cba\n")
        network.end(number, CloseMode.CLOSE)
        closed = events.wait_for(Closed, activity=number)
        assert (closed.reason, closed.error, closed.unsent) == (CloseReason.BY_US, None, 0)


@pytest.mark.peers
def test_without_verification_it_is_said_that_nobody_checked(
    network: Network, events: Events, certificates: Certificates
) -> None:
    with openssl_server(certificates["alone"]) as port:
        number = dial(network, port, ClientTls(verify=False))
        assert events.wait_for(Secured, activity=number).verified is False
        network.stop(number)


@contextmanager
def tls_1_1(pair: Pair) -> Iterator[int]:
    with openssl_server(pair, "-tls1_1", "-cipher", "ALL:@SECLEVEL=0") as port:
        yield port


@contextmanager
def wants_certificates(pair: Pair) -> Iterator[int]:
    with openssl_server(pair, "-Verify", "1", "-tls1_3") as port:
        yield port


@contextmanager
def plain_text(_pair: Pair) -> Iterator[int]:
    with socat("banner") as port:
        yield port


@contextmanager
def closing(_pair: Pair) -> Iterator[int]:
    with socat("close") as port:
        yield port


REFUSALS: dict[str, tuple[Callable[[Pair], AbstractContextManager[int]], str, Cause]] = {
    "self-signed": (openssl_server, "alone", Cause.CERTIFICATE_SELF_SIGNED),
    "unknown authority": (openssl_server, "other", Cause.CERTIFICATE_UNKNOWN_CA),
    "wrong name": (openssl_server, "elsewhere", Cause.CERTIFICATE_WRONG_NAME),
    "expired": (openssl_server, "old", Cause.CERTIFICATE_EXPIRED),
    "old version": (tls_1_1, "localhost", Cause.TLS_VERSION),
    "plain text": (plain_text, "localhost", Cause.NOT_TLS),
    "closed": (closing, "localhost", Cause.TLS_TRUNCATED),
    "client certificate": (wants_certificates, "localhost", Cause.CLIENT_CERTIFICATE_REQUIRED),
}


@pytest.mark.peers
@pytest.mark.parametrize("name", REFUSALS)
def test_each_refusal_is_told_apart(
    network: Network, events: Events, certificates: Certificates, trusting: ClientTls, name: str
) -> None:
    run, pair, cause = REFUSALS[name]
    with run(certificates[pair]) as port:
        number = dial(network, port, trusting)
        closed = events.wait_for(Closed, activity=number)
    assert closed.reason is CloseReason.FAILED
    assert closed.error is not None
    assert closed.error.cause is cause, closed.error


@pytest.mark.peers
def test_the_systems_authorities_are_asked_by_default(
    network: Network, events: Events, good: Pair
) -> None:
    with openssl_server(good) as port:
        number = dial(network, port, ClientTls())
        error = events.wait_for(Closed, activity=number).error
    assert error is not None
    assert error.cause is Cause.CERTIFICATE_UNKNOWN_CA


@pytest.mark.peers
def test_without_truststore_the_standard_library_verifies(
    network: Network, events: Events, good: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "truststore", None)
    test_the_systems_authorities_are_asked_by_default(network, events, good)


@pytest.mark.peers
def test_a_peer_that_never_shakes_hands_is_given_up_in_time(
    network: Network, events: Events, trusting: ClientTls
) -> None:
    with socat("deaf") as port:
        number = dial(network, port, trusting, timeout=0.3)
        error = events.wait_for(Failed, activity=number).error
    assert (error.operation, error.cause) == (Operation.HANDSHAKE, Cause.TIMED_OUT)


@contextmanager
def blocking_server(pair: Pair, talk: Callable[[ssl.SSLSocket], None]) -> Iterator[int]:
    """Take one connection in a thread of its own and `talk` with it, as Python's ssl does."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pair.cert, pair.key)
    with listener() as listening:

        def run() -> None:
            sock, _address = listening.accept()
            sock.settimeout(SECONDS)
            with context.wrap_socket(sock, server_side=True) as secured:
                talk(secured)

        thread = threading.Thread(target=run)
        thread.start()
        yield port_of(listening)
        thread.join(SECONDS)


def test_a_reply_without_close_notify_is_not_complete(
    network: Network, events: Events, good: Pair, trusting: ClientTls
) -> None:
    def cut_off(peer: ssl.SSLSocket) -> None:
        peer.recv(1000)
        peer.sendall(b"HTTP/1.1 200 OK\r\n\r\nhalf of it")
        with socket.socket(fileno=peer.detach()) as bare:  # the FIN of TCP, and nothing of TLS
            bare.shutdown(socket.SHUT_WR)

    with blocking_server(good, cut_off) as port:
        number = dial(network, port, trusting)
        events.wait_for(Connected, activity=number)
        network.request(number, GET)
        reply = events.wait_for(HttpReply, activity=number)
        assert (reply.status, reply.body_size, reply.complete) == (200, 10, False)
        error = events.wait_for(Closed, activity=number).error
    assert error is not None
    assert (error.operation, error.cause) == (Operation.RECEIVE, Cause.TLS_TRUNCATED)


def test_a_reply_that_ends_with_close_notify_is_complete(
    network: Network, events: Events, good: Pair, trusting: ClientTls
) -> None:
    def reply(peer: ssl.SSLSocket) -> None:
        peer.recv(1000)
        peer.sendall(b"HTTP/1.1 200 OK\r\n\r\nall of it")
        peer.unwrap().close()

    with blocking_server(good, reply) as port:
        number = dial(network, port, trusting)
        events.wait_for(Connected, activity=number)
        network.request(number, GET)
        assert events.wait_for(HttpReply, activity=number).complete
        assert events.wait_for(Closed, activity=number).error is None


def test_half_close_ends_our_side_only_and_we_still_read(
    network: Network, events: Events, good: Pair, trusting: ClientTls
) -> None:
    heard: list[bytes] = []

    def answer_afterwards(peer: ssl.SSLSocket) -> None:
        while data := peer.recv(1000):
            heard.append(data)
        peer.sendall(b"after your end\n")

    options = ConnectionOptions(duplex=True, stays_open=True)
    with blocking_server(good, answer_afterwards) as port:
        number = dial(network, port, trusting, options=options)
        events.wait_for(Secured, activity=number)
        network.send(number, b"the last line\n")
        network.end(number, CloseMode.FINISH)
        wait_until(lambda: plain(events, number) == b"after your end\n")
        events.wait_for(PeerFinished, activity=number)
        network.stop(number)
    assert b"".join(heard) == b"the last line\n"
