"""The ladder of every traffic pane, live: whose lifelines, which arrows, keys, mouse, following."""

from __future__ import annotations

import socket
import tkinter as tk
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from gui.app import App
from gui.models.connect import ConnectState
from gui.tabs.server import ServerTab
from gui.views.ladder_pane import LadderPane
from gui.views.pane import TrafficPane
from gui.widgets.table import OPENED
from tests.gui.conftest import pump_until, settings_in
from tests.gui.ladders import (
    all_of,
    canvas,
    chosen,
    click,
    heads,
    middle,
    said,
    show,
    strip,
    twin,
)
from tests.gui.window import Window, cells, drawn, seen_in


@pytest.fixture(autouse=True)
def _large(root: tk.Tk) -> None:
    root.geometry("1600x1150")


def connect(window: Window, port: int) -> TrafficPane:
    """Connect in the Connect tab."""
    window.go("connect")
    tab = window.connect
    tab.address.text = f"127.0.0.1:{port}"
    tab.main.invoke()
    window.wait(lambda: tab.model.state is ConnectState.CONNECTED)
    return tab.traffic


def say(window: Window, *lines: str) -> None:
    """Send lines in the Connect tab, each when the answer to the one before has come."""
    tab = window.connect
    for line in lines:
        before = tab.model.rows.count()
        tab.composer.text = line
        tab.composer.submit()
        window.wait(lambda before=before: tab.model.rows.count() >= before + 2)  # type: ignore[misc]


@pytest.fixture
def ladder(window: Window) -> LadderPane:
    """A conversation of two lines with a server in the same window: 12 calls at both ends."""
    pane = connect(window, window.start_server())
    say(window, "hello", "你好")
    shown = show(window, pane)
    window.wait(lambda: len(arrivals(shown)) == 4)
    window.root.update()
    return shown


def arrivals(ladder: LadderPane) -> list[str]:
    return [text for text in said(ladder) if text.startswith("recv ")]


