"""How a connection ends: half-close, what is still unsent, deadlines, reset."""

from __future__ import annotations

import socket
from collections.abc import Callable
from contextlib import closing, suppress
from functools import partial

import pytest

from netlib.engine.ending import close_reason
from netlib.engine.state import State
from netlib.engine.tcp import ConnectionOptions
from netlib.errors import Cause, NetError, Operation
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
)
from netlib.network import CloseMode, Network
from netlib.system.clock import now
from netlib.system.poller import Poller, SelectorPoller, make_poller
from tests.helpers import wait_until
from tests.sockets.conftest import (
    PREFIX,
    Events,
    dial,
    held_up,
    on_engine,
    read,
    read_to_end,
    reset,
    serve,
    settle,
    talk,
)
from tests.sockets.test_loop import small_poller


def test_we_finish_and_still_hear_the_peer(network: Network, events: Events) -> None:
    with talk(network, events) as (number, peer):
        assert network.send(number, b"last")
        network.end(number, CloseMode.FINISH)
        network.end(number, CloseMode.FINISH)
        assert read_to_end(peer) == b"last"
        assert not network.send(number, b"more")
        peer.sendall(b"I go on")
        wait_until(lambda: events.data(Direction.RECEIVED, number) == b"I go on")
        peer.close()
        closed = events.wait_for(Closed)
    assert closed.reason is CloseReason.BY_PEER
    assert len(events.of(Finished)) == len(events.of(PeerFinished)) == 1


def test_the_peer_finishes_and_still_hears_us(network: Network, events: Events) -> None:
    with talk(network, events) as (number, peer):
        peer.sendall(b"bye")
        peer.shutdown(socket.SHUT_WR)
        events.wait_for(PeerFinished)
        assert events.data(Direction.RECEIVED, number) == b"bye"
        assert network.send(number, b"I go on")
        assert read(peer, 7) == b"I go on"
        assert not events.of(Closed)
        network.end(number, CloseMode.FINISH)
        assert read_to_end(peer) == b""
    assert events.wait_for(Closed).reason is CloseReason.BY_PEER


def test_a_client_that_does_not_stay_open_closes_with_the_peer(
    network: Network, events: Events
) -> None:
    with talk(network, events, ConnectionOptions(duplex=True)) as (_, peer):
        peer.shutdown(socket.SHUT_WR)
        assert read_to_end(peer) == b""
    assert events.wait_for(Closed).reason is CloseReason.BY_PEER


def test_close_sends_what_waits_and_then_fin(network: Network, events: Events) -> None:
    data = b"x" * 900_000
    with talk(network, events) as (number, peer):
        assert network.send(number, data)
        network.end(number, CloseMode.CLOSE)
        assert read_to_end(peer) == data
    closed = events.wait_for(Closed)
    assert (closed.reason, closed.sent, closed.unsent) == (CloseReason.BY_US, len(data), 0)


def test_abort_is_a_reset_for_the_peer(network: Network, events: Events) -> None:
    with talk(network, events) as (number, peer):
        network.end(number, CloseMode.ABORT)
        with pytest.raises(ConnectionResetError):
            read_to_end(peer)
    assert events.wait_for(Closed).reason is CloseReason.ABORTED


def test_stopping_a_connected_client_is_a_fin(network: Network, events: Events) -> None:
    with talk(network, events) as (number, peer):
        network.stop(number)
        assert read_to_end(peer) == b""
    assert events.wait_for(Closed).reason is CloseReason.STOPPED
    assert events.wait_for(ActivityStopped, activity=number) is events.items[-1]


@pytest.mark.parametrize("how", [CloseMode.FINISH, CloseMode.CLOSE])
def test_a_reset_that_nothing_told_of_is_seen_when_we_leave(
    network: Network, events: Events, how: CloseMode
) -> None:
    with talk(network, events) as (number, peer):
        peer.close()  # FIN; what comes now is answered by RST (RFC 9293, section 3.5.2)
        events.wait_for(PeerFinished)
        with held_up(network):  # the end is asked for before the engine can hear of the RST
            network.send(number, b"for nobody")
            network.end(number, how)
        closed = events.wait_for(Closed)
    assert (closed.reason, closed.sent) == (CloseReason.RESET, 10)
    assert closed.error is not None
    assert closed.error.cause is Cause.BROKEN_PIPE
    assert not events.of(Finished)


@pytest.mark.parametrize("new_poller", [make_poller, SelectorPoller, small_poller])
def test_a_reset_is_heard_after_the_peers_fin_and_while_nothing_is_read(
    events: Events, new_poller: Callable[[], Poller]
) -> None:
    with closing(Network(events, new_poller)) as network:
        with talk(network, events) as (number, peer):
            peer.close()  # FIN; what comes now is answered by RST (RFC 9293, section 3.5.2)
            events.wait_for(PeerFinished, activity=number)
            network.send(number, b"for nobody")
            assert events.wait_for(Closed, activity=number).reason is CloseReason.RESET
        with talk(network, events) as (number, peer):
            network.kernel.pause_reading(number)
            events.wait_for(ReadingPaused, activity=number)
            reset(peer)
            assert events.wait_for(Closed, activity=number).reason is CloseReason.RESET


