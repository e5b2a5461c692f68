"""The window as the system meets it: a process."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from gui.models.crash_recovery import RECORDING
from tests.command import MAIN
from tests.helpers import wait_until


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no signals to send")
@pytest.mark.parametrize("name", ["SIGTERM", "SIGINT", "SIGHUP"])
def test_a_window_that_is_told_to_end_leaves_no_crashed_recording(
    tmp_path: Path, name: str
) -> None:
    names = ("HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "TMPDIR")
    env = {**os.environ, **dict.fromkeys(names, str(tmp_path))}
    number = getattr(signal, name)
    before = signal.signal(number, signal.SIG_DFL)  # it is inherited, and may be ignored here
    try:
        window = subprocess.Popen([sys.executable, str(MAIN)], env=env)
    finally:
        signal.signal(number, before)
    with window:
        try:
            wait_until(lambda: [*tmp_path.rglob(RECORDING)], 20, "the recording of the window")
            window.send_signal(number)
            assert window.wait(20) == 0
        finally:
            window.kill()
    assert [*tmp_path.rglob(RECORDING)] == []


def test_a_package_that_is_missing_is_named() -> None:
    bare = [sys.executable, "-S", str(MAIN)]  # without what is installed
    env = {**os.environ, "LANGUAGE": "en", "PYTHONUTF8": "1"}
    result = subprocess.run(
        bare, env=env, capture_output=True, encoding="utf-8", timeout=60, check=False
    )
    assert result.returncode == 1
    assert result.stderr.startswith("✗ The package platformdirs is not installed: python -m pip")
    assert "Traceback" not in result.stderr
