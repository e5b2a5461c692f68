"""`connect` against our own servers and real peers."""

from __future__ import annotations

import socket

import pytest

from tests import peers
from tests.command import accepting, events, objects, run, serving, started
from tests.helpers import free_port

PREFIX = "已接收: "
SHORT = ["--wait", "0.2"]


def test_connect_sends_texts_and_bytes_in_the_order_given() -> None:
    with serving("acknowledge", "--quiet") as server:
        said = ["--send", "你好", "--hex", "e4 bd a0 0a", "--send", "again"]
        result = run("connect", server.where, *said, *SHORT)
    assert result.returncode == 0
    assert result.stdout.decode() == f"{PREFIX}你好\n{PREFIX}你\n{PREFIX}again\n"
    assert b"connected from" in result.stderr


@pytest.mark.parametrize(("eol", "ending"), [("lf", b"\n"), ("crlf", b"\r\n"), ("none", b"")])
def test_the_line_ending_is_chosen(eol: str, ending: bytes) -> None:
    with serving("echo", "--quiet") as server:
        options = ["--eol", eol, *SHORT]
        assert run("connect", server.where, "--send", "a", *options).stdout == b"a" + ending
        typed = run("connect", server.where, *options, stdin=b"a\nb")
        assert typed.stdout == b"a" + ending + b"b" + ending


def test_typed_lines_of_any_length_and_number_go_out_whole() -> None:
    data = b"x" * 3_000_000 + b"\n" + b"\xff\x00\n" * 100_000
    with serving("echo", "--quiet") as server:
        result = run(
            "connect",
            server.where,
            *SHORT,
            stdin=data,
        )
    assert result.stdout.count(b"\n") == 100_001
    assert result.stdout == data.replace(b"\xff", rb"\xff")


def test_text_is_encoded_and_decoded_as_asked() -> None:
    with serving("echo", "--quiet") as server:
        options = ["--encoding", "gbk", *SHORT]
        said = run("connect", server.where, "--send", "你好", "--json", *options)
        received = [shown for shown in objects(said.stdout) if shown["event"] == "received"]
        assert [shown["text"] for shown in received] == ["你好\n"]
        assert [shown["data"] for shown in received] == ["xOO6wwo="]
        typed = run("connect", server.where, *options, stdin="再见\n".encode())
        assert typed.stdout.decode() == "再见\n"
        lacking = run("connect", server.where, *options, stdin="😀\n".encode())
        assert lacking.returncode == 2
        assert "😀".encode() in lacking.stderr


def test_a_character_split_between_two_reads_is_never_lost() -> None:
    with accepting() as (listener, where), started("connect", where, "--wait", "0") as client:
        conn, _ = listener.accept()
        with conn:
            for byte in "你".encode() + b"\xe4\xbd":
                conn.sendall(bytes([byte]))
        output, _ = client.communicate(timeout=10)
        assert client.returncode == 0
        assert output == "你\\xe4\\xbd".encode()


def test_it_ends_when_the_peer_closes_and_says_so() -> None:
    with peers.socat("close") as port:
        result = run("connect", f"127.0.0.1:{port}", "--send", "x", "--wait", "0", "--json")
    assert result.returncode in {0, 1}  # FIN, or RST if our line came too late for it
    names = events(result.stdout)
    assert names[-1] == "activity_stopped"
    assert names.count("closed") == 1


def test_a_reset_is_exit_code_1_in_words() -> None:
    with accepting() as (listener, where), started("connect", where, "--send", "x") as client:
        conn, _ = listener.accept()
        assert conn.recv(2) == b"x\n"
        linger = (1).to_bytes(4, "little") + bytes(4)
        conn.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        conn.close()
        _, errors = client.communicate(timeout=10)
        assert client.returncode == 1
        assert b"reset" in errors


def test_failing_to_connect_is_told_in_json_and_in_words() -> None:
    result = run("connect", f"127.0.0.1:{free_port()}", "--send", "x", "--json", lang="zh")
    assert result.returncode == 1
    (failed,) = (shown for shown in objects(result.stdout) if shown["event"] == "failed")
    assert (failed["operation"], failed["cause"]) == ("connect", "refused")
    assert failed["message"] in result.stderr.decode()
