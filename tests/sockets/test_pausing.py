"""Reading that a person pauses: nothing is lost, nobody is late, and every end stays possible."""

from __future__ import annotations

import socket
import threading
from contextlib import ExitStack

import pytest

from netlib.engine.tcp import ConnectionOptions
from netlib.events import (
    Accepted,
    ActivityStopped,
    Closed,
    CloseReason,
    Connected,
    Direction,
    Finished,
    Idle,
    PeerFinished,
    ReadingPaused,
    ReadingResumed,
    Unfinished,
)
from netlib.network import CloseMode, Network
from tests.helpers import wait_until
from tests.sockets.conftest import (
    PREFIX,
    Events,
    call,
    dial,
    read,
    read_to_end,
    reset,
    rows,
    serve,
    settle,
    talk,
    udp_client,
)
from tests.sockets.test_loop import small_poller

LONG = bytes(range(256)) * 64 * 256
"""4 MiB: more than the kernel keeps for a receiver that does not read, and for its sender."""


def pause(network: Network, events: Events, activity: int) -> None:
    network.kernel.pause_reading(activity)
    events.wait_for(ReadingPaused, activity=activity)


def test_what_comes_meanwhile_is_read_afterwards_byte_for_byte(
    network: Network, events: Events
) -> None:
    with talk(network, events) as (number, peer):
        pause(network, events, number)
        sending = threading.Thread(target=peer.sendall, args=(LONG,))
        sending.start()
        settle(network)
        assert events.data(Direction.RECEIVED, number) == b""
        assert sending.is_alive()
        network.kernel.resume_reading(number)
        sending.join()
        wait_until(lambda: len(events.data(Direction.RECEIVED, number)) == len(LONG))
        assert events.data(Direction.RECEIVED, number) == LONG


def test_a_udp_server_that_does_not_read_leaves_datagrams_to_the_kernel(
    network: Network, events: Events
) -> None:
    served = serve(network, events, "echo", udp=True)
    client = udp_client(network, events, served.port)
    pause(network, events, served.number)
    network.kernel.pause_reading(served.number)
    assert network.send(client, b"one")
    assert network.send(client, b"two")
    settle(network)
    assert events.data(Direction.RECEIVED, served.number) == b""
    network.kernel.resume_reading(served.number)
    wait_until(lambda: events.data(Direction.RECEIVED, client) == b"onetwo")
    events.wait_for(ReadingResumed, activity=served.number)
    assert len(events.of(ReadingPaused)) == len(events.of(ReadingResumed)) == 1
    pause(network, events, served.number)
    network.stop(served.number)
    events.wait_for(ActivityStopped, activity=served.number)


def test_pausing_is_told_once_and_so_is_resuming(network: Network, events: Events) -> None:
    with talk(network, events) as (number, _peer):
        (connected,) = events.of(Connected, activity=number)
        for _ in range(2):
            network.kernel.pause_reading(number)
        for _ in range(2):
            network.kernel.resume_reading(number)
        settle(network)
        assert [one.connection for one in events.of(ReadingPaused)] == [connected.connection]
        assert [one.connection for one in events.of(ReadingResumed)] == [connected.connection]


def test_a_paused_server_reads_from_nobody_who_comes_later_either(
    network: Network, events: Events
) -> None:
    server = serve(network, events)
    with dial(server.port) as first:
        events.wait_for(Accepted)
        network.kernel.pause_reading(server.number)
        assert events.wait_for(ReadingPaused).connection == 0
        with dial(server.port) as second:
            first.sendall(b"one\n")
            second.sendall(b"two\n")
            wait_until(lambda: len(rows(network, server.number)) == 2)
            settle(network)
            assert [row.received for row in rows(network, server.number)] == [0, 0]
            (_first, later) = rows(network, server.number)
            network.kernel.resume_reading(server.number, later.connection)
            assert read(second, len(PREFIX) + 4) == PREFIX + b"two\n"
            assert rows(network, server.number)[0].received == 0
            network.kernel.resume_reading(server.number)
            assert read(first, len(PREFIX) + 4) == PREFIX + b"one\n"
    assert [one.connection for one in events.of(ReadingResumed)] == [later.connection, 0]


