"""`serve` as a process: its first line, its log, its replies byte for byte, its end."""

from __future__ import annotations

import re
import signal
import socket
import sqlite3
import subprocess
import threading
import time
from contextlib import ExitStack, closing, suppress
from pathlib import Path

import pytest

from netlib import Accepted, Item
from netlib.cli import main
from netlib.cli.log import Log, LossyQueue
from tests import peers
from tests.command import (
    ENDING_SIGNALS,
    PATIENCE_SECONDS,
    ask_to_end,
    command,
    events,
    listening,
    local,
    objects,
    run,
    serving,
    started,
)
from tests.helpers import free_port, wait_until
from tests.sockets.conftest import PREFIX, dial, read


def _nc(port: int, data: bytes, *options: str) -> bytes:
    """Send with a plain nc, which finishes (FIN) at the end of its input."""
    return subprocess.run(
        [peers.nc(), "-N", *options, "127.0.0.1", str(port)],
        input=data,
        capture_output=True,
        timeout=10,
        check=True,
    ).stdout


@pytest.mark.peers
@pytest.mark.parametrize(
    "lines",
    [
        [b"hello\n"],
        ["你好\n".encode(), b"\n", b"crlf\r\n", b"\xff\xfe\x00\n", "中文\n".encode("gbk")],
        [b"x" * 200_000 + b"\n"],
    ],
)
def test_plain_nc_gets_every_line_back_byte_for_byte(lines: list[bytes]) -> None:
    with serving("acknowledge", "--quiet") as server:
        reply = _nc(server.port, b"".join(lines) + b"half a line")
        assert reply == b"".join(PREFIX + line for line in lines)
        assert server.end() == (0, "")


def test_every_accept_message_timeout_end_and_reset_is_logged_with_peer_and_time() -> None:
    with serving("acknowledge", "--read-timeout", "0.2") as server:
        with socket.create_connection(("127.0.0.1", server.port)) as client:
            me = local(client)
            client.sendall("你好\x1b\n".encode())
            assert f"accepted a connection from {me}" in server.line()
            line = server.line()
            assert re.match(r"\d\d:\d\d:\d\d\.\d{3}  ", line)
            assert f"{me}  ← 你好\\x1b\\n" in line
            assert f"{me}  → 已接收: 你好\\x1b\\n" in server.line()
            assert me in server.line_with("read timeout")
        with socket.create_connection(("127.0.0.1", server.port)) as client:
            me = local(client)
            client.shutdown(socket.SHUT_WR)
            assert me in server.line_with("FIN received")
        with socket.create_connection(("127.0.0.1", server.port)) as client:
            me = local(client)
            assert me in server.line_with("accepted")
            linger = (1).to_bytes(4, "little") + bytes(4)
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        assert me in server.line_with("RST")
        assert server.end()[0] == 0


@pytest.mark.parametrize("number", ENDING_SIGNALS)
@pytest.mark.parametrize("how", [[], ["--quiet"]])
def test_a_signal_ends_it_cleanly(number: signal.Signals, how: list[str]) -> None:
    with serving("echo", *how) as server:
        assert server.end(number)[0] == 0


def test_json_tells_every_event_and_every_byte() -> None:
    options = ["--json", "--port", "0", "--encoding", "gbk"]
    with started("serve", "acknowledge", *options) as server:
        assert server.stdout is not None
        first = server.stdout.readline()
        assert events(first) == ["listening"]
        port = int(objects(first)[0]["local"].rpartition(":")[2])
        with socket.create_connection(("127.0.0.1", port)) as client:
            me = local(client)
            client.sendall("你".encode("gbk")[:1])
            half = server.stdout.readline() + server.stdout.readline()
            client.sendall("你\n".encode("gbk")[1:])
            whole = server.stdout.readline()
        ask_to_end(server)
        rest, _ = server.communicate(timeout=10)
    assert server.returncode == 0
    assert events(half) == ["accepted", "received"]
    received = [objects(half)[1], *objects(whole)]
    assert {shown["peer"] for shown in received} == {me}
    assert [shown["data"] for shown in received] == ["xA==", "4wo="]
    assert "".join(shown["text"] for shown in received) == "你\n"
    assert all(shown["at"] > 1_700_000_000 for shown in received)
    assert events(rest)[-1] == "activity_stopped"
    assert events(rest).count("closed") == 1


