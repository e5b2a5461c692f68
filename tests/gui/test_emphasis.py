"""At most one button of a page is filled: the next thing to do."""

from __future__ import annotations

from tkinter import ttk

import pytest

from tests.gui.window import Window, everything
from tests.helpers import free_port


def filled(window: Window) -> list[ttk.Button]:
    """Return the filled buttons in sight."""
    return [
        one
        for one in everything(window.app.page)
        if isinstance(one, ttk.Button)
        and one.winfo_viewable()
        and str(one.cget("style")).endswith("Accent.TButton")
    ]


def test_once_connected_sending_is_next_and_disconnect_is_plain(window: Window) -> None:
    port = window.start_server()
    window.go("connect")
    tab = window.connect
    assert filled(window) == [tab.main]
    tab.address.text = f"localhost:{port}"
    tab.main.invoke()
    window.wait(lambda: tab.model.connected)
    window.settle()
    assert filled(window) == [tab.composer.send_button]
    tab.kind.choose("http")
    window.settle()
    assert filled(window) == [tab.http.send_button]


def test_the_button_of_a_message_comes_before_all_others(window: Window) -> None:
    window.go("connect")
    tab = window.connect
    tab.address.text = f"localhost:{free_port()}"
    tab.main.invoke()
    window.wait(lambda: tab.banner.showing)
    window.settle()
    assert filled(window) == [tab.banner.cure]
    tab.banner.close.invoke()
    assert filled(window) == [tab.main]


def test_what_is_typed_after_connecting_is_a_line(window: Window) -> None:
    port = window.start_server()
    window.go("connect")
    tab = window.connect
    tab.address.text = f"localhost:{port}"
    window.press(tab.address.entry, "<Return>")
    window.wait(lambda: tab.model.connected)
    window.wait(lambda: window.root.focus_get() is tab.composer.entry)


def test_a_server_is_started_then_spoken_through(window: Window) -> None:
    window.go("server")
    tab = window.server
    assert filled(window) == [tab.main]
    port = window.start_server()
    window.connect.address.text = f"localhost:{port}"
    window.connect.main.invoke()
    window.wait(lambda: tab.model.clients)
    window.settle()
    assert filled(window) == [tab.composer.send_button]


def test_the_time_tab_starts_then_queries(window: Window) -> None:
    window.go("time")
    tab = window.time
    assert filled(window) == [tab.start]
    tab.port.text = "0"
    tab.start.invoke()
    window.wait(lambda: tab.server.local)
    window.settle()
    assert filled(window) == [tab.query]


def test_when_everyone_is_connected_nothing_in_the_chat_is_filled(window: Window) -> None:
    port = window.start_server("chat/tcp")
    window.go("chat")
    tab = window.chat
    assert filled(window) == [tab.all]
    for pane in tab.panes:
        pane.address.text = f"localhost:{port}"
    tab.all.invoke()
    window.wait(lambda: all(pane.send_button.instate(["!disabled"]) for pane in tab.panes))
    window.settle()
    assert filled(window) == []


@pytest.mark.parametrize("key", ["connect", "server", "chat", "time", "start"])
def test_every_page_begins_with_one_thing_to_do(window: Window, key: str) -> None:
    window.go(key)
    assert len(filled(window)) == 1
