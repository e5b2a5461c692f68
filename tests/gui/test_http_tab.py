"""A request by hand: it connects again when it must, shows every byte, says what it waits for."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import closing
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from tkinter import ttk

import pytest

from gui.models.connect import ConnectState
from gui.tabs.connect import ConnectTab
from netlib import __version__
from tests.gui.window import Window, drawn, everything, seen_in, told


class Quiet(SimpleHTTPRequestHandler):
    """Python's own file server, HTTP/1.0 as `python3 -m http.server` speaks it."""

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def old_server() -> Iterator[int]:
    """A port with an HTTP/1.0 server, which closes after each response."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Quiet) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()


@pytest.fixture
def silent() -> Iterator[socket.socket]:
    """A socket that listens and never answers."""
    with closing(socket.create_server(("127.0.0.1", 0))) as listening:
        yield listening


@pytest.fixture
def tab(window: Window) -> ConnectTab:
    window.go("connect")
    window.connect.kind.choose("http")
    window.wait(window.connect.http.winfo_viewable)
    return window.connect


def address(window: Window, where: str) -> None:
    entry = window.connect.address
    entry.text = where
    entry.entry.event_generate("<<ComboboxSelected>>")
    window.root.update()


def response(window: Window) -> str:
    """Press the button, and return how the response begins."""
    tab = window.connect
    before = tab.model.reply
    tab.http.send_button.invoke()
    window.wait(lambda: tab.model.reply is not None and tab.model.reply is not before)
    window.settle()
    return next(words for words in seen_in(tab.http) if "HTTP/" in words)


def hint(window: Window) -> str:
    """Return what stands where the response will be."""
    return str(window.connect.http._hint.cget("text"))


def test_a_server_that_closes_after_each_response_is_asked_again_and_again(
    window: Window, tab: ConnectTab, old_server: int
) -> None:
    address(window, f"127.0.0.1:{old_server}")
    for _time in range(3):
        assert response(window).startswith("✓ HTTP/1.0 200 OK · ")
        assert told(tab.banner) == ""


def test_it_is_asked_again_before_its_fin_has_come(
    window: Window, tab: ConnectTab, silent: socket.socket
) -> None:
    address(window, f"127.0.0.1:{silent.getsockname()[1]}")
    tab.http.send_button.invoke()
    window.wait(lambda: tab.model.waiting is not None)
    first, _peer = silent.accept()
    with first:
        first.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        window.wait(lambda: tab.model.reply)
        tab.http.send_button.invoke()
        window.wait(lambda: tab.model.waiting is not None)
        second, _peer = silent.accept()
        with second:
            assert second.recv(1000).startswith(b"GET / ")


def test_disconnect_ends_the_wish_to_connect_again(
    window: Window, tab: ConnectTab, silent: socket.socket
) -> None:
    address(window, f"127.0.0.1:{silent.getsockname()[1]}")
    tab.http.send_button.invoke()
    window.wait(lambda: tab.model.waiting is not None)
    first, _peer = silent.accept()
    with first:
        first.sendall(b"HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n")
        window.wait(lambda: tab.model.reply)
        tab.http.send_button.invoke()
        tab.main.invoke()
        window.wait(lambda: tab.model.state is ConnectState.IDLE)
        window.settle()
    assert tab.model.state is ConnectState.IDLE


def test_a_connection_that_stays_is_used_again(window: Window, tab: ConnectTab) -> None:
    address(window, f"localhost:{window.start_server('web/tcp')}")
    assert response(window).startswith("✓ HTTP/1.1 200 OK · ")
    connected = tab.model.connected
    assert response(window).startswith("✓ HTTP/1.1 200 OK · ")
    assert tab.model.connected is connected


def test_the_headers_begin_with_the_status_line(
    window: Window, tab: ConnectTab, old_server: int
) -> None:
    address(window, f"127.0.0.1:{old_server}")
    response(window)
    tab.http.part.choose("head")
    assert drawn(tab.http.shown).startswith("HTTP/1.0 200 OK\n")


def test_a_damaged_body_leaves_status_headers_and_what_came_before(
    window: Window, tab: ConnectTab, silent: socket.socket
) -> None:
    address(window, f"127.0.0.1:{silent.getsockname()[1]}")
    tab.http.send_button.invoke()
    window.wait(lambda: tab.model.waiting is not None)
    peer, _address = silent.accept()
    with peer:
        head = b"HTTP/1.1 200 OK\r\nX-Lesson: 1\r\nTransfer-Encoding: chunked\r\n\r\n"
        peer.sendall(head + b"4\r\nhalf\r\nZZ\r\nxx\r\n")
        window.wait(lambda: tab.model.reply)
        window.settle()
    (status,) = (words for words in seen_in(tab.http) if "HTTP/" in words)
    assert status == "! HTTP/1.1 200 OK · 4 bytes · damaged"
    assert "its body damaged after 4 bytes: illegal chunk header" in told(tab.banner)
    assert drawn(tab.http.shown) == "half"
    tab.http.part.choose("head")
    assert "X-Lesson: 1" in drawn(tab.http.shown)


def test_line_ends_are_seen_but_no_part_of_the_request(window: Window, tab: ConnectTab) -> None:
    http = tab.http
    window.wait(lambda: http.line_ends.shown == [r"\r\n"] * 5)
    assert http.data().count(b"\r\n") == 5
    assert "\\" not in drawn(http.editor)
    http.editor.insert("end", "\n")
    window.wait(lambda: http.line_ends.shown == [r"\r\n"] * 6)
    http.eol.key = "lf"
    http.eol.event_generate("<<ComboboxSelected>>")
    window.wait(lambda: http.line_ends.shown == [r"\n"] * 6)
    http.mode.choose("hex")
    window.wait(lambda: http.line_ends.shown == [])


def test_a_click_on_a_line_end_goes_to_the_text(window: Window, tab: ConnectTab) -> None:
    http = tab.http
    window.wait(lambda: http.line_ends.shown)
    http.line_ends._labels[1].event_generate("<Button-1>", x=2, y=4)
    window.root.update()
    assert http.editor.index("insert") == http.editor.index("2.end")


def test_a_request_without_its_blank_line_says_what_is_missing(
    window: Window, tab: ConnectTab
) -> None:
    address(window, f"localhost:{window.start_server('web/tcp')}")
    tab.http.editor.replace("1.0", "end", "GET / HTTP/1.1\nHost: localhost\n")
    tab.http.send_button.invoke()
    window.wait(lambda: "No blank line yet: the request has not ended" in hint(window))
    tab.http.editor.replace("1.0", "end", "X: y\n")
    tab.http.send_button.invoke()
    window.wait(lambda: "No blank line yet: the request has not ended" in hint(window))
    tab.http.editor.replace("1.0", "end", "\n")
    tab.http.send_button.invoke()
    window.wait(lambda: tab.model.reply and tab.model.reply.status == 200)


def test_waiting_is_said_with_its_time(
    window: Window, tab: ConnectTab, silent: socket.socket
) -> None:
    assert "No response yet" in hint(window)
    address(window, f"127.0.0.1:{silent.getsockname()[1]}")
    tab.http.send_button.invoke()
    window.wait(lambda: "Waiting for the response… 0.2 s" in hint(window))
    tab.main.invoke()
    window.wait(lambda: tab.model.state is ConnectState.IDLE)
    window.settle()
    assert "Waiting" not in hint(window)


def test_an_empty_request_is_refused(window: Window, tab: ConnectTab) -> None:
    address(window, f"localhost:{window.start_server('web/tcp')}")
    tab.http.editor.delete("1.0", "end")
    tab.http.send_button.invoke()
    window.root.update()
    assert "The request is empty" in told(tab.banner)
    assert tab.model.state is ConnectState.IDLE


def test_the_request_says_who_asks_and_the_tutorials_is_one_click_away(
    window: Window, tab: ConnectTab
) -> None:
    assert f"User-Agent: Socketboard/{__version__}\n" in drawn(tab.http.editor)
    (menu,) = [one for one in everything(tab.http.presets) if one.winfo_class() == "Menu"]
    menu.invoke(1)  # type: ignore[attr-defined]
    assert "User-Agent: curl/7.55.1\n" in drawn(tab.http.editor)
    assert tab.http.data().endswith(b"Accept: */*\r\n\r\n")
    window.press(tab.http.editor, "<<Undo>>")
    assert f"User-Agent: Socketboard/{__version__}\n" in drawn(tab.http.editor)


def filled(window: Window) -> list[str]:
    """Return the words of the filled buttons in sight."""
    buttons = [one for one in everything(window.connect) if isinstance(one, ttk.Button)]
    return [
        str(one.cget("text"))
        for one in buttons
        if one.winfo_viewable() and "Accent" in str(one.cget("style"))
    ]


def test_one_button_is_filled_and_one_line_says_something(window: Window, tab: ConnectTab) -> None:
    assert filled(window) == ["Send request"]
    assert not tab.composer.winfo_viewable()
    tab.kind.choose("tcp")
    window.wait(tab.composer.winfo_viewable)
    window.settle()
    assert filled(window) == ["Connect"]


# -- the rest of the tab ---------------------------------------------------------------------------


def test_enter_in_the_message_line_says_which_button_comes_first(window: Window) -> None:
    window.go("connect")
    tab = window.connect
    tab.composer.text = "hello?"
    window.press(tab.composer.entry, "<Return>")
    assert 'press "Connect" first' in tab.composer.wrong
    assert tab.composer.text == "hello?"


def test_the_state_forgets_the_connection_that_is_closed(window: Window) -> None:
    window.go("connect")
    tab = window.connect
    port = window.start_server()
    tab.address.text = f"localhost:{port}"
    tab.main.invoke()
    window.wait(lambda: any(f":{port}" in words for words in seen_in(tab.who)))
    tab.finish.invoke()
    tab.composer.text = "too late"
    tab.composer.submit()
    window.wait(lambda: tab.model.state is ConnectState.IDLE)
    window.settle()
    assert not any("↔" in words for words in seen_in(tab.who))
    assert tab.composer.wrong == ""


def test_another_protocol_waits_until_the_connection_is_closed(window: Window) -> None:
    window.go("connect")
    tab = window.connect
    tab.address.text = f"localhost:{window.start_server()}"
    tab.main.invoke()
    window.wait(lambda: tab.model.state is ConnectState.CONNECTED)
    window.settle()
    assert [tab.kind.is_offered(key) for key in ("tcp", "http", "udp")] == [True, True, False]
    tab.main.invoke()
    window.wait(lambda: tab.model.state is ConnectState.IDLE)
    window.settle()
    assert all(tab.kind.is_offered(key) for key in ("tcp", "http", "udp"))


def test_only_what_was_reached_enters_the_history(window: Window, silent: socket.socket) -> None:
    window.go("connect")
    tab = window.connect
    with closing(socket.create_server(("127.0.0.1", 0))) as gone:
        closed = f"127.0.0.1:{gone.getsockname()[1]}"
    reached = f"127.0.0.1:{silent.getsockname()[1]}"
    for where, wanted in ((closed, False), (reached, True)):
        tab.address.text = where
        tab.main.invoke()
        window.wait(lambda: tab.model.connected or tab.model.notice)
        window.settle()
        assert (where in tab.address.history) is wanted


def test_there_is_one_place_to_write_also_where_the_page_scrolls(window: Window) -> None:
    window.go("connect")
    window.root.geometry("960x540")
    window.app.theme.dress(size=24)
    window.settle()
    area = window.connect.composer_area
    assert area.winfo_viewable()
    window.connect.kind.choose("http")
    window.settle()
    assert not area.winfo_viewable()
    window.connect.kind.choose("tcp")
    window.settle()
    assert area.winfo_viewable()
