"""An engine that dies takes nobody with it in silence: what lived on it ends, and says so."""

from __future__ import annotations

import errno
import logging
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress

import pytest

from gui.models.server import ServerModel, ServerState
from netlib.activities.base import Activity
from netlib.activities.client import ClientConfig
from netlib.activities.server import Server
from netlib.activities.serving import ServerConfig
from netlib.address import Endpoint
from netlib.cli import main
from netlib.engine.loop import Engine
from netlib.engine.outbox import EventQueue
from netlib.engine.records import Record
from netlib.errors import Operation
from netlib.events import (
    Accepted,
    ActivityStopped,
    Closed,
    Crashed,
    Event,
    Listening,
    Rejected,
)
from netlib.network import Network
from netlib.system.poller import Poller, make_poller
from tests.backends import live, open_backend
from tests.helpers import wait_until
from tests.sockets.conftest import Events, dial, listener, read, read_to_end, rows, serve
from tests.sockets.test_loop import BuggyEcho, small_poller


class BreakingPoller:
    """The system's poller, until it is told to fail."""

    def __init__(self, poller: Poller) -> None:
        self.broken = False
        self._poller = poller

    def poll(self, wait: float) -> object:
        if self.broken:
            raise OSError(9, "Bad file descriptor")
        return self._poller.poll(min(wait, 0.01))

    def __getattr__(self, name: str) -> object:
        return getattr(self._poller, name)


class FailingQueue(EventQueue):
    """A recorder that fails where it is told to."""

    failing = ""

    def __init__(self) -> None:
        super().__init__()
        self._append, self.put = self.put, self._put

    def _put(self, record: Record) -> None:
        if self.failing == "put":
            raise MemoryError("no room for an item")
        self._append(record)

    def end_turn(self, size: int) -> bool:
        if self.failing == "end_turn":
            raise MemoryError("no room at the end of a turn")
        return super().end_turn(size)


class Polled:
    """What `poll` has told so far."""

    def __init__(self, network: Network) -> None:
        self._network = network
        self.events: list[Event] = []

    def has(self, kind: type[Event], count: int = 1) -> bool:
        self.events += self._network.poll()
        return sum(isinstance(event, kind) for event in self.events) >= count


@pytest.fixture
def dead(logged_errors: list[logging.LogRecord]) -> Iterator[None]:
    """Expect that an engine dies."""
    yield
    assert any("the engine died" in record.getMessage() for record in logged_errors)
    logged_errors.clear()


@pytest.mark.usefixtures("dead")
@pytest.mark.parametrize("make", [make_poller, small_poller])
def test_a_poller_that_breaks_ends_every_activity_and_says_so(make: Callable[[], Poller]) -> None:
    poller = BreakingPoller(make())

    def broken_poller() -> Poller:
        return poller  # type: ignore[return-value]

    network = Network(None, broken_poller)
    told = Polled(network)
    network.serve(ServerConfig(service="echo", port=0))
    wait_until(lambda: told.has(Listening))
    (port,) = (one.local.port for one in told.events if isinstance(one, Listening))
    with listener() as peer, dial(port) as client:
        network.connect(ClientConfig(endpoint=Endpoint(*peer.getsockname())))
        wait_until(lambda: rows(network, 1))
        poller.broken = True
        wait_until(lambda: told.has(ActivityStopped, 2))
        assert told.has(Crashed, 2)
        with suppress(ConnectionResetError):
            assert read_to_end(client) == b""
    for number in (1, 2):
        (last,) = [one for one in told.events if one.activity == number][-1:]
        assert isinstance(last, ActivityStopped)
    with pytest.raises(ConnectionRefusedError), socket.create_connection(("127.0.0.1", port)):
        pass
    network.serve(ServerConfig(service="echo", port=0))  # what begins now is not silent either
    wait_until(lambda: told.has(ActivityStopped, 3))
    assert network.close(timeout=5.0)


@pytest.mark.usefixtures("dead")
def test_a_bug_while_a_bug_is_shown_ends_every_activity_and_says_so(
    network: Network, events: Events, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_self: Activity, _trace: str) -> None:
        raise MemoryError("no room for a traceback")

    monkeypatch.setattr("netlib.services.echo.Echo", BuggyEcho)
    monkeypatch.setattr("netlib.engine.stream.Stream.crashed", fail)
    server = serve(network, events, "echo")
    with dial(server.port) as peer:
        peer.sendall(b"now")
        events.wait_for(ActivityStopped)
    assert "no room for a traceback" in events.of(Crashed)[0].traceback


