"""Boundaries in a traffic pane: what the log has as rows, as bytes over each other."""

from __future__ import annotations

import pytest

from gui.models.connect import ConnectState
from gui.models.typed import Typed
from gui.views.boundaries_pane import BoundariesPane
from tests.gui.window import Window
from tests.sockets.conftest import accept, listener, port_of


@pytest.fixture
def pane(window: Window) -> BoundariesPane:
    port = window.start_server()
    window.go("connect")
    window.connect.call(f"127.0.0.1:{port}", "hello")
    window.wait(lambda: window.connect.traffic.rows.total() >= 4)
    window.connect.traffic.view.choose("boundaries")
    found = window.connect.traffic.other
    assert isinstance(found, BoundariesPane)
    window.wait(lambda: found.view.shown and found.view.shown.size)
    return found


def test_what_was_sent_and_what_was_received_of_it(window: Window, pane: BoundariesPane) -> None:
    shown = pane.view.shown
    assert shown is not None
    assert shown.sends is not None
    assert shown.receives is not None
    window.wait(lambda: pane.view.shown and not pane.view.shown.missing)
    assert shown.read(0, 5) == b"hello"
    pane.way.choose("in")
    window.wait(lambda: "已接收" in _bytes(pane).decode("utf-8", "replace"))


def test_more_bytes_are_shown_as_they_go(window: Window, pane: BoundariesPane) -> None:
    before = len(_bytes(pane))
    window.connect.model.send(Typed("again"))
    window.wait(lambda: len(_bytes(pane)) > before)
    assert b"again" in _bytes(pane)


def test_lines_are_messages_when_they_are_cut_at_lf(window: Window, pane: BoundariesPane) -> None:
    pane.framing.choose("line")
    window.wait(lambda: pane.view.shown and pane.view.shown.messages)


def test_where_nothing_was_sent_it_shows_what_was_received_until_somebody_chooses(
    window: Window,
) -> None:
    with listener() as there:
        window.go("connect")
        window.connect.call(f"127.0.0.1:{port_of(there)}", "")
        window.wait(lambda: window.connect.model.state is ConnectState.CONNECTED)
        with accept(there) as peer:
            peer.sendall(b"from the peer alone")
            window.wait(lambda: window.connect.traffic.rows.total() >= 2)
            window.connect.traffic.view.choose("boundaries")
            found = window.connect.traffic.other
            assert isinstance(found, BoundariesPane)
            window.wait(lambda: _bytes(found) == b"from the peer alone")
            assert found.way.key == "in"
            found.way.choose("out")
            window.settle()
            assert (found.way.key, _bytes(found)) == ("out", b"")


def _bytes(pane: BoundariesPane) -> bytes:
    shown = pane.view.shown
    return b"" if shown is None else shown.read(0, shown.size)
