"""What the computer does to a server: it sleeps, its clock is set, it has no more to give."""

from __future__ import annotations

import errno
import os
import shlex
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from functools import partial
from pathlib import Path

import pytest

from netlib.errors import Cause
from netlib.events import Accepted, ActivityStopped, Failed, Unanswered
from netlib.network import Network
from netlib.silence import Silence
from netlib.system import sockets
from netlib.system.sockets import SockAddr
from tests.command import PATIENCE_SECONDS, Running, command, listening, serving
from tests.helpers import wait_until
from tests.peers import program
from tests.sockets.conftest import (
    PREFIX,
    SECONDS,
    Events,
    dial,
    read,
    read_to_end,
    serve,
    udp_peer,
    unshared,
)

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="mounts, /proc, preload")


def said(peer: socket.socket, line: bytes) -> bytes:
    """Send a line, return the answer without its prefix."""
    peer.sendall(line)
    answer = read(peer, len(PREFIX) + len(line))
    assert answer.startswith(PREFIX)
    return answer[len(PREFIX) :]


# -- suspended -------------------------------------------------------------------------------------


@contextmanager
def suspended(server: Running, seconds: float) -> Iterator[None]:
    """Stop a program as Ctrl+Z and a sleeping computer do, for at least so long."""
    if sys.platform == "win32":
        raise RuntimeError("Windows cannot suspend a process")
    process = server.process
    process.send_signal(signal.SIGSTOP)
    stat = Path(f"/proc/{process.pid}/stat")
    wait_until(lambda: stat.read_text(encoding="ascii").rpartition(")")[2].split()[0] == "T")
    over = time.monotonic() + seconds
    try:
        yield
        wait_until(lambda: time.monotonic() > over, seconds + 1)
    finally:
        process.send_signal(signal.SIGCONT)


def test_who_spoke_while_the_server_was_suspended_is_answered_and_the_silent_closed_once() -> None:
    with (
        serving("acknowledge", "--read-timeout", "0.5") as server,
        dial(server.port) as silent,
        dial(server.port) as talking,
    ):
        assert said(silent, b"a\n") == said(talking, b"a\n") == b"a\n"
        with suspended(server, 1.2):
            talking.sendall(b"meanwhile\n")
            late = dial(server.port)  # the kernel accepts for a program that sleeps
            late.sendall(b"late\n")
        with late:
            assert read(talking, len(PREFIX) + 10) == PREFIX + b"meanwhile\n"
            assert read(late, len(PREFIX) + 5) == PREFIX + b"late\n"
            assert read_to_end(silent) == b""
            assert said(talking, b"still here\n") == said(late, b"still here\n")
            assert read_to_end(talking) == read_to_end(late) == b""  # deadlines hold again
        with dial(server.port) as new:
            assert said(new, b"new\n") == b"new\n"
        code, log = server.end()
    assert code == 0
    assert log.count("read timeout") == 3, log


# -- the clock is set ------------------------------------------------------------------------------


@pytest.fixture
def clock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[int], object]:
    """Return what sets the wall clock of programs started from now on wrong, by so many seconds."""
    library, wrong_by = tmp_path / "stepped_clock.so", tmp_path / "wrong_by"
    source = Path(__file__).with_name("stepped_clock.c")
    options = ["-shared", "-fPIC", "-Wall", "-Wextra", "-Werror"]
    subprocess.run([program("gcc"), *options, "-o", str(library), str(source)], check=True)
    monkeypatch.setenv("LD_PRELOAD", str(library))
    monkeypatch.setenv("STEPPED_CLOCK", str(wrong_by))
    return lambda seconds: wrong_by.write_text(str(seconds), encoding="ascii")


def recorded(file: Path, query: str) -> list[tuple[float, ...]]:
    """Ask a recording."""
    with closing(sqlite3.connect(file)) as recording:
        return recording.execute(query).fetchall()


