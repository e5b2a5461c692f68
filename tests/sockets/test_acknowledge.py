"""The tutorial's line server on real sockets: byte for byte."""

from __future__ import annotations

import socket
import sys

import pytest

from netlib.errors import Cause
from netlib.events import (
    ActivityStopped,
    Closed,
    CloseReason,
    Failed,
    PeerFinished,
)
from netlib.network import Network
from netlib.system.sockets import UDP_LIMIT
from tests.sockets.conftest import (
    PREFIX,
    Events,
    dial,
    read,
    read_to_end,
    serve,
    udp_peer,
)


@pytest.mark.parametrize(
    ("sent", "reply"),
    [
        (b"one\n", PREFIX + b"one\n"),
        (b"one\ntwo\nthree\n", PREFIX + b"one\n" + PREFIX + b"two\n" + PREFIX + b"three\n"),
        (b"\n", PREFIX + b"\n"),
        (b"crlf\r\n\r\n", PREFIX + b"crlf\r\n" + PREFIX + b"\r\n"),
        ("中文\n".encode("gbk"), PREFIX + "中文\n".encode("gbk")),
        (b"\xff\xfe\x00\n", PREFIX + b"\xff\xfe\x00\n"),
        (b"x" * 200_000 + b"\n", PREFIX + b"x" * 200_000 + b"\n"),
        (b"done\nhalf", PREFIX + b"done\n"),
        (b"half", b""),
        (b"", b""),
    ],
    ids=["line", "packet", "empty", "crlf", "gbk", "binary", "200kB", "rest", "half", "nothing"],
)
def test_every_line_is_answered_byte_for_byte_and_half_a_line_is_not(
    network: Network, events: Events, sent: bytes, reply: bytes
) -> None:
    server = serve(network, events)
    with dial(server.port) as peer:
        peer.sendall(sent)
        peer.shutdown(socket.SHUT_WR)
        assert read_to_end(peer) == reply
    closed = events.wait_for(Closed)
    assert (closed.reason, closed.received, closed.sent) == (
        CloseReason.BY_PEER,
        len(sent),
        len(reply),
    )
    assert events.of(PeerFinished)


def test_half_a_line_is_held_until_it_is_whole(network: Network, events: Events) -> None:
    server = serve(network, events)
    with dial(server.port) as peer:
        peer.sendall(b"a\nhal")
        assert read(peer, len(PREFIX) + 2) == PREFIX + b"a\n"
        peer.sendall(b"f\n")
        assert read(peer, len(PREFIX) + 5) == PREFIX + b"half\n"


def test_a_line_too_long_is_told_why_then_closed_and_the_others_stay(
    network: Network, events: Events
) -> None:
    server = serve(network, events, max_line=100)
    with dial(server.port) as other, dial(server.port) as peer:
        peer.sendall(b"good\n" + b"x" * 101)
        told = read_to_end(peer)
        assert told.startswith(PREFIX + b"good\n")
        assert b"100" in told
        assert told.endswith(b"\n")
        peer.close()
        assert events.wait_for(Closed).reason is CloseReason.LINE_TOO_LONG
        other.sendall(b"here\n")
        assert read(other, len(PREFIX) + 5) == PREFIX + b"here\n"


def test_a_megabyte_without_newline_is_survived_and_its_sender_hears_why(
    network: Network, events: Events
) -> None:
    server = serve(network, events, max_line=1 << 16)
    with dial(server.port) as peer:
        peer.sendall(b"x" * (1 << 20))
        assert read_to_end(peer).count(b"\n") == 1
    assert events.wait_for(Closed).reason is CloseReason.LINE_TOO_LONG


def test_the_limit_of_a_line_is_the_users_choice(network: Network, events: Events) -> None:
    server = serve(network, events, max_line=3 << 20)
    line = b"y" * (3 << 20) + b"\n"
    with dial(server.port) as peer:
        peer.sendall(line)
        assert read(peer, len(PREFIX) + len(line)) == PREFIX + line


def test_acknowledge_answers_datagrams_and_says_when_the_answer_is_too_long(
    network: Network, events: Events
) -> None:
    server = serve(network, events, udp=True)
    with udp_peer(server.port) as peer:
        peer.send("半行".encode())
        assert peer.recv(1000) == PREFIX + "半行".encode()
        peer.send(b"x" * UDP_LIMIT)
        assert events.wait_for(Failed).error.cause is Cause.MESSAGE_TOO_LONG
        peer.send(b"still here")
        assert peer.recv(1000) == PREFIX + b"still here"
    network.stop(server.number)
    events.wait_for(ActivityStopped)
    totals = network.totals(server.number)  # the figures outlive the sockets
    assert (totals.messages, totals.unsent) == (3, 1)
    assert totals.kernel_drops == (0 if sys.platform == "linux" else None)
