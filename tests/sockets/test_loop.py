"""What the engine promises whatever happens: it goes on, it shares, it ends in time."""

from __future__ import annotations

import logging
import selectors
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest

from netlib.activities.serving import ServerConfig
from netlib.address import Endpoint
from netlib.engine.outbox import EventQueue
from netlib.events import Accepted, ActivityStopped, Chunk, Closed, CloseReason, Crashed, Direction
from netlib.network import Network
from netlib.protocols.handler import Handler
from netlib.services import SERVICES
from netlib.services.base import Service
from netlib.services.echo import Echo
from netlib.system.poller import SelectorPoller
from tests.helpers import wait_until
from tests.sockets.conftest import (
    PREFIX,
    SECONDS,
    Events,
    Served,
    dial,
    read,
    read_to_end,
    serve,
)

HOUSE = Path(__file__).resolve().parent.parent.parent


def small_poller() -> SelectorPoller:
    """What Windows has, but full much sooner."""
    return SelectorPoller(selectors.SelectSelector(), capacity=50)


@pytest.fixture
def crowded(events: Events) -> Iterator[Network]:
    """A network whose engines take 38 connections each."""
    network = Network(events, small_poller)
    yield network
    assert network.close(timeout=5.0)


# -- several engines -------------------------------------------------------------------------------


def test_a_full_engine_starts_another_and_all_clients_are_served(
    crowded: Network, events: Events
) -> None:
    server = serve(crowded, events)
    peers = [dial(server.port) for _ in range(120)]
    for number, peer in enumerate(peers):
        peer.sendall(b"%04d\n" % number)
    for number, peer in enumerate(peers):
        assert read(peer, len(PREFIX) + 5) == PREFIX + b"%04d\n" % number
    expected = (120 * 5, 120 * (len(PREFIX) + 5), 120)
    wait_until(lambda: crowded.totals(server.number)[:4] == (*expected, 120))
    assert len(crowded._engines._all) == 4
    for peer in peers:
        peer.close()
    wait_until(lambda: crowded.totals(server.number).clients == 0)
    assert crowded.totals(server.number)[:3] == expected
    assert [engine.lent for engine in crowded._engines._all] == [0] * 4


def test_deadlines_hold_on_every_engine(crowded: Network, events: Events) -> None:
    server = serve(crowded, events, read_timeout=0.3)
    peers = [dial(server.port) for _ in range(60)]
    for peer in peers:
        assert read_to_end(peer) == b""
        peer.close()
    wait_until(lambda: len(events.of(Closed)) == 60)
    assert {one.reason for one in events.of(Closed)} == {CloseReason.READ_TIMEOUT}


def test_a_chat_across_engines_reaches_everybody_in_one_order(
    crowded: Network, events: Events
) -> None:
    server = serve(crowded, events, "chat")
    peers = [dial(server.port) for _ in range(80)]
    wait_until(lambda: crowded.totals(server.number).clients == 80)
    heard = [bytearray() for _ in peers]
    readers = [
        threading.Thread(target=_hear, args=(peer, into))
        for peer, into in zip(peers, heard, strict=True)
    ]
    for reader in readers:
        reader.start()
    talkers = peers[0], peers[-1], peers[40]
    for round_ in range(50):
        for index, peer in enumerate(talkers):
            peer.sendall(b"%d-%d\n" % (index, round_))
    listeners = [into for peer, into in zip(peers, heard, strict=True) if peer not in talkers]
    wait_until(lambda: all(into.count(b"-") == 150 for into in listeners), SECONDS)
    crowded.stop(server.number)
    events.wait_for(ActivityStopped)
    for reader, peer in zip(readers, peers, strict=True):
        reader.join()
        peer.close()
    said = [[line for line in bytes(into).split(b"\n") if b"-" in line] for into in listeners]
    assert all(one == said[0] for one in said)


def _hear(peer: socket.socket, into: bytearray) -> None:
    while data := peer.recv(65536):
        into += data


