"""A class at work: every tab does its lesson within a click of its defaults."""

from __future__ import annotations

import socket

import pytest

from gui.models.chat import ChatState
from gui.models.connect import ConnectState
from gui.models.server import ServerState
from tests import peers
from tests.gui.window import Window, cells, drawn, seen_in, told, words_in
from tests.helpers import free_port


def test_start_connect_type_and_see_it(window: Window) -> None:
    port = window.start_server()
    window.go("chat")
    pane = window.chat.panes[0]
    pane.address.text = f"localhost:{port}"
    pane.main.invoke()
    window.wait(lambda: pane.model.state is ChatState.CONNECTED)
    pane.line.insert(0, "你好，世界")
    window.press(pane.line, "<Return>")
    window.wait(lambda: "← 已接收: 你好，世界" in drawn(pane.conversation.text))
    assert pane.line.get() == ""
    window.go("server")
    window.wait(lambda: "已接收: 你好，世界" in drawn(window.server.traffic.traffic.text))
    window.wait(lambda: [row[7] for row in cells(window.server.clients)] == ["你好，世界"])
    assert cells(window.server.servers)[0][:2] == ("line reply", "TCP")


def test_the_defaults_of_server_and_chat_meet(window: Window) -> None:
    assert window.server.form.port.text == "8080"
    assert window.chat.panes[0].address.text == "localhost:8080"
    assert window.connect.address.text == "localhost:8080"
    assert window.time.address.text == f"localhost:{window.time.port.text}"


def test_all_chat_clients_connect_with_one_click_and_talk(window: Window) -> None:
    port = window.start_server("chat/tcp")
    window.go("chat")
    window.chat.more.invoke()
    for pane, name in zip(window.chat.panes, ("小明", "Ada", "Linus"), strict=True):
        pane.address.text, pane.nickname.text = f"localhost:{port}", name
    window.chat.all.invoke()
    window.wait(lambda: all(p.model.state is ChatState.CONNECTED for p in window.chat.panes))
    window.wait(lambda: str(window.chat.all.cget("text")) == "Disconnect all")
    assert str(window.chat.all.cget("style")) != "Accent.TButton"
    first, second, third = window.chat.panes
    first.line.insert(0, "大家好")
    first.send_button.invoke()
    for pane in (second, third):
        window.wait(lambda pane=pane: "大家好" in drawn(pane.conversation.text))  # type: ignore[misc]
        assert "小明" in drawn(pane.conversation.text)
    third.remove.invoke()
    assert len(window.chat.panes) == 2
    window.go("server")
    window.wait(lambda: [row[3] for row in cells(window.server.clients)].count("left (FIN)") == 1)
    assert len(cells(window.server.clients)) == 3


def test_a_request_by_hand_is_answered_by_our_own_web_server(window: Window) -> None:
    _request(window, f"localhost:{window.start_server('web/tcp')}")


@pytest.mark.peers
def test_a_request_by_hand_shows_a_gbk_page_and_its_headers(window: Window) -> None:
    with peers.nginx() as port:
        _request(window, f"http://localhost:{port}/gbk.html")
        http = window.connect.http
        assert "中文网页，国标编码。" in drawn(http.shown)
        http.part.choose("head")
        assert "Content-Type: text/html; charset=gbk" in drawn(http.shown)
        window.connect.model.disconnect()
        window.wait(lambda: window.connect.model.state is ConnectState.IDLE)


def _request(window: Window, address: str) -> None:
    window.go("connect")
    tab = window.connect
    tab.kind.choose("http")
    tab.address.text = address
    tab.address.entry.event_generate("<<ComboboxSelected>>")
    window.wait(tab.http.winfo_viewable)
    tab.http.send_button.invoke()
    window.wait(lambda: tab.model.reply and drawn(tab.http.shown))
    assert any("200" in words for words in words_in(tab.http))


def test_the_udp_lesson_ends_with_port_unreachable(window: Window) -> None:
    tab = window.connect
    tab.kind.choose("udp")
    tab.address.text = f"127.0.0.1:{free_port(socket.SOCK_DGRAM)}"
    tab.main.invoke()
    window.wait(lambda: tab.model.state is ConnectState.CONNECTED)
    assert tab.finish.instate(["disabled"])
    tab.composer.text = "有人吗？"
    tab.composer.submit()
    window.wait(lambda: "ICMP" in told(tab.banner))
    window.wait(lambda: "有人吗？" in drawn(tab.traffic.traffic.text))


