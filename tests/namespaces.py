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


CLIENT, SERVER, ROUTER = "10.77.0.2", "10.77.0.9", "10.77.0.254"
"""Addresses of the computers of `bridged`; over IPv6 they end in the same number, behind fd77::."""


@contextmanager
def bridged() -> Iterator[tuple[list[str], list[str], list[str]]]:
    """Make a router whose bridge joins a client and a server; yield how to run something there."""
    with (
        computer() as (router, _),
        computer(*router) as (client, its_process),
        computer(*router) as (server, their_process),
    ):
        ip(router, "link add lan type bridge", f"addr add {ROUTER}/24 dev lan", "link set lan up")
        ip(router, "addr add fd77::fe/64 dev lan nodad", "link set lo up")
        for name, process in (("client", its_process), ("server", their_process)):
            ip(router, f"link add {name} type veth peer name eth0 netns {namespace(process)}")
            ip(router, f"link set {name} master lan up")
        for where, address in ((client, CLIENT), (server, SERVER)):
            ip(where, "link set lo up", f"addr add {address}/24 dev eth0", "link set eth0 up")
            ip(where, f"addr add fd77::{address.rpartition('.')[2]}/64 dev eth0 nodad")
        yield router, client, server
