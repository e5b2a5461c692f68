"""What every kind of test needs: waiting for a fact, and a port nobody has."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable

_STEP_SECONDS = 0.002


def wait_until(condition: Callable[[], object], timeout: float = 5.0, what: str = "") -> None:
    """Return as soon as `condition()` is true; fail the test after `timeout` seconds.

    `what` names the awaited fact in the failure. Tests wait for facts, never for time to pass.
    """
    pause = threading.Event()
    deadline = time.monotonic() + timeout
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError(f"{what or condition} did not come true in {timeout:g} s")
        pause.wait(_STEP_SECONDS)


def free_port(kind: socket.SocketKind = socket.SOCK_STREAM, host: str = "127.0.0.1") -> int:
    """Return a port of `host` that was free a moment ago.

    Only for programs that cannot be told to take port 0; our own listeners take 0 and report.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, kind) as probe:
        probe.bind((host, 0))
        return int(probe.getsockname()[1])