def test_a_connection_that_is_half_closed_stays_for_as_long_as_the_peer_does(
    events: Events,
) -> None:
    with closing(Network(events, small_poller)) as network, talk(network, events) as (number, peer):
        peer.shutdown(socket.SHUT_WR)
        events.wait_for(PeerFinished, activity=number)
        for said in (b"one", b"two"):
            home = network._engines.home
            on_engine(network, partial(home._sweep, now()))  # asks whether the peer is there
            network.send(number, said)
            assert read(peer, 3) == said
        assert not events.of(Closed)


def test_windows_calls_a_reset_after_the_peers_fin_an_abort() -> None:
    error = NetError(Operation.SEND, Cause.ABORTED, code=10053)
    assert close_reason(error, State.PEER_FINISHED) is CloseReason.RESET
    assert close_reason(error, State.OPEN) is CloseReason.FAILED


@pytest.mark.parametrize("peer_finished", [False, True])
def test_data_and_then_a_reset_are_both_noticed(
    network: Network, events: Events, peer_finished: bool
) -> None:
    with talk(network, events) as (number, peer):
        peer.sendall(b"last words")
        wait_until(lambda: events.data(Direction.RECEIVED, number) == b"last words")
        if peer_finished:
            peer.shutdown(socket.SHUT_WR)
            events.wait_for(PeerFinished)
            network.send(number, b"unread, so that closing resets")
            wait_until(lambda: network.totals(number).sent)
        reset(peer)
        closed = events.wait_for(Closed)
    assert closed.reason is CloseReason.RESET
    assert closed.error is not None


def test_a_reset_while_we_write_is_named_and_what_never_left_is_counted(
    network: Network, events: Events
) -> None:
    with talk(network, events) as (number, peer):
        queued = 0
        while queued - network.totals(number).sent < 500_000 or network.totals(number).sent < 1:
            queued += 500_000 * network.send(number, b"x" * 500_000)
            settle(network)
        reset(peer)
        closed = events.wait_for(Closed)
    assert closed.reason is CloseReason.RESET
    assert closed.sent + closed.unsent == queued
    assert closed.unsent > 0


# -- deadlines -------------------------------------------------------------------------------------


def test_a_peer_that_never_reads_ends_at_the_write_deadline_though_it_talks(
    network: Network, events: Events
) -> None:
    options = ConnectionOptions(duplex=True, stays_open=True, write_timeout=0.3, idle_notice=60.0)
    with talk(network, events, options) as (number, peer), pytest.raises(OSError):  # noqa: PT012
        while True:  # until it is reset
            network.send(number, b"x" * 500_000)
            peer.sendall(b"talk\n")
    assert events.wait_for(Closed).reason is CloseReason.WRITE_TIMEOUT


def test_silence_is_a_notice_and_no_end(network: Network, events: Events) -> None:
    options = ConnectionOptions(duplex=True, stays_open=True, idle_notice=0.2)
    with talk(network, events, options) as (number, peer):
        connected = events.of(Connected)[0]
        first = events.wait_for(Idle, seconds=0.2)
        assert 0.2 <= first.at - connected.at < 1.0
        events.wait_for(Idle, seconds=0.4)
        peer.sendall(b"here")
        wait_until(lambda: len(events.of(Idle, seconds=0.2)) == 2)
        assert network.send(number, b"good")
        assert read(peer, 4) == b"good"


def test_an_idle_client_is_closed_by_fin_at_the_read_deadline_and_not_before(
    network: Network, events: Events
) -> None:
    server = serve(network, events, read_timeout=0.2)
    with dial(server.port) as peer:
        assert read_to_end(peer) == b""
    accepted, closed = events.wait_for(Accepted), events.wait_for(Closed)
    assert closed.reason is CloseReason.READ_TIMEOUT
    assert 0.2 <= closed.at - accepted.at < 1.0


def test_a_client_that_trickles_is_closed_but_one_that_sends_messages_is_not(
    network: Network, events: Events
) -> None:
    server = serve(network, events, read_timeout=0.3)
    with dial(server.port) as trickling, dial(server.port) as talking:
        trickling.settimeout(0.02)
        ended = False
        while not ended:
            with suppress(OSError):
                trickling.send(b".")
                talking.sendall(b"a\n")
                with suppress(TimeoutError):
                    ended = trickling.recv(1) == b""
        first = events.wait_for(Closed)
        assert first.reason is CloseReason.READ_TIMEOUT
        assert first.connection == events.of(Accepted)[0].connection
        talking.sendall(b"still here\n")
        wait_until(lambda: b"still here\n" in talking.recv(1 << 16))


def test_a_client_that_never_reads_is_dropped_in_time_and_costs_little(
    network: Network, events: Events
) -> None:
    server = serve(network, events, write_timeout=0.2)
    with dial(server.port) as other, dial(server.port) as deaf:
        deaf.settimeout(0.5)
        with pytest.raises(OSError):  # noqa: PT012 - reset, or nobody takes any more
            while True:
                deaf.sendall(b"\n" * 65536)
                other.sendall(b"quick\n")
                assert read(other, len(PREFIX) + 6) == PREFIX + b"quick\n"
        closed = events.wait_for(Closed)
    assert closed.reason is CloseReason.WRITE_TIMEOUT
    assert 0 < closed.unsent < 5 << 20  # one chunk's replies, not all it sent