def test_a_recording_holds_every_byte(tmp_path: Path) -> None:
    file = tmp_path / "lesson.sqlite"
    data = b"".join(b"line %d\n" % number for number in range(20_000))
    with (
        serving("acknowledge", "--quiet", "--record", str(file)) as server,
        socket.create_connection(("127.0.0.1", server.port)) as client,
    ):
        client.sendall(data[:50_000])
        expected = len(PREFIX) * data[:50_000].count(b"\n")
        got = 0
        while got < expected + data.rfind(b"\n", 0, 50_000) + 1:
            got += len(client.recv(1 << 16))
        assert server.end()[0] == 0
    with closing(sqlite3.connect(file)) as recording:
        rows = recording.execute("SELECT data FROM chunk WHERE kind = 1 ORDER BY id")
        assert b"".join(row[0] for row in rows) == data[:50_000]


def test_a_limited_recording_says_at_once_and_at_the_end_what_went(tmp_path: Path) -> None:
    how = ("--quiet", "--record", str(tmp_path / "lesson.sqlite"), "--record-limit", "2M")
    with (
        serving("acknowledge", *how) as server,
        socket.create_connection(("127.0.0.1", server.port)) as client,
    ):
        line = b"x" * 60_000 + b"\n"
        for _ in range(50):  # 6 MB, both ways together
            client.sendall(line)
            read(client, len(PREFIX) + len(line))
        assert server.process.stderr is not None
        assert b"has reached --record-limit" in server.process.stderr.readline()
        ask_to_end(server.process)
        _out, at_the_end = server.process.communicate(timeout=PATIENCE_SECONDS)
    assert server.process.returncode == 1
    assert re.search(rb"\d+ entries, the oldest, were removed from the recording", at_the_end)


def test_a_limit_needs_a_recording() -> None:
    done = run("serve", "echo", "--record-limit", "2M")
    assert done.returncode == 2
    assert b"--record-limit is for --record only" in done.stderr


def test_a_flood_is_counted_in_the_log_and_answered_in_full() -> None:
    lines = 200_000
    with serving("acknowledge") as server, socket.socket() as client:
        client.connect(("127.0.0.1", server.port))
        client.settimeout(20)
        owed = lines * (len(PREFIX) + 2)
        data = memoryview(b"x\n" * lines)
        sent = got = 0
        while got < owed:
            if sent < len(data):
                sent += client.send(data[sent : sent + 30_000])
            got += len(client.recv(1 << 20))
        code, log = server.end()
    assert code == 0
    assert "--record FILE keeps everything" in log
    assert len(log.splitlines()) < lines


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no file that is always full")
@pytest.mark.parametrize("how", [[], ["--json"], ["--quiet"]])
def test_a_server_goes_on_when_the_disk_under_its_log_is_full(how: list[str]) -> None:
    port = free_port()
    call = command("--lang", "en", "serve", "acknowledge", "--port", str(port), *how)
    with (
        Path("/dev/full").open("wb") as full,
        subprocess.Popen(call, stdout=full, stderr=subprocess.PIPE) as server,
    ):
        try:
            assert server.stderr is not None
            assert server.stderr.readline().startswith(b"\xe2\x9c\x97 Standard output cannot be")
            for _ in range(3):
                with dial(port) as client:
                    client.sendall(b"hello\n")
                    assert read(client, len(PREFIX) + 6) == PREFIX + b"hello\n"
            server.send_signal(signal.SIGTERM)
            _out, rest = server.communicate(timeout=PATIENCE_SECONDS)
        finally:
            server.kill()
    assert server.returncode == 1
    assert rest == b""