@contextmanager
def elsewhere() -> Iterator[socket.socket]:
    """Yield a listener that is not in this program's recording."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener


def dial(port: int) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port), timeout=5)


# -- whose ---------------------------------------------------------------------------------------


def test_a_server_in_this_window_has_a_lifeline_and_each_send_arrives(ladder: LadderPane) -> None:
    names = heads(ladder)
    assert len([one for one in names if one.startswith(("client", "server"))]) == 2
    assert arrivals(ladder)[::2] == ["recv 6 B", "recv 7 B"]
    texts = all_of(ladder, said)
    assert {"connect", r"hello\n", r"你好\n", "SYN", "SYN, ACK", "ACK"} <= texts
    assert "implied" in texts
    assert any(text.startswith("✓ accepted") for text in texts)
    assert "not received yet" not in texts


def test_a_server_elsewhere_stands_under_its_address(window: Window) -> None:
    with elsewhere() as listener:
        port = listener.getsockname()[1]
        pane = connect(window, port)
        ladder = show(window, pane)
        window.connect.composer.text = "hello"
        window.connect.composer.submit()
        window.wait(lambda: r"hello\n" in said(ladder))
        assert {"the peer", f"127.0.0.1:{port}"} <= {*heads(ladder)}
        peer, _address = listener.accept()
        assert peer.recv(100) == b"hello\n"
        peer.sendall(b"good day\n")
        window.wait(lambda: r"good day\n" in said(ladder))
        peer.close()
        window.wait(lambda: "FIN" in said(ladder))


def test_each_client_of_a_server_has_a_lifeline_and_one_can_be_shown_alone(window: Window) -> None:
    window.go("server")
    tab, port = window.server, window.start_server()
    with dial(port) as one, dial(port) as two, dial(port) as three:
        for number, peer in enumerate((one, two, three)):
            peer.sendall(b"from %d\n" % number)
        window.wait(lambda: len(cells(tab.clients)) == 3)
        tab.panes.show_clients(False)
        ladder = show(window, tab.traffic)
        window.wait(lambda: {r"from 0\n", r"from 1\n", r"from 2\n"} <= all_of(ladder, said))
        addresses = {"{}:{}".format(*peer.getsockname()) for peer in (one, two, three)}
        assert addresses <= all_of(ladder, heads)
        tab.panes.show_clients(True)
        tab.clients.choose([str(next(iter(tab.model.clients)))])
        tab.clients.event_generate(OPENED)
        window.wait(lambda: r"from 1\n" not in all_of(ladder, said))
        assert r"from 0\n" in all_of(ladder, said)
        assert len(addresses & all_of(ladder, heads)) == 1
        window.press(canvas(ladder), "<Escape>")
        window.wait(lambda: r"from 2\n" in all_of(ladder, said))


def test_the_chat_has_a_ladder(window: Window) -> None:
    window.go("server")
    port = window.start_server("chat/tcp")
    window.go("chat")
    pane = window.chat.panes[0]
    pane.address.text, pane.nickname.text = f"127.0.0.1:{port}", "小明"
    pane.main.invoke()
    window.wait(lambda: pane.model.was_connected)
    pane.line.insert(0, "大家好")
    pane.submit()
    pane.view.choose("traffic")
    ladder = show(window, pane.traffic)
    window.wait(lambda: any("大家好" in text for text in said(ladder)))
    assert any(text.startswith("server") for text in heads(ladder))


def test_datagrams_of_the_time_service_have_a_ladder(window: Window) -> None:
    window.go("time")
    tab = window.time
    tab.port.text = "0"
    tab.start.invoke()
    window.wait(lambda: tab.server.local)
    tab.address.text = f"127.0.0.1:{tab.server.local.port if tab.server.local else 0}"
    tab.fields["count"].text, tab.fields["interval"].text = "2", "0.1"
    tab.query.invoke()
    window.wait(lambda: len(tab.client.round_trips()) == 2)
    tab.view.choose("traffic")
    ladder = show(window, tab.traffic)
    window.wait(lambda: ladder.rows.count() and twin(window, ladder).count("from #") == 4)
    assert not {"SYN", "ACK", "implied", "lost: never received"} & all_of(ladder, said)


def test_where_nothing_can_be_recorded_it_says_so(
    root: tk.Tk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a file").touch()
    monkeypatch.setattr("gui.models.crash_recovery.state_folder", lambda: tmp_path / "a file")
    app = App(root, settings_in(tmp_path))
    window = Window(app)
    window.go("server")
    tab = app.tabs["server"]
    assert isinstance(tab, ServerTab)
    tab.traffic.view.choose("ladder")
    pump_until(root, lambda: tab.traffic.ladder and tab.traffic.ladder.view.winfo_viewable())
    ladder = tab.traffic.ladder
    assert ladder is not None
    pump_until(root, lambda: "The recording cannot be written" in strip(ladder))
    ladder.open_pattern()
    ladder.pattern.entry.insert(0, "send")
    window.press(ladder.pattern.entry, "<Return>")
    assert ladder.compare(tmp_path / "another") is None
    tab.traffic.export(tmp_path / "a.svg")
    window.settle()
    assert not (tmp_path / "a.svg").exists()
    app.close()


def test_nothing_yet_is_told(window: Window) -> None:
    window.go("connect")
    ladder = show(window, window.connect.traffic)
    window.wait(lambda: "is an arrow here" in strip(ladder))
    window.press(canvas(ladder), "<Down>")
    window.press(canvas(ladder), "<End>")
    window.press(canvas(ladder), "<Return>")
    assert chosen(ladder) == []


# -- keys ----------------------------------------------------------------------------------------


def test_arrows_and_pages_choose_rows(window: Window, ladder: LadderPane) -> None:
    last = ladder.rows.count() - 1
    for key, row in {"Home": 0, "Down": 1, "Next": last, "Up": last - 1, "Prior": 0}.items():
        window.press(canvas(ladder), f"<{key}>")
        assert chosen(ladder) == [min(max(row, last - 11 if key == "Prior" else 0), last)], key
    window.press(canvas(ladder), "<Home>")
    window.press(canvas(ladder), "<Shift-Down>")
    assert chosen(ladder) == [0, 1]
    window.press(canvas(ladder), "<Control-a>")
    assert chosen(ladder) == [*range(last + 1)]


def test_plus_and_minus_move_rows_apart_and_together(window: Window, ladder: LadderPane) -> None:
    window.press(canvas(ladder), "<Home>")

    def height() -> int:
        places = range(canvas(ladder).winfo_height())
        return sum(ladder.view.ladder.row_at(y) == 0 for y in places)

    before = height()
    window.press(canvas(ladder), "<plus>")
    larger = height()
    assert larger > before
    window.press(canvas(ladder), "<minus>")
    assert height() == before
    for _press in range(9):
        window.press(canvas(ladder), "<minus>")
    assert height() < before
    assert r"hello\n" in said(ladder)


def test_enter_shows_the_row_in_the_log_and_back_is_the_same_row(
    window: Window, ladder: LadderPane
) -> None:
    pane = window.connect.traffic
    window.press(canvas(ladder), "<Home>")
    while ladder.view.ladder.rung(chosen(ladder)[0]).call.data != b"hello\n":  # type: ignore[union-attr]
        window.press(canvas(ladder), "<Down>")
    row = chosen(ladder)[0]
    window.press(canvas(ladder), "<Return>")
    window.wait(pane.traffic.text.winfo_viewable)
    first, last = pane.traffic.chosen()
    assert last - first == 1
    assert "hello" in pane.rows.rows(first, last)[0].text
    pane.view.choose("ladder")
    window.wait(lambda: chosen(ladder) == [row])


def test_the_text_twin_goes_to_the_clipboard(window: Window, ladder: LadderPane) -> None:
    copied = twin(window, ladder)
    assert r"send  6 B  hello\n" in copied
    assert "──▶" in copied
    assert copied.count("implied") == 3
    rows = ladder.rows.count()
    window.wait(lambda: any(f"Copied {rows} rows." in text for text in seen_in(window.root)))


def test_a_row_of_the_peer_that_the_log_does_not_show_is_told(
    window: Window, ladder: LadderPane
) -> None:
    window.press(canvas(ladder), "<Home>")
    while ladder.view.ladder.rung(chosen(ladder)[0]).site.serves is False:  # type: ignore[union-attr]
        window.press(canvas(ladder), "<Down>")
    window.press(canvas(ladder), "<Return>")
    window.wait(lambda: any("not in the log of this tab" in text for text in seen_in(window.root)))
    assert ladder.view.winfo_viewable()


def test_search_finds_and_steps_and_ends(window: Window, ladder: LadderPane) -> None:
    pane = window.connect.traffic
    everything = ladder.rows.count()
    window.press(canvas(ladder), "<Control-f>")
    window.wait(lambda: window.root.focus_get() is pane.find_bar.entry)
    pane.find_bar.entry.insert(0, "hello")
    window.press(pane.find_bar.entry, "<Return>")
    window.wait(lambda: ladder.rows.count() == 4)
    window.wait(lambda: r"你好\n" not in said(ladder))
    pane.find_bar.only.invoke()
    window.wait(lambda: ladder.rows.count() == everything)
    window.press(canvas(ladder), "<F3>")
    one = chosen(ladder)
    window.press(canvas(ladder), "<F3>")
    two = chosen(ladder)
    assert len(one) == len(two) == 1
    assert one < two
    window.press(canvas(ladder), "<Shift-F3>")
    assert chosen(ladder) == one
    window.press(pane.find_bar.entry, "<Escape>")
    window.wait(lambda: not pane.find_bar.winfo_ismapped())
    assert ladder.rows.count() == everything
    assert chosen(ladder) == one


def test_a_search_goes_on_in_the_other_view(window: Window, ladder: LadderPane) -> None:
    pane = window.connect.traffic
    pane.open_find()
    pane.find_bar.entry.insert(0, "你好")
    window.press(pane.find_bar.entry, "<Return>")
    window.wait(lambda: ladder.rows.count() == 4)
    pane.view.choose("log")
    window.wait(lambda: "你好" in drawn(pane.traffic.text))
    window.wait(lambda: "hello" not in drawn(pane.traffic.text))


# -- mouse ---------------------------------------------------------------------------------------


def test_a_click_chooses_and_shift_extends(ladder: LadderPane) -> None:
    click(ladder, 2)
    assert chosen(ladder) == [2]
    click(ladder, 4, state=1)
    assert chosen(ladder) == [2, 3, 4]


def test_a_double_click_shows_the_row_in_the_log(window: Window, ladder: LadderPane) -> None:
    x, y = middle(ladder, 3)
    for _click in range(2):  # Tk counts them
        canvas(ladder).event_generate("<Button-1>", x=x, y=y)
        canvas(ladder).event_generate("<ButtonRelease-1>", x=x, y=y)
    window.wait(window.connect.traffic.traffic.text.winfo_viewable)
    assert window.connect.traffic.view.key == "log"


def test_bytes_under_the_pointer_are_in_the_strip(ladder: LadderPane) -> None:
    row = next(
        row
        for row, rung in enumerate(ladder.view.ladder.drawn, ladder.view.ladder.top)
        if rung.call.data == "你好\n".encode()
    )
    assert "e4 bd a0" not in strip(ladder)
    click(ladder, row, "<Motion>")
    assert r"你好\n" in strip(ladder)
    assert "e4 bd a0 e5 a5 bd 0a" in strip(ladder)
    canvas(ladder).event_generate("<Leave>")
    ladder.update()
    assert "e4 bd a0" not in strip(ladder)


# -- following, clearing -------------------------------------------------------------------------


def test_the_newest_row_is_followed_until_somebody_looks_elsewhere(
    window: Window, ladder: LadderPane
) -> None:
    say(window, *(f"line {number}" for number in range(12)))
    window.wait(lambda: any("line 11" in text for text in said(ladder)))
    canvas(ladder).event_generate("<Button-4>")
    window.root.update()
    before = said(ladder)
    say(window, "one more")
    window.wait(lambda: ladder.rows.count() > 60)
    assert said(ladder) == before
    window.press(canvas(ladder), "<End>")
    window.wait(lambda: any("one more" in text for text in said(ladder)))
    say(window, "the last")
    window.wait(lambda: any("the last" in text for text in said(ladder)))


def test_the_wheel_at_the_end_follows_again(window: Window, ladder: LadderPane) -> None:
    say(window, *(f"line {number}" for number in range(12)))
    window.press(canvas(ladder), "<Home>")
    assert r"hello\n" in said(ladder)
    for _notch in range(40):
        canvas(ladder).event_generate("<Button-5>")
        window.root.update()
    say(window, "one more")
    window.wait(lambda: any("one more" in text for text in said(ladder)))


def test_what_is_cleared_comes_back(window: Window, ladder: LadderPane) -> None:
    pane = window.connect.traffic
    before = ladder.rows.count()
    ladder.clearing.clear()
    window.wait(lambda: "is an arrow here" in strip(ladder))
    assert said(ladder) == []
    assert ladder.rows.count() == 0
    say(window, "after")
    window.wait(lambda: r"after\n" in said(ladder))
    assert r"hello\n" not in said(ladder)
    window.press(canvas(ladder), "<Control-z>")
    window.wait(lambda: ladder.rows.count() > before)
    pane.view.choose("log")
    window.wait(lambda: "hello" in drawn(pane.traffic.text))
    window.wait(lambda: "after" in drawn(pane.traffic.text))


def test_after_a_clear_it_is_said_how_to_bring_the_rows_back(
    window: Window, ladder: LadderPane
) -> None:
    ladder.clearing.clear()
    window.wait(lambda: any("View emptied" in text for text in seen_in(window.connect)))
