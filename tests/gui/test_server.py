"""The Server tab: what a teacher in front of a class has in sight, and what one click does."""

from __future__ import annotations

import socket
import struct
from tkinter import font as tkfont

import pytest

from gui.models.clients import ClientList
from gui.models.server import terminal_command
from gui.widgets.table import CHOSEN, OPENED
from netlib import Clients, reachable_addresses
from tests.gui.window import Window, cells, drawn, seen_in, told
from tests.unit.test_models_clients import row, stream_of, untouched


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
    assert "selected in the list of servers" in told(tab.banner)
    assert len(tab.model.servers) == 2


@pytest.mark.parametrize("how", ["chosen", "stopped"])
def test_that_a_port_is_served_is_said_no_longer_than_that_server_is_looked_at_and_runs(
    window: Window, how: str
) -> None:
    window.go("server")
    tab = window.server
    port = window.start_server()
    window.start_server("echo/tcp")
    tab.form.port.text = str(port)
    tab.main.invoke()
    window.wait(lambda: f"Port {port} is already served by this window" in told(tab.banner))
    window.settle()
    assert told(tab.banner)
    if how == "chosen":
        tab.servers.choose([str(tab.model.servers[1].activity)])
        tab.servers.event_generate(CHOSEN)
    else:
        tab.head.stop.invoke()
    window.wait(lambda: told(tab.banner) == "")


def test_enter_starts_as_soon_as_the_tab_is_in_front(window: Window) -> None:
    window.server.form.port.text = "0"
    window.go("server")
    window.press(window.app.main_window.notebook, "<Return>")
    window.wait(lambda: window.server.model.running == 1)


def test_the_hint_for_a_terminal_is_the_chosen_servers_own(window: Window) -> None:
    def command() -> str:
        return terminal_command(window.server.model.servers[-1])

    window.go("server")
    assert "127.0.0.1" not in hint(window)
    port = window.start_server()
    assert str(port) in command()
    assert command() in hint(window)
    port = window.start_server("echo/udp")
    assert str(port) in command()
    assert command() in hint(window)
    window.server.head.stop.invoke()
    window.wait(lambda: window.server.model.running == 1)
    assert str(port) not in hint(window)


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
    assert not tab.head.stop_all.winfo_ismapped()
    window.start_server("echo/tcp")
    window.wait(tab.head.stop_all.winfo_ismapped)
    tab.head.stop_all.invoke()
    window.wait(lambda: tab.model.running == 0)
    window.wait(lambda: not tab.head.stop_all.winfo_ismapped())


def test_the_read_timeout_is_chosen_beside_start(window: Window) -> None:
    window.go("server")
    form = window.server.form
    assert form.patience.get() == "read timeout 30 s"
    form.patience.key = "0"
    form.patience.event_generate("<<ComboboxSelected>>")
    config = form.server_config()
    assert config is not None
    assert config.read_timeout is None


def test_a_room_is_offered_its_own_line_length_unless_another_was_typed(window: Window) -> None:
    window.go("server")
    form = window.server.form
    for service, typed, offered in (
        ("chat/tcp", "1048576", "4096"),
        ("echo/tcp", "4096", "1048576"),
        ("chat/tcp", "5000", "5000"),
    ):
        form.limits["line"].text = typed
        form.service.key = service
        form.service.event_generate("<<ComboboxSelected>>")
        assert form.limits["line"].text == offered


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


def test_a_receive_buffer_is_asked_for_each_connection_and_told_in_the_log(window: Window) -> None:
    window.go("server")
    window.server.form.limits["buffer"].text = "4096"
    window.start_server("echo/tcp")
    text = window.server.traffic.traffic.text
    window.wait(lambda: "receive buffer" in drawn(text))
    assert "4,096 bytes asked for" in drawn(text)


def test_udp_has_no_connection_whose_buffer_could_be_asked_for(window: Window) -> None:
    window.go("server")
    form = window.server.form
    form.limits["buffer"].text = "4096"
    form.service.key = "echo/udp"
    form.service.event_generate("<<ComboboxSelected>>")
    assert form.limits["buffer"].entry.instate(["disabled"])
    window.start_server("echo/udp")
    form.service.key = "echo/tcp"
    form.service.event_generate("<<ComboboxSelected>>")
    assert form.limits["buffer"].entry.instate(["!disabled"])


def dial(port: int) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port), timeout=5)


