"""The chat room, echo, and everything that goes by UDP, on real sockets."""

from __future__ import annotations

import socket
from datetime import datetime

import pytest

from netlib.activities.client import ClientConfig
from netlib.activities.time_query import TimeConfig
from netlib.address import Endpoint
from netlib.errors import Cause
from netlib.events import (
    ActivityStopped,
    Chunk,
    Closed,
    CloseReason,
    Connected,
    Crashed,
    Direction,
    Failed,
    PortUnreachable,
    TimeLost,
    TimeReply,
    Transport,
)
from netlib.network import Network
from netlib.services.echo import Echo
from netlib.system.sockets import UDP_LIMIT
from tests.helpers import free_port, wait_until
from tests.sockets.conftest import (
    HOST,
    PREFIX,
    Events,
    dial,
    port_of,
    read,
    read_to_end,
    serve,
    udp_peer,
)


def read_line(sock: socket.socket) -> bytes:
    line = b""
    while not line.endswith(b"\n"):
        line += read(sock, 1)
    return line


def hear(sock: socket.socket, line: bytes) -> None:
    """Read until `line` has come; notices may come before and after it."""
    heard = b""
    while line not in heard:
        heard += sock.recv(1 << 17)


def udp_client(network: Network, events: Events, port: int, host: str = HOST) -> int:
    config = ClientConfig(endpoint=Endpoint(host, port), transport=Transport.UDP)
    number = network.connect(config)
    events.wait_for(Connected, activity=number)
    return number


def test_people_in_a_chat_room_hear_each_other_and_who_comes_and_goes(
    network: Network, events: Events
) -> None:
    server = serve(network, events, "chat")
    with dial(server.port) as ann:
        assert b"guest1" in read_line(ann)
        ann.sendall("/name 安娜\n".encode())
        assert "安娜".encode() in read_line(ann)
        with dial(server.port) as bob:
            assert b"guest2" in read_line(bob)
            assert read_line(ann) == b"* guest2 joined\n"
            ann.sendall("你好\r\n".encode())
            assert read_line(bob) == "安娜: 你好\r\n".encode()
            bob.sendall(b"/who\n")
            assert read_line(bob) == "* here: 安娜, guest2\n".encode()
            bob.sendall("早\n".encode("gbk"))
            assert read_line(ann) == b"guest2: " + "早\n".encode("gbk")
        assert read_line(ann) == b"* guest2 left\n"


def test_a_member_who_never_reads_is_dropped_and_the_others_talk_on(
    network: Network, events: Events
) -> None:
    server = serve(network, events, "chat", write_timeout=None)
    with dial(server.port) as deaf, dial(server.port) as ann, dial(server.port) as bob:
        wait_until(lambda: network.totals(server.number).clients == 3)
        assert read_line(bob).startswith(b"* you are")
        line = b"x" * 100_000 + b"\n"
        while not events.of(Closed):
            ann.sendall(line)
            hear(bob, line)
        closed = events.of(Closed)[0]
        assert closed.reason is CloseReason.TOO_SLOW
        assert closed.unsent < 1 << 20
        assert deaf.fileno() >= 0


def test_a_whole_room_that_does_not_read_is_dropped_without_a_crash(
    network: Network, events: Events, logged_errors: list[object]
) -> None:
    server = serve(network, events, "chat", write_timeout=None)
    deaf = [dial(server.port) for _ in range(120)]
    wait_until(lambda: network.totals(server.number).clients == 120)
    with dial(server.port) as ann:
        ann.settimeout(20)
        while len(events.of(Closed)) < 120:
            ann.sendall((b"x" * 9999 + b"\n") * 20)
    assert {one.reason for one in events.of(Closed, reason=CloseReason.TOO_SLOW)}
    assert logged_errors == []
    for peer in deaf:
        peer.close()


def test_echo_returns_every_byte(network: Network, events: Events) -> None:
    server = serve(network, events, "echo")
    data = bytes(range(256)) * 1000
    with dial(server.port) as peer:
        peer.sendall(data)
        peer.shutdown(socket.SHUT_WR)
        assert read_to_end(peer) == data
    with udp_peer(serve(network, events, "echo", udp=True).port) as peer:
        for datagram in (b"\x00\xff", b"", b"x" * UDP_LIMIT):
            peer.send(datagram)
            assert peer.recv(1 << 16) == datagram


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
    assert (totals.messages, totals.unsent, totals.kernel_drops) == (3, 1, 0)


