"""Saved messages in the window: kept from what is typed, sent by a click, repeated, imported."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from tkinter import filedialog, ttk

import pytest

from gui.models.saved_messages import SavedMessage
from gui.models.typed import Typed
from gui.tabs.saved_window import SavedWindow
from gui.widgets.field import Field
from gui.widgets.table import CHOSEN
from gui.widgets.tooltip import words_of
from tests.gui.window import Window, cells, drawn, everything


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
    assert words_of(manager.form.name.entry) == "Message name: please type 1 to 80 characters."
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


def button(manager: SavedWindow, words: str) -> ttk.Button:
    buttons = [one for one in everything(manager) if isinstance(one, ttk.Button)]
    return next(one for one in buttons if one.cget("text") == words)


def test_what_needs_a_choice_says_so_until_there_is_one(
    window: Window, manager: SavedWindow
) -> None:
    asking = [button(manager, words) for words in ("Send", "Delete")]
    manager.add_textbook()
    window.root.update()
    for one in asking:
        assert one.instate(["disabled"])
        assert words_of(one) == "Select a message in the list first."
    choose(manager, cells(manager.table)[0][0])
    assert not any(one.instate(["disabled"]) for one in asking)
    button(manager, "Delete").invoke()
    assert all(one.instate(["disabled"]) for one in asking)
    choose(manager, cells(manager.table)[0][0])
    button(manager, "New").invoke()
    assert all(one.instate(["disabled"]) for one in asking), "the form holds another one"


def choose(manager: SavedWindow, name: str) -> None:
    manager.table.choose([name])
    manager.table.event_generate(CHOSEN)
    manager.update()


@pytest.mark.parametrize(
    ("which", "text", "sentence"),
    [
        ("name", "", "Message name: please type 1 to 80 characters."),
        ("name", "b", "Another message has this name."),
        ("target", "localhost:80", "Target: please type tcp or udp, then an address, as in"),
        ("target", "tcp localhost:99999", "Port 99999 is too large"),
        ("every", "soon", "Repeat every: please type a number from 0.1 to 3600."),
        ("every", "4000", "Repeat every: please type a number from 0.1 to 3600."),
        ("line", "x" * 70_000, "A message has at most 65,536 bytes."),
    ],
)
def test_what_is_wrong_is_said_at_its_field_until_another_message_is_chosen(
    window: Window, manager: SavedWindow, which: str, text: str, sentence: str
) -> None:
    for name in ("a", "b"):
        manager.begin(Typed(name), "tcp localhost:1")
        manager.form.name.text = name
        manager.save()
    choose(manager, "a")
    field = getattr(manager.form, which)
    assert isinstance(field, Field)
    field.text = text
    button(manager, "Save").invoke()
    window.wait(lambda: manager.focus_get() is field.entry)
    assert field.entry.instate(["invalid"])
    assert words_of(field.entry).startswith(sentence)
    assert sentence in field._bubble.text
    assert [row[0] for row in cells(manager.table)] == ["a", "b"]
    choose(manager, "b")
    assert not field.entry.instate(["invalid"])
    assert field._bubble.text == ""
