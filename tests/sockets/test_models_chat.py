"""The model of a chat client: against our chat room, and against other people's servers."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

from gui.models.backend import Wire
from gui.models.chat import ChatClient, Person, State
from gui.models.server import ServerModel
from netlib.network import ServerConfig
from tests import peers
from tests.helpers import free_port
from tests.wires import live, open_wire, shown


@pytest.fixture
def wire() -> Iterator[Wire]:
    with open_wire() as made:
        yield made


def person(port: int, name: str = "", encoding: str = "utf-8") -> Person:
    return Person(f"127.0.0.1:{port}", name, encoding)


def join(wire: Wire, who: Person) -> ChatClient:
    client = ChatClient(wire)
    client.connect(who)
    live(wire, lambda: client.state is State.CONNECTED)
    return client


def reads(wire: Wire, client: ChatClient, words: str) -> None:
    """Wait until a client has `words` in its conversation."""

    def there() -> bool:
        client.conversation.refresh()
        return words in shown(client.conversation)

    live(wire, there, words)


def room(wire: Wire) -> int:
    server = ServerModel(wire)
    server.start(ServerConfig(service="chat", port=0))
    live(wire, lambda: server.servers[0].local)
    assert server.servers[0].local is not None
    return server.servers[0].local.port


def test_two_people_in_a_room_read_each_other_by_name(wire: Wire) -> None:
    port = room(wire)
    one, other = join(wire, person(port, "小明")), join(wire, person(port, "Ada"))
    assert one.say("大家好") is None
    reads(wire, other, "大家好")
    assert "小明" in shown(other.conversation)
    assert other.say("Hello") is None
    reads(wire, one, "Ada")
    reads(wire, one, "Hello")


@pytest.mark.peers
def test_a_broker_passes_gbk_between_two_clients(wire: Wire) -> None:
    with peers.ncat("broker") as port:
        one, other = (join(wire, person(port, encoding="gbk")) for _ in range(2))
        one.say("汉字")
        reads(wire, other, "← 汉字")
        for client in (one, other):
            client.disconnect()
            live(wire, lambda client=client: client.state is State.IDLE)  # type: ignore[misc]


@pytest.mark.peers
def test_a_greeting_is_shown_and_a_goodbye_is_named(wire: Wire) -> None:
    with peers.socat("banner") as port:
        client = join(wire, person(port))
        reads(wire, client, "220 ready")
    live(wire, lambda: client.state is State.IDLE)
    reads(wire, client, "FIN")


def test_reconnecting_keeps_what_was_said(wire: Wire) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(5)
        port = listener.getsockname()[1]
        client = join(wire, person(port))
        with listener.accept()[0] as peer:
            peer.sendall("再见".encode())
        live(wire, lambda: client.state is State.IDLE)
        client.connect(person(port))
        with listener.accept()[0] as peer:
            peer.sendall(b"again\n")
            reads(wire, client, "← again")
            assert "← 再见" in shown(client.conversation)
            assert client.was_connected


def test_a_reset_is_named_and_a_refusal_too(wire: Wire) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        client = join(wire, person(listener.getsockname()[1]))
        peer = listener.accept()[0]
        peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")
        peer.close()
        live(wire, lambda: client.state is State.IDLE)
        assert client.notice is not None
        assert "RST" in client.notice.sentence()
    client.connect(person(free_port()))
    live(wire, lambda: client.state is State.IDLE)
    assert client.notice is not None
    assert "refused" in client.notice.sentence().lower()


def test_a_name_or_line_the_encoding_lacks_is_explained_not_lost(wire: Wire) -> None:
    client = join(wire, person(room(wire), "小明", "ascii"))
    assert client.notice is not None
    assert "“小”" in client.notice.sentence()
    assert "“你”" in (client.say("你好") or "")


def test_saying_something_alone_is_explained(wire: Wire) -> None:
    assert "Connect" in (ChatClient(wire).say("hello?") or "")


def test_a_flood_is_skipped_with_a_count_and_never_stops_the_window(wire: Wire) -> None:
    with peers.socat("flood") as port:
        client = join(wire, person(port))
        reads(wire, client, "…")
        assert client.conversation.count() <= 5000
        client.disconnect()
        live(wire, lambda: client.state is State.IDLE)
