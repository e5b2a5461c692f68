"""Under load and under attack the window shows the truth, stays alive, and closes."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from gui.app import CLOSE_SECONDS
from gui.models.chat import ChatState
from gui.models.connect import ConnectState
from tests import peers
from tests.backends import shown
from tests.gui.window import Window, cells, drawn

HOSTILE = b"a\x00b\x1b]0;title\x07" + "\u202e\u2066".encode() + b"\xed\xa0\x80\xff|end\n"
ESCAPED = r"a\x00b\x1b]0;title\x07<U+202E><U+2066>\xed\xa0\x80\xff|end"


@contextmanager
def flood(port: int, clients: int = 2) -> Iterator[None]:
    """Send lines without end, reading the answers, from threads of our own."""
    enough = threading.Event()
    lines = b"line of a flood\n" * 500

    def send() -> None:
        with socket.create_connection(("127.0.0.1", port), timeout=5) as sock:
            sock.settimeout(0.2)
            while not enough.is_set():
                with contextlib.suppress(TimeoutError):
                    sock.sendall(lines)
                with contextlib.suppress(TimeoutError):
                    while sock.recv(1 << 20):
                        if enough.is_set():
                            return

    def quietly() -> None:
        with contextlib.suppress(OSError):  # the server is closed while we send
            send()

    threads = [threading.Thread(target=quietly) for _ in range(clients)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        enough.set()
        for thread in threads:
            thread.join(10)


def test_a_flood_leaves_the_window_responsive_and_every_byte_accounted_for(window: Window) -> None:
    window.go("server")
    tab, port = window.server, window.start_server()
    with flood(port):
        window.wait(lambda: tab.model.rows.count() > 20_000, 60)
        ticks = window.app._ticks
        window.wait(lambda: window.app._ticks > ticks + 20, 60)
        window.press(tab.form.port.entry, "<Key-9>")
        assert tab.form.port.text.endswith("9")
        window.go("connect")
        window.go("server")
        window.wait(lambda: "line of a flood" in drawn(tab.traffic.traffic.text))
        assert len(drawn(tab.traffic.traffic.text).splitlines()) < 200
    backend = window.app.backend

    def settled() -> bool:
        counts = backend.counts()
        return counts.received == counts.recorded + counts.dropped

    window.wait(settled, 60)
    assert backend.counts().received > 100_000
    assert backend.counts().lost_events == 0
    label = window.app.main_window.status._numbers["received"]
    window.wait(lambda: label.cget("text") == f"{backend.counts().received:,}")
    window.wait(lambda: tab.traffic.traffic.status()[2] == tab.model.rows.count())


@pytest.mark.peers
def test_a_server_that_never_stops_talking_is_skipped_and_counted(window: Window) -> None:
    window.go("chat")
    pane = window.chat.panes[0]
    with peers.socat("flood") as port:
        pane.address.text = f"localhost:{port}"
        pane.main.invoke()
        window.wait(lambda: "…" in shown(pane.model.conversation), 60)
        window.press(pane.line, "<Key-x>")
        assert pane.line.get() == "x"
        pane.main.invoke()
        window.wait(lambda: pane.model.state is ChatState.IDLE)


def test_closing_under_a_flood_ends_every_thread(window: Window) -> None:
    port = window.start_server()
    with flood(port, clients=4):
        window.wait(lambda: window.server.model.rows.count() > 5_000, 60)
        threads = {one.name for one in threading.enumerate()}
        assert "socketboard-engine" in " ".join(threads)
        window.app.close()
        left = {one.name for one in threading.enumerate() if one.name.startswith("socketboard")}
    assert left == set(), f"still there {CLOSE_SECONDS} s after closing"


def test_hostile_bytes_are_escaped_in_every_view(window: Window) -> None:
    server, connect = window.server, window.connect
    port = window.start_server("echo/tcp")
    window.go("connect")
    connect.address.text = f"localhost:{port}"
    connect.main.invoke()
    window.wait(lambda: connect.model.state is ConnectState.CONNECTED)
    connect.composer.mode.choose("hex")
    connect.composer.text = HOSTILE.hex()
    connect.composer.submit()
    window.wait(lambda: drawn(connect.traffic.traffic.text).count(ESCAPED) == 2)
    window.go("server")
    window.wait(lambda: drawn(server.traffic.traffic.text).count(ESCAPED) == 2)
    window.wait(lambda: [row[7] for row in cells(server.clients)] == [ESCAPED])
    window.go("chat")
    pane = window.chat.panes[0]
    pane.address.text = f"localhost:{port}"
    pane.main.invoke()
    window.wait(lambda: pane.model.state is ChatState.CONNECTED)
    window.app.backend.network.send(pane.model._activity, HOSTILE)
    said = "".join(f"← {ESCAPED}".split())  # the row is broken into lines
    window.wait(lambda: said in "".join(drawn(pane.conversation.text).split()))


def test_a_line_of_a_megabyte_is_cut_not_drawn(window: Window) -> None:
    tab = window.connect
    tab.address.text = f"localhost:{window.start_server('echo/tcp')}"
    tab.main.invoke()
    window.wait(lambda: tab.model.state is ConnectState.CONNECTED)
    assert window.app.backend.network.send(tab.model._activity, b"x" * 1_000_000 + b"\n")
    window.wait(lambda: "← " in drawn(tab.traffic.traffic.text))
    tab.traffic.traffic.wrap(True)
    window.root.update()
    assert max(map(len, drawn(tab.traffic.traffic.text).splitlines())) < 6000


def test_a_hostile_page_is_shown_escaped(window: Window) -> None:
    tab = window.connect
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(10)
        tab.kind.choose("http")
        tab.address.text = f"127.0.0.1:{listener.getsockname()[1]}"
        tab.http.send_button.invoke()
        window.wait(lambda: "→" in drawn(tab.traffic.traffic.text))
        with listener.accept()[0] as peer:
            assert peer.recv(1000)
            head = (
                b"HTTP/1.1 200 O\xffK\r\nX-Evil: \xe2\x80\xae\x1b[31m\r\nContent-Length: %d\r\n\r\n"
            )
            peer.sendall(head % len(HOSTILE) + HOSTILE)
            window.wait(lambda: tab.model.reply)
    window.wait(lambda: r"a\x00b\x1b]0;title\x07" in drawn(tab.http.shown))
    tab.http.part.choose("head")
    assert "\\x1b[31m" in drawn(tab.http.shown)
    assert "\x1b" not in drawn(tab.http.shown)