def test_time_is_told_to_any_datagram(network: Network, events: Events) -> None:
    server = serve(network, events, "time", udp=True, host="localhost")
    for host in ("127.0.0.1", "::1"):
        with udp_peer(server.port, host) as peer:
            for question in (b"", b"?", "获取时间".encode()):
                peer.send(question)
                answer = peer.recv(1000).decode()
                assert len(answer) in (20, 25)
                assert abs(datetime.fromisoformat(answer).timestamp() - _now()) < 5


def _now() -> float:
    return datetime.now().astimezone().timestamp()


def test_a_time_query_tells_round_trip_and_difference(network: Network, events: Events) -> None:
    server = serve(network, events, "time", udp=True)
    config = TimeConfig(endpoint=Endpoint(HOST, server.port), count=3, interval=0.0)
    number = network.query_time(config)
    events.wait_for(ActivityStopped, activity=number)
    replies = events.of(TimeReply, activity=number)
    assert [reply.number for reply in replies] == [1, 2, 3]
    for reply in replies:
        assert 0 < reply.rtt_seconds < 5
        assert reply.offset_seconds is not None
        assert abs(reply.offset_seconds) < 5
    assert events.data(Direction.SENT, number) == "获取时间".encode() * 3


def test_a_silent_or_absent_time_server_is_told_apart(network: Network, events: Events) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as silent:
        silent.bind((HOST, 0))
        config = TimeConfig(endpoint=Endpoint(HOST, port_of(silent)), timeout=0.05, retries=1)
        number = network.query_time(config)
        assert events.wait_for(TimeLost, activity=number).tries == 2
        assert not events.of(PortUnreachable)
    absent = free_port(socket.SOCK_DGRAM)
    number = network.query_time(TimeConfig(endpoint=Endpoint(HOST, absent), timeout=60.0))
    events.wait_for(PortUnreachable, activity=number)
    events.wait_for(TimeLost, activity=number)
    events.wait_for(ActivityStopped, activity=number)


def test_a_datagram_of_65507_bytes_goes_and_one_byte_more_is_said_plainly(
    network: Network, events: Events
) -> None:
    server = serve(network, events, "echo", udp=True)
    number = udp_client(network, events, server.port)
    assert network.send(number, b"x" * UDP_LIMIT)
    assert network.send(number, b"")
    wait_until(lambda: network.totals(number).messages == 2)
    assert events.data(Direction.RECEIVED, number) == b"x" * UDP_LIMIT
    with pytest.raises(ValueError, match=r"65508.*65507"):
        network.send(number, b"x" * (UDP_LIMIT + 1))


def test_a_closed_udp_port_is_connected_sent_unreachable_and_goes_on(
    network: Network, events: Events
) -> None:
    port = free_port(socket.SOCK_DGRAM)
    number = udp_client(network, events, port)
    assert network.send(number, b"one")
    assert events.wait_for(PortUnreachable, activity=number).peer == Endpoint(HOST, port)
    kinds = [type(item) for item in events.items]
    assert kinds == [Connected, Chunk, PortUnreachable]
    for _ in range(50):
        assert network.send(number, b"again")
    wait_until(lambda: network.totals(number).sent == 3 + 50 * 5)
    assert network.totals(number).unsent == 0
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as late:
        late.bind((HOST, port))
        late.settimeout(5)
        assert network.send(number, b"now")
        assert late.recv(100) == b"now"


def test_a_udp_server_survives_clients_that_are_gone(network: Network, events: Events) -> None:
    server = serve(network, events, udp=True)
    for _ in range(20):
        with udp_peer(server.port) as gone:
            gone.send(b"bye")
    with udp_peer(server.port) as peer:
        peer.send(b"a")
        assert peer.recv(100) == PREFIX + b"a"


def test_a_bug_while_answering_a_datagram_is_shown_and_the_next_is_answered(
    network: Network,
    events: Events,
    monkeypatch: pytest.MonkeyPatch,
    logged_errors: list[object],
) -> None:
    def answer(self: Echo, data: bytes, peer: Endpoint) -> bytes:
        return str(1 // int(data)).encode()

    monkeypatch.setattr(Echo, "datagram", answer)
    server = serve(network, events, "echo", udp=True)
    with udp_peer(server.port) as peer:
        peer.send(b"0")
        assert "ZeroDivisionError" in events.wait_for(Crashed).traceback
        peer.send(b"1")
        assert peer.recv(10) == b"1"
    assert len(logged_errors) == 1
    logged_errors.clear()
