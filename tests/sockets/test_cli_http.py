"""`http` against nginx, our own web server, and servers that break off."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from netlib import __version__
from tests import peers
from tests.command import (
    PATIENCE_SECONDS,
    accepting,
    command,
    events,
    local,
    on_a_terminal,
    run,
    serving,
    started,
)
from tests.helpers import wait_until
from tests.sockets.conftest import unshared


@contextmanager
def _scripted(reply: bytes, *options: str) -> Iterator[tuple[int, bytes, bytes]]:
    """Run `http` against a server that says `reply`, whatever it is asked, and closes."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        where = local(listener)
        with started("http", where, *options) as client:
            conn, _ = listener.accept()
            with conn:
                conn.recv(1 << 16)
                conn.sendall(reply)
            output, errors = client.communicate(timeout=10)
            yield client.returncode, output, errors


@pytest.mark.peers
def test_bodies_from_nginx_arrive_whole(tmp_path: Path) -> None:
    with peers.nginx() as port:
        page = run("http", f"http://127.0.0.1:{port}/")
        assert page.returncode == 0
        assert page.stdout.decode() == peers.INDEX
        assert b"\nHTTP/1.1 200 OK\n" in page.stderr
        assert b"charset=utf-8" in page.stderr
        file = tmp_path / "big.bin"
        big = run("http", f"127.0.0.1:{port}/big.bin", "-o", str(file))
        assert (big.returncode, big.stdout) == (0, b"")
        assert file.read_bytes() == peers.BIG
        assert list(tmp_path.iterdir()) == [file]
        zipped = ["-H", "Accept-Encoding: gzip"]
        chunked = run("http", f"127.0.0.1:{port}/gz/lines.txt", *zipped)
        assert chunked.stdout[:2] == b"\x1f\x8b"
        assert run("http", f"127.0.0.1:{port}/empty.txt").returncode == 0
        assert run("http", f"127.0.0.1:{port}/", "-X", "HEAD").stdout == b""
        dropped = run("http", f"127.0.0.1:{port}/drop")
        assert dropped.returncode == 1
        assert b"before any response" in dropped.stderr


def test_requests_are_built_as_asked(tmp_path: Path) -> None:
    raw = tmp_path / "request"
    raw.write_bytes(b"PUT /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\nhi")
    with serving("web", "--quiet") as server:
        url = f"http://{server.where}/echo?q=1"
        plain = run("http", url).stdout.decode()
        assert "GET /echo?q=1" in plain
        assert f"User-Agent: Socketboard/{__version__}" in plain
        tutorial = run("http", url, "--tutorial").stdout.decode()
        assert "User-Agent: curl/7.55.1" in tutorial
        posted = run("http", url, "-d", "键=值", "-H", "X-Lesson: 1").stdout.decode()
        assert "POST /echo?q=1" in posted
        assert "X-Lesson: 1" in posted
        assert "键=值" in posted
        assert "application/x-www-form-urlencoded" in posted
        body = tmp_path / "body"
        body.write_bytes(b"\xff@\n\n")
        for given, stdin in ((f"@{body}", b""), ("@-", body.read_bytes())):
            sent = run("http", url, "-d", given, "-H", "content-type: x/y", stdin=stdin).stdout
            assert sent.endswith(b"\r\n\r\n\xff@\n\n")
            assert b"urlencoded" not in sent
        assert b"The name of the file is missing." in run("http", url, "-d", "@").stderr
        assert "PUT /echo" in run("http", url, "--raw", str(raw)).stdout.decode()
        typed = run("http", url, "--raw", "-", stdin=raw.read_bytes())
        assert "PUT /echo" in typed.stdout.decode()
        told = run("http", url, "--json")
        assert {"connected", "sent", "received", "closed"} <= set(events(told.stdout))


