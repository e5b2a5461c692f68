"""The chat room on real sockets: everybody hears everybody who reads."""

from __future__ import annotations

import socket

from netlib.events import (
    Closed,
    CloseReason,
    Named,
)
from netlib.network import Network
from tests.helpers import wait_until
from tests.sockets.conftest import (
    Events,
    dial,
    read,
    rows,
    serve,
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
            assert read_line(ann) == "* guest2 joined / guest2 加入了\n".encode()
            ann.sendall("你好\r\n".encode())
            assert read_line(bob) == "安娜: 你好\r\n".encode()
            bob.sendall(b"/who\n")
            assert read_line(bob) == "* here: 安娜, guest2 / 在线：安娜, guest2\n".encode()
            bob.sendall("早\n".encode("gbk"))
            assert read_line(ann) == b"guest2: " + "早\n".encode("gbk")
        assert read_line(ann) == "* guest2 left / guest2 离开了\n".encode()


def test_a_member_who_never_reads_is_dropped_and_the_others_talk_on(
    network: Network, events: Events
) -> None:
    server = serve(network, events, "chat", write_timeout=None, max_line=1 << 20)
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
    server = serve(network, events, "chat", write_timeout=None, max_line=1 << 20)
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


def test_a_nickname_is_an_event_and_stands_in_the_table(network: Network, events: Events) -> None:
    server = serve(network, events, "chat")
    with dial(server.port) as ann:
        read_line(ann)
        (row,) = rows(network, server.number)
        assert row.name == "guest1"
        ann.sendall("/name 安娜\n".encode("gbk"))
        assert events.wait_for(Named).name == "安娜"
        (row,) = rows(network, server.number)
        assert row.name == "安娜"
        ann.sendall(b"/name a:b\n")
        hear(ann, b"visible characters")
    assert len(events.of(Named)) == 1
