"""Programs that `code` shows, run as they are."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import pytest

from tests.command import PATIENCE_SECONDS, run

LANGUAGES: Final = ("python", "shell", "go")
_NAMES: Final = {"python": "shown.py", "shell": "shown.sh", "go": "shown.go"}


def shown(language: str, *arguments: str) -> str:
    """Return the program for a command."""
    done = run("code", *arguments, "--lang", language)
    assert done.returncode == 0, done.stderr
    return done.stdout.decode()


def command(language: str, program: str, folder: Path) -> list[str]:
    """Save a program; return what runs it. Skips where its language is not present."""
    path = folder / _NAMES[language]
    path.write_text(program, "utf-8")
    if language == "python":
        return [sys.executable, "-X", "utf8", str(path)]
    if language == "shell":
        return ["sh", str(path)]
    if shutil.which("go") is None:
        pytest.skip("Go is not on this computer")
    binary = folder / "shown"
    subprocess.run(["go", "build", "-o", str(binary), str(path)], check=True, cwd=folder)
    return [str(binary)]


def output(language: str, program: str, folder: Path, said: bytes = b"") -> bytes:
    """Run a program to its end; return what it wrote."""
    done = subprocess.run(
        command(language, program, folder),
        input=said,
        capture_output=True,
        timeout=PATIENCE_SECONDS,
        check=False,
        cwd=folder,
    )
    assert done.returncode == 0, done.stderr.decode(errors="replace")
    return done.stdout


@contextmanager
def served(language: str, program: str, folder: Path) -> Iterator[None]:
    """Let a server run, and whatever it starts."""
    with subprocess.Popen(
        command(language, program, folder),
        stdin=subprocess.DEVNULL,
        cwd=folder,
        start_new_session=True,
    ) as server:
        try:
            yield
        finally:
            os.killpg(server.pid, signal.SIGTERM)  # type: ignore[attr-defined,unused-ignore]