def test_the_read_timeout_rests_and_begins_anew(network: Network, events: Events) -> None:
    server = serve(network, events, "web", read_timeout=0.2)
    with dial(server.port) as paused:
        first = events.wait_for(Accepted).connection
        network.kernel.pause_reading(server.number, first)
        events.wait_for(ReadingPaused)
        for number in (first + 1, first + 2):
            with dial(server.port):
                closed = events.wait_for(Closed, connection=number)
                assert closed.reason is CloseReason.READ_TIMEOUT
        assert [row.connection for row in rows(network, server.number)] == [first]
        network.kernel.resume_reading(server.number, first)
        events.wait_for(Closed, connection=first, reason=CloseReason.READ_TIMEOUT)
        assert read_to_end(paused) == b""


def test_a_line_begun_before_may_end_after_the_pause(network: Network, events: Events) -> None:
    server = serve(network, events, read_timeout=0.3)
    with dial(server.port) as paused, dial(server.port) as other:
        paused.sendall(b"be")
        wait_until(lambda: {row.received for row in rows(network, server.number)} == {0, 2})
        (number,) = (row.connection for row in rows(network, server.number) if row.received)
        network.kernel.pause_reading(server.number, number)
        events.wait_for(ReadingPaused)
        paused.sendall(b"gun\n")
        other.sendall(b"be")
        events.wait_for(Closed, reason=CloseReason.READ_TIMEOUT)  # the other one
        assert [row.connection for row in rows(network, server.number)] == [number]
        assert not events.of(Unfinished, connection=number)
        network.kernel.resume_reading(server.number, number)
        assert read(paused, len(PREFIX) + 6) == PREFIX + b"begun\n"


def test_silence_is_no_news_while_nobody_listens(network: Network, events: Events) -> None:
    options = ConnectionOptions(duplex=True, idle_notice=0.1)
    with talk(network, events, options) as (paused, peer), talk(network, events, options):
        pause(network, events, paused)
        wait_until(lambda: len(events.of(Idle)) >= 2)
        assert not events.of(Idle, activity=paused)
        peer.sendall(b"x")
        network.kernel.resume_reading(paused)
        events.wait_for(Idle, activity=paused)
        assert events.data(Direction.RECEIVED, paused) == b"x"


def test_our_own_sender_is_not_late_while_our_reader_is_paused(
    network: Network, events: Events
) -> None:
    """Both ends are ours: the picture of a stalled sender must not end at its write timeout."""
    options = ConnectionOptions(duplex=True, write_timeout=0.2)
    server = serve(network, events, "echo")
    network.kernel.pause_reading(server.number)
    sender = call(network, server.port, options=options)
    with talk(network, events, options) as (control, _never_reads):
        for number in (sender, control):
            events.wait_for(Connected, activity=number)
            while network.send(number, LONG[: 1 << 16]):
                settle(network)
        closed = events.wait_for(Closed, activity=control)
        assert closed.reason is CloseReason.WRITE_TIMEOUT
        assert not events.of(Closed, activity=sender)
        network.kernel.resume_reading(server.number)
        wait_until(lambda: network.totals(sender).received == network.totals(sender).sent > 1 << 20)
    sent = events.data(Direction.SENT, sender)
    assert events.data(Direction.RECEIVED, server.number) == sent
    assert events.data(Direction.RECEIVED, sender) == sent


def test_who_is_to_be_closed_is_not_kept_waiting_for_ever(network: Network, events: Events) -> None:
    options = ConnectionOptions(duplex=True, write_timeout=0.2)
    server = serve(network, events, "echo")
    network.kernel.pause_reading(server.number)
    sender = call(network, server.port, options=options)
    events.wait_for(Connected, activity=sender)
    while network.send(sender, LONG[: 1 << 16]):
        settle(network)
    network.end(sender, CloseMode.CLOSE)
    closed = events.wait_for(Closed, activity=sender)
    assert closed.reason is CloseReason.WRITE_TIMEOUT
    assert closed.unsent


