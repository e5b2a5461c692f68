"""The dot of a state: green and full beside the word of what runs, grey and empty otherwise."""

from __future__ import annotations

from tkinter import ttk

from gui.widgets.lamp import Lamp
from tests.gui.window import Window


def seen(lamp: Lamp) -> tuple[str, str]:
    """Return the dot and the name of its colour in the palette."""
    style = ttk.Style(lamp)
    colour = str(style.lookup(str(lamp.dot.cget("style")), "foreground"))
    return str(lamp.dot.cget("text")), colour


def words(lamp: Lamp) -> str:
    return str(lamp.words.cget("text")).strip()


def test_the_client_that_is_connected_has_a_green_dot(window: Window) -> None:
    port, palette = window.start_server(), window.app.theme.palette
    window.go("connect")
    tab = window.connect
    assert seen(tab.state_shown) == ("○", palette.muted)
    tab.address.text = f"localhost:{port}"
    tab.main.invoke()
    window.wait(lambda: tab.model.connected)
    window.settle()
    assert seen(tab.state_shown) == ("●", palette.lamp)
    assert words(tab.state_shown).startswith("connected")
    window.app.switch_language()
    assert words(tab.state_shown).startswith("已连接")


def test_the_dot_is_as_green_in_the_dark(window: Window) -> None:
    port = window.start_server("chat/tcp")
    window.go("chat")
    pane, other = window.chat.panes[:2]
    pane.address.text = f"localhost:{port}"
    pane.main.invoke()
    window.wait(lambda: pane.send_button.instate(["!disabled"]))
    for dark in (True, False):
        window.app.theme.dress(dark=dark)
        palette = window.app.theme.palette
        assert seen(pane.state_shown) == ("●", palette.lamp)
        assert seen(other.state_shown) == ("○", palette.muted)


def test_a_time_server_lights_it_and_puts_it_out(window: Window) -> None:
    window.go("time")
    tab, palette = window.time, window.app.theme.palette
    tab.port.text = "0"
    tab.start.invoke()
    window.wait(lambda: tab.server.local)
    window.settle()
    assert seen(tab.state_shown) == ("●", palette.lamp)
    assert words(tab.state_shown).startswith("listening on 127.0.0.1:")
    tab.start.invoke()
    window.wait(lambda: not tab.server.running)
    window.settle()
    assert (seen(tab.state_shown), words(tab.state_shown)) == (("○", palette.muted), "stopped")


def test_the_folded_list_of_servers_has_it(window: Window) -> None:
    window.root.geometry("1280x800")
    window.start_server()
    window.go("server")
    head, palette = window.server.head, window.app.theme.palette
    fold = head.folds["list"]
    if not fold.is_open:
        fold.invoke()
    window.settle()
    assert not head.lamp.winfo_ismapped()  # the list itself has one
    fold.invoke()
    window.settle()
    assert head.lamp.winfo_ismapped()
    assert (seen(head.lamp), words(head.lamp)) == (("●", palette.lamp), "listening")
    head.stop.invoke()
    window.wait(lambda: not window.server.model.running)
    window.settle()
    assert not head.lamp.winfo_ismapped()
    assert "stopped" in str(fold.cget("text"))


def test_a_chat_client_stands_on_the_ground_of_its_labels(window: Window) -> None:
    style, pane = ttk.Style(window.root), window.chat.panes[0]
    drawn = [name for name, _how in style.layout(pane.cget("style") or "TFrame")]
    assert not any(name.startswith("Board.card") for name in drawn)
