"""Standard streams that nobody reads, or that were closed before the program began."""

from __future__ import annotations

import shlex
import sqlite3
import subprocess
import sys
from array import array
from contextlib import closing, suppress
from pathlib import Path
from typing import IO

import pytest

from tests.command import ENDING_SIGNALS, PATIENCE_SECONDS, command, started
from tests.helpers import free_port, wait_until
from tests.sockets.conftest import accept, dial, listener, port_of, read


def _is_full(pipe: IO[bytes]) -> bool:
    """Tell whether nothing more fits into a pipe that nobody reads, for the length of its lines."""
    if sys.platform != "linux":
        return False
    import fcntl
    import termios

    waiting = array("i", [0])
    fcntl.ioctl(pipe, termios.FIONREAD, waiting)
    return waiting[0] > int(fcntl.fcntl(pipe, fcntl.F_GETPIPE_SZ)) - 4096


@pytest.mark.skipif(sys.platform != "linux", reason="asks Linux how full a pipe is")
@pytest.mark.parametrize("number", ENDING_SIGNALS)
@pytest.mark.parametrize("options", [(), ("--json",)])
def test_one_signal_ends_it_though_nobody_reads_its_log(
    tmp_path: Path, number: int, options: tuple[str, ...]
) -> None:
    file, port = tmp_path / "r.socketboard", free_port()
    with started("serve", "echo", "--port", str(port), *options, "--record", str(file)) as server:
        log = server.stdout
        assert log is not None
        assert log.readline()
        with dial(port) as peer:
            for _ in range(50):
                line = b"x" * 99 + b"\n"
                peer.sendall(line * 400)
                read(peer, 400 * len(line))
            wait_until(lambda: _is_full(log))
            server.send_signal(number)
            assert server.wait(PATIENCE_SECONDS) == 0
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as db:
        assert db.execute("PRAGMA journal_mode").fetchone() == ("delete",)  # it was closed
        kept = db.execute("SELECT sum(length(data)) FROM chunk WHERE kind = 1").fetchone()[0]
    assert kept == 50 * 400 * 100


@pytest.mark.skipif(sys.platform != "linux", reason="asks Linux how full a pipe is")
def test_one_signal_ends_a_client_though_nobody_reads_what_it_shows() -> None:
    with (
        listener() as there,
        started("connect", f"127.0.0.1:{port_of(there)}") as client,
        accept(there) as peer,
    ):
        peer.sendall((b"x" * 99 + b"\n") * 4000)
        shown = client.stdout
        assert shown is not None
        wait_until(lambda: _is_full(shown))
        client.send_signal(ENDING_SIGNALS[0])
        assert client.wait(PATIENCE_SECONDS) == 128 + ENDING_SIGNALS[0]


@pytest.mark.skipif(sys.platform == "win32", reason="no shell that closes streams")
@pytest.mark.parametrize("arguments", ["--help", "--version", "recording --cases"])
def test_output_that_was_closed_is_said(arguments: str) -> None:
    shell = f"{shlex.join(command('--lang', 'en'))} {arguments} >&-"
    done = subprocess.run(["sh", "-c", shell], capture_output=True, timeout=60, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith(b"\xe2\x9c\x97 Standard output cannot be written: Bad file")


@pytest.mark.skipif(sys.platform == "win32", reason="no shell that closes streams")
def test_where_the_log_was_closed_before_it_began_clients_are_served_all_the_same() -> None:
    port = free_port()
    shell = f"exec {shlex.join(command('serve', 'echo', '--port', str(port)))} >&- 2>&- <&-"
    with subprocess.Popen(["sh", "-c", shell]) as server:
        try:
            wait_until(lambda: can_dial(port))
            with dial(port) as peer:
                peer.sendall(b"heard\n")
                assert read(peer, 6) == b"heard\n"
            client = f"exec {shlex.join(command('connect', f':{port}', '--send', 'x'))} 2>&- <&-"
            done = subprocess.run(["sh", "-c", client], capture_output=True, timeout=60, check=True)
            assert done.stdout == b"x\n"
            server.send_signal(ENDING_SIGNALS[0])
            assert server.wait(PATIENCE_SECONDS) == 1  # its log was lost
        finally:
            server.kill()


def can_dial(port: int) -> bool:
    """Tell whether somebody listens there."""
    with suppress(ConnectionRefusedError):
        dial(port).close()
        return True
    return False
