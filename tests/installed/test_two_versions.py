"""The installed window and one of another version, from a source folder, at the same time."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.helpers import wait_until
from tests.installed.conftest import Installed, copy_house
from tests.peers import program
from tests.screen import virtual_screen, window_manager

START_SECONDS = 30.0


class Window:
    """A window on a display of its own, driven by its keys."""

    def __init__(self, process: subprocess.Popen[bytes], env: dict[str, str]) -> None:
        self.process, self._env = process, env
        self._name = ""
        wait_until(self._find, START_SECONDS, "a window")
        self.keys("Shift_L")  # the first key on a fresh display changes its keyboard map

    def keys(self, *names: str) -> None:
        """Press keys in the window."""
        self._tool("windowactivate", "--sync", self._name)
        self._tool("key", "--clearmodifiers", "--delay", "30", *names)

    def end(self) -> int:
        """Have it end as at a log-off; return the exit code."""
        self.process.terminate()
        return self.process.wait(START_SECONDS)

    def _find(self) -> bool:
        assert self.process.poll() is None, f"it ended with {self.process.returncode}"
        self._name = self._tool("search", "--onlyvisible", "--class", "Socketboard").strip()
        return bool(self._name)

    def _tool(self, *arguments: str) -> str:
        command = [program("xdotool"), *arguments]
        found = subprocess.run(command, env=self._env, capture_output=True, timeout=20, check=False)
        return found.stdout.decode()


@contextmanager
def window(command: Sequence[str | Path], env: dict[str, str]) -> Iterator[Window]:
    """Run a window program on a display of its own."""
    with virtual_screen("1280x800x24") as display, window_manager(display):
        own = {**env, "DISPLAY": display}
        process = subprocess.Popen(command, env=own, cwd=env["HOME"])
        try:
            yield Window(process, own)
        finally:
            process.kill()
            process.wait(10)


def later_version(folder: Path) -> Path:
    """Copy the sources as another version; return its main.py."""
    tree = copy_house(folder)
    file = tree / "netlib" / "version.py"
    file.write_text(re.sub(r'"[\d.]+"', '"9.9.9"', file.read_text("utf-8")), "utf-8")
    return tree / "main.py"


def test_two_versions_at_once_leave_each_other_what_they_have(
    installed: Installed, tmp_path: Path
) -> None:
    folders = {"XDG_CONFIG_HOME": tmp_path / "config", "XDG_STATE_HOME": tmp_path / "state"}
    env = installed.env | {name: str(folder) for name, folder in folders.items()}
    config, state = tmp_path / "config" / "Socketboard", tmp_path / "state" / "Socketboard"

    def kept() -> dict[str, Any]:
        file = config / "settings.json"
        return json.loads(file.read_text("utf-8")) if file.exists() else {}

    def recordings() -> list[Path]:
        return [file for file in state.glob("window-*/recording.sqlite") if file.stat().st_size]

    other = (sys.executable, later_version(tmp_path / "other"))
    with window([installed.command], env) as ours:
        wait_until(lambda: len(recordings()) == 1, START_SECONDS, "its recording")
        wait_until(kept, START_SECONDS, "its settings")
        with window(other, env) as later:
            wait_until(lambda: len(recordings()) == 2, START_SECONDS, "a second recording")
            ours.keys("ctrl+d")
            wait_until(lambda: kept().get("window.dark"), START_SECONDS, "the dark look is kept")
            later.keys("ctrl+plus")
            wait_until(lambda: kept().get("window.size", 0) > 11, START_SECONDS, "the size is kept")
            assert kept()["window.dark"]
            ours.keys("ctrl+3")
            wait_until(lambda: kept().get("window.tab") == "chat", START_SECONDS, "the tab is kept")
            size = kept()["window.size"]
            assert size > 11
            assert later.end() == 0
        assert len(recordings()) == 1
        assert ours.process.poll() is None
        assert ours.end() == 0
    assert (kept()["window.dark"], kept()["window.size"]) == (True, size)
    assert recordings() == []
    assert sorted(os.listdir(config)) == ["settings.json"]  # noqa: PTH208