@pytest.mark.usefixtures("dead")
@pytest.mark.parametrize("what", ["crashed", "release"])
def test_an_activity_whose_end_fails_too_is_over(
    network: Network, events: Events, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    server = serve(network, events, "echo")
    whole = getattr(Server, what)

    def fail(*arguments: object) -> None:
        if arguments and what == "release":  # half of it, at least
            whole(*arguments)
        raise MemoryError("no room for anything")

    monkeypatch.setattr(Server, what, fail)
    monkeypatch.setattr(network._engines.home, "_sweep", fail)
    with dial(server.port) as peer:
        assert events.wait_for(ActivityStopped) is events.items[-1]
        with suppress(ConnectionResetError):
            assert read_to_end(peer) == b""
    assert len(events.of(Accepted)) == len(events.of(Closed))


@pytest.mark.parametrize("where", ["put", "end_turn"])
def test_a_recorder_that_fails_leaves_no_server_that_only_seems_to_listen(
    where: str, logged_errors: list[logging.LogRecord]
) -> None:
    recorder = FailingQueue()
    network = Network(recorder)
    told = Polled(network)
    network.serve(ServerConfig(service="echo", port=0))
    wait_until(lambda: told.has(Listening))
    (port,) = (one.local.port for one in told.events if isinstance(one, Listening))
    recorder.failing = where
    with dial(port) as peer, suppress(ConnectionError):
        peer.sendall(b"x")
        read_to_end(peer)
    wait_until(lambda: told.has(Closed if where == "put" else ActivityStopped))
    assert told.has(Crashed)
    assert network.close(timeout=5.0)
    logged_errors.clear()


@pytest.mark.usefixtures("dead")
def test_when_a_further_engine_dies_everything_ends_as_well(
    events: Events, monkeypatch: pytest.MonkeyPatch
) -> None:
    network = Network(events, small_poller)
    server = serve(network, events)
    peers = [dial(server.port) for _ in range(60)]
    wait_until(lambda: network.totals(server.number).clients == 60)
    home, further = network._engines._all[:2]

    def fail(_now: float) -> None:
        raise MemoryError("no room on the second engine")

    monkeypatch.setattr(further, "_sweep", fail)
    assert events.wait_for(ActivityStopped) is events.items[-1]
    assert home.has_room
    assert len(events.of(Closed)) == 60
    for peer in peers:
        peer.close()
    assert network.close(timeout=5.0)


@pytest.mark.parametrize(
    ("where", "name", "refusal"),
    [
        (Engine, "__init__", OSError(errno.EMFILE, "no more files")),
        (threading.Thread, "start", RuntimeError("no new thread")),
    ],
)
def test_where_no_further_engine_can_be_had_a_newcomer_is_closed_and_it_is_said_why(
    events: Events, monkeypatch: pytest.MonkeyPatch, where: type, name: str, refusal: Exception
) -> None:
    network = Network(events, small_poller)
    server = serve(network, events, "echo")

    def refuse(*_arguments: object) -> None:
        raise refusal

    with ExitStack() as peers:
        while network._engines.home.has_room:
            count = network.totals(server.number).clients
            peers.enter_context(dial(server.port))
            wait_until(lambda: network.totals(server.number).clients == count + 1)  # noqa: B023
        with monkeypatch.context() as patched:
            patched.setattr(where, name, refuse)
            assert read_to_end(peers.enter_context(dial(server.port))) == b""
        told = events.wait_for(Rejected)
        assert (told.limit, told.error and told.error.operation) == (0, Operation.ACCEPT)
        with dial(server.port) as later:
            later.sendall(b"served")
            assert read(later, 6) == b"served"
    assert network.close(timeout=5.0)


@pytest.mark.parametrize("command", ["serve echo", "serve echo --quiet", "serve echo --json"])
@pytest.mark.usefixtures("dead")
def test_a_server_on_the_command_line_ends_with_1(
    command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Engine, "_sweep", fail_to_sweep)
    assert main([*command.split(), "--port", "0"]) == 1


@pytest.mark.parametrize("command", ["connect", "chat", "http", "udp", "time"])
@pytest.mark.usefixtures("dead")
def test_a_client_on_the_command_line_ends_with_1(
    command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Engine, "_sweep", fail_to_sweep)
    kind = socket.SOCK_DGRAM if command in ("udp", "time") else socket.SOCK_STREAM
    here, there = socket.socketpair()
    with here, there, here.makefile() as typed, socket.socket(type=kind) as peer:
        monkeypatch.setattr("sys.stdin", typed)  # nothing is typed, and the input does not end
        peer.bind(("127.0.0.1", 0))
        if kind is socket.SOCK_STREAM:
            peer.listen()
        more = {"udp": ["--send", "x", "--wait", "0"], "connect": ["--send", "x", "--wait", "0"]}
        address = f"127.0.0.1:{peer.getsockname()[1]}"
        assert main([command, address, "--timeout", "20", *more.get(command, [])]) == 1
        there.close()  # the input ends before what reads it is closed
        wait_until(lambda: "standard input" not in {one.name for one in threading.enumerate()})


@pytest.mark.usefixtures("dead")
def test_the_window_shows_that_a_server_is_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Engine, "_sweep", fail_to_sweep)
    with open_backend() as backend:
        model = ServerModel(backend)
        model.start(ServerConfig(service="echo", port=0))
        (server,) = model.servers
        live(backend, lambda: server.state is ServerState.STOPPED)
        assert model.notice is not None
        assert model.notice.severity == "bad"
        assert not backend.running


def fail_to_sweep(_engine: Engine, _now: float) -> None:
    raise MemoryError("no room to look at deadlines")
