"""What peers do to us: deaf, killed, gone before they were accepted, talking without end."""

from __future__ import annotations

import socket
import subprocess
import sys
import threading
import tracemalloc
from contextlib import ExitStack, suppress
from pathlib import Path

import pytest

from netlib.activities.serving import ServerConfig
from netlib.events import Accepted, Closed, CloseReason, Finished, Listening, PeerFinished
from netlib.network import CloseMode, Network
from tests.command import PATIENCE_SECONDS, serving
from tests.helpers import wait_until
from tests.sockets.conftest import (
    HOST,
    PREFIX,
    SECONDS,
    Events,
    call,
    dial,
    held_up,
    listener,
    port_of,
    read,
    read_to_end,
    reset,
    rows,
    serve,
    talk,
)

MEGABYTE = 1 << 20
HUGE = 100_000_000
"""Bytes of a line somebody sends by mistake: a film, say."""


def beside(what: threading.Thread) -> threading.Thread:
    """Start a thread and return it."""
    what.start()
    return what


# -- peers that never read -------------------------------------------------------------------------

DEAF = 20
"""Peers that never read, at once."""
ROOM = MEGABYTE // 2
"""Bytes one of them may cost us."""


def shout(peer: socket.socket, said: bytes) -> None:
    """Say something over and over, never reading, until nobody takes any more of it."""
    peer.settimeout(0.05)
    with suppress(TimeoutError, ConnectionError):
        while peer.send(said):
            pass


@pytest.mark.parametrize(
    "said",
    [b"\n" * 65536, b"a line of a student's endless loop\n" * 1500, b"x" * 65535 + b"\n"],
    ids=["empty lines", "lines", "long lines"],
)
def test_twenty_peers_that_never_read_cost_half_a_megabyte_each_and_are_dropped(
    said: bytes,
) -> None:
    network = Network()  # records nothing: what is held is held for the peers
    config = ServerConfig(service="acknowledge", host=HOST, port=0, write_timeout=3.0)
    number, events = network.serve(config), list(network.poll())

    def happened(kind: type[Listening] | type[Closed]) -> int:
        events.extend(network.poll())
        return sum(isinstance(event, kind) for event in events)

    wait_until(lambda: happened(Listening))
    port = next(event.local.port for event in events if isinstance(event, Listening))
    with ExitStack() as stack:
        peers = [stack.enter_context(dial(port)) for _ in range(DEAF)]
        tracemalloc.start()
        try:
            for peer in peers:
                shout(peer, said)
            held, _peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
        waiting = [row.waiting for row in rows(network, number)]
        wait_until(lambda: happened(Closed) == DEAF, SECONDS)
    ends = [event for event in events if isinstance(event, Closed)]
    assert {end.reason for end in ends} == {CloseReason.WRITE_TIMEOUT}
    assert len(waiting) == DEAF
    assert all(0 < size <= ROOM for size in waiting)
    assert all(0 < end.unsent <= ROOM for end in ends)
    assert held <= DEAF * ROOM
    assert network.close(5.0)


# -- gone at a bad moment --------------------------------------------------------------------------


def test_a_hundred_resets_in_the_accept_queue_are_survived_and_each_is_closed_once(
    network: Network, events: Events
) -> None:
    server = serve(network, events)
    with held_up(network):
        for _ in range(100):
            reset(dial(server.port))  # the kernel shakes hands; nobody has accepted yet
        patient = dial(server.port)
    with patient:
        patient.sendall(b"a\n")
        assert read(patient, len(PREFIX) + 2) == PREFIX + b"a\n"
        wait_until(lambda: len(events.of(Closed)) == len(events.of(Accepted)) - 1)
        assert {one.reason for one in events.of(Closed)} <= {CloseReason.RESET}
    wait_until(lambda: network.totals(server.number).clients == 0)


def test_a_reset_while_the_server_writes_ends_that_client_only(
    network: Network, events: Events
) -> None:
    server = serve(network, events)
    with dial(server.port) as other:
        deaf = dial(server.port)
        shout(deaf, b"a line nobody waits for\n" * 1000)
        wait_until(lambda: any(row.waiting for row in rows(network, server.number)))
        reset(deaf)
        closed = events.wait_for(Closed)
        assert closed.reason is CloseReason.RESET
        assert closed.unsent > 0
        other.sendall(b"a\n")
        assert read(other, len(PREFIX) + 2) == PREFIX + b"a\n"


CALLER = """
import socket, sys
peer = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
peer.sendall(b"hello\\n")
if sys.argv[2] == "reads":
    assert peer.recv(100)
print("here", flush=True)
sys.stdin.read()
"""


