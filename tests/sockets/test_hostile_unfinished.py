"""Many who begin and do not end: what all of them hold is bounded, the others are served."""

from __future__ import annotations

import select
import socket
import ssl
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from netlib.activities.server import Server
from netlib.activities.serving import ServerConfig
from netlib.activities.tls import ServerTls
from netlib.events import Closed, CloseReason, Direction, Listening
from netlib.network import Network
from tests.certificates import Pair
from tests.command import serving
from tests.helpers import wait_until
from tests.sockets.conftest import (
    HOST,
    PREFIX,
    SECONDS,
    Events,
    Served,
    dial,
    read,
    read_to_end,
    reset,
    serve,
    settle,
)
from tests.sockets.test_chat import hear, read_line
from tests.sockets.test_faults_peer import MEGABYTE, peak

TOLD = b"the clients' unfinished messages together are too long (limit "
TOO_MUCH = CloseReason.TOO_MUCH_UNFINISHED


@contextmanager
def peers(server: Served, count: int) -> Iterator[list[socket.socket]]:
    with ExitStack() as stack:
        yield [stack.enter_context(dial(server.port)) for _ in range(count)]


def begin(network: Network, server: Served, peer: socket.socket, data: bytes) -> None:
    """Send something, and return when the server has read it."""
    before = network.totals(server.number).received
    peer.sendall(data)
    wait_until(lambda: network.totals(server.number).received == before + len(data))


def held(network: Network, server: Served) -> int:
    """Return what is unfinished at a server, as it counts it once it has done all it was told."""
    settle(network)
    activity = network._activities[server.number]
    assert isinstance(activity, Server)
    return activity._unfinished.total


def acknowledged(peer: socket.socket, line: bytes) -> None:
    assert read(peer, len(PREFIX) + len(line)) == PREFIX + line


def test_whoever_holds_the_longest_half_line_is_told_and_the_others_live_on(
    network: Network, events: Events
) -> None:
    server = serve(network, events, max_unfinished=10_000)
    with peers(server, 4) as (ann, bob, cid, dan):
        for peer, size in ((ann, 3000), (bob, 4000), (cid, 3000)):
            begin(network, server, peer, b"x" * size)
        assert held(network, server) == 10_000
        assert events.of(Closed) == []
        begin(network, server, dan, b"whole\nx")
        told = read_to_end(bob)
        assert told.startswith(TOLD + b"10000 bytes), this one is the longest, closing / ")
        assert told.count(b"\n") == 1
        acknowledged(dan, b"whole\n")
        assert held(network, server) == 6001
        for peer, size in ((ann, 3000), (cid, 3000), (dan, 1)):
            peer.sendall(b"\n")
            acknowledged(peer, b"x" * size + b"\n")
        assert held(network, server) == 0
        totals = network.totals(server.number)
        assert totals.received == 3000 + 4000 + 3000 + 7 + 3
        assert totals.sent == len(told) + len(PREFIX) * 4 + 6 + 3001 * 2 + 2
        assert (totals.messages, totals.clients) == (4, 4)
    wait_until(lambda: len(events.of(Closed)) == 4)
    (closed,) = events.of(Closed, reason=TOO_MUCH)
    assert (closed.received, closed.sent, closed.unsent) == (4000, len(told), 0)
    for direction, figure in ((Direction.RECEIVED, totals.received), (Direction.SENT, totals.sent)):
        assert len(events.data(direction, server.number)) == figure
    assert network.totals(server.number)[:3] == totals[:3]


def test_of_equals_the_longest_held_goes_first(network: Network, events: Events) -> None:
    server = serve(network, events, max_unfinished=300)
    with peers(server, 4) as (ann, bob, cid, dan):
        begin(network, server, bob, b"x" * 50)
        begin(network, server, ann, b"x" * 100)
        begin(network, server, bob, b"x" * 50)
        begin(network, server, cid, b"x" * 100)
        begin(network, server, dan, b"x" * 100)
        assert read_to_end(bob).startswith(TOLD)
        begin(network, server, ann, b"\n" + b"x" * 100)  # this one is the youngest now
        begin(network, server, dan, b"x")
        assert read_to_end(dan).startswith(TOLD)
        assert held(network, server) == 200
        cid.sendall(b"\n")
        acknowledged(cid, b"x" * 100 + b"\n")


def test_a_line_that_passes_the_limit_by_itself_ends_its_sender_only(
    network: Network, events: Events
) -> None:
    server = serve(network, events, max_unfinished=50_000)
    with peers(server, 2) as (small, big):
        begin(network, server, small, b"half")
        big.sendall(b"ok\n" + b"x" * 60_000)
        told = read_to_end(big)
        assert told.startswith(PREFIX + b"ok\n" + TOLD)
        assert held(network, server) == 4
        small.sendall(b"\n")
        acknowledged(small, b"half\n")


