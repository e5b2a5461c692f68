"""What one side says, from connecting to the end, without a process of its own."""

from __future__ import annotations

import socket
import threading

import pytest

from netlib.activities.client import ClientConfig
from netlib.address import Endpoint
from netlib.cli.console import BLOCK_BYTES, Console
from netlib.cli.dialogue import Dialogue, Script
from netlib.engine.records import Item
from netlib.events import (
    ActivityStopped,
    Chunk,
    Closed,
    CloseReason,
    Connected,
    Direction,
    Transport,
)
from netlib.network import Network
from tests.command import NOT_RECORDED
from tests.helpers import free_port
from tests.sockets.conftest import (
    HOST,
    PREFIX,
    SECONDS,
    Events,
    accept,
    listener,
    port_of,
    read_to_end,
    serve,
)


def say(
    port: int, *opening: bytes, wait: float = 0.1, transport: Transport = Transport.TCP
) -> tuple[int, list[Item]]:
    """Hold a dialogue in which nothing is typed; return its exit code and what happened."""
    told = list[Item]()
    config = ClientConfig(endpoint=Endpoint(HOST, port), transport=transport)
    script = Script(config=config, opening=opening, typed=None, wait=wait)
    return Dialogue(script, NOT_RECORDED, Console(), told.append).run(), told


def heard(told: list[Item]) -> bytes:
    chunks = [one for one in told if isinstance(one, Chunk)]
    return b"".join(one.data for one in chunks if one.direction is Direction.RECEIVED)


def test_it_says_all_hears_the_answers_and_ends_when_all_is_silent(
    network: Network, events: Events
) -> None:
    server = serve(network, events)
    code, told = say(server.port, b"one\n", b"two\n")
    assert code == 0
    assert heard(told) == PREFIX + b"one\n" + PREFIX + b"two\n"
    assert isinstance(told[-1], ActivityStopped)
    (closed,) = (one for one in told if isinstance(one, Closed))
    assert closed.reason is CloseReason.BY_US


def test_more_than_may_wait_for_a_socket_goes_out_whole() -> None:
    data, got = bytes(range(256)) * (12 * BLOCK_BYTES // 256) * 4, list[bytes]()
    with listener() as listening:

        def hear() -> None:
            with accept(listening) as peer:
                got.append(read_to_end(peer))

        peer = threading.Thread(target=hear)
        peer.start()
        code, _told = say(port_of(listening), data)
        peer.join(SECONDS)
    assert code == 0
    assert got == [data]


def test_who_waits_for_ever_is_ended_by_the_peer() -> None:
    with listener() as listening:

        def leave() -> None:
            with accept(listening) as peer:
                peer.recv(100)

        peer = threading.Thread(target=leave)
        peer.start()
        code, told = say(port_of(listening), b"bye\n", wait=0.0)
        peer.join(SECONDS)
    assert code == 0
    assert next(one for one in told if isinstance(one, Closed)).reason is CloseReason.BY_PEER


def test_nobody_there_is_code_1_and_a_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    code, told = say(free_port(), b"hello\n")
    assert code == 1
    assert not any(isinstance(one, Connected) for one in told)
    assert capsys.readouterr().err.startswith("✗ ")


def test_each_datagram_stays_whole_and_a_closed_port_is_code_1() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as peer:
        peer.bind((HOST, 0))
        peer.settimeout(SECONDS)
        code, _told = say(port_of(peer), b"x" * 60_000, b"", b"y", transport=Transport.UDP)
        assert code == 0
        assert [len(peer.recv(1 << 16)) for _ in range(3)] == [60_000, 0, 1]
    closed = free_port(socket.SOCK_DGRAM)
    code, _told = say(closed, b"x", wait=0.0, transport=Transport.UDP)
    assert code == 1  # though it would have waited for ever
