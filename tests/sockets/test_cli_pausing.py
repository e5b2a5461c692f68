"""What begins paused on the command line: Enter or time resumes it, and nothing is lost."""

from __future__ import annotations

import socket
import sys
from pathlib import Path

import pytest

from tests.certificates import Pair
from tests.command import Running, accepting, events, objects, run, serving, started
from tests.sockets.conftest import PREFIX


def dial(server: Running) -> socket.socket:
    sock = socket.create_connection(("127.0.0.1", server.port), timeout=10)
    sock.sendall(b"hello\n")
    return sock


def press_enter(server: Running) -> None:
    assert server.process.stdin is not None
    server.process.stdin.write(b"\n")
    server.process.stdin.flush()


def test_a_server_accepts_when_enter_is_pressed_and_pauses_at_the_next_one() -> None:
    with started("serve", "acknowledge", "--pause-accepting", "--port", "0") as process:
        server = Running(process)
        assert "accepting is paused" in server.line()
        with dial(server) as client:
            press_enter(server)
            assert "accepting is resumed" in server.line()
            assert "accepted a connection from" in server.line()
            assert client.recv(100) == PREFIX + b"hello\n"
            press_enter(server)
            assert "accepting is paused" in server.line_with("accepting")
            client.sendall(b"still here\n")  # reading goes on
            assert client.recv(100) == PREFIX + b"still here\n"
        assert server.end()[0] == 0


def test_a_server_reads_after_some_seconds_what_came_meanwhile() -> None:
    pausing = ("--pause-reading", "--resume-after", "0.5")
    with started("serve", "acknowledge", "--json", *pausing, "--port", "0") as process:
        output = process.stdout
        assert output is not None
        told = iter(lambda: objects(output.readline())[0], None)
        port = int(next(told)["local"].rpartition(":")[2])
        with socket.create_connection(("127.0.0.1", port), timeout=10) as client:
            client.sendall(b"hello\n")
            assert client.recv(100) == PREFIX + b"hello\n"
            names = [next(told)["event"] for _ in range(4)]
    assert names[:1] + names[-2:] == ["reading_paused", "reading_resumed", "received"]
    assert "accepted" in names


def test_a_client_reads_after_some_seconds_and_its_silence_does_not_count() -> None:
    with accepting() as (listener, where):
        pausing = ("--pause-reading", "--resume-after", "0.5", "--wait", "0.2")
        with started("connect", where, "--send", "hi", "--json", *pausing) as process:
            peer, _address = listener.accept()
            with peer:
                peer.sendall(b"at once\n")
                peer.shutdown(socket.SHUT_WR)
                output, _errors = process.communicate(timeout=20)
    names = events(output)
    assert names.index("connected") + 1 == names.index("reading_paused")
    assert names.index("reading_paused") < names.index("sent")
    assert names.index("reading_resumed") < names.index("received")
    assert process.returncode == 0


def test_a_client_that_sends_a_text_resumes_at_enter() -> None:
    with serving("acknowledge", "--quiet") as server:
        options = ("--send", "hi", "--pause-reading", "--wait", "0.2")
        with started("connect", server.where, *options) as process:
            output, errors = process.communicate(b"\n", timeout=20)
    assert output == PREFIX + b"hi\n"
    assert b"reading is paused" in errors
    assert b"Enter resumes" in errors


@pytest.mark.peers
def test_the_handshake_of_tls_is_not_paused(authority: Path, good: Pair) -> None:
    from tests.peers import openssl_server

    with openssl_server(good, "-www") as port:
        pausing = ("--pause-reading", "--resume-after", "0.3", "--ca", str(authority), "--tls")
        said = ("--send", "GET / HTTP/1.0\r\n\r\n", "--eol", "none", "--json")
        done = run("connect", f"localhost:{port}", *said, *pausing)
    names = events(done.stdout)
    assert names.index("secured") < names.index("reading_paused") < names.index("received")


def test_who_has_no_enter_stays_paused_and_ends_when_it_is_told_to() -> None:
    with started("serve", "echo", "--pause-accepting", "--port", "0") as process:
        assert process.stdin is not None
        process.stdin.close()
        server = Running(process)
        assert "accepting is paused" in server.line()
        with dial(server) as client:
            client.settimeout(0.3)
            with pytest.raises(TimeoutError):
                client.recv(1)
        process.stdin = None
        code, rest = server.end()
    assert code == 0
    assert "accepted" not in rest


@pytest.mark.parametrize("size", ["4096", "16K"])
def test_a_receive_buffer_is_asked_for_by_both_ends(size: str) -> None:
    asked = 4096 if size == "4096" else 16 << 10
    with started("serve", "echo", "--json", "--receive-buffer", size, "--port", "0") as process:
        assert process.stdout is not None
        listening = objects(process.stdout.readline())[0]
        here = objects(process.stdout.readline())[0]
        done = run("connect", listening["local"], "--send", "x", "--json", "--receive-buffer", size)
    (there,) = [one for one in objects(done.stdout) if one["event"] == "receive_buffer_set"]
    for one in (here, there):
        assert one["event"] == "receive_buffer_set"
        assert one["asked"] == asked
        assert one["given"] == (2 * asked if sys.platform == "linux" else asked)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("serve", "time", "--udp", "--pause-reading"), "--pause-reading is for TCP only"),
        (("serve", "time", "--udp", "--pause-accepting"), "--pause-accepting is for TCP only"),
        (("serve", "echo", "--udp", "--receive-buffer", "9"), "--receive-buffer is for TCP only"),
        (("serve", "echo", "--resume-after", "3"), "nothing is paused"),
        (("connect", ":9", "--resume-after", "3"), "nothing is paused"),
        (("connect", ":9", "--pause-reading"), "needs --resume-after"),
        (("connect", ":9", "--pause-reading", "--resume-after", "0"), "more than 0 seconds"),
        (("serve", "echo", "--receive-buffer", "0"), "from 1 upwards"),
        (("serve", "echo", "--receive-buffer", "-1"), "--receive-buffer"),
        (("serve", "echo", "--receive-buffer", "2G"), "at most"),
        (("connect", ":9", "--pause-accepting"), "--pause-accepting"),
    ],
)
def test_what_cannot_be_is_said_before_anything_is_opened(
    arguments: tuple[str, ...], words: str
) -> None:
    done = run(*arguments)
    assert done.returncode == 2
    assert words in done.stderr.decode()
    assert done.stdout == b""


def test_a_recording_is_not_begun_for_what_cannot_be(tmp_path: Path) -> None:
    path = tmp_path / "new.socketboard"
    assert run("serve", "echo", "--resume-after", "3", "--record", str(path)).returncode == 2
    assert not path.exists()
