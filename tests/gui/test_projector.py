"""Projector mode: what a class shall see covers the window, and is given back."""

from __future__ import annotations

import socket
import tkinter as tk
from collections.abc import Iterator
from tkinter import ttk

import pytest

from gui.projector import LINES
from gui.views.row_list import Traffic
from tests.gui.window import Window, drawn, everything, seen_in


@pytest.fixture
def lesson(window: Window) -> Iterator[Window]:
    """A server to which two clients have said twelve lines each."""
    port = window.start_server()
    window.go("server")
    peers = [socket.create_connection(("127.0.0.1", port)) for _two in range(2)]
    for number in range(12):
        for peer in peers:
            peer.sendall(f"line {number}\n".encode())
    window.wait(lambda: window.server.model.rows.count() >= 40)
    yield window
    for peer in peers:
        peer.close()


def cover(window: Window) -> tk.Misc | None:
    """Return what lies over the window, if anything does."""
    shown = [one for one in window.root.winfo_children() if one.winfo_manager() == "place"]
    return next(
        (one for one in shown if any(isinstance(part, Traffic) for part in one.winfo_children())),
        None,
    )


def begin(window: Window) -> tk.Misc:
    window.root.focus_force()
    window.root.update()
    window.root.event_generate("<F11>")
    window.settle()
    found = cover(window)
    assert found is not None
    return found


def rows(window: Window, over: tk.Misc) -> str:
    view = next(one for one in everything(over) if isinstance(one, Traffic))
    window.wait(lambda: drawn(view.text))
    return drawn(view.text)


def test_it_shows_address_clients_and_at_least_ten_whole_rows(lesson: Window) -> None:
    over = begin(lesson)
    assert over.winfo_width() == lesson.root.winfo_width()
    assert over.winfo_height() == lesson.root.winfo_height()
    said = seen_in(over)
    server = lesson.server.model.servers[0]
    assert server.address in said
    assert "2 clients" in said
    assert "line reply" in said
    assert lesson.app.theme.size == min(round(lesson.root.winfo_height() / LINES), 32)
    view = next(one for one in everything(over) if isinstance(one, Traffic))
    lesson.wait(lambda: "line 11" in drawn(view.text))
    whole = [line for line in range(1, 60) if view.text.dlineinfo(f"{line}.0")]
    assert len(whole) >= 11  # the first one may be cut
    assert "ms" not in drawn(view.text)


def test_the_keyboard_is_given_back_to_who_had_it_if_he_is_in_sight(lesson: Window) -> None:
    entry = lesson.server.form.port.entry
    for tab in ("server", "connect"):
        lesson.go("server")
        entry.focus_force()
        lesson.wait(lambda: lesson.root.focus_get() is entry)
        entry.event_generate("<F11>")
        lesson.settle()
        assert cover(lesson) is not None
        lesson.app.go_to(tab)
        lesson.root.event_generate("<F11>")
        lesson.settle()
        assert cover(lesson) is None
        assert (lesson.root.focus_get() is entry) == (tab == "server")


@pytest.mark.parametrize("key", ["<F11>", "<Escape>"])
def test_it_gives_everything_back(lesson: Window, key: str) -> None:
    theme, root = lesson.app.theme, lesson.root
    theme.dress(size=13)
    lesson.settle()
    before = drawn(lesson.server.traffic.traffic.text)
    geometry = root.geometry()
    over = begin(lesson)
    view = next(one for one in everything(over) if isinstance(one, Traffic))
    lesson.press(view.text, key)
    lesson.wait(lambda: cover(lesson) is None and not root.attributes("-fullscreen"))
    assert theme.size == 13
    lesson.wait(lambda: root.geometry() == geometry)
    lesson.wait(lambda: drawn(lesson.server.traffic.traffic.text) == before)


def test_it_follows_to_another_tab_and_another_language(lesson: Window) -> None:
    over = begin(lesson)
    lesson.app.go_to("connect")
    lesson.settle()
    assert lesson.connect.address.text in seen_in(over)
    assert "not connected" in seen_in(over)
    for key in ("server", "chat", "time", "connect"):
        lesson.app.go_to(key)
        lesson.settle()
        assert cover(lesson) is over
    lesson.app.go_to("server")
    lesson.app.switch_language()
    lesson.settle()
    assert "2 个客户端" in seen_in(over)
    assert "line 11" in rows(lesson, over)


def test_the_first_screen_has_nothing_to_project(lesson: Window) -> None:
    begin(lesson)
    lesson.app.go_to("start")
    lesson.settle()
    assert not lesson.app.projector.on
    lesson.press(lesson.root, "<F11>")
    assert not lesson.app.projector.on


def test_size_and_place_of_it_are_not_remembered(lesson: Window) -> None:
    lesson.app.remembering.save()
    size = lesson.app.settings.get("window.size", 0)
    geometry = lesson.app.settings.get("window.geometry", "")
    begin(lesson)
    assert lesson.app.theme.size != size
    lesson.app.remembering.save()
    assert lesson.app.settings.get("window.size", 0) == size
    assert lesson.app.settings.get("window.geometry", "") == geometry


def test_a_button_begins_it(window: Window) -> None:
    buttons = [
        one
        for one in everything(window.root)
        if isinstance(one, ttk.Button) and "Projector" in str(one.cget("text"))
    ]
    buttons[0].invoke()
    window.settle()
    assert window.app.projector.on