def test_a_reset_of_the_peer_is_heard(network: Network, events: Events) -> None:
    with talk(network, events) as (number, peer):
        pause(network, events, number)
        reset(peer)
        assert events.wait_for(Closed, activity=number).reason is CloseReason.RESET


def test_the_peers_fin_stands_behind_what_is_unread(network: Network, events: Events) -> None:
    with talk(network, events) as (number, peer):
        pause(network, events, number)
        peer.sendall(b"last words")
        peer.shutdown(socket.SHUT_WR)
        network.end(number, CloseMode.FINISH)
        events.wait_for(Finished, activity=number)
        assert read_to_end(peer) == b""  # FIN has gone both ways
        settle(network)
        assert not events.of(PeerFinished)
        assert network._engines.home._poller.poll(0.0) == []  # a kernel that tells of it for ever
        network.kernel.resume_reading(number)
        events.wait_for(PeerFinished, activity=number)
        assert events.data(Direction.RECEIVED, number) == b"last words"
        assert events.wait_for(Closed, activity=number).reason is CloseReason.BY_PEER


@pytest.mark.parametrize(
    ("how", "reason"),
    [(CloseMode.CLOSE, CloseReason.BY_US), (CloseMode.ABORT, CloseReason.ABORTED)],
)
def test_a_paused_connection_can_be_ended(
    network: Network, events: Events, how: CloseMode, reason: CloseReason
) -> None:
    with talk(network, events) as (number, peer):
        pause(network, events, number)
        peer.sendall(b"never read")
        network.end(number, how)
        assert events.wait_for(Closed, activity=number).reason is reason
        network.kernel.resume_reading(number)  # too late, and no harm
        settle(network)
        assert not events.of(ReadingResumed)


def test_what_is_said_meanwhile_leaves(network: Network, events: Events) -> None:
    with talk(network, events) as (number, peer):
        pause(network, events, number)
        assert network.send(number, b"I do not listen\n")
        assert read(peer, 16) == b"I do not listen\n"


def test_connections_on_further_engines_are_paused_too(events: Events) -> None:
    """Where one engine has no room for all (Windows): each connection is its own engine's."""
    network = Network(events, small_poller)
    with ExitStack() as peers:
        peers.callback(network.close, 5.0)
        server = serve(network, events)
        dialled = [peers.enter_context(dial(server.port)) for _ in range(60)]
        wait_until(lambda: len(rows(network, server.number)) == len(dialled))
        network.kernel.pause_reading(server.number)
        events.wait_for(ReadingPaused)
        for engine in network._engines._all:  # each has heard of it
            heard = threading.Event()
            engine.call_soon_threadsafe(None, heard.set)
            assert heard.wait(10)
        for peer in dialled:
            peer.sendall(b"hi\n")
        later = peers.enter_context(dial(server.port))
        later.sendall(b"hi\n")
        wait_until(lambda: len(rows(network, server.number)) == len(dialled) + 1)
        assert {row.received for row in rows(network, server.number)} == {0}
        network.kernel.resume_reading(server.number)
        for peer in (*dialled, later):
            assert read(peer, len(PREFIX) + 3) == PREFIX + b"hi\n"


def test_a_chat_goes_on_round_somebody_who_is_not_read(network: Network, events: Events) -> None:
    server = serve(network, events, "chat")
    with dial(server.port) as ann:
        ann_number = events.wait_for(Accepted).connection
        network.kernel.pause_reading(server.number, ann_number)
        events.wait_for(ReadingPaused)
        with dial(server.port) as bob, ann.makefile("rb") as heard:
            ann.sendall("你好\n".encode())
            bob.sendall(b"hi\n")
            assert next(line for line in heard if line.endswith(b"hi\n"))
            network.kernel.resume_reading(server.number, ann_number)
            with bob.makefile("rb") as heard_by_bob:
                assert next(line for line in heard_by_bob if "你好".encode() in line)
