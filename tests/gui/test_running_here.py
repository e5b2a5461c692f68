"""The servers of this window are offered where one connects."""

from __future__ import annotations

from gui.models.chat import ChatState
from tests.gui.window import Window, seen_in, told
from tests.helpers import free_port


def test_the_only_room_is_written_down_and_one_that_was_typed_stays(window: Window) -> None:
    window.start_server()
    port = window.start_server("chat/tcp")
    first, second = window.chat.panes
    second.address.text = "room.example:9"
    window.go("chat")
    window.wait(lambda: first.address.text == f"localhost:{port}")
    assert second.address.text == "room.example:9"
    assert first.typed().startswith("localhost:8080\t")  # next time another one may run


def test_all_that_fit_are_offered_above_the_history(window: Window) -> None:
    ports = [window.start_server(), window.start_server("echo/tcp")]
    window.go("connect")
    window.settle()
    entry = window.connect.address.entry
    window.root.tk.call(entry.cget("postcommand"))
    offered = [str(one) for one in entry.cget("values")]
    assert offered[:2] == [
        f"localhost:{ports[0]} · line reply (acknowledge), running here",
        f"localhost:{ports[1]} · echo, running here",
    ]
    entry.current(1)
    entry.event_generate("<<ComboboxSelected>>")
    assert entry.get() == f"localhost:{ports[1]}"


def test_the_time_server_of_this_window_is_found(window: Window) -> None:
    window.go("time")
    window.time.port.text = "0"
    window.time.start.invoke()
    window.wait(lambda: window.time.server.local)
    assert window.time.server.local is not None
    port = window.time.server.local.port
    window.wait(lambda: window.time.address.text == f"localhost:{port}")


def test_a_server_that_is_no_room_is_named(window: Window) -> None:
    window.go("chat")
    hint = "Start a chat room"
    assert any(hint in text for text in seen_in(window.chat.who))
    port = window.start_server()
    pane = window.chat.panes[0]
    window.wait(lambda: pane.address.text == f"localhost:{port}")
    window.settle()
    assert not any(hint in text for text in seen_in(window.chat.who))
    pane.main.invoke()
    window.wait(lambda: "This is line reply (acknowledge), not a chat room" in told(pane.banner))
    assert pane.model.state is ChatState.CONNECTED


def test_after_a_failure_the_address_has_the_keyboard(window: Window) -> None:
    window.go("chat")
    pane = window.chat.panes[0]
    pane.address.text = f"localhost:{free_port()}"
    window.press(pane.address.entry, "<Return>")
    window.wait(lambda: "refused" in told(pane.banner))
    window.wait(lambda: window.root.focus_get() is pane.address.entry)


def test_the_request_follows_an_address_that_was_written_by_itself(window: Window) -> None:
    window.go("connect")
    window.connect.kind.choose("http")
    port = window.start_server("web/tcp")
    window.wait(lambda: window.connect.address.text == f"localhost:{port}")
    window.wait(lambda: f"Host: localhost:{port}" in window.connect.request.text)