@pytest.mark.parametrize(
    ("manner", "reason"), [("reads", CloseReason.BY_PEER), ("deaf", CloseReason.RESET)]
)
def test_when_a_peer_is_killed_its_system_says_goodbye_for_it(
    network: Network, events: Events, manner: str, reason: CloseReason
) -> None:
    server = serve(network, events)
    pipe = subprocess.PIPE
    with (
        subprocess.Popen(
            [sys.executable, "-c", CALLER, str(server.port), manner], stdin=pipe, stdout=pipe
        ) as caller,
        dial(server.port) as other,
    ):
        assert caller.stdout is not None
        assert caller.stdout.readline().split() == [b"here"]
        wait_until(lambda: network.totals(server.number).sent == len(PREFIX) + 6)
        caller.kill()  # SIGKILL: it has no time to say anything
        assert events.wait_for(Closed).reason is reason  # RST where it left answers unread
        other.sendall(b"a\n")
        assert read(other, len(PREFIX) + 2) == PREFIX + b"a\n"


# -- half-close ------------------------------------------------------------------------------------


def test_both_finish_at_once_and_both_hear_all_that_was_said(
    network: Network, events: Events
) -> None:
    ours, theirs = b"o" * 900_000, b"t" * 3_000_000
    with talk(network, events) as (number, peer):
        heard: list[bytes] = []
        hearing = beside(threading.Thread(target=lambda: heard.append(read_to_end(peer))))
        assert network.send(number, ours)
        network.end(number, CloseMode.FINISH)
        peer.sendall(theirs)
        peer.shutdown(socket.SHUT_WR)
        closed = events.wait_for(Closed)
        hearing.join()
    assert heard == [ours]
    assert (closed.reason, closed.sent, closed.received, closed.unsent) == (
        *(CloseReason.BY_PEER, len(ours), len(theirs), 0),
    )
    assert len(events.of(Finished)) == len(events.of(PeerFinished)) == 1


def test_a_client_of_ours_hears_a_server_that_answers_after_our_fin(
    network: Network, events: Events
) -> None:
    with listener() as listening:
        number = call(network, port_of(listening))
        peer, _ = listening.accept()
        with peer:
            wait_until(lambda: network.send(number, b"question"))
            network.end(number, CloseMode.FINISH)
            assert read_to_end(peer) == b"question"
            peer.sendall(b"answer")
        closed = events.wait_for(Closed)
    assert (closed.reason, closed.received) == (CloseReason.BY_PEER, len(b"answer"))


# -- a line without end ----------------------------------------------------------------------------


def send_line(peer: socket.socket) -> None:
    """Send a huge line; the server may end it early."""
    piece = b"y" * MEGABYTE
    with suppress(ConnectionError):
        for at in range(0, HUGE, MEGABYTE):
            peer.sendall(piece[: HUGE - at])
        peer.sendall(b"\n")


def peak(pid: int) -> int:
    """Return the most memory a process has ever held, in bytes."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) * 1024


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_of_a_line_of_100_megabytes_one_is_read_then_its_sender_is_told_and_closed() -> None:
    with serving("acknowledge") as server, dial(server.port) as peer:
        server.line_with("accepted")
        before = peak(server.process.pid)
        sending = beside(threading.Thread(target=send_line, args=(peer,)))
        told = read_to_end(peer)
        assert b"1048576" in told
        assert told.count(b"\n") == 1
        sending.join()
        assert peak(server.process.pid) - before < 16 * MEGABYTE
        peer.close()
        assert "too long" in server.line_with("closed")
        assert server.end()[0] == 0


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_where_it_is_allowed_a_line_of_100_megabytes_is_answered_to_the_byte() -> None:
    limit = 128 * MEGABYTE
    with (
        serving("acknowledge", "--quiet", "--max-line", str(limit)) as server,
        dial(server.port) as peer,
    ):
        peer.settimeout(PATIENCE_SECONDS)
        before = peak(server.process.pid)
        sending = beside(threading.Thread(target=send_line, args=(peer,)))
        assert read(peer, len(PREFIX)) == PREFIX
        left = HUGE
        while left:
            part = peer.recv(min(left, MEGABYTE))
            assert part == b"y" * len(part) != b""
            left -= len(part)
        assert read(peer, 1) == b"\n"
        sending.join()
        # The line, the answer, and for a moment the pieces the line came in.
        assert peak(server.process.pid) - before < 3.5 * HUGE
        assert server.end()[0] == 0