def test_who_leaves_holds_nothing_any_more(network: Network, events: Events) -> None:
    server = serve(network, events, read_timeout=0.5)
    with dial(server.port) as late:
        with dial(server.port) as polite:
            begin(network, server, polite, b"half")
        rude = dial(server.port)
        begin(network, server, rude, b"half")
        reset(rude)
        late.sendall(b"half")
        assert read_to_end(late) == b""
    wait_until(lambda: len(events.of(Closed)) == 3)
    assert held(network, server) == 0
    assert TOO_MUCH not in {one.reason for one in events.of(Closed)}


def test_a_room_full_of_half_lines_lets_the_first_of_them_go(
    network: Network, events: Events
) -> None:
    server = serve(network, events, "chat", max_unfinished=64 * 1024)
    with peers(server, 22) as members:
        ann, bob, *hoarders = members
        for peer in hoarders:
            begin(network, server, peer, b"x" * 4096)
        for peer in hoarders[:4]:
            while not (line := read_line(peer)).startswith(b"* the clients"):
                pass
            assert line.startswith(b"* " + TOLD + b"65536 bytes)")
            assert read_to_end(peer) == b""
        assert held(network, server) == 64 * 1024
        ann.sendall(b"hello\n")
        hear(bob, b"hello\n")
        hoarders[4].sendall(b"\n")
        hear(bob, b"x" * 4096 + b"\n")
    wait_until(lambda: len(events.of(Closed)) == 22)
    assert len(events.of(Closed, reason=TOO_MUCH)) == 4


def test_half_a_body_is_refused_with_503_and_the_others_get_their_page(
    network: Network, events: Events
) -> None:
    server = serve(network, events, "web", max_unfinished=100_000)
    head = b"POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 40000\r\n\r\n"
    with peers(server, 3) as (ann, bob, cid):
        for peer in (ann, bob, cid):
            begin(network, server, peer, head + b"x" * 39_999)
        told = read_to_end(ann)
        assert told.startswith(b"HTTP/1.1 503 Service Unavailable\r\n")
        assert b"Connection: close\r\n" in told
        assert b"\r\n\r\n503: " + TOLD + b"100000 bytes)" in told
        for peer in (bob, cid):
            peer.sendall(b"x")
            while not read_line(peer).startswith(b"HTTP/1.1 200 "):
                pass
        assert held(network, server) == 0
    wait_until(lambda: len(events.of(Closed)) == 3)
    assert len(events.of(Closed, reason=TOO_MUCH)) == 1


def test_under_tls_too_it_is_told(
    network: Network, events: Events, authority: Path, good: Pair
) -> None:
    tls = ServerTls(cert_file=good.cert, key_file=good.key)
    number = network.serve(
        ServerConfig(service="acknowledge", host=HOST, port=0, tls=tls, max_unfinished=1000)
    )
    port = events.wait_for(Listening, activity=number).local.port
    context = ssl.create_default_context(cafile=str(authority))
    with dial(port) as plain, context.wrap_socket(plain, server_hostname="localhost") as peer:
        peer.settimeout(SECONDS)
        peer.sendall(b"x" * 1001)
        assert read_to_end(peer).startswith(TOLD)
    assert events.wait_for(Closed).reason is TOO_MUCH


def test_the_limit_is_the_users_choice_and_the_log_says_why_somebody_was_closed() -> None:
    with serving("acknowledge", "--max-unfinished", "1K") as server, dial(server.port) as peer:
        peer.sendall(b"x" * 1025)
        assert read_to_end(peer).startswith(TOLD + b"1024 bytes)")
        peer.close()
        assert "had too much unfinished together, this one the most (FIN)" in server.line_with(
            "closed"
        )
        assert server.end()[0] == 0


def readable(crowd: list[socket.socket]) -> list[socket.socket]:
    """Return who has something to read now."""
    return select.select(crowd, [], [], 0)[0]


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_two_hundred_half_lines_of_a_megabyte_do_not_fill_the_memory() -> None:
    with ExitStack() as stack:
        server = stack.enter_context(serving("acknowledge", "--quiet"))
        before = peak(server.process.pid)
        crowd = [stack.enter_context(dial(server.port, "localhost")) for _ in range(200)]
        for peer in crowd:
            peer.sendall(b"x" * MEGABYTE)
        # Who has sent first has not always been read first, and who holds most is let go.
        wait_until(lambda: len(readable(crowd)) == 200 - 128, 20, "all but 128 to be let go")
        let_go = readable(crowd)
        for peer in let_go:
            assert read_to_end(peer).startswith(TOLD + b"134217728 bytes)")
        assert peak(server.process.pid) - before < 160 * MEGABYTE
        kept = next(peer for peer in crowd if peer not in let_go)
        kept.sendall(b"\n")
        acknowledged(kept, b"x" * MEGABYTE + b"\n")
        assert server.end()[0] == 0
