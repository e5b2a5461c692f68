"""What the engine promises whatever happens: it goes on, it shares, it ends in time."""

from __future__ import annotations

import logging
import selectors
import socket
import threading
from collections.abc import Iterator, Sequence
from functools import partial

import pytest

from netlib.activities.serving import ServerConfig
from netlib.address import Endpoint
from netlib.engine.outbox import EventQueue
from netlib.engine.records import Item
from netlib.events import Accepted, ActivityStopped, Chunk, Closed, CloseReason, Crashed, Direction
from netlib.network import Network
from netlib.protocols.handler import Handler
from netlib.services.echo import Echo
from netlib.system.poller import SelectorPoller
from tests.helpers import wait_until
from tests.sockets.conftest import (
    PREFIX,
    SECONDS,
    Events,
    Served,
    dial,
    on_engine,
    read,
    read_to_end,
    serve,
)


def small_poller() -> SelectorPoller:
    """What Windows has, but full much sooner."""
    return SelectorPoller(selectors.SelectSelector(), capacity=50)


@pytest.fixture
def crowded(events: Events) -> Iterator[Network]:
    """A network whose engines take 38 connections each."""
    network = Network(events, small_poller)
    yield network
    assert network.close(timeout=5.0)


def engines() -> int:
    """Return how many engines run."""
    return sum(thread.name == "socketboard-engine" for thread in threading.enumerate())


def exchanged(network: Network, server: int, expected: tuple[int, ...]) -> bool:
    """Tell whether a server has received, sent, understood and has so many clients."""
    return network.totals(server)[:4] == expected


# -- several engines -------------------------------------------------------------------------------


def test_a_full_engine_starts_another_and_all_clients_are_served(
    crowded: Network, events: Events
) -> None:
    server = serve(crowded, events)
    for crowd in (1, 2):  # the second finds the room that the first has left
        peers = [dial(server.port) for _ in range(120)]
        for number, peer in enumerate(peers):
            peer.sendall(b"%04d\n" % number)
        for number, peer in enumerate(peers):
            assert read(peer, len(PREFIX) + 5) == PREFIX + b"%04d\n" % number
        lines = 120 * crowd
        expected = (lines * 5, lines * (len(PREFIX) + 5), lines, 120)
        wait_until(partial(exchanged, crowded, server.number, expected))
        assert engines() == 4
        for peer in peers:
            peer.close()
        wait_until(partial(exchanged, crowded, server.number, (*expected[:3], 0)))


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
    monkeypatch.setattr("netlib.services.echo.Echo", BuggyEcho)
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
        chunks = [item for item in pipe.take() if isinstance(item, Chunk)]
        assert sum(len(chunk.data) for chunk in chunks) < 3 << 20  # not the whole flood
        received = _received(chunks)
        while received < len(data):
            assert pipe.wait(SECONDS)
            received += _received(pipe.take())
        feeder.join()
        assert received == len(data)
    assert network.close(5.0)


def _received(items: Sequence[Item]) -> int:
    return sum(
        len(item.data)
        for item in items
        if isinstance(item, Chunk) and item.direction is Direction.RECEIVED
    )


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


def test_commands_from_many_threads_are_all_done_without_a_second_of_delay(
    network: Network, events: Events
) -> None:
    server = serve(network, events, "echo")
    done = threading.Semaphore(0)

    def command() -> None:
        for _ in range(500):
            on_engine(network, done.release)

    threads = [threading.Thread(target=command) for _ in range(4)]
    for thread in threads:
        thread.start()
    for _ in range(2000):
        assert done.acquire(timeout=0.9), "a wake-up was lost"
    for thread in threads:
        thread.join()
    network.stop(server.number)
