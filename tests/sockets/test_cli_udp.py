"""`udp`: datagrams there and back, and none."""

from __future__ import annotations

import socket

from tests.command import run, serving
from tests.helpers import free_port

PREFIX = "已接收: "
SHORT = ["--wait", "0.2"]


def test_udp_shows_replies_and_the_lesson_of_a_closed_port() -> None:
    with serving("acknowledge", "--udp", "--quiet") as server:
        result = run("udp", server.where, "--send", "你好", "--hex", "00ff", *SHORT)
        assert result.returncode == 0
        assert result.stdout.decode() == f"{PREFIX}你好\n{PREFIX}\x00\\xff\n"
        typed = run("udp", server.where, *SHORT, stdin=b"one\ntwo\n")
        assert typed.stdout.decode() == f"{PREFIX}one\n{PREFIX}two\n"
    closed = f"127.0.0.1:{free_port(socket.SOCK_DGRAM)}"
    result = run("udp", closed, "--send", "anybody?", "--wait", "5")
    assert result.returncode == 1
    connected, sent, what, *more = result.stderr.decode().splitlines()
    assert "nothing sent" in connected
    assert "not guaranteed" in sent
    assert f"No program has opened that UDP port: {closed}" in what
    assert [line.split(":")[0].strip() for line in more] == ["On the wire", "Likely reasons", "Try"]
    assert "port unreachable" in more[0]