def test_a_recording_where_none_can_be_is_refused_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "there").write_bytes(b"x")
    for name, reason in (
        ("x" * 300, "cannot be written"),
        ("", "exists already"),
        ("there", "exists already"),
        ("no/such/folder", "cannot be written"),
    ):
        refused = run("serve", "echo", "--port", "0", "--record", str(tmp_path / name))
        told = refused.stderr.decode()
        assert (refused.returncode, refused.stdout) == (2, b"")
        assert reason in told
        assert told.count("\n") == 1


def test_a_port_in_use_is_exit_code_1_with_the_reason() -> None:
    with serving("echo", "--quiet") as server:
        second = run("serve", "echo", "--port", str(server.port))
        assert second.returncode == 1
        assert second.stdout == b""
        assert b"in use" in second.stderr
        free = re.search(rb"Free: --port (\d+)\n$", second.stderr)
        assert free is not None
        assert server.port < int(free[1]) <= server.port + 100


def test_a_closed_output_ends_it_quietly() -> None:
    with listening(command("serve", "acknowledge", "--port", "0")) as server:
        assert server.process.stdout is not None
        server.process.stdout.close()
        with socket.create_connection(("127.0.0.1", server.port)) as client:
            client.sendall(b"hello\n")
            assert server.process.wait(10) == 0
        assert server.process.stderr is not None
        assert server.process.stderr.read() == b""


@pytest.mark.parametrize(
    ("host", "lines"),
    [
        ("localhost", ["listening on 127.0.0.1:{port}\n", "listening on [::1]:{port}\n"]),
        ("127.0.0.1", ["listening on 127.0.0.1:{port}\n"]),
        ("0.0.0.0", ["listening on 0.0.0.0:{port}\n"]),
        ("*", ["listening on [::]:{port} (IPv4 and IPv6)\n"]),
        ("::", ["listening on [::]:{port} (IPv4 and IPv6)\n"]),
    ],
)
def test_the_first_lines_say_where_it_listens_in_english_always(
    host: str, lines: list[str]
) -> None:
    call = command("--lang", "zh", "serve", "echo", "--quiet", "--port", "0", "--host", host)
    with listening(call) as server:
        output = server.process.stdout
        assert output is not None
        told = [server.first.decode(), *(output.readline().decode() for _ in lines[1:])]
        assert told == [line.format(port=server.port) for line in lines]
        assert server.end() == (0, "")


def test_every_interface_and_a_datagram_service() -> None:
    with serving("time", "--host", "*", "--quiet") as server:
        answer = run("udp", f"127.0.0.1:{server.port}", "--send", "", "--wait", "0.2")
        assert answer.returncode == 0
        assert answer.stdout[10:11] == b"T"


def test_the_command_line_keeps_a_rate_too() -> None:
    with serving("acknowledge", "--max-rate", "1", "--quiet") as server:
        begun = time.monotonic()
        with dial(server.port) as first, dial(server.port) as second:
            for peer in (first, second):
                peer.sendall(b"a\n")
                assert read(peer, len(PREFIX) + 2) == PREFIX + b"a\n"
        assert time.monotonic() - begun >= 1.0
        assert server.end()[0] == 0


def test_what_was_taken_when_the_signal_came_is_still_shown(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    port, show = free_port(), Log.show

    def interrupted_show(log: Log, items: list[Item], queue: LossyQueue) -> None:
        if any(isinstance(item, Accepted) for item in items):
            signal.raise_signal(signal.SIGINT)
        show(log, items, queue)

    def call() -> None:
        with ExitStack() as calls:
            wait_until(lambda: connected(calls))
            ended.wait(PATIENCE_SECONDS)

    def connected(calls: ExitStack) -> bool:
        with suppress(ConnectionRefusedError):
            calls.enter_context(dial(port))
            return True
        return False

    monkeypatch.setattr(Log, "show", interrupted_show)
    ended = threading.Event()
    client = threading.Thread(target=call)
    client.start()
    code = main(["--lang", "en", "serve", "acknowledge", "--port", str(port)])
    ended.set()
    client.join()
    assert code == 0
    assert capsys.readouterr().out.count("accepted a connection from 127.0.0.1:") == 1
