"""Bad input in any field: a sentence names it, nothing is opened, what was typed stays."""

from __future__ import annotations

import socket
import tkinter as tk
from collections.abc import Callable

import pytest

from gui.models.chat import ChatState
from gui.models.connect import ConnectState
from gui.tabs.chat_pane import ChatPane
from gui.tabs.server_form import LIMITS
from gui.widgets.field import Field
from tests.gui.window import Window, cells, drawn, told, words_in

BAD_ADDRESSES = ["", "localhost:", "localhost:99999", "localhost:http", "[::1:80", "a b:80", ":x"]


def bubbles(window: Window) -> list[str]:
    """Return what is said beside fields at this moment."""
    labels = [child for child in window.root.winfo_children() if isinstance(child, tk.Label)]
    return [words for label in labels for words in words_in(label)]


def refuses(window: Window, field: Field, typed: str, act: Callable[[], object]) -> str:
    """Type, act, and return the sentence said; the text must still be there, with the focus."""
    field.text = typed
    act()
    window.root.update()
    (sentence,) = bubbles(window)
    assert field.text == typed
    assert field.entry.instate(["invalid"])
    return sentence


@pytest.mark.parametrize("typed", BAD_ADDRESSES)
def test_a_bad_address_to_connect_to(window: Window, typed: str) -> None:
    tab = window.connect
    assert len(refuses(window, tab.address, typed, tab.main.invoke)) > 10
    assert tab.model.state is ConnectState.IDLE
    assert tab.model.rows.count() == 0


def test_a_port_is_asked_for_in_every_tab_alike(window: Window) -> None:
    tab, pane, clock = window.connect, window.chat.panes[0], window.time
    said = {refuses(window, tab.address, "localhost", tab.main.invoke)}
    window.go("chat")
    said.add(refuses(window, pane.address, "localhost", pane.main.invoke))
    window.go("time")
    said.add(refuses(window, clock.address, "localhost", clock.query.invoke))
    assert {sentence.removeprefix("✗ ") for sentence in said} == {
        '"localhost" has no port. Write host:port, as in 127.0.0.1:8080.'
    }


@pytest.mark.parametrize("typed", ["", "0", "x", "-1", "nan", "1e9"])
def test_a_bad_timeout(window: Window, typed: str) -> None:
    tab = window.connect
    assert "Timeout" in refuses(window, tab.timeout, typed, tab.main.invoke)
    assert tab.model.state is ConnectState.IDLE


@pytest.mark.parametrize("typed", ["", "x", "65536", "-1", "80 80", "8080.5"])
def test_a_bad_port_to_listen_on(window: Window, typed: str) -> None:
    window.go("server")
    tab = window.server
    assert "port" in refuses(window, tab.form.port, typed, tab.main.invoke).lower()
    assert tab.model.servers == []
    window.go("time")
    clock = window.time
    assert "port" in refuses(window, clock.port, typed, clock.start.invoke).lower()
    assert not clock.server.running


@pytest.mark.parametrize("key", [limit[0] for limit in LIMITS])
def test_a_bad_limit_is_brought_in_sight(window: Window, key: str) -> None:
    window.go("server")
    tab = window.server
    field = tab.form.limits[key]
    assert not field.winfo_viewable()
    sentence = refuses(window, field, "many", tab.main.invoke)
    assert words_in(field)[0] in sentence
    assert field.winfo_viewable()
    assert tab.model.servers == []


@pytest.mark.parametrize("typed", BAD_ADDRESSES[1:])
def test_a_bad_chat_server(window: Window, typed: str) -> None:
    window.go("chat")
    pane = window.chat.panes[0]
    refuses(window, pane.address, typed, pane.main.invoke)
    assert pane.model.state is ChatState.IDLE


