"""Which program has a port: said by name and number, or not known."""

from __future__ import annotations

import os
import socket

import psutil
import pytest

from netlib.engine.port_owner import port_owner
from netlib.events import Transport
from tests.helpers import free_port
from tests.sockets.conftest import HOST, listener, port_of


def this_program() -> str:
    return f"{psutil.Process().name()} (PID {os.getpid()})"


def test_the_program_that_listens_is_named() -> None:
    with listener() as taken:
        assert port_owner(port_of(taken), Transport.TCP) == this_program()


def test_a_port_of_tcp_is_not_the_port_of_udp() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
        taken.bind((HOST, 0))
        assert port_owner(port_of(taken), Transport.UDP) == this_program()
        assert port_owner(port_of(taken), Transport.TCP) is None


def test_a_free_port_has_nobody() -> None:
    assert port_owner(free_port(), Transport.TCP) is None


def test_where_the_system_does_not_tell_nobody_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def denied(**_how: object) -> None:
        raise psutil.AccessDenied

    monkeypatch.setattr(psutil, "net_connections", denied)
    with listener() as taken:
        assert port_owner(port_of(taken), Transport.TCP) is None
