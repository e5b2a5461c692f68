"""The model of the Server tab against real clients."""

from __future__ import annotations

import errno
import socket
import struct
from collections.abc import Iterator
from contextlib import ExitStack
from types import SimpleNamespace

import pytest

from gui.models.backend import Backend
from gui.models.chat import ChatClient, ChatForm, ChatState
from gui.models.clients import Client, client_cells, waits_for
from gui.models.server import (
    ServerModel,
    ServerState,
    others_type,
    server_cells,
    terminal_command,
)
from gui.models.typed import Typed
from netlib import ServerConfig
from netlib.events import Transport
from netlib.network import CloseMode
from tests.backends import live, open_backend, shown, texts
from tests.helpers import wait_until


@pytest.fixture
def backend() -> Iterator[Backend]:
    with open_backend() as made:
        yield made


@pytest.fixture
def model(backend: Backend) -> ServerModel:
    return ServerModel(backend)


@pytest.fixture
def clients() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


def start(
    backend: Backend, model: ServerModel, service: str = "acknowledge", **more: object
) -> int:
    model.start(ServerConfig(service=service, port=0, **more))  # type: ignore[arg-type]
    server = model.servers[-1]
    live(backend, lambda: server.local)
    assert server.local is not None
    return server.local.port


def only_client(model: ServerModel) -> Client:
    """Return the only client of the first server, as the table shows it."""
    clients = model.servers[0].clients
    (number,) = clients.numbers()
    client = clients.client(number)
    assert client is not None
    return client


def dial(backend: Backend, model: ServerModel, clients: ExitStack, port: int) -> socket.socket:
    before = len(model.clients)
    sock = clients.enter_context(socket.create_connection(("127.0.0.1", port), timeout=5))

    def seen() -> bool:
        model.refresh_clients()
        return len(model.clients) > before

    live(backend, seen)
    return sock


def test_a_line_is_acknowledged_and_everyone_sees_who_said_it(
    backend: Backend, model: ServerModel, clients: ExitStack
) -> None:
    sock = dial(backend, model, clients, start(backend, model))
    sock.sendall("你好\n".encode())
    assert sock.recv(100) == "已接收: 你好\n".encode()
    model.refresh_clients()
    client = only_client(model)
    cells = client_cells(client, client.row.last_at + 3)
    assert cells[0] == "{}:{}".format(*sock.getsockname())
    assert cells[2] == "1"
    assert cells[5] == "7"
    assert (cells[4], cells[7]) == ("3 s", "你好")
    wait_until(lambda: "已接收: 你好" in shown(model.rows))


def test_every_row_says_whose_it_is_and_the_nickname_once_there_is_one(
    backend: Backend, model: ServerModel, clients: ExitStack
) -> None:
    sock = dial(backend, model, clients, start(backend, model, "chat"))
    number, name = next(iter(model.clients)), "{}:{}".format(*sock.getsockname())
    sock.sendall("/name 小明\n".encode())
    wait_until(lambda: "小明 from here on" in shown(model.rows))
    model.end_clients([number], CloseMode.ABORT)
    wait_until(lambda: "reset by this end" in shown(model.rows))
    for view in ("log", "text", "hex"):
        model.rows.set_view(view)
        *before, named, told, ended = texts(model.rows)[1:]
        assert all(f"▌{number:02} {name}" in row for row in before)
        assert all(f"▌{number:02} 小明" in row for row in (named, told, ended))
    assert {row.client for row in model.rows.rows(1, model.rows.count())} == {number}


def test_what_the_server_says_goes_to_the_chosen_or_to_all(
    backend: Backend, model: ServerModel, clients: ExitStack
) -> None:
    port = start(backend, model)
    one, other = (dial(backend, model, clients, port) for _ in range(2))
    first = next(iter(model.clients))
    assert model.send(Typed("一"), [first]) is None
    assert model.send(Typed("all"), ()) is None
    assert one.makefile("rb").read(8) == "一\nall\n".encode()
    assert other.recv(100) == b"all\n"


def test_clients_are_disconnected_or_reset(
    backend: Backend, model: ServerModel, clients: ExitStack
) -> None:
    port = start(backend, model)
    one, other, third = (dial(backend, model, clients, port) for _ in range(3))
    first, second, _third = model.clients
    model.end_clients([first], CloseMode.CLOSE)
    assert one.recv(100) == b""
    model.end_clients([second], CloseMode.ABORT)
    with pytest.raises(ConnectionResetError):
        other.recv(100)
    third.sendall(b"alive\n")
    assert third.recv(100) == "已接收: alive\n".encode()


def test_a_client_that_never_reads_makes_send_say_so(
    backend: Backend, model: ServerModel, clients: ExitStack
) -> None:
    dial(backend, model, clients, start(backend, model))
    line = Typed("x" * 500_000)
    assert model.send(line, ()) is None
    live(backend, lambda: "Too much" in (model.send(line, ()) or ""))

    def waits() -> bool:
        model.refresh_clients()
        return "not reading" in waits_for(only_client(model), 0.0)

    live(backend, waits)