def test_a_double_click_shows_one_conversation_and_escape_all(window: Window) -> None:
    window.go("server")
    tab, port = window.server, window.start_server()
    with dial(port) as one, dial(port) as other:
        one.sendall(b"from one\n")
        other.sendall(b"from other\n")
        log = tab.traffic.traffic.text
        window.wait(lambda: "from other" in drawn(log) and len(cells(tab.clients)) == 2)
        tab.clients.choose([str(next(iter(tab.model.clients)))])
        tab.clients.event_generate(OPENED)
        window.wait(lambda: "from one" in drawn(log) and "from other" not in drawn(log))
        number = next(iter(tab.model.clients))
        name = "{}:{}".format(*one.getsockname())
        window.wait(lambda: f"Only {number:02} {name}" in seen_in(tab.panes.only))
        window.press(log, "<Escape>")
        window.wait(lambda: "from other" in drawn(log))
        assert not tab.panes.only.winfo_ismapped()


def test_a_client_that_left_stays_until_it_is_cleared(window: Window) -> None:
    window.go("server")
    tab = window.server
    with dial(window.start_server()) as student:
        student.sendall(b"hello\n")
        assert student.recv(100)  # who leaves answers unread resets
        window.wait(lambda: [row[2] for row in cells(tab.clients)] == ["1"])
    window.wait(lambda: "1 left" in " ".join(seen_in(tab.panes.clients.head)))
    assert cells(tab.clients)[0][3] == "left (FIN)"
    tab.panes.clients.clear.invoke()
    assert cells(tab.clients) == []


def test_present_clients_stand_first_and_of_who_left_name_and_reason_are_read(
    window: Window,
) -> None:
    window.root.geometry("1280x760")
    window.go("server")
    tab = window.server
    port = window.start_server("chat/tcp")
    with dial(port) as first:
        first.sendall("/name 王小明\n".encode())
        window.wait(lambda: [row[1] for row in cells(tab.clients)] == ["王小明"])
        with dial(port):
            window.wait(lambda: len(cells(tab.clients)) == 2)
            first.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            first.close()
            window.wait(
                lambda: cells(tab.clients)[-1][1::2][:2] == ("王小明", "the peer reset (RST)")
            )
            assert tab.clients.tree.heading("waits", "text") == "State"
            room = tab.clients.tree.column("waits", "width")
            font = tkfont.nametofont("TkDefaultFont", root=window.root)
            assert font.measure("the peer reset (RST)") < int(room)
            assert "name" in tab.clients.columns.shown


def test_half_a_line_stands_in_the_table_and_in_the_log(window: Window) -> None:
    window.go("server")
    tab = window.server
    with dial(window.start_server()) as student:
        student.sendall(b"no end")
        window.wait(lambda: "no LF yet: the server waits" in drawn(tab.traffic.traffic.text))
        window.wait(lambda: cells(tab.clients)[0][3].startswith("no LF yet (6 B), closes in "))


def test_each_part_folds_by_its_key(window: Window) -> None:
    window.go("server")
    tab = window.server
    window.start_server()
    window.settle()
    for key, part in (("F6", tab.form), ("F7", tab.servers), ("F8", tab.clients)):
        window.wait(part.winfo_viewable)
        window.press(tab.composer.entry, f"<{key}>")
        window.wait(lambda part=part: not part.winfo_viewable())  # type: ignore[misc]
        window.press(tab.composer.entry, f"<{key}>")
        window.wait(part.winfo_viewable)


@pytest.mark.skipif(not reachable_addresses("*"), reason="nobody else can reach this computer")
def test_the_class_address_takes_the_place_of_the_panes(window: Window) -> None:
    window.go("server")
    tab = window.server
    tab.form.interface.key = "*"
    port = window.start_server()
    window.wait(lambda: tab.head.address.instate(["!disabled"]))
    tab.head.address.invoke()
    window.wait(tab.panes.address.winfo_viewable)
    assert drawn(tab.panes.address.text).splitlines()[0] == f"{reachable_addresses('*')[0]}:{port}"
    window.press(tab.panes.address.back, "<Escape>")
    window.wait(lambda: not tab.panes.address.winfo_viewable())
    window.press(tab.composer.entry, "<F9>")
    window.wait(tab.panes.address.winfo_viewable)


def test_at_the_size_of_a_projector_clients_rows_and_composer_are_in_sight(
    window: Window,
) -> None:
    window.root.geometry("1280x800+0+0")
    window.app.theme.dress(size=24)
    window.go("server")
    tab = window.server
    port = window.start_server()
    students = [dial(port) for _ in range(5)]
    for student in students:
        student.sendall(b"hello\n")
    window.wait(lambda: len(tab.model.clients) == 5)
    window.settle()
    bottom = window.root.winfo_rooty() + window.root.winfo_height()
    for part in (tab.composer.entry, tab.composer.send_button, tab.clients, tab.traffic.traffic):
        assert part.winfo_viewable()
        assert part.winfo_rooty() + part.winfo_height() <= bottom
    assert f":{port}" in str(tab.head.folds["list"].cget("text"))
    assert all(":" in row[0] for row in cells(tab.clients))
    assert len(cells(tab.clients)) >= 3
    assert drawn(tab.traffic.traffic.text).count("\n") >= 3
    for student in students:
        student.close()


