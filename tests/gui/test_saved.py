"""Saved messages in the window: kept from what is typed, sent by a click, repeated, imported."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from tkinter import filedialog

import pytest

from gui.models.saved_messages import SavedMessage
from gui.models.typed import Typed
from gui.tabs.saved_window import SavedWindow
from tests.gui.window import Window, cells, drawn


@pytest.fixture
def manager(window: Window) -> Iterator[SavedWindow]:
    window.go("connect")
    shown = window.connect.saved.manage()
    window.wait(shown.winfo_viewable)
    yield shown
    if shown.winfo_exists():
        shown.destroy()


def sent(window: Window) -> int:
    return drawn(window.connect.traffic.traffic.text).count("→")


def test_a_message_with_a_target_connects_and_is_sent(window: Window) -> None:
    port = window.start_server()
    window.go("connect")
    kept = window.app.tabs["connect"].context.messages
    target = f"tcp localhost:{port}"
    kept.put(SavedMessage(name="hello", typed=Typed("hello"), target=target))
    kept.put(SavedMessage(name="other", typed=Typed("x"), target="tcp localhost:1"))
    saved = window.connect.saved
    saved.button.fill()
    saved.button.menu.invoke(0)
    window.wait(lambda: "已接收: hello" in drawn(window.connect.traffic.traffic.text))
    saved.button.menu.invoke(1)
    assert "tcp localhost:1" in window.connect.composer.wrong
    kept.put(SavedMessage(name="often", typed=Typed("tick"), every=0.1))
    saved.button.fill()
    saved.button.menu.invoke(2)
    before = sent(window)
    window.wait(lambda: sent(window) > before + 2)
    window.connect.model.disconnect()
    window.wait(lambda: saved.sending.repeated is None)


def test_what_is_typed_is_kept_and_changed_in_the_list(
    window: Window, manager: SavedWindow
) -> None:
    manager.begin(Typed("hello", "text", "crlf"), "tcp localhost:8080")
    manager.save()
    assert "needs a name" in str(manager.told.label.cget("text"))
    manager.form.name.text = "greeting"
    manager.save()
    assert cells(manager.table) == [("greeting", "tcp localhost:8080", "hello", "")]
    manager.form.every.text = "2"
    manager.form.name.text = "again"
    manager.save()
    assert cells(manager.table) == [("again", "tcp localhost:8080", "hello", "2 s")]
    manager.delete()
    assert cells(manager.table) == []


def test_a_file_with_errors_says_which_line_and_the_rest_opens(
    window: Window, manager: SavedWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "home.json"
    path.write_text('{"messages": [\n{"name": "good", "text": "x"},\n{"name": "bad"}\n]}')
    monkeypatch.setattr(filedialog, "askopenfilename", lambda **_options: str(path))
    monkeypatch.setattr(filedialog, "asksaveasfilename", lambda **_options: str(tmp_path / "out"))
    manager.take_in()
    assert [row[0] for row in cells(manager.table)] == ["good"]
    assert "line 3: " in str(manager.told.label.cget("text"))
    manager.export()
    assert '"good"' in (tmp_path / "out").read_text()


def test_what_the_clients_of_textbooks_send_is_added_by_a_click(
    window: Window, manager: SavedWindow
) -> None:
    manager.add_textbook()
    assert ("Ping, once a second", "udp localhost:12000", "ping", "1 s") in cells(manager.table)
    kept = window.app.tabs["connect"].context.messages
    assert len(kept.messages) == 12
    manager.add_textbook()
    assert len(kept.messages) == 12
