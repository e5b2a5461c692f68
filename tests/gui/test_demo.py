"""The demo that `make run` plays where there is no display: a step is ticked for its deed only."""

from __future__ import annotations

import sys
import tkinter as tk
from pathlib import Path

import pytest

from gui.app import App
from gui.demo import Player, Scenes
from tests.gui.conftest import settings_in

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there is always a display")


def play(root: tk.Tk, folder: Path) -> str:
    """Take one picture of the window; return the log."""
    player = Player(App(root, settings_in(folder)), folder)
    player.play(iter([Scenes(player.app, folder).picture("first")]))
    root.mainloop()
    assert player.failed is ("✗" in (folder / "log.txt").read_text("utf-8"))
    return (folder / "log.txt").read_text("utf-8")


def test_a_picture_is_ticked_when_its_file_is_there(root: tk.Tk, tmp_path: Path) -> None:
    assert "✓ a picture of first" in play(root, tmp_path)
    assert (tmp_path / "first.png").read_bytes().startswith(b"\x89PNG")


def test_a_picture_that_was_not_made_fails_the_demo(
    root: tk.Tk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))  # where ImageMagick is missing
    log = play(root, tmp_path)
    assert "✗ a picture of first: " in log
    assert "ImageMagick" in log
    assert "✓ a picture" not in log
