"""The network as a command has it: it ends with the command; it is recorded where that is asked."""

from __future__ import annotations

import socket
from argparse import Namespace
from contextlib import suppress
from pathlib import Path

import pytest

from netlib.activities.serving import ServerConfig
from netlib.cli.console import Console, UsageError
from netlib.cli.online import TICK_SECONDS, online
from netlib.engine.outbox import EventQueue
from netlib.events import Listening
from tests.command import NOT_RECORDED
from tests.recordings import all_lines
from tests.sockets.conftest import HOST, SECONDS


def port_in(queue: EventQueue) -> int:
    """Return the port of the server that a queue tells of."""
    while True:
        queue.wait(TICK_SECONDS)
        for item in queue.take():
            if isinstance(item, Listening):
                return item.local.port


def options(path: Path) -> Namespace:
    """Return what asks for a recording."""
    return Namespace(**vars(NOT_RECORDED) | {"record": str(path)})


@pytest.mark.parametrize("end", [KeyboardInterrupt, ValueError])
def test_however_a_command_ends_its_sockets_are_closed(end: type[BaseException]) -> None:
    with suppress(end), online(NOT_RECORDED, Console()) as (network, queue):
        network.serve(ServerConfig(service="echo", host=HOST, port=0))
        port = port_in(queue)
        with socket.create_connection((HOST, port), SECONDS):
            raise end
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((HOST, port), SECONDS)


def test_what_is_to_be_recorded_is_in_the_file_at_the_end(tmp_path: Path) -> None:
    path = tmp_path / "asked.socketboard"
    with online(options(path), Console()) as (network, queue):
        network.serve(ServerConfig(service="echo", host=HOST, port=0))
        with socket.create_connection((HOST, port_in(queue)), SECONDS) as sock:
            sock.sendall(b"hello\n")
            assert sock.recv(100) == b"hello\n"
    assert [line.data for line in all_lines(path) if line.data] == [b"hello\n", b"hello\n"]


def test_where_nothing_can_be_recorded_nothing_is_begun(tmp_path: Path) -> None:
    with (
        pytest.raises(UsageError),
        online(options(tmp_path / "missing" / "file.socketboard"), Console()),
    ):
        raise AssertionError("it was begun")