# -- bugs ------------------------------------------------------------------------------------------


class Buggy(Handler):
    """Fails at whatever the first byte says."""

    __slots__ = ("_fails_at_the_end",)

    def __init__(self) -> None:
        super().__init__()
        self._fails_at_the_end = False

    def received(self, data: bytes) -> bytes:
        if data.startswith(b"now"):
            raise RuntimeError("a bug in a service")
        self._fails_at_the_end = data.startswith(b"later")
        return data

    def closed(self) -> None:
        if self._fails_at_the_end:
            raise RuntimeError("a bug at the end")


class BuggyEcho(Echo):
    """A service with bugs."""

    def handler(self, peer: Endpoint) -> Handler:
        return Buggy()


@pytest.fixture
def buggy(network: Network, events: Events, monkeypatch: pytest.MonkeyPatch) -> Served:
    monkeypatch.setitem(SERVICES, "echo", replace(SERVICES["echo"], factory=BuggyEcho))
    return serve(network, events, "echo")


def test_a_bug_in_a_service_ends_that_connection_and_no_other(
    buggy: Served, events: Events, logged_errors: list[logging.LogRecord]
) -> None:
    with dial(buggy.port) as other, dial(buggy.port) as peer:
        peer.sendall(b"now")
        with pytest.raises(ConnectionResetError):
            read_to_end(peer)
        crashed, closed = events.wait_for(Crashed), events.wait_for(Closed)
        assert "a bug in a service" in crashed.traceback
        assert closed.reason is CloseReason.BUG
        assert crashed.connection == closed.connection
        assert events.items.index(crashed) < events.items.index(closed)
        other.sendall(b"fine")
        assert read(other, 4) == b"fine"
    assert "a bug in a service" in logged_errors[0].getMessage()
    logged_errors.clear()


def test_a_bug_while_a_connection_ends_does_not_keep_it_from_ending(
    buggy: Served, network: Network, events: Events, logged_errors: list[logging.LogRecord]
) -> None:
    with dial(buggy.port) as one, dial(buggy.port) as two:
        for peer in (one, two):
            peer.sendall(b"later")
            assert read(peer, 5) == b"later"
        network.stop(buggy.number)
        stopped = events.wait_for(ActivityStopped)
    assert [one.reason for one in events.of(Closed)] == [CloseReason.STOPPED] * 2
    assert len(events.of(Crashed)) == 2
    assert stopped is events.items[-1]
    logged_errors.clear()


def test_a_service_that_cannot_take_a_client_ends_its_server_not_the_engine(
    network: Network,
    events: Events,
    monkeypatch: pytest.MonkeyPatch,
    logged_errors: list[logging.LogRecord],
) -> None:
    def fail(self: Service, peer: Endpoint) -> Handler:
        raise RuntimeError("no handler")

    other = serve(network, events, "acknowledge")
    server = serve(network, events, "echo")
    monkeypatch.setattr(Echo, "handler", fail)
    with dial(server.port) as peer, suppress(ConnectionResetError):
        assert read_to_end(peer) == b""
    assert "no handler" in events.wait_for(Crashed, activity=server.number).traceback
    events.wait_for(ActivityStopped, activity=server.number)
    with dial(other.port) as peer:
        peer.sendall(b"a\n")
        assert read(peer, len(PREFIX) + 2) == PREFIX + b"a\n"
    logged_errors.clear()


# -- back-pressure and limits ----------------------------------------------------------------------


