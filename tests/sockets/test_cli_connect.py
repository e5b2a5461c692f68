"""`connect`, `chat`, `udp` and `time` against our own servers and real peers."""

from __future__ import annotations

import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests import peers
from tests.command import events, local, objects, run, serving, started
from tests.helpers import free_port

PREFIX = "已接收: "
SHORT = ["--wait", "0.2"]


@contextmanager
def _listener() -> Iterator[tuple[socket.socket, str]]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(10)
        yield listener, local(listener)


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
    with _listener() as (listener, where), started("connect", where, "--wait", "0") as client:
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
    with _listener() as (listener, where), started("connect", where, "--send", "x") as client:
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


def test_chat_shows_lines_as_they_come_while_input_stays_open() -> None:
    with serving("chat", "--quiet") as server, started("chat", server.where) as ann:
        assert ann.stdin is not None
        assert ann.stdout is not None
        assert b"guest1" in ann.stdout.readline()
        bob = run("chat", server.where, "--name", "bob", *SHORT, stdin="你好\n".encode())
        assert bob.returncode == 0
        heard = b"".join(ann.stdout.readline() for _ in range(4)).decode()
        assert heard.splitlines()[1:3] == ["* guest2 is now bob", "bob: 你好"]
        ann.stdin.write(b"/who\n")
        ann.stdin.flush()
        assert ann.stdout.readline() == b"* here: guest1\n"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_a_chat_with_a_goodbye(number: signal.Signals) -> None:
    with _listener() as (listener, where), started("chat", where) as client:
        conn, _ = listener.accept()
        with conn:
            assert client.stderr is not None
            while b"connected" not in client.stderr.readline():
                pass
            client.send_signal(number)
            assert conn.recv(1) == b""
        assert client.wait(10) == 0


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
    with _listener() as (listener, where), started("chat", where, "--wait", "0") as client:
        conn, _ = listener.accept()
        with conn:
            conn.sendall("没有换行".encode())
        output, errors = client.communicate(timeout=10)
        assert client.returncode == 0
        assert output.decode() == "没有换行"
        assert b"FIN" in errors


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
    connected, sent, unreachable = result.stderr.decode().splitlines()
    assert "nothing was sent yet" in connected
    assert "nobody promised" in sent
    assert "port unreachable" in unreachable


def test_time_tells_clock_round_trip_and_offset_of_every_query() -> None:
    with serving("time", "--quiet") as server:
        result = run("time", server.where, "--count", "3", "--interval", "0.01")
        assert result.returncode == 0
        assert len(result.stdout.splitlines()) == 3
        assert b"round trip" in result.stdout
        shown = objects(run("time", server.where, "--json").stdout)
        (reply,) = (one for one in shown if one["event"] == "time_reply")
        assert reply["text"][10] == "T"
        assert 0 < reply["rtt_ms"] < 1000
        assert abs(reply["offset_ms"]) < 1000


def test_time_without_any_reply_is_exit_code_1() -> None:
    with socket.socket(type=socket.SOCK_DGRAM) as deaf:
        deaf.bind(("127.0.0.1", 0))
        where = local(deaf)
        result = run("time", where, "--timeout", "0.05", "--count", "2", "--interval", "0")
    assert result.returncode == 1
    assert result.stdout == b""
    assert result.stderr.count(b"lost") == 2


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_demo_plays_the_whole_tutorial(lang: str) -> None:
    result = run("demo", lang=lang)
    assert result.returncode == 0, result.stdout.decode()
    shown = result.stdout.decode()
    assert shown.count("\n   ✓ ") == 9
    assert "\n   ✗ " not in shown
    assert result.stderr == b""


def test_the_demo_in_json_tells_each_step() -> None:
    steps = [one for one in objects(run("demo", "--json").stdout) if one["event"] == "step"]
    assert [step["ok"] for step in steps] == [True] * 9