def test_the_server_just_started_is_chosen_and_in_sight(window: Window) -> None:
    window.go("server")
    tab = window.server
    for _six_times in range(6):
        port = window.start_server("echo/tcp")
    window.settle()
    assert f":{port}" in cells(tab.servers)[-1][2] or f":{port}" in cells(tab.servers)[-2][2]
    line = tab.servers.tree.selection()[0]
    place = tab.servers.tree.bbox(line)
    assert not isinstance(place, str)
    assert place[1] + place[3] <= tab.servers.tree.winfo_height()
    assert f":{port}" in str(tab.servers.tree.set(line, "address"))


def test_opening_the_list_of_interfaces_moves_nothing(window: Window) -> None:
    window.go("server")
    form = window.server.form
    window.settle()
    before = window.server.main.winfo_rootx()
    form.tk.eval(str(form.interface.cget("postcommand")))
    window.settle()
    assert window.server.main.winfo_rootx() == before


def test_at_the_largest_text_there_is_still_traffic_and_a_line_to_say(window: Window) -> None:
    window.root.geometry("1280x800+0+0")
    window.app.theme.dress(size=32)
    window.go("server")
    tab = window.server
    with dial(window.start_server()) as student:
        student.sendall(b"hello\n")
        window.wait(lambda: "hello" in drawn(tab.traffic.traffic.text))
        window.settle()
        assert drawn(tab.traffic.traffic.text).count("\n") >= 1
        bottom = window.root.winfo_rooty() + window.root.winfo_height()
        for part in (tab.composer.entry, tab.composer.send_button, tab.head.folds["form"]):
            assert part.winfo_viewable()
            assert part.winfo_rooty() + part.winfo_height() <= bottom


def test_of_fifteen_thousand_clients_those_in_sight_alone_are_looked_at(window: Window) -> None:
    window.go("server")
    clients = ClientList()
    rows = {number: stream_of(row(number)) for number in range(1, 101)}
    clients.refresh(Clients(rows | untouched(range(101, 15_001))))
    pane = window.server.panes.clients
    pane.show(clients)
    assert 0 < len(cells(pane.table)) < 100
    assert "15,000 here" in " ".join(seen_in(pane.head))
    pane.table.choose(["7"])
    assert [client.row for client in pane.chosen] == [row(7)]


def test_what_a_pinger_loses_is_set_where_it_is_chosen(window: Window) -> None:
    window.go("server")
    form = window.server.form
    fields = form.special.fields
    assert not fields["loss"].winfo_viewable()
    form.service.key = "pinger/udp"
    form.service.event_generate("<<ComboboxSelected>>")
    window.wait(fields["loss"].winfo_viewable)
    assert form.port.text == "12000"
    assert not fields["clock_offset"].winfo_viewable()
    fields["loss"].text = "101"
    assert form.server_config() is None
    fields["loss"].text = "100"
    port = window.start_server("pinger/udp")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
        client.sendto(b"ping", ("127.0.0.1", port))
    window.wait(lambda: "lost on purpose" in drawn(window.server.traffic.traffic.text))
    form.service.key = "echo/tcp"
    form.service.event_generate("<<ComboboxSelected>>")
    window.wait(lambda: not fields["loss"].winfo_viewable())


def test_enter_starts_from_every_field_of_the_head(window: Window) -> None:
    window.go("server")
    form = window.server.form
    form.service.key, form.port.text = "pinger/udp", "0"
    form.service.event_generate("<<ComboboxSelected>>")
    field = form.special.fields["loss"]
    window.wait(field.winfo_viewable)
    field.text = "101"
    window.press(field.entry, "<Return>")
    assert field.entry.instate(["invalid"])
    field.text = "50"
    window.wait(lambda: window.server.main.ready)
    window.press(field.entry, "<Return>")
    window.wait(lambda: window.server.model.running == 1)
    form.more.invoke()
    window.wait(form.limits["write"].winfo_viewable)
    window.wait(lambda: window.server.main.ready)
    window.press(form.limits["write"].entry, "<Return>")
    window.wait(lambda: window.server.model.running == 2)


def test_a_service_with_a_clock_can_be_set_wrong(window: Window) -> None:
    window.go("server")
    form = window.server.form
    form.service.key = "daytime/tcp"
    form.service.event_generate("<<ComboboxSelected>>")
    form.special.fields["clock_offset"].text = "-3600"
    config = form.server_config()
    assert config is not None
    assert config.clock_offset == -3600.0
