"""A long lesson: everything at once for minutes, then every byte is asked for.

`python -m tests.bench.soak [--minutes M]` runs, against servers that are watched and recorded as
the window does it: ping-pong, pipelined lines, churn, datagrams, and peers that never read. Every
ten seconds it prints how much memory the servers' process holds, and the counts. At the end:

    what peers sent  = what we received = in the recording + dropped    (TCP, to the byte)
    what peers heard = what we sent     = in the recording + dropped
    datagrams sent   = received + dropped by the kernel
    chunks in the file = chunks written - chunks trimmed

Peers that never read are reset, and what was on its way to them is lost: of them only what we saw
is compared with the recording. Exit code 1 where a count is not exact; the memory is for judging.
"""

from __future__ import annotations

import argparse
import json
import selectors
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, suppress
from itertools import islice
from pathlib import Path
from typing import Final, NamedTuple

from netlib import ServerConfig
from netlib.activities.counters import Totals
from netlib.events import Direction, Listening, Transport
from netlib.network import Network
from netlib.recording.journal import Journal
from netlib.recording.reader import Recording
from netlib.teaching.lines import ROW_BYTES
from tests.bench.stats import slope

HOST: Final = "127.0.0.1"
QUOTA: Final = 64 << 20
"""Bytes of the recording: small, so that it is trimmed all the time."""
TICK_SECONDS: Final = 0.033
REPORT_SECONDS: Final = 10.0
PATIENCE_SECONDS: Final = 30.0
"""Longest wait for the last bytes when the load has ended."""
PAGE_ROWS: Final = 60
LINE: Final = b"a line of a long, long lesson about sockets and their secrets\n"


class Count(NamedTuple):
    """Bytes (of datagrams: how many) a load sent, and what came back."""

    sent: int = 0
    heard: int = 0


# -- the loads: each a process ---------------------------------------------------------------------


class Talker:
    """A peer that says something, hears the answers to all of it, and says it again."""

    def __init__(self, port: int, lines: int) -> None:
        self.sock = _dial(port)
        self._lines = lines
        self._owed = self.sent = self.heard = 0
        self.say()

    def say(self) -> None:
        """Say it."""
        self.sock.sendall(LINE * self._lines)
        self.sent += len(LINE) * self._lines
        self._owed = self._lines

    def hear(self) -> None:
        """Take what has come."""
        data = self.sock.recv(1 << 20)
        self.heard += len(data)
        self._owed -= data.count(b"\n")
        if not self._owed:
            self.say()

    def end(self) -> None:
        """FIN, and read to the server's: then every byte has arrived."""
        self.sock.shutdown(socket.SHUT_WR)
        while data := self.sock.recv(1 << 20):
            self.heard += len(data)
        self.sock.close()


def converse(port: int, seconds: float, clients: int, lines: int) -> Count:
    """Let some clients talk, so many lines at once."""
    talkers = [Talker(port, lines) for _ in range(clients)]
    with selectors.DefaultSelector() as selector:
        for one in talkers:
            selector.register(one.sock, selectors.EVENT_READ, one)
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            for key, _mask in selector.select(0.1):
                key.data.hear()
    for one in talkers:
        one.end()
    return Count(sum(one.sent for one in talkers), sum(one.heard for one in talkers))


def churn(port: int, seconds: float) -> Count:
    """Connect, say a line, hear the answer, close; over and over."""
    sent = heard = 0
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        with _dial(port) as peer:
            peer.sendall(LINE)
            peer.shutdown(socket.SHUT_WR)
            sent += len(LINE)
            while data := peer.recv(4096):
                heard += len(data)
    return Count(sent, heard)


def deaf(port: int, seconds: float, clients: int) -> Count:
    """Send and never read; when reset, begin anew."""
    peers = [_dial(port) for _ in range(clients)]
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        for number, peer in enumerate(peers):
            peer.settimeout(0.02)
            try:
                peer.send(LINE * 500)
            except TimeoutError:
                continue
            except OSError:
                peer.close()
                peers[number] = _dial(port)
    for peer in peers:
        peer.close()
    return Count()


