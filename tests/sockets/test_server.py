"""The tutorial's line server on real sockets: byte for byte, and undisturbed by its clients."""

from __future__ import annotations

import socket
from contextlib import suppress

import pytest

from netlib.activities.serving import ServerConfig
from netlib.errors import Cause, Operation
from netlib.events import (
    Accepted,
    ActivityStopped,
    Closed,
    CloseReason,
    Failed,
    PeerFinished,
    Rejected,
)
from netlib.network import CloseMode, Network
from tests.helpers import wait_until
from tests.sockets.conftest import (
    HOST,
    PREFIX,
    Events,
    dial,
    listener,
    port_of,
    read,
    read_to_end,
    reset,
    serve,
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


def test_many_clients_are_served_at_once(network: Network, events: Events) -> None:
    server = serve(network, events)
    peers = [dial(server.port) for _ in range(200)]
    for number, peer in enumerate(peers):
        peer.sendall(b"%d\n" % number)
    for number, peer in enumerate(peers):
        line = PREFIX + b"%d\n" % number
        assert read(peer, len(line)) == line
    assert network.totals(server.number).clients == 200
    assert [row.messages for row in network.clients(server.number)] == [1] * 200
    for peer in peers:
        peer.close()
    wait_until(lambda: network.totals(server.number).clients == 0)
    assert network.totals(server.number).messages == 200


def test_a_client_beyond_the_limit_is_refused_and_said_so(network: Network, events: Events) -> None:
    server = serve(network, events, max_clients=1)
    with dial(server.port) as first, dial(server.port) as second:
        assert read_to_end(second) == b""
        assert events.wait_for(Rejected).limit == 1
        first.sendall(b"a\n")
        assert read(first, len(PREFIX) + 2) == PREFIX + b"a\n"


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


def test_every_interface_means_both_families_and_ipv4_is_shown_as_ipv4(
    network: Network, events: Events
) -> None:
    server = serve(network, events, host="")
    with dial(server.port, "127.0.0.1"):
        first = events.wait_for(Accepted)
        assert (first.peer.host, first.local.host) == ("127.0.0.1", "127.0.0.1")
    with dial(server.port, "::1"):
        wait_until(lambda: len(events.of(Accepted)) == 2)
        assert events.of(Accepted)[1].peer.host == "::1"


def test_localhost_listens_on_both_families_with_one_port_and_shows_which(
    network: Network, events: Events
) -> None:
    server = serve(network, events, host="localhost")
    for host in ("127.0.0.1", "::1"):
        with dial(server.port, host):
            accepted = events.wait_for(Accepted, activity=server.number)
            events.items.clear()
            assert (accepted.local.host, accepted.peer.host) == (host, host)


def test_a_port_in_use_is_said_with_the_program_that_holds_it(
    network: Network, events: Events
) -> None:
    with listener() as taken:
        port = port_of(taken)
        number = network.serve(ServerConfig(service="echo", host=HOST, port=port))
        error = events.wait_for(Failed, activity=number).error
    assert (error.operation, error.cause) == (Operation.BIND, Cause.ADDRESS_IN_USE)
    assert "PID" in error.detail
    events.wait_for(ActivityStopped, activity=number)


def test_a_server_stops_at_once_in_every_state(network: Network, events: Events) -> None:
    with listener() as taken:
        config = ServerConfig(service="echo", host=HOST, port=port_of(taken))
        at_once, in_use = network.serve(ServerConfig(service="echo", port=0)), network.serve(config)
        network.stop(at_once)
        network.stop(in_use)
        server = serve(network, events)
        with dial(server.port) as peer:
            events.wait_for(Accepted, activity=server.number)
            network.stop(server.number)
            network.stop(server.number)
            assert read_to_end(peer) == b""
        for number in (at_once, in_use, server.number):
            events.wait_for(ActivityStopped, activity=number)
    assert events.wait_for(Closed).reason is CloseReason.STOPPED
    assert len(events.of(ActivityStopped)) == 3


def test_the_user_can_end_one_client_in_three_ways(network: Network, events: Events) -> None:
    server = serve(network, events)
    for how in CloseMode:
        with dial(server.port) as peer:
            wait_until(lambda: network.clients(server.number))
            network.end(server.number, how, network.clients(server.number)[0].connection)
            if how is CloseMode.ABORT:
                with pytest.raises(ConnectionResetError):
                    read_to_end(peer)
            else:
                assert read_to_end(peer) == b""
            if how is CloseMode.FINISH:
                peer.sendall(b"nobody answers now\n")
        wait_until(lambda: not network.clients(server.number))
    reasons = [one.reason for one in events.of(Closed)]
    assert reasons == [CloseReason.BY_PEER, CloseReason.BY_US, CloseReason.ABORTED]


def test_what_cannot_work_is_refused_before_any_socket_is_opened(network: Network) -> None:
    wrong: list[dict[str, object]] = [
        {"service": "no such"},
        {"service": "time"},
        {"port": 65536},
        {"max_clients": 0},
        {"read_timeout": 0.0},
    ]
    for change in wrong:
        with pytest.raises(ValueError):
            network.serve(ServerConfig(**({"service": "echo", "port": 0} | change)))  # type: ignore[arg-type]
