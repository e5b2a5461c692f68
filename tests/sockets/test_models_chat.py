"""The model of a chat client: against our chat room, and against other people's servers."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

from gui.models.backend import Backend
from gui.models.chat import ChatClient, ChatForm, ChatState
from gui.models.server import ServerModel
from netlib import ServerConfig
from tests import peers
from tests.backends import live, open_backend, shown
from tests.helpers import free_port


@pytest.fixture
def backend() -> Iterator[Backend]:
    with open_backend() as made:
        yield made


def form(port: int, name: str = "", encoding: str = "utf-8") -> ChatForm:
    return ChatForm(f"127.0.0.1:{port}", name, encoding)


def join(backend: Backend, who: ChatForm) -> ChatClient:
    client = ChatClient(backend)
    client.connect(who)
    live(backend, lambda: client.state is ChatState.CONNECTED)
    return client


def reads(backend: Backend, client: ChatClient, words: str) -> None:
    """Wait until a client has `words` in its conversation."""

    def there() -> bool:
        client.conversation.refresh()
        return words in shown(client.conversation)

    live(backend, there, words)


def room(backend: Backend) -> int:
    server = ServerModel(backend)
    server.start(ServerConfig(service="chat", port=0))
    live(backend, lambda: server.servers[0].local)
    assert server.servers[0].local is not None
    return server.servers[0].local.port


def test_two_people_in_a_room_read_each_other_by_name(backend: Backend) -> None:
    port = room(backend)
    one, other = join(backend, form(port, "小明")), join(backend, form(port, "Ada"))
    assert one.send("大家好") is None
    reads(backend, other, "大家好")
    assert "小明" in shown(other.conversation)
    assert other.send("Hello") is None
    reads(backend, one, "Ada")
    reads(backend, one, "Hello")


@pytest.mark.peers
def test_a_broker_passes_gbk_between_two_clients(backend: Backend) -> None:
    with peers.ncat("broker") as port:
        one, other = (join(backend, form(port, encoding="gbk")) for _ in range(2))
        one.send("汉字")
        reads(backend, other, "← 汉字")
        for client in (one, other):
            client.disconnect()
            live(backend, lambda client=client: client.state is ChatState.IDLE)  # type: ignore[misc]


@pytest.mark.peers
def test_a_greeting_is_shown_and_a_goodbye_is_named(backend: Backend) -> None:
    with peers.socat("banner") as port:
        client = join(backend, form(port))
        reads(backend, client, "220 ready")
    live(backend, lambda: client.state is ChatState.IDLE)
    reads(backend, client, "FIN")


def test_reconnecting_keeps_what_was_said(backend: Backend) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(5)
        port = listener.getsockname()[1]
        client = join(backend, form(port))
        with listener.accept()[0] as peer:
            peer.sendall("再见".encode())
        live(backend, lambda: client.state is ChatState.IDLE)
        client.connect(form(port))
        with listener.accept()[0] as peer:
            peer.sendall(b"again\n")
            reads(backend, client, "← again")
            assert "← 再见" in shown(client.conversation)
            assert client.was_connected


def test_a_reset_is_named_and_a_refusal_too(backend: Backend) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        client = join(backend, form(listener.getsockname()[1]))
        peer = listener.accept()[0]
        peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")
        peer.close()
        live(backend, lambda: client.state is ChatState.IDLE)
        assert client.notice is not None
        assert "RST" in client.notice.sentence()
    client.connect(form(free_port()))
    live(backend, lambda: client.state is ChatState.IDLE)
    assert client.notice is not None
    assert "refused" in client.notice.sentence().lower()


def test_a_name_or_line_the_encoding_lacks_is_explained_not_lost(backend: Backend) -> None:
    client = join(backend, form(room(backend), "小明", "ascii"))
    assert client.notice is not None
    assert '"小"' in client.notice.sentence()
    assert '"你"' in (client.send("你好") or "")


def test_saying_something_alone_is_explained(backend: Backend) -> None:
    assert "connect first" in (ChatClient(backend).send("hello?") or "")


@pytest.mark.peers
def test_a_flood_is_skipped_with_a_count_and_never_stops_the_window(backend: Backend) -> None:
    with peers.socat("flood") as port:
        client = join(backend, form(port))
        reads(backend, client, "…")
        assert client.conversation.count() <= 5000
        client.disconnect()
        live(backend, lambda: client.state is ChatState.IDLE)
