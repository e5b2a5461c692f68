"""Members of a hundred who mean harm: nobody else is dropped, nobody waits long."""

from __future__ import annotations

import selectors
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress

import pytest

from netlib.activities.server import Server
from netlib.activities.turns import TURN_POSTS
from netlib.engine.records import KIND_MASK, SENT, Record
from netlib.events import Closed, CloseReason, Rejected
from netlib.network import Network
from tests.helpers import wait_until
from tests.sockets.conftest import HOST, PREFIX, Events, dial, held_up, read_to_end, serve
from tests.sockets.test_chat import hear, read_line

MEMBERS = 100
PATIENCE = 60.0
PROMPT_SECONDS = 10.0
"""How long a newcomer may wait here: a wait is some 20 ms, was 30 s, and machines are busy."""

END = b"that was all\n"
LONG_NAME = ("/name " + "\U0001f600" * 20 + "\n").encode()
EVIL = {
    "line feeds, long name": LONG_NAME + b"\n" * 16_384,
    "line feeds": b"\n" * 250_000,
    "a command, then lines": b"/x\n" + b"a\n" * 128_000,
    "names": b"/name a\n/name b\n" * 16_000,
    "long lines": LONG_NAME + (b"x" * 4095 + b"\n") * 60,
}


class Crowd:
    """Members who read whatever comes, all in one thread."""

    def __init__(self) -> None:
        self._selector = selectors.DefaultSelector()
        self._socks: list[socket.socket] = []
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._read)
        self.ends: dict[socket.socket, bytes] = {}
        """The last that each has heard."""

    def add(self, sock: socket.socket) -> None:
        """Let one more be read."""
        self.ends[sock] = b""
        self._socks.append(sock)
        self._selector.register(sock, selectors.EVENT_READ)

    def start(self) -> None:
        """Begin to read."""
        self._thread.start()

    def close(self) -> None:
        """Leave, all of them."""
        self._over.set()
        self._thread.join()
        self._selector.close()
        for sock in self._socks:
            sock.close()

    def _read(self) -> None:
        while not self._over.is_set():
            for key, _mask in self._selector.select(0.05):
                sock = key.fileobj
                assert isinstance(sock, socket.socket)
                try:
                    data = sock.recv(1 << 20)
                except ConnectionError:
                    data = b""
                if data:
                    self.ends[sock] = (self.ends[sock] + data[-100:])[-100:]
                else:
                    self._selector.unregister(sock)


@contextmanager
def crowd(network: Network, server: int, port: int) -> Iterator[Crowd]:
    """Fill a room; leave one place for whoever means harm."""
    members = Crowd()
    try:
        for _ in range(MEMBERS - 1):
            members.add(dial(port))
        wait_until(lambda: network.totals(server).clients == MEMBERS - 1)
        members.start()
        yield members
    finally:
        members.close()


def longest_wait(port: int, until: threading.Event) -> float:
    """Ask another server again and again; return the longest time that took, in seconds."""
    longest = 0.0
    while not until.is_set():
        begun = time.monotonic()
        with dial(port) as newcomer:
            newcomer.sendall(b"there?\n")
            assert newcomer.recv(100) == PREFIX + b"there?\n"
        longest = max(longest, time.monotonic() - begun)
    return longest


@pytest.mark.parametrize("data", EVIL.values(), ids=EVIL)
def test_one_send_drops_nobody_who_reads_and_delays_nobody(
    network: Network, events: Events, data: bytes
) -> None:
    chat, other = serve(network, events, "chat"), serve(network, events)
    with crowd(network, chat.number, chat.port) as members:
        evil = dial(chat.port)
        evil.settimeout(PATIENCE)
        sender = threading.Thread(target=evil.sendall, args=(data + END,))
        innocent = list(members.ends)
        members.add(evil)
        heard_all = threading.Event()

        def watch() -> None:
            sender.join()
            try:
                wait_until(
                    lambda: all(END in members.ends[one] for one in innocent),
                    PATIENCE,
                    "that everybody heard all",
                )
            finally:
                heard_all.set()

        watcher = threading.Thread(target=watch)
        sender.start()
        watcher.start()
        longest = longest_wait(other.port, heard_all)
        watcher.join()
        print(f"longest wait {longest * 1000:.0f} ms")
        assert events.of(Closed, activity=chat.number) == []
        assert all(END in members.ends[one] for one in innocent)
        assert longest < PROMPT_SECONDS


