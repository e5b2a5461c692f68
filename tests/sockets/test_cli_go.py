"""A Go program written from the wire behaviour, at both ends of our command line."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from tests import peers
from tests.command import PATIENCE_SECONDS, listening, run, serving
from tests.helpers import free_port

pytestmark = pytest.mark.peers

SOURCE = Path(__file__).resolve().parent.parent / "go" / "tutorial.go"
LINES = "你好\n".encode() + b"\ncrlf\r\n\xff\x00\n" + b"x" * 100_000 + b"\n"


@pytest.fixture(scope="module")
def go(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return the compiled program."""
    program = tmp_path_factory.mktemp("go") / "tutorial"
    build = [peers.program("go"), "build", "-o", str(program), str(SOURCE)]
    subprocess.run(build, cwd=program.parent, env=os.environ | {"CGO_ENABLED": "0"}, check=True)
    return str(program)


def _go(*arguments: str, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        arguments, input=stdin, capture_output=True, timeout=PATIENCE_SECONDS, check=False
    )


def test_go_dials_our_server_and_is_refused_where_nobody_listens(go: str) -> None:
    with serving("acknowledge", "--quiet") as server:
        assert _go(go, "dial", server.where).stdout == b"connected\n"
    assert b"refused" in _go(go, "dial", f"127.0.0.1:{free_port()}").stderr


def test_go_gets_every_line_back_byte_for_byte(go: str) -> None:
    prefix = "已接收: ".encode()
    with serving("acknowledge", "--quiet") as server:
        reply = _go(go, "talk", server.where, stdin=LINES + b"half").stdout
    assert reply == b"".join(prefix + line for line in LINES.splitlines(keepends=True))


def test_go_reads_our_page_to_its_end(go: str) -> None:
    with serving("web", "--quiet") as server:
        reply = _go(go, "get", server.where).stdout
    head, _, body = reply.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200 OK\r\n")
    assert f"content-length: {len(body)}".encode() in head.lower()


def test_our_chat_talks_to_a_line_server_in_go(go: str) -> None:
    with listening([go, "lines"]) as server:
        result = run("chat", server.where, "--wait", "0.3", stdin="你好\n再见\n".encode())
    assert result.returncode == 0
    assert result.stdout.decode() == "已接收: 你好\n已接收: 再见\n"


def test_time_is_asked_and_told_in_both_directions(go: str) -> None:
    with serving("time", "--quiet") as server:
        assert len(_go(go, "ask", server.where).stdout) in {20, 25}
    with listening([go, "clock"]) as server:
        result = run("time", server.where)
        assert result.returncode == 0
        assert b"round-trip time" in result.stdout