def test_an_unknown_encoding_in_a_chat_pane(window: Window) -> None:
    window.go("chat")
    pane = window.chat.panes[0]
    pane.encoding.set("utf-99")
    pane.main.invoke()
    assert "utf-99" in told(pane.banner)
    assert pane.encoding.get() == "utf-99"
    assert pane.model.state is ChatState.IDLE


@pytest.mark.parametrize("key", ["count", "interval", "timeout", "retries"])
def test_a_bad_number_for_time_queries(window: Window, key: str) -> None:
    window.go("time")
    tab = window.time
    sentence = refuses(window, tab.fields[key], "often", tab.query.invoke)
    assert words_in(tab.fields[key])[0] in sentence
    assert not tab.client.asking


def test_a_line_said_too_early_stays_typed_and_the_reason_is_told(window: Window) -> None:
    window.go("chat")
    pane = window.chat.panes[0]
    pane.line.insert(0, "hello?")
    window.press(pane.line, "<Return>")
    assert 'press "Connect" first' in told(pane.banner)
    assert pane.line.get() == "hello?"


def test_what_the_encoding_lacks_stays_typed(window: Window) -> None:
    tab = window.connect
    tab.address.text = f"localhost:{window.start_server()}"
    tab.main.invoke()
    window.wait(lambda: tab.model.state is ConnectState.CONNECTED)
    tab.composer.encoding.set("ascii")
    tab.composer.text = "汉字"
    tab.composer.submit()
    assert '"汉"' in tab.composer.wrong
    assert tab.composer.text == "汉字"
    tab.composer.mode.choose("hex")
    tab.composer.text = "e4 b"
    tab.composer.submit()
    assert "character 4" in tab.composer.wrong


def test_wrong_hex_in_a_request_is_told_and_nothing_is_sent(window: Window) -> None:
    tab = window.connect
    tab.kind.choose("http")
    tab.http.mode.choose("hex")
    assert drawn(tab.http.editor).startswith("47 45 54 20")
    tab.http.editor.replace("1.0", "end-1c", "47 4")
    tab.http.mode.choose("text")
    assert "character 4" in told(tab.banner)
    assert tab.http.mode.key == "hex"
    tab.banner.clear()
    tab.http.send_button.invoke()
    assert "character 4" in told(tab.banner)
    assert drawn(tab.http.editor) == "47 4"
    assert tab.model.state is ConnectState.IDLE


def test_half_an_encodings_name_in_the_server_tab_hides_no_client(window: Window) -> None:
    with socket.create_connection(("127.0.0.1", window.start_server("echo/tcp"))) as peer:
        window.go("server")
        window.server.composer.encoding.set("gb18")
        peer.sendall(b"still shown\n")
        window.wait(lambda: "still shown" in str(cells(window.server.clients)))


def test_enter_connects_from_the_timeout_as_from_the_address(window: Window) -> None:
    window.go("connect")
    tab = window.connect
    tab.address.text = f"localhost:{window.start_server()}"
    tab.timeout.text = "7"
    window.press(tab.timeout.entry, "<Return>")
    window.wait(lambda: tab.model.state is ConnectState.CONNECTED)


@pytest.fixture
def pane(window: Window) -> ChatPane:
    """A client that is called guest1 in a chat room of this window."""
    port = window.start_server("chat/tcp")
    window.go("chat")
    pane = window.chat.panes[0]
    pane.address.text = f"localhost:{port}"
    pane.main.invoke()
    window.wait(lambda: "you are guest" in drawn(pane.conversation.text))
    return pane


def test_a_name_typed_while_connected_is_told_to_the_room_by_enter(
    window: Window, pane: ChatPane
) -> None:
    pane.nickname.text = "王小明"
    window.press(pane.nickname.entry, "<Return>")
    window.wait(lambda: "you are 王小明" in drawn(pane.conversation.text))
    pane.nickname.text = ""
    window.press(pane.nickname.entry, "<Return>")
    window.settle()
    assert drawn(pane.conversation.text).count("you are") == 2, "no name is nothing to tell"
