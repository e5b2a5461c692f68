"""What every kind of test needs: waiting for a fact, and a port nobody has."""

from __future__ import annotations

import contextlib
import itertools
import os
import random
import socket
import threading
import time
from collections.abc import Callable, Iterator

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


def _own_ports() -> Iterator[int]:
    """Return ports for this process alone, below those that systems give to clients."""
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0")[2:])
    own = range(14_000 + worker % 9 * 2_000, 16_000 + worker % 9 * 2_000)
    begin = random.randrange(len(own))  # a port may still be in TIME-WAIT from the run before
    return itertools.cycle((*own[begin:], *own[:begin]))


_OWN_PORTS = _own_ports()
_MOST_TRIED = 500


def free_port(kind: socket.SocketKind = socket.SOCK_STREAM, host: str = "127.0.0.1") -> int:
    """Return a port of `host` that was free a moment ago, and that no other test will be given.

    Only for programs that cannot be told to take port 0; our own listeners take 0 and report.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    for port in itertools.islice(_OWN_PORTS, _MOST_TRIED):
        with socket.socket(family, kind) as probe, contextlib.suppress(OSError):
            probe.bind((host, port))
            return port
    raise AssertionError("no port is free")
