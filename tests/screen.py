"""A virtual screen with a window manager, for window tests that disturb nobody (Linux)."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tests.helpers import wait_until

SIZE = "1920x1200x24"


@contextmanager
def virtual_screen(size: str = SIZE, dpi: int = 96) -> Iterator[str]:
    """Run Xvfb on a display number it finds itself; yield the name for DISPLAY."""
    reading, writing = os.pipe()
    options = ["-screen", "0", size, "-dpi", str(dpi), "-nolisten", "tcp", "-noreset"]
    command = [_program("Xvfb"), "-displayfd", str(writing), *options]
    with os.fdopen(reading) as number, _running(command, os.environ, writing):
        os.close(writing)
        name = number.readline().strip()
        assert name, "Xvfb did not start"
        yield f":{name}"


@contextmanager
def window_manager(display: str) -> Iterator[None]:
    """Run openbox with its own defaults on `display`; it manages windows when this yields."""
    with tempfile.TemporaryDirectory(prefix="openbox-") as folder:
        ready = Path(folder, "ready")
        plain = {**os.environ, "DISPLAY": display, "XDG_CONFIG_HOME": folder}
        with _running([_program("openbox"), "--startup", f"touch {ready}"], plain):
            wait_until(ready.exists, 10, "the window manager")
            yield


def _program(name: str) -> str:
    path = shutil.which(name)
    assert path, f"the window tests need {name}: sh requirements/system.sh test"
    return path


@contextmanager
def _running(command: list[str], env: Mapping[str, str], *fds: int) -> Iterator[None]:
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(command, env=env, pass_fds=fds, stdout=quiet, stderr=quiet)
    try:
        yield
    finally:
        process.terminate()
        process.wait(10)