def test_a_full_recorder_pauses_reading_and_nothing_is_lost() -> None:
    pipe = EventQueue(room=1 << 20)
    network = Network(pipe)
    network.serve(ServerConfig(service="echo", port=0))
    wait_until(pipe.waiting)
    port = getattr(pipe.take()[0], "local").port  # noqa: B009 - an Item may be a chunk
    data = b"z" * (8 << 20)
    with dial(port) as peer:
        feeder = threading.Thread(target=_feed, args=(peer, data))
        feeder.start()
        wait_until(pipe.full)
        waiting = sum(len(i.data) for i in tuple(pipe._items) if isinstance(i, Chunk))
        assert waiting < 3 << 20  # not the whole flood
        received = 0
        while received < len(data):
            assert pipe.wait(SECONDS)
            received += sum(
                len(one.data)
                for one in pipe.take()
                if isinstance(one, Chunk) and one.direction is Direction.RECEIVED
            )
        feeder.join()
        assert received == len(data)
    assert network.close(5.0)


class Jammed(Events):
    """A recorder that can be told to take nothing more for a while, as a full disk does."""

    def __init__(self) -> None:
        super().__init__()
        self.jam = False
        self.waits = 0
        self._room = threading.Event()

    def end_turn(self, size: int) -> bool:
        return self.jam

    def full(self) -> bool:
        return self.jam

    def wait_for_room(self, seconds: float) -> None:
        self.waits += 1
        self._room.wait(seconds)


def test_who_spoke_while_nothing_could_be_recorded_is_heard_and_not_closed() -> None:
    events = Jammed()
    network = Network(events)
    server = serve(network, events, read_timeout=0.2)
    with dial(server.port) as peer:
        events.wait_for(Accepted)
        events.jam = True
        wait_until(lambda: events.waits)
        peer.sendall(b"a\n")
        wait_until(lambda: events.waits > 40 or events.of(Closed))  # 20 ms each: past the deadline
        assert not events.of(Closed)
        events.jam = False
        assert read(peer, len(PREFIX) + 2) == PREFIX + b"a\n"
    assert network.close(5.0)


def _feed(peer: socket.socket, data: bytes) -> None:
    reader = threading.Thread(target=_hear, args=(peer, bytearray()))
    reader.start()
    peer.sendall(data)
    peer.shutdown(socket.SHUT_WR)
    reader.join()


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


# -- the end ---------------------------------------------------------------------------------------


def test_the_network_closes_within_a_second_under_flood() -> None:
    events = Events()
    network = Network(events)
    server = serve(network, events, "echo")
    peers = [dial(server.port) for _ in range(8)]
    feeders = [threading.Thread(target=_flood, args=(peer,)) for peer in peers]
    for feeder in feeders:
        feeder.start()
    wait_until(lambda: network.totals(server.number).received > 10 << 20)
    assert network.close(timeout=1.0)
    for feeder, peer in zip(feeders, peers, strict=True):
        feeder.join()
        peer.close()
    assert len(events.of(Closed)) == 8
    assert isinstance(events.items[-1], ActivityStopped)


def _flood(peer: socket.socket) -> None:
    peer.setblocking(False)
    data, pause = b"f" * 65536, threading.Event()
    with suppress(ConnectionError):
        while True:
            try:
                peer.send(data)
                if not peer.recv(1 << 20):
                    return
            except BlockingIOError:
                pause.wait(0.001)


def test_fifty_starts_and_stops_leave_nothing_behind() -> None:
    for _ in range(50):
        events = Events()
        network = Network(events)
        server = serve(network, events)
        with dial(server.port) as peer:
            peer.sendall(b"a\n")
            assert read(peer, len(PREFIX) + 2) == PREFIX + b"a\n"
            assert network.close()
        assert isinstance(events.items[-1], ActivityStopped)


def test_commands_from_many_threads_are_all_done_without_a_second_of_delay(
    network: Network, events: Events
) -> None:
    server = serve(network, events, "echo")
    done = threading.Semaphore(0)

    def command() -> None:
        for _ in range(500):
            network._engines.home.call_soon_threadsafe(done.release)

    threads = [threading.Thread(target=command) for _ in range(4)]
    for thread in threads:
        thread.start()
    for _ in range(2000):
        assert done.acquire(timeout=0.9), "a wake-up was lost"
    for thread in threads:
        thread.join()
    network.stop(server.number)