def test_bad_input_and_nobody_there_are_explained(
    backend: Backend, model: ServerModel, clients: ExitStack
) -> None:
    port = start(backend, model)
    assert "No client" in (model.send(Typed("x"), ()) or "")
    dial(backend, model, clients, port)
    assert "character" in (model.send(Typed("4", "hex"), ()) or "")
    assert '"字"' in (model.send(Typed("字", encoding="ascii"), ()) or "")


def test_several_servers_run_at_once_and_one_is_looked_at(
    backend: Backend, model: ServerModel, clients: ExitStack
) -> None:
    echo = start(backend, model, "echo")
    dial(backend, model, clients, echo).sendall(b"to the echo\n")
    chat = start(backend, model, "chat")
    dial(backend, model, clients, chat)
    assert [server.state for server in model.servers] == [ServerState.LISTENING] * 2
    assert "to the echo" not in shown(model.rows)
    model.choose(model.servers[0])
    assert len(model.clients) == 1
    wait_until(lambda: "to the echo" in shown(model.rows))
    model.stop()
    live(backend, lambda: model.servers[0].state is ServerState.STOPPED)
    assert model.servers[1].state is ServerState.LISTENING


def test_a_stopped_server_keeps_its_figures_until_the_next_is_started(
    backend: Backend, model: ServerModel, clients: ExitStack
) -> None:
    sock = dial(backend, model, clients, start(backend, model))
    sock.sendall(b"12345\n")
    sock.recv(100)
    model.stop()
    live(backend, lambda: model.servers[0].state is ServerState.STOPPED)
    cells = server_cells(model.servers[0])
    assert cells[4:6] == ("1", "6")
    start(backend, model)
    assert len(model.servers) == 1


def test_all_running_servers_stay_in_the_list(backend: Backend, model: ServerModel) -> None:
    ports = [start(backend, model, "echo") for _ in range(35)]
    assert [server.local.port for server in model.servers if server.local] == ports


def test_a_port_in_use_is_a_failed_server_and_a_sentence_naming_the_holder(
    backend: Backend, model: ServerModel, clients: ExitStack
) -> None:
    start(backend, model)
    taken = clients.enter_context(socket.create_server(("127.0.0.1", 0)))
    model.start(ServerConfig(service="echo", port=taken.getsockname()[1]))
    live(backend, lambda: model.servers[-1].state is ServerState.FAILED and model.notice)
    assert model.notice is not None
    told = model.notice.sentence() + str(model.notice.parts())
    assert "python" in told.lower() or "Socketboard" in told
    assert model.servers[0].state is ServerState.LISTENING


@pytest.mark.parametrize("windows", [False, True])
def test_the_next_free_port_is_offered_where_one_is_taken(
    backend: Backend,
    model: ServerModel,
    clients: ExitStack,
    monkeypatch: pytest.MonkeyPatch,
    windows: bool,
) -> None:
    def refuse(*_where: object) -> list[socket.socket]:
        refusal = PermissionError(errno.EACCES, "An attempt was made to access a socket")
        refusal.winerror = 10013  # type: ignore[attr-defined,unused-ignore]
        raise refusal

    if windows:
        monkeypatch.setattr("netlib.activities.server.listen", refuse)
    port = clients.enter_context(socket.create_server(("127.0.0.1", 0))).getsockname()[1]
    model.start(ServerConfig(service="echo", port=port))
    live(backend, lambda: model.notice)
    assert model.notice is not None
    cure = model.notice.cure
    assert cure is not None
    assert (cure.intent, cure.host) == ("use_port", "localhost")
    assert port < cure.port <= port + 100


def test_a_full_server_tells_of_the_client_it_turned_away(
    backend: Backend, model: ServerModel, clients: ExitStack
) -> None:
    port = start(backend, model, max_clients=1)
    dial(backend, model, clients, port)
    with socket.create_connection(("127.0.0.1", port), timeout=5) as second:
        assert second.recv(100) == b""
    wait_until(lambda: "limit of 1 client reached" in shown(model.rows))
    backend.tick()
    assert model.notice is None


def test_a_client_that_resets_is_a_row_of_the_log_and_no_alarm(
    backend: Backend, model: ServerModel, clients: ExitStack
) -> None:
    sock = dial(backend, model, clients, start(backend, model))
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    sock.close()
    wait_until(lambda: "RST" in shown(model.rows))
    backend.tick()
    assert model.notice is None


def test_a_client_of_this_window_says_that_the_servers_read_timeout_closed_it(
    backend: Backend, model: ServerModel
) -> None:
    port = start(backend, model, read_timeout=0.3)
    client = ChatClient(backend)
    client.connect(ChatForm(f"127.0.0.1:{port}", "", "utf-8"))
    live(backend, lambda: client.notice and client.notice.severity == "warn")
    assert client.notice is not None
    assert client.notice.sentence() == "Closed by the server's read timeout of 0.3 s."


