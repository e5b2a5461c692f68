"""Which program has a port: said by name and number, or not known."""

from __future__ import annotations

import os
import shutil
import socket
import sys
from pathlib import Path

import pytest

from netlib.events import Transport
from netlib.system import port_owner as module
from netlib.system.port_owner import listening_addresses, port_owner
from tests.helpers import free_port
from tests.sockets.conftest import HOST, listener, port_of


def is_this_program(owner: str | None) -> bool:
    return owner is not None and f"PID {os.getpid()}" in owner and not owner.startswith("PID")


def test_the_program_that_listens_is_named() -> None:
    with listener() as taken:
        assert is_this_program(port_owner(port_of(taken), Transport.TCP))


def test_a_listener_over_ipv6_is_found_too() -> None:
    if not socket.has_ipv6:
        pytest.skip("no IPv6 here")
    with socket.socket(socket.AF_INET6) as taken:
        taken.bind(("::1", 0))
        taken.listen()
        assert is_this_program(port_owner(taken.getsockname()[1], Transport.TCP))


def test_a_port_of_tcp_is_not_the_port_of_udp() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
        taken.bind((HOST, 0))
        assert is_this_program(port_owner(port_of(taken), Transport.UDP))
        assert port_owner(port_of(taken), Transport.TCP) is None


def test_a_free_port_has_nobody() -> None:
    assert port_owner(free_port(), Transport.TCP) is None


@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0", "::1", "::"])
def test_the_address_at_which_somebody_listens_is_told(host: str) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with (
        socket.create_server((host, 0), family=family) as taken,
        socket.create_connection(taken.getsockname()[:2]),
    ):
        assert listening_addresses(port_of(taken)) == (host,)
    assert listening_addresses(free_port()) == ()


def test_where_the_system_does_not_tell_nobody_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """/proc may be closed to a program, and lsof need not be there."""
    monkeypatch.setattr(module, "_PROC", tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))
    with listener() as taken:
        for system in ("linux", "darwin"):
            monkeypatch.setattr(sys, "platform", system)
            assert port_owner(port_of(taken), Transport.TCP) is None
            assert listening_addresses(port_of(taken)) is None


@pytest.mark.peers
@pytest.mark.parametrize("transport", [*Transport])
def test_elsewhere_lsof_is_asked(monkeypatch: pytest.MonkeyPatch, transport: Transport) -> None:
    """Needs the real one, as macOS has it."""
    if shutil.which("lsof") is None:
        pytest.skip("no lsof here")
    kind = socket.SOCK_STREAM if transport is Transport.TCP else socket.SOCK_DGRAM
    with socket.socket(socket.AF_INET, kind) as taken:
        taken.bind((HOST, 0))
        if transport is Transport.TCP:
            taken.listen()
        monkeypatch.setattr(sys, "platform", "darwin")
        assert is_this_program(port_owner(port_of(taken), transport))
        assert port_owner(free_port(), transport) is None
        if transport is Transport.TCP:
            assert listening_addresses(port_of(taken)) == (HOST,)
            assert listening_addresses(free_port()) is None
