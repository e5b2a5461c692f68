"""The model of the Connect tab against real sockets."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

from gui.models.backend import Backend
from gui.models.connect import (
    ConnectForm,
    ConnectModel,
    ConnectState,
    reply_body,
    reply_head,
    url_of,
)
from gui.models.server import ServerModel
from gui.models.typed import Typed
from netlib import ServerConfig
from netlib.events import Transport
from netlib.network import Family
from netlib.protocols.http import tutorial_request
from netlib.system.sockets import UDP_LIMIT
from tests import peers
from tests.backends import live, open_backend, shown
from tests.helpers import free_port, wait_until


@pytest.fixture
def backend() -> Iterator[Backend]:
    with open_backend() as made:
        yield made


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as made:
        made.settimeout(5)
        yield made


def form(port: int, transport: Transport = Transport.TCP, host: str = "127.0.0.1") -> ConnectForm:
    return ConnectForm(f"{host}:{port}", transport, Family.ANY, 5.0)


def connected(backend: Backend, listener: socket.socket) -> tuple[ConnectModel, socket.socket]:
    model = ConnectModel(backend)
    model.connect(form(listener.getsockname()[1]))
    peer, _address = listener.accept()
    peer.settimeout(5)
    live(backend, lambda: model.state is ConnectState.CONNECTED)
    return model, peer


def told(model: ConnectModel) -> str:
    return model.notice.sentence() if model.notice else ""


def test_what_is_typed_reaches_the_peer_and_its_answer_is_shown(
    backend: Backend, listener: socket.socket
) -> None:
    model, peer = connected(backend, listener)
    with peer:
        assert model.send(Typed("你好", "text", "crlf", "gbk")) is None
        assert peer.recv(100) == "你好\r\n".encode("gbk")
        assert model.send(Typed("e4 bd a0", "hex")) is None
        assert peer.recv(100) == b"\xe4\xbd\xa0"
        peer.sendall("再见\n".encode("gbk"))
        wait_until(lambda: "再见" in shown(model.rows))
    assert model.connected is not None
    assert model.connected.peer.port == listener.getsockname()[1]


def test_nobody_listening_is_told_in_a_sentence_and_one_can_try_again(backend: Backend) -> None:
    model = ConnectModel(backend)
    port = free_port()
    model.connect(form(port))
    live(backend, lambda: model.state is ConnectState.IDLE and model.notice)
    assert model.notice is not None
    assert model.notice.severity == "bad"
    assert "refused" in told(model).lower()
    with socket.create_server(("127.0.0.1", port)):
        model.connect(form(port))
        assert model.notice is None
        live(backend, lambda: model.state is ConnectState.CONNECTED)


def test_an_unknown_name_is_told(backend: Backend) -> None:
    model = ConnectModel(backend)
    model.connect(form(80, host="no-such-host.invalid"))
    assert model.state is ConnectState.CONNECTING
    live(backend, lambda: model.state is ConnectState.IDLE)
    assert told(model)


def test_an_attempt_can_be_given_up_without_complaint(backend: Backend) -> None:
    model = ConnectModel(backend)
    with socket.create_server(("127.0.0.1", 0), backlog=0) as full:
        address = full.getsockname()
        blockers = [socket.socket() for _ in range(3)]
        for blocker in blockers:
            blocker.setblocking(False)
            blocker.connect_ex(address)
        model.connect(form(address[1]))
        live(backend, lambda: "connecting" in shown(model.rows).lower())
        model.disconnect()
        live(backend, lambda: model.state is ConnectState.IDLE)
        for blocker in blockers:
            blocker.close()
    assert model.notice is None


def test_the_peers_fin_is_a_half_close_and_ours_ends_it(
    backend: Backend, listener: socket.socket
) -> None:
    model, peer = connected(backend, listener)
    with peer:
        peer.shutdown(socket.SHUT_WR)
        live(backend, lambda: model.state is ConnectState.PEER_FINISHED)
        assert model.send(Typed("still")) is None
        assert peer.recv(100) == b"still\n"
        model.disconnect()
        live(backend, lambda: model.state is ConnectState.IDLE)
        assert peer.recv(100) == b""
    assert model.notice is None


def test_after_our_fin_nothing_can_be_sent_but_answers_still_come(
    backend: Backend, listener: socket.socket
) -> None:
    model, peer = connected(backend, listener)
    with peer:
        model.finish()
        live(backend, lambda: model.state is ConnectState.FINISHED)
        assert peer.recv(100) == b""
        assert "FIN" in (model.send(Typed("x")) or "")
        peer.sendall(b"late answer\n")
        wait_until(lambda: "late answer" in shown(model.rows))


def test_a_reset_from_the_peer_is_a_notice_with_advice(
    backend: Backend, listener: socket.socket
) -> None:
    model, peer = connected(backend, listener)
    peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")
    peer.close()
    live(backend, lambda: model.state is ConnectState.IDLE)
    assert "RST" in told(model)
    assert model.notice is not None
    assert model.notice.parts()


def test_abort_resets_the_peer(backend: Backend, listener: socket.socket) -> None:
    model, peer = connected(backend, listener)
    with peer:
        model.abort()
        live(backend, lambda: model.state is ConnectState.IDLE)
        with pytest.raises(ConnectionResetError):
            peer.recv(100)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        (Typed("e4 b", "hex"), "character 4"),
        (Typed("", "hex"), "Nothing to send"),
        (Typed("汉字", encoding="ascii"), '"汉"'),
        (Typed("x", encoding="utf-99"), "utf-99"),
        (Typed("x", encoding="rot13"), "rot13"),
    ],
)
def test_what_cannot_be_sent_is_explained(
    backend: Backend, listener: socket.socket, typed: Typed, words: str
) -> None:
    model, peer = connected(backend, listener)
    with peer:
        assert words in (model.send(typed) or "")
        model.send(Typed("good"))
        assert peer.recv(100) == b"good\n"


def test_too_much_waiting_is_said_instead_of_growing_without_bound(
    backend: Backend, listener: socket.socket
) -> None:
    model, peer = connected(backend, listener)
    with peer:
        line = Typed("x" * 500_000)
        assert model.send(line) is None
        live(backend, lambda: "Too much" in (model.send(line) or ""))
        model.abort()
        live(backend, lambda: model.state is ConnectState.IDLE)


def test_sending_without_a_connection_is_explained(backend: Backend) -> None:
    assert "connect first" in (ConnectModel(backend).send(Typed("x")) or "")


def test_connecting_again_keeps_the_traffic_of_before(
    backend: Backend, listener: socket.socket
) -> None:
    model, peer = connected(backend, listener)
    with peer:
        model.send(Typed("first"))
        model.disconnect()
        live(backend, lambda: model.state is ConnectState.IDLE)
    model.connect(form(listener.getsockname()[1]))
    live(backend, lambda: model.state is ConnectState.CONNECTED)
    model.send(Typed("second"))
    wait_until(lambda: "second" in shown(model.rows))
    assert "first" in shown(model.rows)


def test_the_udp_lesson_connected_sent_then_unreachable(backend: Backend) -> None:
    model = ConnectModel(backend)
    model.connect(form(free_port(socket.SOCK_DGRAM), Transport.UDP))
    live(backend, lambda: model.state is ConnectState.CONNECTED)
    assert model.notice is None
    assert model.send(Typed("anybody?", eol="none")) is None
    live(backend, lambda: model.notice)
    assert model.notice is not None
    assert model.notice.severity == "warn"
    assert "ICMP" in str(model.notice.parts())
    assert model.state is ConnectState.CONNECTED


def test_a_datagram_may_be_empty_but_not_too_long(backend: Backend) -> None:
    with socket.socket(type=socket.SOCK_DGRAM) as peer:
        peer.bind(("127.0.0.1", 0))
        peer.settimeout(5)
        model = ConnectModel(backend)
        model.connect(form(peer.getsockname()[1], Transport.UDP))
        live(backend, lambda: model.state is ConnectState.CONNECTED)
        assert model.send(Typed("", eol="none")) is None
        assert peer.recv(100) == b""
        too_long = model.send(Typed("x" * (UDP_LIMIT + 1), eol="none"))
        assert f"{UDP_LIMIT:,}" in (too_long or "")
        model.disconnect()
        live(backend, lambda: model.state is ConnectState.IDLE)


@pytest.mark.peers
def test_a_request_connects_by_itself_and_the_reply_is_read_to_its_end(backend: Backend) -> None:
    model = ConnectModel(backend)
    with peers.nginx() as port:
        address = f"http://127.0.0.1:{port}/gbk.html"
        request = b"GET /gbk.html HTTP/1.1\r\nHost: x\r\n\r\n"
        there = ConnectForm(address, Transport.TCP, Family.ANY, 5.0)
        assert model.request(there, request) is None
        live(backend, lambda: model.reply)
        assert model.reply is not None
        assert "中文网页" in reply_body(model.reply)
        assert "Content-Type: text/html; charset=gbk" in reply_head(model.reply)
        first = model.reply
        assert model.request(there, request) is None
        live(backend, lambda: model.reply not in (None, first))
        model.disconnect()
        live(backend, lambda: model.state is ConnectState.IDLE)


def test_a_request_goes_nowhere_but_where_the_address_says(
    backend: Backend, listener: socket.socket
) -> None:
    model, peer = connected(backend, listener)
    with peer:
        port = listener.getsockname()[1]
        assert str(port) in (model.request(form(port + 1), b"GET / HTTP/1.1\r\n\r\n") or "")
        assert model.request(form(port), b"GET / HTTP/1.1\r\n\r\n") is None
        assert peer.recv(100) == b"GET / HTTP/1.1\r\n\r\n"
        model.finish()
        live(backend, lambda: model.state is ConnectState.FINISHED)
        assert "FIN" in (model.request(form(port), b"x") or "")


def test_a_udp_socket_is_no_place_for_a_request(backend: Backend) -> None:
    model = ConnectModel(backend)
    there = form(free_port(socket.SOCK_DGRAM), Transport.UDP)
    model.connect(there)
    live(backend, lambda: model.state is ConnectState.CONNECTED)
    assert "TCP" in (model.request(there, b"GET / HTTP/1.1\r\n\r\n") or "")


def test_a_request_to_our_web_service_is_answered(backend: Backend) -> None:
    server, model = ServerModel(backend), ConnectModel(backend)
    server.start(ServerConfig(service="web", port=0))
    live(backend, lambda: server.servers[0].local)
    assert server.servers[0].local is not None
    address = str(server.servers[0].local)
    there = ConnectForm(address, Transport.TCP, Family.ANY, 5.0)
    model.request(there, tutorial_request(url_of(address)))
    live(backend, lambda: model.reply)
    assert model.reply is not None
    assert model.reply.status == 200


def test_a_reply_that_is_not_http_is_said_to_be_none(
    backend: Backend, listener: socket.socket
) -> None:
    model, peer = connected(backend, listener)
    with peer:
        port = listener.getsockname()[1]
        model.request(form(port), b"GET / HTTP/1.1\r\n\r\n")
        peer.recv(100)
        peer.sendall("已接收: GET / HTTP/1.1\r\n\r\n".encode())
    live(backend, lambda: model.reply)
    assert model.reply is not None
    assert model.reply.error