def test_a_client_that_the_server_closes_for_another_reason_does_not(
    backend: Backend, model: ServerModel
) -> None:
    port = start(backend, model)
    client = ChatClient(backend)
    client.connect(ChatForm(f"127.0.0.1:{port}", "", "utf-8"))
    live(backend, lambda: client.state is ChatState.CONNECTED)
    model.stop()
    live(backend, lambda: client.state is ChatState.IDLE)
    assert client.notice is not None  # this is no chat room, and that is all
    assert client.notice.severity == "info"


def test_only_what_is_remembered_of_clients_elsewhere_is_bounded(
    backend: Backend, model: ServerModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gui.models.server.TOLD_LIMIT", 2)
    port = start(backend, model, read_timeout=0.1)
    with ExitStack() as elsewhere:
        for _ in range(3):
            elsewhere.enter_context(socket.create_connection(("127.0.0.1", port), timeout=5))
        live(backend, lambda: shown(model.rows).count("read timeout") == 3)
        backend.tick()
    assert len(backend.timed_out) == 2


@pytest.mark.parametrize(
    ("system", "commands"),
    [
        ("linux", ("nc 127.0.0.1 {}", "nc -u 127.0.0.1 {}")),
        ("win32", ("curl telnet://127.0.0.1:{}", "socketboard-cli udp 127.0.0.1:{}")),
    ],
)
def test_the_command_for_a_terminal_is_the_servers_own_and_of_this_system(
    backend: Backend,
    model: ServerModel,
    monkeypatch: pytest.MonkeyPatch,
    system: str,
    commands: tuple[str, str],
) -> None:
    tcp, udp = commands
    monkeypatch.setattr("netlib.system.words.sys", SimpleNamespace(platform=system))
    port = start(backend, model)
    assert terminal_command(model.servers[-1]) == tcp.format(port)
    port = start(backend, model, "echo", transport=Transport.UDP, host="*")
    assert terminal_command(model.servers[-1]) == udp.format(port)
    model.stop()
    live(backend, lambda: not model.servers[-1].running)
    assert terminal_command(model.servers[-1]) == ""


def test_a_port_that_a_server_of_this_window_has_is_known(
    backend: Backend, model: ServerModel
) -> None:
    port = start(backend, model)
    mine = model.servers[0]
    assert model.serving(ServerConfig(service="echo", port=port)) is mine
    assert model.serving(ServerConfig(service="echo", port=port, host="*")) is mine
    udp = ServerConfig(service="echo", port=port, transport=Transport.UDP)
    assert model.serving(udp) is None
    model.stop_all()
    live(backend, lambda: model.running == 0)
    assert model.serving(ServerConfig(service="echo", port=port)) is None


def test_only_a_server_others_can_reach_has_addresses_for_them(
    backend: Backend, model: ServerModel
) -> None:
    start(backend, model)
    assert others_type(model.servers[-1]) == []
    port = start(backend, model, host="*")
    assert all(address.endswith(f":{port}") for address in others_type(model.servers[-1]))


def test_a_udp_server_answers_and_shows_the_datagram_with_its_sender(
    backend: Backend, model: ServerModel
) -> None:
    port = start(backend, model, "echo", transport=Transport.UDP)
    with socket.socket(type=socket.SOCK_DGRAM) as peer:
        peer.settimeout(5)
        peer.sendto(b"", ("127.0.0.1", port))
        assert peer.recv(100) == b""
        name = f"127.0.0.1:{peer.getsockname()[1]}"
        wait_until(lambda: shown(model.rows).count(name) == 2)
    assert server_cells(model.servers[0])[3] == "–"


def test_one_conversation_alone_is_shown_and_searched_and_all_again(
    backend: Backend, model: ServerModel, clients: ExitStack
) -> None:
    port = start(backend, model)
    one, other = (dial(backend, model, clients, port) for _ in range(2))
    for sock, line in ((one, b"from one\n"), (other, b"from other\n"), (one, b"again\n")):
        sock.sendall(line)
        sock.recv(100)
    wait_until(lambda: shown(model.rows).count("again") == 2)
    total = model.rows.count()
    model.rows.show_connection(next(iter(model.clients)))
    wait_until(lambda: model.rows.count() == 5)
    assert "other" not in shown(model.rows)
    assert model.rows.total() == total
    assert model.rows.progress() is None
    model.rows.find("from one")
    model.rows.show_matches_only(True)
    wait_until(lambda: model.rows.count() == 2)
    model.rows.end_search()
    wait_until(lambda: model.rows.count() == 5)
    one.sendall(b"live\n")
    wait_until(lambda: model.rows.count() == 7)
    model.rows.show_connection(0)
    assert model.rows.count() == total + 2


def test_a_server_on_localhost_shows_both_its_addresses(
    backend: Backend, model: ServerModel
) -> None:
    port = start(backend, model)
    assert model.servers[0].address == f"127.0.0.1:{port}, [::1]:{port}"