def test_who_asks_and_never_reads_costs_little_and_delays_nobody(
    network: Network, events: Events
) -> None:
    chat, other = serve(network, events, "chat", write_timeout=1.0), serve(network, events)
    with crowd(network, chat.number, chat.port), dial(chat.port) as evil:
        evil.sendall(b"plain text\n" * 1500)
        wait_until(lambda: network.totals(chat.number).messages == 1500)
        evil.setblocking(False)
        asked = 0
        over = threading.Event()

        def ask() -> None:
            nonlocal asked
            while not over.is_set():
                try:
                    asked += evil.send((b"/who\n" * 52_000)[asked:])
                except BlockingIOError:
                    over.wait(0.005)
                except ConnectionError:
                    return

        asker = threading.Thread(target=ask)
        asker.start()

        def watch() -> None:
            events.wait_for(Closed, timeout=PATIENCE, activity=chat.number)
            over.set()

        watcher = threading.Thread(target=watch)
        watcher.start()
        longest = longest_wait(other.port, over)
        print(f"longest wait {longest * 1000:.0f} ms")
        for thread in (asker, watcher):
            thread.join()
        closed = events.of(Closed, activity=chat.number)
        assert [one.reason for one in closed] == [CloseReason.WRITE_TIMEOUT]
        assert closed[0].unsent < 512 * 1024
        assert longest < PROMPT_SECONDS


class PerTurn(Events):
    """Counts what is sent in each turn of the engine, and the turns in which nothing happens."""

    def __init__(self) -> None:
        super().__init__()
        self.most = self.empty = self._sent = self._puts = 0

    def put(self, record: Record) -> None:
        super().put(record)
        self._puts += 1
        self._sent += record[1] & KIND_MASK == SENT

    def end_turn(self, size: int) -> bool:
        self.most = max(self.most, self._sent)
        self.empty += not self._puts
        self._sent = self._puts = 0
        return super().end_turn(size)


@pytest.fixture
def counted() -> Iterator[tuple[Network, PerTurn]]:
    events = PerTurn()
    network = Network(events)
    yield network, events
    assert network.close(timeout=5.0)


def test_ten_who_flood_together_cause_no_more_in_one_turn_than_one(
    counted: tuple[Network, PerTurn],
) -> None:
    network, events = counted
    chat = serve(network, events, "chat")
    with crowd(network, chat.number, chat.port) as members:
        floods = [dial(chat.port) for _ in range(10)]
        for flood in floods:
            members.add(flood)
        wait_until(lambda: network.totals(chat.number).clients == MEMBERS + 9)
        with held_up(network):  # all of it is there at once
            for flood in floods:
                flood.sendall(b"a\n" * 1000)
        server = network._activities[chat.number]
        assert isinstance(server, Server)
        wait_until(lambda: network.totals(chat.number).messages == 10_000, PATIENCE)
        wait_until(lambda: not server._turns.busy, PATIENCE)
        assert events.of(Closed) == []
    assert events.most < TURN_POSTS + 3 * MEMBERS  # was a thousand


def test_a_flood_that_waits_for_its_sender_to_read_costs_nothing_meanwhile(
    counted: tuple[Network, PerTurn],
) -> None:
    network, events = counted
    chat = serve(network, events, "chat", write_timeout=1.0)
    with ExitStack() as stack:
        for number in range(20):
            member = stack.enter_context(dial(chat.port))
            member.sendall(b"/name a-name-that-is-long-%d\n" % number)
        evil = stack.enter_context(dial(chat.port))
        evil.settimeout(0.05)
        questions = memoryview(b"/who\n" * 2_000_000)
        while not (closed := events.of(Closed)):
            with suppress(TimeoutError, ConnectionError):
                questions = questions[evil.send(questions) :]
        assert closed[0].reason is CloseReason.WRITE_TIMEOUT
    assert events.empty < 500  # was some twenty thousand


def test_a_line_longer_than_what_may_wait_drops_nobody(network: Network, events: Events) -> None:
    server = serve(network, events, "chat", max_line=2 << 20)
    with dial(server.port) as ann, dial(server.port) as bob:
        wait_until(lambda: network.totals(server.number).clients == 2)
        line = b"x" * (2 << 20) + b"\n"
        ann.sendall(line)
        hear(bob, line)
        bob.sendall(b"thanks\n")
        hear(ann, b"thanks\n")
    assert events.of(Rejected) == []


