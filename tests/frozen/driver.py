"""A built program, driven from outside: by window, keyboard, clipboard and socket."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from filecmp import cmp
from pathlib import Path

from tests.helpers import wait_until
from tests.peers import nc, program
from tests.screen import virtual_screen, window_manager

HOUSE = Path(__file__).resolve().parent.parent.parent
DIST = HOUSE / "dist"
START_SECONDS = 30.0
CLOSE_SECONDS = 2.0
COLOURS = 200
"""A window that is drawn has more; an empty or broken one has a handful."""
QUESTION = "(Quit|退出) Socketboard"


class Program:
    """A running window program, driven from outside."""

    def __init__(
        self, process: subprocess.Popen[bytes], env: dict[str, str], close_seconds: float
    ) -> None:
        self.process, self.env, self._close_seconds = process, env, close_seconds
        self.window = ""
        wait_until(self._find, START_SECONDS, "a window named Socketboard")

    def keys(self, *names: str) -> None:
        """Press keys in the window."""
        self._tool("xdotool", "windowactivate", "--sync", self.window)
        self._tool("xdotool", "key", "--clearmodifiers", "--delay", "30", *names)

    def click(self, x: int, y: int) -> None:
        """Click at a place of the window."""
        self._tool("xdotool", "mousemove", "--window", self.window, str(x), str(y), "click", "1")

    def title(self) -> str:
        """Return the window's title."""
        return self._tool("xdotool", "getwindowname", self.window).strip()

    def size(self) -> tuple[int, int]:
        """Return the window's width and height in pixels."""
        shown = self._tool("xdotool", "getwindowgeometry", "--shell", self.window)
        values = dict(line.split("=") for line in shown.split())
        return int(values["WIDTH"]), int(values["HEIGHT"])

    def picture(self, path: Path) -> Path:
        """Save a picture of the window."""
        self._tool("import", "-window", self.window, "-strip", str(path))
        return path

    def is_drawn(self, colours: int = COLOURS) -> bool:
        """Tell whether there is something to see."""
        return (
            int(self._tool("import", "-window", self.window, "-format", "%k", "info:-")) > colours
        )

    def close(self) -> int:
        """Have the window manager close the window; return the exit code."""
        self.keys("alt+F4")
        return self.process.wait(self._close_seconds)

    def quit(self) -> int:
        """Close it, and answer its question about what would be lost: quit; return the exit code.

        The question's first button, which has the keyboard, saves the recording; the second quits.
        """
        self.keys("alt+F4")
        wait_until(lambda: self._search("--name", QUESTION), self._close_seconds, "a question")
        self._tool("xdotool", "windowactivate", "--sync", self._search("--name", QUESTION))
        # The window manager calls it active a moment before wine gives it the keyboard.
        wait_until(self._question_has_keyboard, self._close_seconds, "the keyboard")
        self._tool("xdotool", "key", "--clearmodifiers", "--delay", "30", "Tab", "Return")
        return self.process.wait(self._close_seconds)

    def clipboard(self) -> str:
        """Return what was copied; it may be read while it changes."""
        command = [program("xclip"), "-selection", "clipboard", "-t", "UTF8_STRING", "-o"]
        result = subprocess.run(command, env=self.env, capture_output=True, timeout=10, check=False)
        return result.stdout.decode(errors="replace")

    def _find(self) -> bool:
        assert self.process.poll() is None, f"it ended with {self.process.returncode}"
        self.window = self._search("--class", "Socketboard")
        return bool(self.window)

    def _question_has_keyboard(self) -> bool:
        return bool(re.match(QUESTION, self._found("getwindowfocus", "getwindowname")))

    def _search(self, *what: str) -> str:
        return self._found("search", "--onlyvisible", *what)

    def _found(self, *what: str) -> str:
        """Return what xdotool finds, or "": there may be nothing."""
        command = [program("xdotool"), *what]
        found = subprocess.run(command, env=self.env, capture_output=True, timeout=20, check=False)
        return found.stdout.decode().strip()

    def _tool(self, name: str, *arguments: str) -> str:
        command = [program(name), *arguments]
        result = subprocess.run(command, env=self.env, capture_output=True, timeout=20, check=True)
        return result.stdout.decode()


@contextmanager
def screen(size: str) -> Iterator[str]:
    """Run a virtual screen whose window manager heeds keys; yield the name for DISPLAY."""
    with virtual_screen(size) as name, window_manager(name):
        # A fresh X server changes the keyboard map at the first key pressed by a program, and the
        # window manager takes hold of its keys anew: what is pressed meanwhile does not reach it.
        first_key = [program("xdotool"), "key", "Shift_L"]
        subprocess.run(first_key, env={**os.environ, "DISPLAY": name}, timeout=20, check=True)
        yield name


@contextmanager
def running(
    command: Sequence[str | Path], env: dict[str, str], close_seconds: float = CLOSE_SECONDS
) -> Iterator[Program]:
    """Run a window program, from a folder where no source of ours can be found.

    Its output is a pipe: with a file, wine gives a program no handle that is valid.
    """
    with subprocess.Popen(
        command, env=env, cwd=env["HOME"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    ) as process:
        try:
            yield Program(process, env, close_seconds)
        finally:
            if process.poll() is None:
                process.kill()


def say_to(port: int, data: bytes) -> bytes:
    """Say something with a real nc, and return what it answered."""
    command = [nc(), "-N", "127.0.0.1", str(port)]
    return subprocess.run(command, input=data, capture_output=True, timeout=10, check=False).stdout


def answers(port: int, data: bytes) -> bytes:
    """As `say_to`, as soon as somebody listens."""
    wait_until(lambda: say_to(port, b"ready?\n"), 20, f"somebody at port {port}")
    return say_to(port, data)


def differing(target: str, folder: Path, names: Sequence[str]) -> list[str]:
    """Build a second time, by a target of make, into `folder`; name what differs from dist."""
    command = ["make", "--no-print-directory", target, f"DIST={folder}"]
    subprocess.run(command, cwd=HOUSE, timeout=300, check=True)
    built = sorted(path for name in names for path in DIST.glob(name) if path.is_file())
    assert built
    paths = [path.relative_to(DIST) for path in built]
    return [str(path) for path in paths if not cmp(DIST / path, folder / path, shallow=False)]
