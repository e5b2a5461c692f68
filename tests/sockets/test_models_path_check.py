"""The model of the window about a path."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

from gui.models.backend import Backend
from gui.models.path_check import PathCheck
from netlib.address import Endpoint
from netlib.teaching.doctor import State
from tests.backends import live, open_backend
from tests.helpers import free_port
from tests.sockets.conftest import HOST, accept, listener, port_of, read_to_end


@pytest.fixture
def backend() -> Iterator[Backend]:
    with open_backend() as made:
        yield made


def states(check: PathCheck) -> list[State]:
    return [one.state for one in check.findings()]


def test_each_step_is_told_as_it_becomes_known(backend: Backend) -> None:
    seen: list[list[State]] = []
    check = PathCheck(backend, Endpoint(HOST, free_port()), lambda: seen.append(states(check)))
    check.begin()
    live(backend, lambda: check.is_over)
    assert seen[0] == [State.PENDING, *[State.NOT_REACHED] * 4]
    assert seen[-1] == [*[State.OK] * 3, State.FAILED, State.NOT_REACHED]
    assert "Try: Start the server" in check.text()


def test_it_is_over_though_the_server_never_closes_and_can_be_asked_again(backend: Backend) -> None:
    with listener() as server:
        check = PathCheck(backend, Endpoint(HOST, port_of(server)), lambda: None)
        for _time in range(2):
            check.begin()
            assert not check.is_over
            with accept(server) as peer:
                live(backend, lambda: check.is_over)
                assert states(check) == [State.OK] * 5
                assert read_to_end(peer) == b""


def test_while_it_looks_it_begins_nothing_new_and_closed_it_tells_nobody(backend: Backend) -> None:
    told: list[bool] = []
    with listener(0) as full, socket.create_connection(full.getsockname()):
        check = PathCheck(backend, Endpoint(HOST, port_of(full)), lambda: told.append(True))
        check.begin()
        check.begin()
        assert len(told) == 1
        check.close()
        live(backend, lambda: not backend.under_way().connections)
    assert len(told) == 1
