"""The Kernel view: marks that move, gauges that fill, and what a person sets, by mouse and keys."""

from __future__ import annotations

import socket
import sys
import tkinter as tk

import pytest

from gui.models.connect import ConnectState
from gui.theme.palette import DARK
from gui.views.kernel_view import KernelView
from gui.views.pane import TrafficPane
from tests.backends import shown
from tests.gui.window import Window

on_linux = pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells all of it")


def looked_at(window: Window, pane: TrafficPane) -> KernelView:
    """Choose the view, as a click does."""
    pane.view.choose("kernel")
    view = pane.other
    assert isinstance(view, KernelView)
    window.wait(view.winfo_viewable)
    return view


def connect(window: Window, port: int) -> KernelView:
    window.go("connect")
    window.connect.address.text = f"localhost:{port}"
    window.connect.main.invoke()
    window.wait(lambda: window.connect.model.state is ConnectState.CONNECTED)
    return looked_at(window, window.connect.traffic)


def words(canvas: tk.Canvas, tag: str = "all") -> set[str]:
    """Return every text that is drawn; or those of boxes marked "ours", "system" or "been"."""
    texts = [one for one in canvas.find_withtag(tag) if str(canvas.type(one)) == "text"]
    return {str(canvas.itemcget(one, "text")) for one in texts}  # type: ignore[no-untyped-call]


def test_both_marks_move_with_the_connection(window: Window) -> None:
    view = connect(window, window.start_server("echo/tcp"))
    window.wait(lambda: words(view.states, "ours") == {"ESTABLISHED"})
    if sys.platform == "linux":
        window.wait(lambda: "the system says the same" in view.compared.label.cget("text"))
        window.wait(lambda: words(view.states, "system") == {"ESTABLISHED"})
    window.connect.main.invoke()
    window.wait(lambda: words(view.states, "ours") == {"FIN-WAIT-1", "FIN-WAIT-2"})
    if sys.platform == "linux":
        window.wait(lambda: words(view.states, "system") == {"TIME-WAIT"})
        window.wait(lambda: any("s left" in text for text in words(view.figures)))


@on_linux
def test_pausing_fills_the_gauges_and_resuming_empties_them(window: Window) -> None:
    view = connect(window, window.start_server("echo/tcp"))
    window.wait(lambda: not view.reading.instate(["disabled"]))
    window.press(view.reading, "<space>")
    window.wait(lambda: view.reading.cget("text") == "Resume reading")
    composer = window.connect.composer

    def stalled() -> bool:
        composer.text = "x" * 50_000
        composer.submit()
        return any("the sender must stop" in text for text in words(view.figures))

    window.wait(stalled)
    window.wait(lambda: any(text.startswith("0 for ") for text in words(view.figures)))
    window.wait(lambda: view.reading.ready)
    window.press(view.reading, "<space>")
    window.wait(lambda: view.reading.cget("text") == "Pause reading")
    window.wait(lambda: not any("the sender must stop" in text for text in words(view.figures)))


@on_linux
def test_who_waits_to_be_accepted_is_shown_and_served_afterwards(window: Window) -> None:
    port = window.start_server("echo/tcp")
    window.go("server")
    view = looked_at(window, window.server.panes.traffic)
    window.wait(lambda: words(view.states, "ours") == {"LISTEN"})
    view.accepting.invoke()
    window.wait(lambda: view.accepting.cget("text") == "Resume accepting")
    with socket.create_connection(("127.0.0.1", port), timeout=5) as peer:
        peer.sendall(b"waits")
        window.wait(lambda: "1 connection waits" in view.words.label.cget("text"))
        window.wait(lambda: view.accepting.ready)
        view.accepting.invoke()
        assert peer.recv(5) == b"waits"


def test_a_wrong_size_is_said_beside_the_field_and_a_right_one_is_in_the_log(
    window: Window,
) -> None:
    view = connect(window, window.start_server("echo/tcp"))
    view.buffer.text = "many"
    view.set.invoke()
    assert "whole number from 1" in view.buffer.wrong
    assert view.buffer.entry.instate(["invalid"])
    view.direction.choose("in")
    view.buffer.text = "9000"
    window.wait(lambda: view.model.here)
    window.press(view.buffer.entry, "<Return>")
    told = "receive buffer: 9,000 bytes asked for"
    window.wait(lambda: told in shown(window.connect.model.rows))


def test_the_other_direction_is_another_receiver(window: Window) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        view = connect(window, listening.getsockname()[1])
        window.wait(lambda: view.model.here)
        window.wait(lambda: view.reading.instate(["disabled"]))  # the peer is another program
        view.direction.choose("in")
        window.wait(lambda: not view.reading.instate(["disabled"]))


def test_it_follows_language_and_look_and_draws_in_any_room(window: Window) -> None:
    view = connect(window, window.start_server("echo/tcp"))
    window.app.switch_language()
    window.wait(lambda: "未发送" in words(view.figures))
    assert view.reading.cget("text") in {"暂停读取", "恢复读取"}
    window.app.theme.dress(dark=True)
    window.wait(lambda: words(view.states, "ours") == {"ESTABLISHED"})
    assert window.app.theme.palette is DARK
    for size, room in ((8, "700x420"), (32, "960x540"), (11, "1280x800")):
        window.app.theme.dress(size=size)
        window.root.geometry(room)
        window.settle()
        assert view.winfo_viewable()
    window.wait(lambda: words(view.states, "ours") == {"ESTABLISHED"})


def test_rows_and_the_view_take_turns(window: Window) -> None:
    pane = window.connect.traffic
    view = connect(window, window.start_server("echo/tcp"))
    assert not pane.traffic.winfo_viewable()
    pane.view.choose("log")
    window.wait(pane.traffic.winfo_viewable)
    assert not view.winfo_viewable()
    assert pane.other is None
    pane.view.choose("kernel")
    assert pane.other is view


def test_udp_says_why_there_is_nothing_to_see(window: Window) -> None:
    window.go("connect")
    window.connect.kind.choose("udp")
    window.connect.address.text = "localhost:9"
    window.connect.main.invoke()
    window.wait(lambda: window.connect.model.state is ConnectState.CONNECTED)
    view = looked_at(window, window.connect.traffic)
    window.wait(lambda: "UDP has no connection" in view.compared.label.cget("text"))