@pytest.mark.parametrize("step", [86_400, -86_400], ids=["tomorrow", "yesterday"])
def test_deadlines_are_kept_whatever_the_wall_clock_is_set_to(
    clock: Callable[[int], object], step: int, tmp_path: Path
) -> None:
    file = tmp_path / "lesson.sqlite"
    options = ("--read-timeout", "1", "--record", str(file), "--quiet")
    with serving("acknowledge", *options) as server, dial(server.port) as peer:
        assert said(peer, b"before\n") == b"before\n"
        wait_until(lambda: recorded(file, "SELECT 1 FROM chunk WHERE kind = 2"))
        begun = time.monotonic()
        clock(step)
        assert said(peer, b"after\n") == b"after\n"
        assert read_to_end(peer) == b""
        assert 1.0 <= time.monotonic() - begun < 3.0
        assert server.end()[0] == 0
    rows = recorded(file, "SELECT at, wall - at FROM chunk ORDER BY id")
    moments, differences = zip(*rows, strict=True)
    assert list(moments) == sorted(moments)  # the order of things does not depend on it
    assert differences[-1] - differences[0] == pytest.approx(step, abs=1)


# -- the system has no more to give ----------------------------------------------------------------


class Pressed(socket.socket):
    """A socket of a system that has, while `pressed`, no memory left for the network."""

    pressed = True

    @classmethod
    def like(cls, sock: socket.socket) -> Pressed:
        """Take a socket over."""
        pressed = cls(fileno=sock.detach())
        pressed.setblocking(False)
        return pressed

    def _refuse(self) -> None:
        if Pressed.pressed:
            raise OSError(errno.ENOBUFS, os.strerror(errno.ENOBUFS))

    def _accept(self) -> tuple[int, SockAddr]:
        self._refuse()
        return super()._accept()  # type: ignore[misc, no-any-return]

    def sendto(self, data: bytes, address: SockAddr) -> int:  # type: ignore[override]
        self._refuse()
        return super().sendto(data, address)


@pytest.fixture
def pressed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Servers get sockets of such a system."""
    monkeypatch.setattr(Pressed, "pressed", True)
    listen, bind_udp = partial(_pressed, sockets.listen), partial(_pressed, sockets.bind_udp)
    monkeypatch.setattr("netlib.activities.server.listen", listen)
    monkeypatch.setattr("netlib.activities.udp_server.bind_udp", bind_udp)


def _pressed(make: Callable[..., list[socket.socket]], *where: object) -> list[socket.socket]:
    return [Pressed.like(one) for one in make(*where)]


def test_without_memory_newcomers_wait_in_the_queue_and_it_is_said_why(
    pressed: None, network: Network, events: Events
) -> None:
    server = serve(network, events)
    with dial(server.port) as peer:
        assert events.wait_for(Failed).error.cause is Cause.NO_BUFFERS
        assert not events.of(Accepted)
        Pressed.pressed = False
        assert said(peer, b"a\n") == b"a\n"
    assert len(events.of(Failed)) == 1


def test_answers_without_memory_for_them_are_counted_as_lost_and_it_is_said_why_once(
    pressed: None, network: Network, events: Events
) -> None:
    server = serve(network, events, udp=True)
    with udp_peer(server.port) as peer:
        for _ in range(200):
            peer.send(b"0")
        wait_until(lambda: network.totals(server.number).unsent == 200)
        Pressed.pressed = False
        peer.send(b"2")
        assert peer.recv(100) == PREFIX + b"2"
    network.stop(server.number)
    events.wait_for(ActivityStopped, activity=server.number)
    failed, unanswered = events.of(Failed), events.of(Unanswered)
    assert {one.error.cause for one in failed} == {Cause.NO_BUFFERS}
    assert {one.why for one in unanswered} == {Silence.NOT_SENT}
    assert sum(one.count for one in unanswered) == 199  # of the first it was told why
    assert len(failed) + len(unanswered) < 20
    assert network.totals(server.number).unanswered == 200


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limit")
@pytest.mark.parametrize("files", [20, 64])
@pytest.mark.parametrize("options", [(), ("--quiet",)])
def test_a_server_that_has_no_more_files_says_so_once_and_goes_on(
    files: int, options: tuple[str, ...]
) -> None:
    serve = shlex.join(command("--lang", "en", "serve", "acknowledge", "--port", "0", *options))
    with (
        listening(["sh", "-c", f"ulimit -n {files}; exec {serve}"]) as server,
        ExitStack() as crowd,
    ):
        first = crowd.enter_context(dial(server.port))
        for _ in range(files):
            crowd.enter_context(dial(server.port))
        assert server.process.stderr is not None
        assert b"too many sockets are open" in server.process.stderr.readline()
        assert said(first, b"still here\n") == b"still here\n"
        crowd.close()
        with dial(server.port) as later:
            assert said(later, b"and later\n") == b"and later\n"
        code, _rest = server.end()
        assert code == 0


NO_FILES = """
import os, resource, sys, threading
from netlib.address import Endpoint
from netlib.activities.client import ClientConfig
from netlib.events import Connected, Failed, Listening
from netlib.network import Network
from netlib.activities.serving import ServerConfig
resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))
network, pause = Network(), threading.Event()
def outcome(number, good):
    while True:
        for event in network.poll():
            if event.activity == number and isinstance(event, (good, Failed)):
                return event
        pause.wait(0.002)
