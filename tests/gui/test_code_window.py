"""The code of what a tab does: it follows the fields, is copied, saved, and runs."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from tkinter import ttk

import pytest

from gui.code_window import PROGRAMS, CodeWindow
from tests.gui.window import Window, everything


@pytest.fixture
def code(window: Window) -> Iterator[CodeWindow]:
    window.go("connect")
    window.app.intents["code"]()
    found = window.root.nametowidget(".code")
    assert isinstance(found, CodeWindow)
    yield found
    if found.winfo_exists():
        found.destroy()


def shown(code: CodeWindow) -> str:
    return str(code.text.get("1.0", "end-1c"))


def has_program(code: CodeWindow, words: str) -> bool:
    return bool(code.program) and words in shown(code)


def test_it_follows_the_fields(window: Window, code: CodeWindow) -> None:
    window.connect.address.text = "[::1]:8080"
    window.wait(lambda: '("::1", 8080)' in shown(code))
    window.connect.address.text = "localhost:99999"
    window.wait(lambda: not code.program and "99999" in shown(code))
    assert all(button.instate(["disabled"]) for button in code.buttons)
    window.connect.address.text = "localhost:9999"
    window.wait(lambda: code.program)
    assert all(button.instate(["!disabled"]) for button in code.buttons)


def test_each_tab_has_its_program_in_each_language(window: Window, code: CodeWindow) -> None:
    for key, words in (
        ("connect", "8080"),
        ("server", "8080"),
        ("chat", "8080"),
        ("time", "获取时间"),
    ):
        window.go(key)
        for language in PROGRAMS:
            code.language.choose(language)
            window.wait(partial(has_program, code, words))
    window.go("start")
    window.wait(lambda: not code.program and "Connect" in shown(code))


@pytest.mark.parametrize("kind", ["tcp", "udp", "http"])
def test_what_was_said_is_said_by_the_program(window: Window, code: CodeWindow, kind: str) -> None:
    service = {"tcp": "acknowledge/tcp", "udp": "echo/udp", "http": "web/tcp"}[kind]
    window.go("server")
    port = window.start_server(service)
    window.go("connect")
    window.connect.kind.choose(kind)
    window.connect.address.text = f"127.0.0.1:{port}"
    if kind == "http":
        window.connect.offer_request()
    else:
        window.connect.main.invoke()
        window.wait(lambda: window.connect.model.connected)
        window.connect.composer.text = "it's 你好"
        window.connect.composer.submit()
        window.wait(lambda: window.connect.model.said)
    window.wait(lambda: str(port) in code.program)
    code.refresh()
    command = [sys.executable, "-X", "utf8", "-c", code.program]
    running = subprocess.Popen(command, stdout=subprocess.PIPE)
    window.wait(lambda: running.poll() is not None, 20.0)
    output = running.communicate()[0].decode()
    assert ("HTTP/1.1 200" if kind == "http" else "it's 你好") in output


def test_it_is_copied_and_saved(window: Window, code: CodeWindow, tmp_path: Path) -> None:
    window.wait(lambda: code.program)
    code.copy()
    assert str(window.root.clipboard_get()) == code.program
    target = tmp_path / "程序.py"
    code.save_to(target)
    window.wait(target.exists)
    assert target.read_text("utf-8") == code.program


@pytest.mark.parametrize("size", [8, 20, 32])
def test_all_is_in_sight_in_a_small_window(window: Window, code: CodeWindow, size: int) -> None:
    code.geometry("800x500")
    theme = window.app.theme
    while theme.size != size:
        window.app.zoom(1 if size > theme.size else -1)
    for _language in range(2):
        window.settle()
        buttons = [one for one in everything(code) if isinstance(one, ttk.Button | ttk.Radiobutton)]
        assert {str(one.cget("text")) for one in buttons} >= {"Python", "Go", "Shell"}
        for one in buttons:
            assert one.winfo_width() >= one.winfo_reqwidth()
            right = one.winfo_rootx() + one.winfo_width()
            assert right <= code.winfo_rootx() + code.winfo_width()
        assert code.text.winfo_height() > 100
        window.app.switch_language()
    window.app.zoom(0)


def test_it_is_opened_once_and_closed_by_escape(window: Window, code: CodeWindow) -> None:
    window.app.intents["code"]()
    assert [child for child in window.root.winfo_children() if isinstance(child, CodeWindow)] == [
        code
    ]
    window.press(code.text, "<Escape>")
    window.wait(lambda: not window.root.tk.call("winfo", "exists", ".code"))
