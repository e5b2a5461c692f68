"""One button where one click helps: start the missing server, take a free port, connect again."""

from __future__ import annotations

import socket
from contextlib import closing

from gui.models.chat import ChatState
from gui.models.connect import ConnectState
from gui.models.server import ServerState
from tests.gui.window import Window, cells, told
from tests.helpers import free_port


def test_a_refused_client_starts_that_server_and_is_connected(window: Window) -> None:
    tab, port = window.connect, free_port()
    tab.address.text = f"localhost:{port}"
    tab.main.invoke()
    window.wait(lambda: "refused" in told(tab.banner))
    assert "Start that server" in told(tab.banner)
    tab.banner.cure.invoke()
    window.wait(lambda: tab.model.state is ConnectState.CONNECTED)
    assert told(tab.banner) == ""
    assert window.server.model.servers[0].config.service == "acknowledge"
    assert window.server.model.servers[0].config.port == port
    window.go("server")
    window.wait(lambda: len(cells(window.server.clients)) == 1)


def test_a_refused_request_starts_a_web_server(window: Window) -> None:
    tab = window.connect
    tab.kind.choose("http")
    tab.address.text = f"localhost:{free_port()}"
    tab.main.invoke()
    window.wait(tab.banner.cure.winfo_ismapped)
    tab.banner.cure.invoke()
    window.wait(lambda: tab.model.state is ConnectState.CONNECTED)
    assert window.server.model.servers[0].config.service == "web"


def test_a_refused_chat_starts_a_room(window: Window) -> None:
    window.go("chat")
    pane = window.chat.panes[0]
    pane.address.text = f"localhost:{free_port()}"
    pane.main.invoke()
    window.wait(pane.banner.cure.winfo_ismapped)
    pane.banner.cure.invoke()
    window.wait(lambda: pane.model.state is ChatState.CONNECTED)
    assert window.server.model.servers[0].config.service == "chat"


def test_a_udp_port_without_a_program_is_given_one(window: Window) -> None:
    tab, port = window.connect, free_port(socket.SOCK_DGRAM)
    tab.kind.choose("udp")
    tab.address.text = f"127.0.0.1:{port}"
    tab.main.invoke()
    window.wait(lambda: tab.model.state is ConnectState.CONNECTED)
    tab.composer.text = "hello?"
    tab.composer.submit()
    window.wait(tab.banner.cure.winfo_ismapped)
    tab.banner.cure.invoke()
    window.wait(lambda: window.app.backend.running)
    assert told(tab.banner) == ""
    tab.composer.text = "again"
    tab.composer.submit()
    network, server = window.app.backend.network, window.server.model.servers[0]
    window.wait(lambda: network.totals(server.activity).received)


def test_a_computer_elsewhere_is_not_ours_to_start(window: Window) -> None:
    tab = window.connect
    with closing(socket.create_server(("127.0.0.1", 0))) as full:
        tab.address.text = f"name.invalid:{full.getsockname()[1]}"
        tab.main.invoke()
        window.wait(lambda: told(tab.banner))
    assert not tab.banner.cure.winfo_ismapped()


def test_a_taken_port_offers_the_next_free_one(window: Window) -> None:
    window.go("server")
    tab = window.server
    with closing(socket.create_server(("127.0.0.1", 0))) as holder:
        taken = holder.getsockname()[1]
        tab.form.port.text = str(taken)
        tab.main_action()
        window.wait(lambda: tab.model.servers and tab.model.servers[-1].state is ServerState.FAILED)
        window.wait(tab.banner.cure.winfo_ismapped)
        words = str(tab.banner.cure.cget("text"))
        tab.banner.cure.invoke()
        window.wait(lambda: tab.model.servers[-1].state is ServerState.LISTENING)
    port = tab.model.servers[-1].config.port
    assert port > taken
    assert words == f"Use port {port}"
    assert told(tab.banner) == ""


def test_the_time_server_that_is_missing_or_in_the_way(window: Window) -> None:
    window.go("time")
    tab, port = window.time, free_port(socket.SOCK_DGRAM)
    tab.address.text = f"localhost:{port}"
    tab.query.invoke()
    window.wait(tab.banner.cure.winfo_ismapped)
    tab.banner.cure.invoke()
    window.wait(tab.client.round_trips)
    assert tab.server.local is not None
    assert tab.server.local.port == port


def test_a_lost_connection_is_opened_again(window: Window) -> None:
    tab = window.connect
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(5)
        tab.address.text = f"127.0.0.1:{listener.getsockname()[1]}"
        tab.main.invoke()
        window.wait(lambda: tab.model.state is ConnectState.CONNECTED)
        peer = listener.accept()[0]
        peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")
        peer.close()
        window.wait(tab.banner.cure.winfo_ismapped)
        assert "Reconnect" in told(tab.banner)
        tab.banner.cure.invoke()
        window.wait(lambda: tab.model.state is ConnectState.CONNECTED)
        listener.accept()[0].close()


def test_a_message_goes_at_the_next_action(window: Window) -> None:
    tab = window.connect
    tab.complain("something typed is wrong")
    assert told(tab.banner)
    tab.address.text = f"localhost:{window.start_server()}"
    tab.main_action()
    assert told(tab.banner) == ""