config = ServerConfig(service="echo", host="127.0.0.1", port=0)
here = outcome(network.serve(config), Listening).local
print("listening on", here, flush=True)
sys.stdin.readline()
hoard = []
try:
    while True:
        hoard.append(os.open(os.devnull, os.O_RDONLY))
except OSError:
    pass
client = ClientConfig(endpoint=here)
for event in outcome(network.connect(client), Connected), outcome(network.serve(config), Listening):
    print(event.error, flush=True)
sys.stdin.readline()
for one in hoard:
    os.close(one)
print(type(outcome(network.connect(client), Connected)).__name__, network.close(), flush=True)
"""


def test_without_files_new_work_is_refused_with_the_reason_and_the_rest_is_served() -> None:
    pipe = subprocess.PIPE
    house = Path(__file__).resolve().parent.parent.parent
    with subprocess.Popen(
        [sys.executable, "-c", NO_FILES], stdin=pipe, stdout=pipe, cwd=house, bufsize=0
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        with dial(int(process.stdout.readline().rpartition(b":")[2])) as peer:
            peer.sendall(b"early")
            assert read(peer, 5) == b"early"
            process.stdin.write(b"\n")
            assert process.stdout.readline() == b"connect: too many open files (24)\n"
            assert process.stdout.readline() == b"bind: too many open files (24)\n"
            peer.sendall(b"still served")
            assert read(peer, 12) == b"still served"
            process.stdin.write(b"\n")
            assert process.stdout.readline() == b"Connected True\n"
        assert process.wait(SECONDS) == 0


def test_a_full_disk_is_said_in_words_and_counted_while_the_clients_are_served(
    tmp_path: Path,
) -> None:
    small = f'mount -t tmpfs -o size=1m small "{tmp_path}" && exec "$@"'
    options = ("--port", "0", "--quiet", "--record", str(tmp_path / "full.sqlite"))
    serve_there = command("--lang", "en", "serve", "acknowledge", *options)
    line = b"x" * 9_999 + b"\n"
    with listening([*unshared("m"), "sh", "-c", small, "sh", *serve_there]) as server:
        with dial(server.port) as peer:
            for _ in range(300):
                assert said(peer, line) == line
        server.process.send_signal(signal.SIGTERM)
        _, told = server.process.communicate(timeout=PATIENCE_SECONDS)
        assert server.process.returncode == 1
    assert b"The disk is full (" in told
    assert b"bytes are missing in the recording" in told