def test_a_reply_that_breaks_off_is_exit_code_1_and_no_file(tmp_path: Path) -> None:
    file = tmp_path / "half"
    reply = b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf"
    with _scripted(reply, "-o", str(file)) as (code, _, errors):
        assert code == 1
        assert b"only 4 bytes" in errors
        assert list(tmp_path.iterdir()) == []


def test_a_damaged_body_is_no_other_protocol() -> None:
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    with _scripted(head + b"4\r\nhalf\r\nZZ\r\nxx\r\n") as (code, output, errors):
        assert (code, output) == (1, b"half")
        assert b"HTTP/1.1 200 OK" in errors
        assert b"The body of the response is damaged after 4 bytes: illegal chunk header" in errors
        assert b"another protocol" not in errors


@pytest.mark.skipif(sys.platform != "linux", reason="mounts a small disk")
def test_a_full_disk_is_a_sentence_at_once_and_no_file(tmp_path: Path) -> None:
    small = f'mount -t tmpfs -o size=1m small "{tmp_path}"; "$@"; code=$?; ls -A "{tmp_path}"'
    with socket.create_server(("127.0.0.1", 0)) as listener:
        fetch = command("--lang", "en", "http", local(listener), "-o", str(tmp_path / "body"))
        there = [*unshared("m"), "sh", "-c", f"{small}; exit $code", "sh", *fetch]
        with subprocess.Popen(there, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as client:
            conn, _ = listener.accept()
            with conn, suppress(OSError):  # it goes in the middle
                conn.recv(1 << 16)
                conn.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 9999999999\r\n\r\n")
                while conn.send(bytes(1 << 16)):
                    pass
            output, errors = client.communicate(timeout=PATIENCE_SECONDS)
    assert b'body" cannot be written: No space left on device' in errors
    assert (client.returncode, output) == (2, b"")


def test_a_dash_writes_the_body_to_standard_output_and_no_file_of_that_name() -> None:
    with _scripted(b"HTTP/1.0 200 OK\r\n\r\n\x1b[2J", "-o", "-") as (code, output, _):
        assert (code, output) == (0, b"\x1b[2J")
    assert not Path("-").exists()


_CONTROLS = b"\x1b[2J\xc4\xe3\n\xc4"
_GBK = b"HTTP/1.0 200 OK\r\nContent-Length: 8\r\nContent-Type: text/plain; charset=gbk\r\n\r\n"


def test_a_body_is_untouched_in_a_pipe() -> None:
    with _scripted(_GBK + _CONTROLS) as (_, output, errors):
        assert output == _CONTROLS
        assert b"\nHTTP/1.0 200 OK\n" in errors


@pytest.mark.skipif(sys.platform == "win32", reason="no pseudo-terminals")
@pytest.mark.parametrize("options", [[], ["-o", "-"]], ids=" ".join)
def test_a_body_is_harmless_on_a_terminal(options: list[str]) -> None:
    with accepting() as (listener, where), on_a_terminal("http", where, *options) as screen:
        conn, _ = listener.accept()
        with conn:
            conn.recv(1 << 16)
            conn.sendall(_GBK + _CONTROLS)
        shown = screen.to_the_end()
    assert shown.decode().endswith("\\x1b[2J你\n\\xc4\n")


def test_a_reply_without_a_length_ends_with_the_connection() -> None:
    with _scripted(b"HTTP/1.0 200 OK\r\n\r\nall of it") as (code, output, _):
        assert (code, output) == (0, b"all of it")


def test_what_is_not_http_is_told_in_words() -> None:
    with _scripted(b"220 mail.example ready\r\n\x1b[2J\r\n\r\n") as (code, output, errors):
        assert (code, output) == (1, b"")
        assert b"not a valid HTTP response" in errors
        assert b"\x1b" not in errors


def test_bytes_without_a_complete_header_are_counted() -> None:
    with _scripted(b"SSH-2.0-OpenSSH_9.2\r\n") as (code, output, errors):
        assert (code, output) == (1, b"")
        assert b"21 bytes came, but no complete HTTP header" in errors
        assert b"before any response" not in errors


def test_headers_cannot_play_with_the_terminal() -> None:
    reply = b"HTTP/1.1 200 \x1bOK\r\nX: \xe4\xbd\xa0\x9b2J\r\nContent-Length: 0\r\n\r\n"
    with _scripted(reply) as (_, _, errors):
        assert b"\x1b" not in errors


def test_a_silent_server_is_given_up_after_the_timeout() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        where = local(listener)
        result = run("http", where, "--timeout", "0.3")
    assert result.returncode == 1
    assert b"Nothing arrived in time" in result.stderr


HEAD = b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n"
INTERIM = b"HTTP/1.1 103 Early Hints\r\n\r\n"
DRIPS = 200
"""Pieces after which a server that drips gives up: then the client has failed to."""


def _dripping(first: bytes, piece: bytes, *options: str) -> tuple[int, bytes]:
    """Run `http` against a server that says `first`, then `piece` every twentieth of a second."""
    with accepting() as (listener, where), started("http", where, *options) as client:
        conn, _ = listener.accept()
        with conn:
            conn.recv(1 << 16)
            conn.sendall(first)
            conn.settimeout(0.05)
            with suppress(ConnectionError):
                for _ in range(DRIPS):
                    if not _still_open(conn):
                        break
                    conn.sendall(piece)
                else:
                    raise AssertionError("the client went on reading")
        _, errors = client.communicate(timeout=PATIENCE_SECONDS)
        return client.returncode, errors


def _still_open(conn: socket.socket) -> bool:
    """Wait until the peer has closed (False), or a moment."""
    try:
        return bool(conn.recv(1))
    except TimeoutError:
        return True


@pytest.mark.parametrize(
    ("first", "piece"),
    [
        (b"HTTP/1.1 200 OK\r\nX: ", b"x"),
        (b"HTTP/1.1 100 Continue\r\nX: ", b"x"),
        (HEAD.replace(b"Content-Length: 3", b"Transfer-Encoding: chunked") + b"3;", b"x"),
    ],
)
def test_a_head_and_a_framing_that_drip_are_given_up_after_the_timeout(
    first: bytes, piece: bytes
) -> None:
    code, errors = _dripping(first, piece, "--timeout", "0.5")
    assert code == 1
    assert b"Nothing arrived in time" in errors or b"incomplete" in errors


@pytest.mark.parametrize("options", [(), ("--timeout", "0.5")])
def test_interim_responses_without_end_are_given_up(options: tuple[str, ...]) -> None:
    flood, errors = _dripping(INTERIM * 1000, INTERIM * 1000)
    assert (flood, b"interim responses" in errors) == (1, True)
    code, _ = _dripping(b"", INTERIM, *options)  # a few are allowed, but only so long
    assert code == 1


def test_a_body_may_take_longer_than_the_timeout_if_it_keeps_coming() -> None:
    head = HEAD.replace(b": 3", b": 40")
    code, errors = _dripping(head, b"x", "--timeout", "1")
    assert (code, b"200 OK" in errors) == (0, True)


def test_the_wait_for_the_response_begins_with_the_end_of_the_request(tmp_path: Path) -> None:
    body = tmp_path / "big"
    body.write_bytes(b"x" * (32 << 20))  # more than the kernel keeps for a peer that does not read
    with (
        accepting() as (listener, where),
        started("http", where, "-d", f"@{body}", "--timeout", "1") as client,
    ):
        conn, _ = listener.accept()
        with conn:
            _pass(1.5)
            received = 0
            while received < body.stat().st_size:
                received += len(conn.recv(1 << 20))
            _pass(0.3)
            conn.sendall(HEAD + b"abc")
            output, errors = client.communicate(timeout=PATIENCE_SECONDS)
    assert (client.returncode, output) == (0, b"abc"), errors


def _pass(seconds: float) -> None:
    until = time.monotonic() + seconds
    wait_until(lambda: time.monotonic() > until)
