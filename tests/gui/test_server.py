"""The Server tab: what a teacher in front of a class has in sight, and what one click does."""

from __future__ import annotations

import socket
import struct

from tests.gui.window import Window, drawn, seen_in, told


def hint(window: Window) -> str:
    window.settle()
    return "\n".join(seen_in(window.server.clients))


def test_starting_what_runs_already_chooses_it_and_says_so(window: Window) -> None:
    window.go("server")
    tab = window.server
    port = window.start_server()
    window.start_server("echo/tcp")
    tab.form.port.text = str(port)
    tab.main.invoke()
    window.wait(lambda: tab.servers.chosen == (str(tab.model.servers[0].activity),))
    assert f"Port {port} is already served by this window" in told(tab.banner)
    assert len(tab.model.servers) == 2


def test_enter_starts_as_soon_as_the_tab_is_in_front(window: Window) -> None:
    window.server.form.port.text = "0"
    window.go("server")
    window.press(window.app.main_window.notebook, "<Return>")
    window.wait(lambda: window.server.model.running == 1)


def test_the_hint_for_a_terminal_is_the_chosen_servers_own(window: Window) -> None:
    window.go("server")
    assert "nc" not in hint(window)
    port = window.start_server()
    assert f"nc 127.0.0.1 {port}" in hint(window)
    port = window.start_server("echo/udp")
    assert f"nc -u 127.0.0.1 {port}" in hint(window)
    window.server.stop.invoke()
    window.wait(lambda: window.server.model.running == 1)
    assert "nc" not in hint(window)


def test_a_students_reset_is_a_row_and_no_banner(window: Window) -> None:
    window.go("server")
    with socket.create_connection(("127.0.0.1", window.start_server())) as student:
        student.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    window.wait(lambda: "RST" in drawn(window.server.traffic.traffic.text))
    window.settle()
    assert told(window.server.banner) == ""


def test_all_servers_stop_at_once_where_there_are_several(window: Window) -> None:
    window.go("server")
    tab = window.server
    window.start_server()
    window.settle()
    assert not tab.stop_all.winfo_ismapped()
    window.start_server("echo/tcp")
    window.wait(tab.stop_all.winfo_ismapped)
    tab.stop_all.invoke()
    window.wait(lambda: tab.model.running == 0)
    window.wait(lambda: not tab.stop_all.winfo_ismapped())


def test_the_read_timeout_is_chosen_beside_start(window: Window) -> None:
    window.go("server")
    form = window.server.form
    assert form.patience.get() == "read timeout 30 s"
    form.patience.key = "0"
    form.patience.event_generate("<<ComboboxSelected>>")
    config = form.server_config()
    assert config is not None
    assert config.read_timeout is None


def test_another_read_timeout_typed_under_more_stands_beside_start(window: Window) -> None:
    window.go("server")
    form = window.server.form
    entry = form.limits["read"].entry
    form.more.invoke()
    window.wait(entry.winfo_viewable)
    entry.delete(0, "end")
    entry.insert(0, "7")
    window.press(entry, "<KeyRelease>")
    assert form.patience.get() == "read timeout 7 s"
    window.app.switch_language()
    assert form.patience.get() == "读超时 7 秒"