def datagrams(port: int, seconds: float) -> Count:
    """Send datagrams in bursts, without waiting for every answer."""
    sent = heard = 0
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as peer:
        peer.connect((HOST, port))
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            for _ in range(32):
                peer.send(LINE)
                sent += 1
            peer.settimeout(0.01)
            with suppress(TimeoutError):
                for _ in range(32):
                    peer.recv(4096)
                    heard += 1
    return Count(sent, heard)


def _dial(port: int) -> socket.socket:
    return socket.create_connection((HOST, port), timeout=PATIENCE_SECONDS)


class Load(NamedTuple):
    """A kind of work, and which of the servers it is for."""

    run: Callable[[int, float], Count]
    server: str


LOADS: Final[dict[str, Load]] = {
    "ping-pong": Load(lambda port, seconds: converse(port, seconds, 50, 1), "lines"),
    "pipelined": Load(lambda port, seconds: converse(port, seconds, 4, 256), "lines"),
    "churn": Load(churn, "lines"),
    "deaf": Load(lambda port, seconds: deaf(port, seconds, 10), "deaf"),
    "datagrams": Load(datagrams, "datagrams"),
}

SERVERS: Final = {
    "lines": ServerConfig(service="acknowledge", host=HOST, port=0),
    "deaf": ServerConfig(service="acknowledge", host=HOST, port=0, write_timeout=1.0),
    "datagrams": ServerConfig(service="acknowledge", host=HOST, port=0, transport=Transport.UDP),
}


# -- the servers, watched as the window watches them -----------------------------------------------


class Lesson:
    """All servers on one network with one recording, and what the window does meanwhile."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.journal = Journal(path, QUOTA, segmented=True)
        self.network = Network(self.journal)
        self._recording = Recording(path, newest=self.journal.newest)
        self.numbers = {name: self.network.serve(config) for name, config in SERVERS.items()}
        self._ports: dict[int, int] = {}
        while len(self._ports) < len(self.numbers):
            self.tick()

    def port(self, name: str) -> int:
        """Return where a server listens."""
        return self._ports[self.numbers[name]]

    def tick(self) -> None:
        """Take the events, the figures, and the newest page of the recording."""
        while events := self.network.poll(500):
            for event in events:
                if isinstance(event, Listening):
                    self._ports[event.activity] = event.local.port
        for number in self.numbers.values():
            list(islice(self.network.clients(number).values(), PAGE_ROWS))
            rows = self.journal.lines.get(number, 0)
            list(self._recording.read(number, max(0, rows - PAGE_ROWS), rows, ROW_BYTES))
        time.sleep(TICK_SECONDS)

    def totals(self) -> dict[str, Totals]:
        """Return the figures of every server."""
        return {name: self.network.totals(number) for name, number in self.numbers.items()}

    def settle(self) -> None:
        """Wait until nobody is connected and everything is written."""
        until = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < until and any(one.clients for one in self.totals().values()):
            self.tick()
        self.journal.flush(PATIENCE_SECONDS)

    def close(self) -> bool:
        """End everything; True: no thread is left."""
        gone = self.network.close(5.0)
        self._recording.close()
        return self.journal.close() and gone


def memory() -> float:
    """Return the megabytes this process holds."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("VmRSS:")[2].split()[0]) / 1024


def watch(lesson: Lesson, minutes: float) -> list[tuple[float, float]]:
    """Tick until the load is over; print and return (seconds, megabytes)."""
    begun = time.monotonic()
    seen: list[tuple[float, float]] = []
    while (elapsed := time.monotonic() - begun) < minutes * 60:
        lesson.tick()
        if elapsed >= REPORT_SECONDS * (len(seen) + 1):
            seen.append((elapsed, memory()))
            print(f"{elapsed:6.0f} s  {seen[-1][1]:7.1f} MB  {_counts(lesson)}", flush=True)
    return seen


