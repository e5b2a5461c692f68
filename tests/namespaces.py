"""Computers of our own, as far as the network is concerned: Linux' network namespaces."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.command import PATIENCE_SECONDS
from tests.helpers import wait_until
from tests.peers import program
from tests.sockets.conftest import is_root, unshared

Computer = tuple[list[str], int]
"""How to run something there (what to put in front of a command), and a process that is there."""


@contextmanager
def computer(*within: str) -> Iterator[Computer]:
    """Make a network of its own, without any interface that is up."""
    new, outer = (["unshare", "-n"], within[2]) if within else (unshared("n"), "self")
    with subprocess.Popen([*within, *new, "sleep", "600"], stderr=subprocess.PIPE) as holder:
        try:
            before = {one.readlink() for one in (namespace("self"), namespace(outer))}
            wait_until(
                lambda: holder.poll() is not None or namespace(holder.pid).readlink() not in before,
                what="a network namespace: be root, or allow unprivileged user namespaces",
            )
            if holder.poll() is not None:
                assert holder.stderr is not None
                pytest.fail(f"NO NETWORK NAMESPACE, NOT TESTED: {holder.stderr.read().decode()}")
            entered = [] if is_root() else ["-U", "--preserve-credentials"]
            yield ["nsenter", "-t", str(holder.pid), "-n", *entered], holder.pid
        finally:
            holder.kill()


def namespace(process: int | str) -> Path:
    """Return the network that a process is in, to be compared or named to `ip link`."""
    return Path(f"/proc/{process}/ns/net")


def ip(where: list[str], *commands: str) -> None:
    """Run `ip` on a computer, once for each command."""
    for one in commands:
        do(where, program("ip"), *one.split())


def do(where: list[str], *command: str) -> None:
    """Run a program on a computer to its end."""
    subprocess.run([*where, *command], check=True, timeout=PATIENCE_SECONDS)
