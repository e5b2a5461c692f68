"""What the window remembers, and what it does with a file somebody spoiled."""

from __future__ import annotations

import json
import tkinter as tk
from collections.abc import Callable
from pathlib import Path

import pytest

from gui.app import App
from gui.settings import Settings
from netlib.i18n import language, set_language
from tests.gui.conftest import settings_in
from tests.gui.window import Window


def run(folder: Path, act: Callable[[Window], None]) -> None:
    """Open a window, act in it, close it."""
    root = tk.Tk()
    window = Window(App(root, settings_in(folder)))
    try:
        act(window)
    finally:
        window.app.close()
        set_language("en")


def change_everything(window: Window) -> None:
    window.connect.address.text = "example.org:4242"
    window.connect.kind.choose("udp")
    window.connect.timeout.text = "7.5"
    window.server.form.service.key = "echo/udp"
    window.server.form.port.text = "4243"
    window.server.form.limits["read"].text = "12"
    window.chat.more.invoke()
    pane = window.chat.panes[2]
    pane.address.text, pane.nickname.text = "chat.example:99", "小明"
    pane.encoding.set("gbk")
    window.time.fields["count"].text = "9"
    window.app.switch_dark()
    window.app.switch_language()
    window.go("chat")


def what_it_shows(window: Window) -> tuple[str, ...]:
    connect, form, pane = window.connect, window.server.form, window.chat.panes[2]
    return (
        *(connect.address.text, connect.kind.key, connect.timeout.text),
        *(form.service.key, form.port.text, form.limits["read"].text),
        *(pane.address.text, pane.nickname.text, pane.encoding.get()),
        *(window.time.fields["count"].text, language(), window.app.theme.palette.name),
    )


def test_what_was_typed_and_chosen_is_there_next_time(display: None, tmp_path: Path) -> None:
    seen: list[tuple[str, ...]] = []

    def change(window: Window) -> None:
        change_everything(window)
        seen.append(what_it_shows(window))

    def look(window: Window) -> None:
        assert window.app.page is window.chat
        seen.append(what_it_shows(window))

    run(tmp_path, change)
    run(tmp_path, look)
    assert seen[1] == seen[0]
    assert {"example.org:4242", "echo/udp", "12", "小明", "gbk", "9", "zh"} <= {*seen[1]}


def test_the_window_keeps_its_size(display: None, tmp_path: Path) -> None:
    sizes: list[tuple[int, int]] = []

    def first(window: Window) -> None:
        window.root.geometry("1000x640+40+60")
        window.wait(lambda: window.root.winfo_width() == 1000)

    def second(window: Window) -> None:
        window.wait(lambda: window.root.winfo_width() > 1)
        sizes.append((window.root.winfo_width(), window.root.winfo_height()))

    run(tmp_path, first)
    run(tmp_path, second)
    assert sizes == [(1000, 640)]


NONSENSE: list[object] = [
    *(None, True, -1, 1e300, "", "nonsense", "\x00", "\ud800", ["\ud800"], [None, {}], {"a": []})
]


@pytest.mark.parametrize("value", NONSENSE, ids=repr)
def test_no_value_in_the_file_can_stop_the_window(
    display: None, tmp_path: Path, value: object
) -> None:
    run(tmp_path, lambda _window: None)
    path = tmp_path / "settings.json"
    spoiled = dict.fromkeys(json.loads(path.read_text("utf-8")), value)
    path.write_text(json.dumps(spoiled), "utf-8")
    run(tmp_path, lambda window: window.go("time"))


HUGE = "9" * 5000


@pytest.mark.parametrize(
    "geometry",
    [
        *("1x1+0+0", "9x9+99999+99999", "99999x99999-5-5", "+0+0"),
        *(f"100x100+{HUGE}+0", f"{HUGE}x1+0+0", f"900x700+{'9' * 900}+0", f"900x{'9' * 900}+0+0"),
    ],
)
def test_the_window_never_opens_off_the_screen(
    display: None, tmp_path: Path, geometry: str
) -> None:
    settings = Settings(tmp_path / "settings.json")
    settings.set("window.geometry", geometry)
    settings.save()

    def visible(window: Window) -> None:
        root = window.root
        window.wait(root.winfo_viewable)
        assert root.winfo_width() >= 400
        assert 0 <= root.winfo_rootx() < root.winfo_screenwidth() - 50
        assert 0 <= root.winfo_rooty() < root.winfo_screenheight() - 50

    run(tmp_path, visible)


def test_an_unwritable_folder_does_not_stop_the_window_closing(
    display: None, tmp_path: Path
) -> None:
    (tmp_path / "settings.json").mkdir()
    run(tmp_path, lambda window: window.go("server"))


def test_a_language_nobody_chose_follows_the_system(display: None, tmp_path: Path) -> None:
    run(tmp_path, lambda _window: None)
    kept = json.loads((tmp_path / "settings.json").read_text("utf-8"))
    assert kept["window.language"] == "en"  # `run` chose it
    root = tk.Tk()
    App(root, Settings(tmp_path / "other.json")).close()
    assert "window.language" not in json.loads((tmp_path / "other.json").read_text("utf-8"))
    set_language("en")