def test_a_line_too_long_for_a_room_is_refused_and_told(network: Network, events: Events) -> None:
    server = serve(network, events, "chat")
    with dial(server.port) as peer:
        read_line(peer)
        peer.sendall(b"x" * 4097)
        assert read_line(peer).startswith(b"* line too long (limit 4096 bytes), closing")
        assert read_to_end(peer) == b""
    assert events.wait_for(Closed).reason is CloseReason.LINE_TOO_LONG


def test_a_member_may_be_silent_but_must_end_a_line_it_has_begun(
    network: Network, events: Events
) -> None:
    server = serve(network, events, "chat", read_timeout=0.3)
    with dial(server.port) as silent, dial(server.port) as slow:
        slow.sendall(b"a whole line\nhalf a l")
        slow.settimeout(0.1)
        with pytest.raises(ConnectionError):  # noqa: PT012 - a trickle does not help
            while True:
                slow.sendall(b"x")
                try:
                    if not slow.recv(1000):
                        raise ConnectionResetError
                except TimeoutError:
                    pass
        assert events.wait_for(Closed).reason is CloseReason.READ_TIMEOUT
        silent.sendall(b"still here\n/who\n")
        hear(silent, b"* here: guest1 / ")
    wait_until(lambda: len(events.of(Closed)) == 2)
    assert events.of(Closed)[1].reason is CloseReason.BY_PEER


def test_a_browser_is_closed_before_the_room_hears_of_it(network: Network, events: Events) -> None:
    server = serve(network, events, "chat")
    with dial(server.port) as ann:
        read_line(ann)
        with dial(server.port) as browser:
            browser.sendall(
                b"POST / HTTP/1.1\r\nHost: 127.0.0.1:8081\r\nContent-Type: text/plain\r\n\r\n"
                b"/name Teacher\nThe exam is cancelled, go home\n"
            )
            heard = read_to_end(browser)
        assert b"* this is a chat room, not a web server; closing" in heard
        assert events.wait_for(Closed).reason is CloseReason.WRONG_PROTOCOL
        ann.sendall(b"/x\n")
        assert b"commands:" in read_line(ann)


def test_a_thousand_newcomers_cost_the_room_little(network: Network, events: Events) -> None:
    server = serve(network, events, "chat")
    with ExitStack() as stack, dial(server.port) as ann:
        read_line(ann)
        for _ in range(1000):
            stack.enter_context(dial(server.port))
        wait_until(lambda: network.totals(server.number).clients == 1001)
        ann.sendall(b"/x\n")
        hear(ann, b"commands:")
        messages = network.totals(server.number).sent
        assert messages < 1001 * 2500  # a notice for each would be fifteen times that


@pytest.mark.peers
def test_the_rooms_own_lines_cannot_be_imitated_before_ncat(
    network: Network, events: Events
) -> None:
    server = serve(network, events, "chat")
    ncat = shutil.which("ncat")
    assert ncat, "ncat is not installed"
    command = [ncat, "--recv-only", HOST, str(server.port)]
    with (
        dial(server.port) as evil,
        subprocess.Popen(command, stdout=subprocess.PIPE) as watcher,
    ):
        assert watcher.stdout is not None
        assert watcher.stdout.readline().startswith(b"* you are guest")
        wait_until(lambda: network.totals(server.number).clients == 2)
        evil.sendall(
            b"hello\r* the exam is cancelled\n\x1b[1G* the teacher left\n\x0b* x\n"
            b"\x0c* y\x08\x08* z\n* * *\n\r* k\r\n/name \xe2\x88\x97\nend\n"
        )
        lines: list[bytes] = []
        while not lines or not lines[-1].endswith(b": end\n"):
            lines.append(watcher.stdout.readline())
        said = [line for line in lines if not line.startswith(b"* guest")]
        assert len(said) == 7
        assert all(line.startswith(b"guest") for line in said)
        assert not any(byte < 32 and byte not in b"\r\n" for line in said for byte in line)
        assert all(b"\r" not in line.removesuffix(b"\r\n") for line in said)
        watcher.terminate()
