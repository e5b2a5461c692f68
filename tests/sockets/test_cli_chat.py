"""`chat` in our chat room, and with others."""

from __future__ import annotations

import signal
import socket

import pytest

from tests import peers
from tests.command import ENDING_SIGNALS, accepting, ask_to_end, run, serving, started
from tests.sockets.conftest import read_to_end

SHORT = ["--wait", "0.2"]


def test_chat_shows_lines_as_they_come_while_input_stays_open() -> None:
    with serving("chat", "--quiet") as server, started("chat", server.where) as ann:
        assert ann.stdin is not None
        assert ann.stdout is not None
        assert b"guest1" in ann.stdout.readline()
        bob = run("chat", server.where, "--name", "bob", *SHORT, stdin="你好\n".encode())
        assert bob.returncode == 0
        heard = b"".join(ann.stdout.readline() for _ in range(4)).decode()
        assert heard.splitlines()[1:3] == ["* guest2 is now bob / guest2 改名为 bob", "bob: 你好"]
        ann.stdin.write(b"/who\n")
        ann.stdin.flush()
        assert ann.stdout.readline() == "* here: guest1 / 在线：guest1\n".encode()


@pytest.mark.parametrize("number", ENDING_SIGNALS)
def test_a_signal_ends_a_chat_with_a_fin(number: signal.Signals) -> None:
    with accepting() as (listener, where), started("chat", where) as client:
        conn, _ = listener.accept()
        with conn:
            assert client.stderr is not None
            while b"connected" not in client.stderr.readline():
                pass
            ask_to_end(client, number)
            assert conn.recv(1) == b""
        assert client.wait(10) == 128 + number


def test_lines_of_a_pipe_are_sent_though_the_peer_has_finished() -> None:
    with accepting() as (listener, where), started("chat", where, *SHORT) as client:
        conn, _ = listener.accept()
        with conn:
            conn.shutdown(socket.SHUT_WR)
            assert client.stderr is not None
            while b"FIN received" not in client.stderr.readline():
                pass
            client.communicate(b"one\ntwo\n", timeout=10)
            assert client.returncode == 0
            assert read_to_end(conn) == b"one\ntwo\n"


@pytest.mark.peers
def test_chat_works_through_an_ncat_broker() -> None:
    with peers.ncat("broker") as port, started("chat", f"127.0.0.1:{port}") as ann:
        assert ann.stdout is not None
        assert ann.stderr is not None
        while b"connected" not in ann.stderr.readline():
            pass
        bob = run("chat", f"127.0.0.1:{port}", *SHORT, stdin="你好，世界\n".encode())
        assert bob.returncode == 0
        assert ann.stdout.readline().decode() == "你好，世界\n"


def test_a_last_line_without_its_end_is_shown() -> None:
    with accepting() as (listener, where), started("chat", where, "--wait", "0") as client:
        conn, _ = listener.accept()
        with conn:
            conn.sendall("没有换行".encode())
        output, errors = client.communicate(timeout=10)
        assert client.returncode == 0
        assert output.decode() == "没有换行"
        assert b"FIN" in errors
