"""The command line as its users meet it: a process, its streams, its exit code."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
from argparse import Namespace
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

MAIN = Path(__file__).resolve().parent.parent / "main.py"
PATIENCE_SECONDS = 20.0
"""Longest run of any command here; a test that waits for it has failed."""

LISTENING = b"listening on "
"""How the first line of a server begins, and the second where it listens on ::1 too."""

NOT_RECORDED = Namespace(record=None, record_limit=None, packets=False)
"""What options say of a recording where none is asked for."""

Finished = subprocess.CompletedProcess[bytes]

ENDING_SIGNALS = (signal.SIGINT,) if sys.platform == "win32" else (signal.SIGTERM, signal.SIGINT)
"""By which a program can be asked to end. Windows has Ctrl+C alone: SIGTERM ends it unasked."""

_ON_WINDOWS = sys.platform == "win32"
_NO_WINDOW = getattr(subprocess, "CREATE_NO_WINDOW", 0)
"""Windows: a console of its own that nobody sees, for Ctrl+C goes to all of a console."""
_CTRL_C = """
import ctypes, sys
kernel = ctypes.windll.kernel32
kernel.FreeConsole()
assert kernel.AttachConsole(int(sys.argv[1])), "no console"
assert kernel.SetConsoleCtrlHandler(None, True), "not ignored here"
assert kernel.GenerateConsoleCtrlEvent(0, 0), "not sent"
"""


class Running:
    """A program that has said where it listens, on the first line of its output."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self.process = process
        self.first = self._output.readline()
        assert self.first.startswith(LISTENING), (self.first, self.first or self._errors.read())
        self.where = self.first.removeprefix(LISTENING).decode().split()[0]
        self.port = int(self.where.rpartition(":")[2])

    def line(self) -> str:
        """Return the next line of its output that is not about where it listens too.

        One that says nothing for too long is ended: a test fails, it does not hang.
        """
        too_long = threading.Timer(PATIENCE_SECONDS, self.process.kill)
        too_long.start()
        try:
            while (line := self._output.readline()).startswith(LISTENING):
                pass
        finally:
            too_long.cancel()
        return line.decode()

    def line_with(self, text: str) -> str:
        """Return the next line of its output that contains `text`."""
        for line in iter(self.line, ""):
            if text in line:
                return line
        raise AssertionError(f"the output ended before {text!r}")

    def end(self, number: int = ENDING_SIGNALS[0]) -> tuple[int, str]:
        """Ask it to end; return its exit code and the rest of its output."""
        ask_to_end(self.process, number)
        rest, _ = self.process.communicate(timeout=PATIENCE_SECONDS)
        lines = [one for one in rest.splitlines(keepends=True) if not one.startswith(LISTENING)]
        return self.process.returncode, b"".join(lines).decode()

    @property
    def _output(self) -> IO[bytes]:
        assert self.process.stdout is not None
        return self.process.stdout

    @property
    def _errors(self) -> IO[bytes]:
        assert self.process.stderr is not None
        return self.process.stderr


def ask_to_end(process: subprocess.Popen[bytes], number: int = ENDING_SIGNALS[0]) -> None:
    """Send a program that `listening` or `started` has begun one of ENDING_SIGNALS."""
    if not _ON_WINDOWS:
        process.send_signal(number)
        return
    assert number == signal.SIGINT
    sender = [sys.executable, "-c", _CTRL_C, str(process.pid)]
    subprocess.run(sender, check=True, timeout=PATIENCE_SECONDS)


def command(*arguments: str) -> list[str]:
    """Return how a command is run."""
    return [sys.executable, str(MAIN), *arguments]


def run(*arguments: str, stdin: bytes = b"", lang: str = "en") -> Finished:
    """Run a command to its end."""
    return subprocess.run(
        command("--lang", lang, *arguments),
        input=stdin,
        capture_output=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    )


@contextmanager
def listening(program: Sequence[str]) -> Iterator[Running]:
    """Run a program that listens, and end it if the test has not done so."""
    pipe = subprocess.PIPE
    with subprocess.Popen(program, stdout=pipe, stderr=pipe, creationflags=_NO_WINDOW) as process:
        try:
            yield Running(process)
        finally:
            process.kill()


@contextmanager
def serving(*arguments: str) -> Iterator[Running]:
    """Run `serve` with port 0."""
    with listening(command("--lang", "en", "serve", *arguments, "--port", "0")) as server:
        yield server


def objects(output: bytes) -> list[dict[str, Any]]:
    """Return what `--json` printed: one object a line."""
    return [json.loads(line) for line in output.splitlines()]


def events(output: bytes) -> list[str]:
    """Return the names of the events that `--json` printed."""
    return [shown["event"] for shown in objects(output)]


@contextmanager
def started(*arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    """Run a command beside the test, its streams open to it."""
    pipe = subprocess.PIPE
    with subprocess.Popen(
        command("--lang", "en", *arguments),
        stdin=pipe,
        stdout=pipe,
        stderr=pipe,
        env=os.environ | {"PYTHONUNBUFFERED": "1"},
        creationflags=_NO_WINDOW,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


class Screen:
    """A terminal on which a command writes both its streams."""

    def __init__(self, process: subprocess.Popen[bytes], terminal: int) -> None:
        self.process = process
        self._terminal = terminal

    def to_the_end(self) -> bytes:
        """Return all that is written until the command ends, with LF as it wrote it."""
        shown = b""
        with suppress(OSError):  # EIO: nobody has the other side open any more (Linux)
            while piece := os.read(self._terminal, 1 << 16):
                shown += piece
        self.process.wait(PATIENCE_SECONDS)
        return shown.replace(b"\r\n", b"\n")


@contextmanager
def on_a_terminal(*arguments: str) -> Iterator[Screen]:
    """Run a command whose output is a terminal; its input is empty."""
    ours, theirs = os.openpty()  # type: ignore[attr-defined,unused-ignore]  # Windows has none
    call = command("--lang", "en", *arguments)
    with subprocess.Popen(call, stdin=subprocess.DEVNULL, stdout=theirs, stderr=theirs) as process:
        os.close(theirs)
        try:
            yield Screen(process, ours)
        finally:
            process.kill()
            os.close(ours)


def local(sock: socket.socket) -> str:
    """Return a socket's own address as our programs write it."""
    host, port = sock.getsockname()[:2]
    return f"{host}:{port}"


@contextmanager
def accepting() -> Iterator[tuple[socket.socket, str]]:
    """Listen on a free port; yield the socket and its address as our programs write it."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(PATIENCE_SECONDS)
        yield listener, local(listener)