def test_half_close_and_abort_are_offered_while_connected(window: Window) -> None:
    tab = window.connect
    assert tab.finish.instate(["disabled"])
    tab.address.text = f"localhost:{window.start_server('echo/tcp')}"
    tab.main.invoke()
    window.wait(lambda: tab.finish.instate(["!disabled"]))
    tab.finish.invoke()
    window.wait(lambda: tab.model.state is ConnectState.IDLE)
    tab.main.invoke()
    window.wait(lambda: tab.abort.instate(["!disabled"]))
    tab.abort.invoke()
    window.wait(lambda: tab.model.state is ConnectState.IDLE)
    assert tab.abort.instate(["disabled"])


def test_the_time_is_told_and_lost_queries_are_counted(window: Window) -> None:
    window.go("time")
    tab = window.time
    tab.port.text = "0"
    tab.start.invoke()
    window.wait(lambda: tab.server.local)
    assert tab.server.local is not None
    tab.address.text = f"localhost:{tab.server.local.port}"
    tab.fields["count"].text, tab.fields["interval"].text = "3", "0"
    tab.query.invoke()
    window.wait(lambda: len(cells(tab.answers)) == 3)
    assert [row[0] for row in cells(tab.answers)] == ["3", "2", "1"]
    assert all(row[1].startswith("✓ 20") for row in cells(tab.answers))
    headline = " ".join(seen_in(tab))
    for words in ("server time 20", "(here ", "round-trip time", "clock offset", "median"):
        assert words in headline
    window.wait(lambda: "获取时间" in drawn(tab.requests.traffic.text))
    tab.start.invoke()
    window.wait(lambda: not tab.server.running)
    with socket.socket(type=socket.SOCK_DGRAM) as silent:
        silent.bind(("127.0.0.1", 0))
        tab.address.text = f"127.0.0.1:{silent.getsockname()[1]}"
        tab.fields["count"].text, tab.fields["timeout"].text = "1", "0.05"
        tab.query.invoke()
        window.wait(lambda: cells(tab.answers)[0][1].startswith("✗"))
    tab.clear.invoke()
    window.wait(lambda: cells(tab.answers) == [])


def test_the_server_speaks_to_one_or_to_all_and_ends_connections(window: Window) -> None:
    window.go("server")
    tab, port = window.server, window.start_server()
    with _dial(port) as one, _dial(port) as other:
        window.wait(lambda: len(cells(tab.clients)) == 2)
        tab.composer.text = "to all"
        tab.composer.submit()
        assert (one.recv(100), other.recv(100)) == (b"to all\n", b"to all\n")
        tab.clients.choose([str(next(iter(tab.model.clients)))])
        tab.composer.text = "to one"
        tab.composer.submit()
        assert one.recv(100) == b"to one\n"
        window.wait(lambda: tab.disconnect.instate(["!disabled"]))
        tab.disconnect.invoke()
        assert one.recv(100) == b""
        window.wait(lambda: len(tab.model.clients) == 1)
        tab.clients.choose([str(next(iter(tab.model.clients)))])
        window.wait(lambda: tab.reset.instate(["!disabled"]))
        tab.reset.invoke()
        with pytest.raises(ConnectionResetError):
            other.recv(100)


def test_a_port_in_use_is_a_banner_that_names_the_holder(window: Window) -> None:
    window.go("server")
    tab = window.server
    window.start_server()
    with socket.create_server(("127.0.0.1", 0)) as taken:
        tab.form.port.text = str(taken.getsockname()[1])
        tab.main.invoke()
        window.wait(lambda: tab.model.servers[-1].state is ServerState.FAILED)
        window.wait(lambda: "PID" in told(tab.banner))
    window.press(tab.form.port.entry, "<Escape>")
    assert told(tab.banner) == ""
    assert tab.model.servers[0].running


def test_the_newest_trouble_of_the_time_tab_is_the_one_shown(window: Window) -> None:
    window.go("time")
    tab = window.time
    tab.address.text = f"127.0.0.1:{free_port(socket.SOCK_DGRAM)}"
    tab.query.invoke()
    window.wait(lambda: "ICMP" in told(tab.banner))
    with socket.socket(type=socket.SOCK_DGRAM) as holder:
        holder.bind(("127.0.0.1", 0))
        tab.port.text = str(holder.getsockname()[1])
        tab.start.invoke()
        window.wait(lambda: "PID" in told(tab.banner))


def _dial(port: int) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port), timeout=5)
