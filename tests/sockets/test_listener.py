"""Taking connections from the accept queue: as many as may be, and none is lost."""

from __future__ import annotations

import errno
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from netlib.engine.listener import RateLimit
from netlib.errors import Cause
from netlib.events import (
    Accepted,
    ActivityStopped,
    Closed,
    CloseReason,
    Failed,
)
from netlib.network import Network
from netlib.system import sockets
from netlib.system.sockets import SockAddr, SocketType
from tests.helpers import wait_until
from tests.sockets.conftest import (
    PREFIX,
    SECONDS,
    Events,
    dial,
    read,
    read_to_end,
    reset,
    serve,
    settle,
)

HOUSE = Path(__file__).resolve().parent.parent.parent

FEW_FILES = """
import resource, socket, sys, threading
from netlib.events import Accepted, Failed, Listening
from netlib.network import Network
from netlib.activities.serving import ServerConfig
resource.setrlimit(resource.RLIMIT_NOFILE, (40, 40))
network, seen, pause = Network(), [], threading.Event()
def wait(kind, count=1):
    while sum(isinstance(one, kind) for one in seen) < count:
        seen.extend(network.poll())
        pause.wait(0.002)
    return [one for one in seen if isinstance(one, kind)]
network.serve(ServerConfig(service="echo", host="127.0.0.1", port=0))
print(wait(Listening)[0].local.port, flush=True)
print(wait(Failed)[0].error.cause, flush=True)
before = len(wait(Accepted))
wait(Accepted, before + 1)
print("accepts again", network.close(), flush=True)
"""


def test_a_reset_in_the_accept_queue_or_later_is_named_and_survived(
    network: Network, events: Events
) -> None:
    server = serve(network, events)
    for _ in range(20):
        reset(dial(server.port))
    wait_until(lambda: len(events.of(Closed)) == len(events.of(Accepted)))
    assert {one.reason for one in events.of(Closed)} <= {CloseReason.RESET}
    with dial(server.port) as peer:
        peer.sendall(b"a\n")
        assert read(peer, len(PREFIX) + 2) == PREFIX + b"a\n"


@pytest.mark.parametrize("code", [errno.ECONNRESET, errno.ECONNABORTED, errno.EPROTO, 10054, 10057])
def test_accept_goes_on_after_an_error_of_one_connection(
    network: Network, events: Events, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    errors = [OSError(code, "gone") for _ in range(3)]

    def accept(listener: socket.socket, family: int) -> tuple[SocketType, SockAddr]:
        if errors:
            raise errors.pop()
        return sockets.accept(listener, family)

    monkeypatch.setattr("netlib.engine.listener.accept", accept)
    server = serve(network, events)
    with dial(server.port) as peer:
        peer.sendall(b"a\n")
        assert read(peer, len(PREFIX) + 2) == PREFIX + b"a\n"
    assert not errors
    assert not events.of(Failed)


def test_that_no_more_can_be_accepted_is_said_once(
    network: Network, events: Events, monkeypatch: pytest.MonkeyPatch
) -> None:
    failures = 4

    def accept(listener: socket.socket, family: int) -> tuple[SocketType, SockAddr]:
        nonlocal failures
        if failures:
            failures -= 1
            raise OSError(errno.EMFILE, "full")
        return sockets.accept(listener, family)

    monkeypatch.setattr("netlib.engine.listener.accept", accept)
    monkeypatch.setattr("netlib.engine.listener.BREATHER_SECONDS", 0.01)
    server = serve(network, events, host="localhost")
    with dial(server.port) as peer:
        peer.sendall(b"a\n")
        assert read(peer, len(PREFIX) + 2) == PREFIX + b"a\n"
    assert [one.error.cause for one in events.of(Failed)] == [Cause.NO_FILES]


def test_pace_lets_no_more_through_in_any_second() -> None:
    pace = RateLimit(3)
    for now in (0.0, 0.5, 0.9):
        assert pace.room(now, 100) > 0
        pace.add(now)
    assert pace.room(0.95, 100) == 0
    assert pace.wait(0.95) == pytest.approx(0.05)
    assert pace.room(1.0, 100) == 1
    assert pace.room(1.6, 100) == 2
    assert pace.room(9.0, 2) == 2
    assert RateLimit(None).room(0.0, 100) == 100


def test_newcomers_beyond_the_rate_wait_their_turn_and_nobody_is_lost(
    network: Network, events: Events
) -> None:
    server = serve(network, events, host="localhost", max_accepts=10)
    hosts = ["127.0.0.1", "::1"] * 12  # both doors together
    peers = [dial(server.port, host) for host in hosts]
    for peer in peers:
        peer.sendall(b"a\n")
    for peer in peers:
        assert read(peer, len(PREFIX) + 2) == PREFIX + b"a\n"
        peer.close()
    moments = [one.at for one in events.of(Accepted)]
    assert len(moments) == len(peers)
    assert all(late - early >= 1.0 for early, late in zip(moments, moments[10:], strict=False))
    assert moments[9] - moments[0] < 1.0  # the first ten need not wait


def test_a_server_whose_door_rests_can_be_stopped(network: Network, events: Events) -> None:
    server = serve(network, events, max_accepts=1)
    with dial(server.port) as first, dial(server.port):
        events.wait_for(Accepted)
        settle(network)
        network.stop(server.number)
        events.wait_for(ActivityStopped, activity=server.number, timeout=1)
        assert read_to_end(first) == b""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit of files to lower")
def test_without_files_the_others_are_served_and_newcomers_later() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", FEW_FILES], stdout=subprocess.PIPE, cwd=HOUSE, text=True
    ) as process:
        assert process.stdout is not None
        port = int(process.stdout.readline())
        peers = [dial(port) for _ in range(60)]
        assert process.stdout.readline() == "too many open files\n"
        peers[0].sendall(b"still served")
        assert read(peers[0], 12) == b"still served"
        for peer in peers[:20]:
            peer.close()
        assert process.stdout.readline() == "accepts again True\n"
        for peer in peers[20:]:
            peer.close()
        assert process.wait(SECONDS) == 0
