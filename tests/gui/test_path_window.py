"""Where there is no connection the path is a click away: five lines, each as it becomes known."""

from __future__ import annotations

import socket
from contextlib import closing

import pytest

from gui.tabs.path_window import PathWindow, show_path
from netlib import Endpoint
from tests.gui.window import Window, drawn, told
from tests.helpers import free_port


def shown(window: Window) -> PathWindow | None:
    """Return the window about a path, if there is one."""
    found = [one for one in window.root.winfo_children() if isinstance(one, PathWindow)]
    return found[0] if found else None


def said(path: PathWindow) -> str:
    """Return what it says, wherever its lines break."""
    return " ".join(drawn(path.text).split())


def wait_for(window: Window, text: str) -> PathWindow:
    """Wait until the window about a path says something; return it."""
    window.wait(lambda: (one := shown(window)) and text in said(one))
    found = shown(window)
    assert found is not None
    return found


def marks(path: PathWindow) -> list[str]:
    """Return the marks of the steps."""
    lines = drawn(path.text).splitlines()
    return [line[0] for line in lines if not line.startswith("\t")]


def test_a_refused_connection_offers_the_path_and_shows_it(window: Window) -> None:
    tab, port = window.connect, free_port()
    tab.address.text = f"127.0.0.1:{port}"
    tab.main.invoke()
    window.wait(tab.banner.check.winfo_ismapped)
    assert "Check the path" in told(tab.banner)
    window.press(tab.banner.check, "<space>")
    path = wait_for(window, f"Nothing listens on port {port} of this computer")
    assert marks(path) == [*"✓✓✓✗–"]
    assert "Try: Start the server" in said(path)
    assert "refused" in told(tab.banner), "the message stays"
    path.copy.invoke()
    copied = window.root.clipboard_get()
    assert copied.startswith(f"127.0.0.1:{port}\n✓ name ")
    assert "\n– reply" in copied
    window.press(path.close, "<Escape>")
    assert shown(window) is None


def test_a_server_started_meanwhile_is_found_when_asked_again(window: Window) -> None:
    port = free_port()
    path = show_path(window.connect.context, Endpoint("127.0.0.1", port))
    window.wait(lambda: path.model.is_over)
    assert marks(path)[3] == "✗"
    with closing(socket.create_server(("127.0.0.1", port))):
        path.again.invoke()
        assert marks(path) == [*"…––––"]
        assert path.again.instate(["disabled"])
        wait_for(window, "it says nothing first")
    assert marks(path) == [*"✓✓✓✓✓"]
    assert path.again.instate(["!disabled"])


def test_http_and_chat_offer_it_too_but_udp_has_no_connection(window: Window) -> None:
    tab = window.connect
    tab.kind.choose("http")
    tab.address.text = f"http://localhost:{free_port()}/"
    tab.main.invoke()
    window.wait(tab.banner.check.winfo_ismapped)
    window.go("chat")
    pane = window.chat.panes[0]
    pane.address.text = f"[::1]:{free_port()}"
    pane.main.invoke()
    window.wait(pane.banner.check.winfo_ismapped)
    pane.banner.check.invoke()
    wait_for(window, "::1 is this computer itself")
    window.go("connect")
    tab.kind.choose("udp")
    tab.address.text = "name.invalid:9"
    tab.main.invoke()
    window.wait(lambda: "name.invalid" in told(tab.banner))
    assert not tab.banner.check.winfo_ismapped()


def test_there_is_one_such_window_and_it_goes_with_the_program(window: Window) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        for _time in range(2):
            show_path(window.connect.context, Endpoint("127.0.0.1", server.getsockname()[1]))
        assert sum(isinstance(one, PathWindow) for one in window.root.winfo_children()) == 1
        window.app.close()


@pytest.mark.parametrize("host", ["\x1b[2J", "a" * 5000])
def test_a_strange_name_harms_nobody(window: Window, host: str) -> None:
    path = show_path(window.connect.context, Endpoint(host, 80))
    window.wait(lambda: path.model.is_over)
    assert marks(path) == [*"✗––––"]
    assert "\x1b" not in drawn(path.text) + path.title()


def test_it_follows_the_language(window: Window) -> None:
    path = show_path(window.connect.context, Endpoint("127.0.0.1", free_port()))
    window.wait(lambda: path.model.is_over)
    window.app.switch_language()
    assert "环回地址" in said(path)
    assert "检查" in str(path.again.cget("text"))


def test_sentences_break_where_the_window_ends(window: Window) -> None:
    path = show_path(window.connect.context, Endpoint("127.0.0.1", free_port()))
    window.wait(lambda: path.model.is_over and path.winfo_viewable())
    path.geometry("420x400")
    window.wait(lambda: drawn(path.text).count("\n") > len("✓✓✓✗–"))
    narrow = drawn(path.text).count("\n")
    path.geometry("1000x400")
    window.wait(lambda: drawn(path.text).count("\n") < narrow)