def _counts(lesson: Lesson) -> str:
    journal = lesson.journal
    shown = [f"{name} {one.received:,}→{one.sent:,}" for name, one in lesson.totals().items()]
    dropped = sum(journal.dropped.values())
    return "  ".join([*shown, f"trimmed {journal.trimmed:,} chunks", f"dropped {dropped:,}"])


# -- the reckoning ---------------------------------------------------------------------------------

Equation = tuple[str, int, int]
"""What is compared, and its two sides."""


def reckon(lesson: Lesson, counts: dict[str, Count]) -> Iterator[Equation]:
    """Yield everything that must be equal."""
    totals, journal = lesson.totals(), lesson.journal
    lines = [counts[name] for name, load in LOADS.items() if load.server == "lines"]
    yield "peers sent = received (TCP)", sum(one.sent for one in lines), totals["lines"].received
    yield "sent = peers heard (TCP)", totals["lines"].sent, sum(one.heard for one in lines)
    udp = totals["datagrams"]
    known = udp.messages + (udp.kernel_drops or 0)
    yield "datagrams sent = received + dropped", counts["datagrams"].sent, known
    for direction, name in ((Direction.RECEIVED, "received"), (Direction.SENT, "sent")):
        crossed = sum(getattr(one, name) for one in totals.values())
        kept = journal.recorded[direction] + journal.dropped[direction]
        yield f"{name} = recorded + dropped", crossed, kept
    with closing(sqlite3.connect(lesson.path)) as db:
        rows, last = db.execute("SELECT sum(chunks), max(last) FROM page").fetchone()
    yield "chunks written = in the file + trimmed", last + 1, rows + journal.trimmed
    yield "events nobody took", lesson.network.lost_events, 0


def soak(minutes: float, folder: Path) -> int:
    """Run the lesson; return 0 where every count is exact."""
    lesson = Lesson(folder / "soak.sqlite")
    with ExitStack() as stack:
        loads = {
            name: stack.enter_context(_start(name, lesson.port(load.server), minutes * 60))
            for name, load in LOADS.items()
        }
        seen = watch(lesson, minutes)
        while any(process.poll() is None for process in loads.values()):
            lesson.tick()
        counts = {name: Count(*json.loads(one.communicate()[0])) for name, one in loads.items()}
    lesson.settle()
    wrong = 0
    for what, left, right in reckon(lesson, counts):
        wrong += left != right
        print(f"{'✓' if left == right else '✗'} {what}: {left:,} = {right:,}")
    print(_memory(seen))
    print(f"all threads ended: {lesson.close()}")
    return 1 if wrong else 0


def _memory(seen: list[tuple[float, float]]) -> str:
    """Say whether the memory is flat; up to 64 MB of it wait for the disk, and come and go."""
    half = len(seen) // 2
    if not half:
        return "memory: too short to tell"
    early, late = (max(megabytes for _, megabytes in part) for part in (seen[:half], seen[half:]))
    grows = slope(seen[half:]) * 60
    most = f"at most {early:.1f} MB in the first half, {late:.1f} in the second"
    return f"memory: {most}, {grows:+.2f} MB a minute there"


def _start(name: str, port: int, seconds: float) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "tests.bench.soak", "--load", name, str(port), str(seconds)]
    return subprocess.Popen(command, stdout=subprocess.PIPE)


def main(arguments: Sequence[str]) -> int:
    """Run the lesson, or one load of it."""
    parser = argparse.ArgumentParser("tests.bench.soak")
    parser.add_argument("--minutes", type=float, default=10.0, help="how long (default 10)")
    parser.add_argument("--load", nargs=3, help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.load:
        name, port, seconds = options.load
        print(json.dumps(LOADS[name].run(int(port), float(seconds))))
        return 0
    with tempfile.TemporaryDirectory(prefix="soak-") as folder:
        return soak(options.minutes, Path(folder))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
