"""What the engine guarantees for any script of what we and our peers may do to connections.

One Closed per connection and nothing after it; ActivityStopped once and last; what was recorded is
what crossed the wire, in both directions.
"""

from __future__ import annotations

import socket
import struct
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

from hypothesis import given, settings
from hypothesis import strategies as st

from netlib.activities.client import ClientConfig
from netlib.activities.serving import ServerConfig
from netlib.address import Endpoint
from netlib.engine.outbox import EventQueue
from netlib.engine.records import Item
from netlib.engine.tcp import ConnectionOptions
from netlib.events import ActivityStopped, Chunk, Closed, Direction, Listening
from netlib.network import CloseMode, Network
from tests.helpers import wait_until

HOST = "127.0.0.1"


@dataclass
class Stage:
    """One plain listener, one server of ours, clients of both kinds, and all that happened."""

    pipe: EventQueue = field(default_factory=EventQueue)
    items: list[Item] = field(default_factory=list)
    peers: list[socket.socket] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.network = Network(self.pipe)
        self.server = self.network.serve(ServerConfig(service="acknowledge", host=HOST, port=0))
        wait_until(lambda: self.happened(Listening))
        self.port = next(one for one in self.items if isinstance(one, Listening)).local.port
        self.listening = socket.create_server((HOST, 0), backlog=64)
        self.listening.settimeout(5)
        self.clients: list[int] = []

    def happened(self, kind: type) -> list[Item]:
        self.items += self.pipe.take()
        return [item for item in self.items if isinstance(item, kind)]

    def end(self) -> None:
        with suppress(OSError):
            for peer in self.peers:
                peer.close()
        self.listening.close()
        assert self.network.close(5.0)
        self.happened(Closed)


Action = Callable[[Stage, int], None]


def dial_server(stage: Stage, _number: int) -> None:
    peer = socket.create_connection((HOST, stage.port), timeout=5)
    peer.setblocking(False)
    stage.peers.append(peer)


def dial_peer(stage: Stage, number: int) -> None:
    options = ConnectionOptions(duplex=True, stays_open=number % 2 == 0)
    endpoint = Endpoint(HOST, stage.listening.getsockname()[1])
    stage.clients.append(stage.network.connect(ClientConfig(endpoint=endpoint, options=options)))
    peer, _ = stage.listening.accept()
    peer.setblocking(False)
    stage.peers.append(peer)


def peer_says(stage: Stage, number: int) -> None:
    if stage.peers:
        with suppress(OSError):
            stage.peers[number % len(stage.peers)].send(b"line\nhalf" * (number + 1))


def peer_hears(stage: Stage, number: int) -> None:
    if stage.peers:
        with suppress(OSError):
            stage.peers[number % len(stage.peers)].recv(1 << 16)


def peer_finishes(stage: Stage, number: int) -> None:
    if stage.peers:
        with suppress(OSError):
            stage.peers[number % len(stage.peers)].shutdown(socket.SHUT_WR)


def peer_closes(stage: Stage, number: int) -> None:
    if stage.peers:
        stage.peers.pop(number % len(stage.peers)).close()


def peer_resets(stage: Stage, number: int) -> None:
    if stage.peers:
        peer = stage.peers.pop(number % len(stage.peers))
        peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        peer.close()


def we_say(stage: Stage, number: int) -> None:
    stage.network.send(_any(stage, number), b"we say\n" * (number * 1000 + 1))


def we_end(stage: Stage, number: int) -> None:
    stage.network.end(_any(stage, number), list(CloseMode)[number % 3])


def we_pause(stage: Stage, number: int) -> None:
    kernel, activity = stage.network.kernel, _any(stage, number)
    for pause in (kernel.pause_reading, kernel.pause_accepting)[: 1 + number % 2]:
        pause(activity)


def we_resume(stage: Stage, number: int) -> None:
    kernel, activity = stage.network.kernel, _any(stage, number)
    for resume in (kernel.resume_reading, kernel.resume_accepting)[: 1 + number % 2]:
        resume(activity)


def we_stop(stage: Stage, number: int) -> None:
    stage.network.stop(_any(stage, number))


def we_wait(stage: Stage, _number: int) -> None:
    stage.network._engines.home.call_soon_threadsafe(None, lambda: None)
    stage.happened(Chunk)


def _any(stage: Stage, number: int) -> int:
    activities = [stage.server, *stage.clients]
    return activities[number % len(activities)]


COMMON: list[Action] = [dial_server, dial_peer, peer_says, peer_hears, we_say, we_wait]
PAUSING: list[Action] = [we_pause, we_resume]
ENDINGS: list[Action] = [peer_finishes, peer_closes, peer_resets, we_end]
SCRIPTS = st.lists(
    st.tuples(st.sampled_from([*COMMON, *COMMON, *ENDINGS, *PAUSING]), st.integers(0, 20)),
    max_size=25,
)


@settings(max_examples=60)
@given(SCRIPTS, st.booleans())
def test_every_connection_closes_once_and_every_activity_stops_last(
    script: list[tuple[Action, int]], stopped: bool
) -> None:
    stage = Stage()
    try:
        for action, number in script:
            action(stage, number)
        if stopped:
            we_stop(stage, len(script))
    finally:
        stage.end()
    connections = {number for item in stage.items if (number := getattr(item, "connection", 0)) > 0}
    for connection in connections:
        check_connection(stage, connection)
    for activity in (stage.server, *stage.clients):
        own = [item for item in stage.items if item.activity == activity]
        assert sum(isinstance(item, ActivityStopped) for item in own) == 1
        assert isinstance(own[-1], ActivityStopped)


def check_connection(stage: Stage, connection: int) -> None:
    own = [item for item in stage.items if getattr(item, "connection", 0) == connection]
    last = own[-1]
    assert isinstance(last, Closed)
    assert sum(isinstance(item, Closed) for item in own) == 1
    size = {Direction.RECEIVED: 0, Direction.SENT: 0}
    for item in own:
        if isinstance(item, Chunk):
            size[item.direction] += len(item.data)
    assert size == {Direction.RECEIVED: last.received, Direction.SENT: last.sent}


@settings(max_examples=30)
@given(st.lists(st.binary(max_size=3000), max_size=20), st.sampled_from(["echo", "acknowledge"]))
def test_what_is_recorded_is_what_the_peer_sent_and_got(pieces: list[bytes], service: str) -> None:
    pipe, items = EventQueue(), list[Item]()
    network = Network(pipe)
    network.serve(ServerConfig(service=service, host=HOST, port=0))
    wait_until(pipe.waiting)
    items += pipe.take()
    listening = items[0]
    assert isinstance(listening, Listening)
    with socket.create_connection((HOST, listening.local.port), timeout=5) as peer:
        for piece in pieces:
            peer.sendall(piece)
        peer.shutdown(socket.SHUT_WR)
        answer = b""
        while data := peer.recv(1 << 16):
            answer += data
    assert network.close(5.0)
    items += pipe.take()
    chunks = [item for item in items if isinstance(item, Chunk)]
    way = {
        direction: b"".join(one.data for one in chunks if one.direction is direction)
        for direction in Direction
    }
    assert way == {Direction.RECEIVED: b"".join(pieces), Direction.SENT: answer}
