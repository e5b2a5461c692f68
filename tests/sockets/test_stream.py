"""One connection on a real socket: layers round its handler, and the state it is in."""

from __future__ import annotations

import socket
from collections.abc import Callable

import pytest

from netlib.activities.server import Server
from netlib.engine.loop import Engine
from netlib.events import Accepted, Closed, PeerFinished, Unfinished
from netlib.network import CloseMode, Network
from netlib.protocols.handler import Handler
from netlib.silence import Awaited
from tests.helpers import wait_until
from tests.layers import LengthPrefix, UpperCase
from tests.sockets.conftest import PREFIX, Events, dial, rows, serve


@pytest.fixture
def layered(monkeypatch: pytest.MonkeyPatch) -> Callable[[Handler], Handler]:
    """Put both layers between the stream of every accepted connection and its service."""

    def wrap(_self: Server, _engine: Engine, _connection: int, handler: Handler) -> Handler:
        return LengthPrefix(UpperCase(handler))

    monkeypatch.setattr(Server, "_secured", wrap)
    return lambda handler: LengthPrefix(UpperCase(handler))


def framed(data: bytes) -> bytes:
    return len(data).to_bytes(2, "big") + data


@pytest.mark.usefixtures("layered")
def test_layers_between_stream_and_service_work_in_both_directions(
    network: Network, events: Events
) -> None:
    server = serve(network, events)
    with dial(server.port) as peer, peer.makefile("rb") as answers:
        data = framed(b"abc\nde") + framed(b"f\n")
        peer.sendall(data[:3])
        peer.sendall(data[3:])
        first, second = framed(PREFIX + b"ABC\n"), framed(PREFIX + b"DEF\n")
        assert answers.read(len(first + second)) == first + second
        assert network.send(server.number, b"from the user\n")
        assert answers.read(16) == framed(b"FROM THE USER\n")


@pytest.mark.usefixtures("layered")
def test_what_a_service_tells_others_passes_their_layers(network: Network, events: Events) -> None:
    server = serve(network, events, "chat")
    with dial(server.port) as ann, dial(server.port) as bob, ann.makefile("rb") as heard:
        assert heard.read(2 + int.from_bytes(heard.read(2), "big") - 2).startswith(b"* YOU ARE")
        wait_until(lambda: len(events.of(Accepted)) == 2)
        joined = framed("* GUEST2 JOINED / GUEST2 加入了\n".encode())
        assert heard.read(len(joined)) == joined
        bob.sendall(framed(b"hi\n"))
        said = framed(b"GUEST2: HI\n")
        assert heard.read(len(said)) == said


def test_closing_says_in_which_state_the_kernel_is_left(network: Network, events: Events) -> None:
    server = serve(network, events)
    for how, state in ((CloseMode.CLOSE, "FIN-WAIT"), (CloseMode.ABORT, "CLOSED")):
        with dial(server.port):
            wait_until(lambda: rows(network, server.number))
            network.end(server.number, how)
            wait_until(lambda: not rows(network, server.number))
            assert events.of(Closed)[-1].state == state
    with dial(server.port) as peer:
        peer.shutdown(socket.SHUT_WR)
        events.wait_for(PeerFinished)
        wait_until(lambda: len(events.of(Closed)) == 3)
    assert events.of(Closed)[-1].state == "LAST-ACK"


def test_what_a_server_waits_for_is_told_once_a_message(network: Network, events: Events) -> None:
    server = serve(network, events)
    with dial(server.port) as peer:
        peer.sendall(b"no end")
        told = events.wait_for(Unfinished)
        assert (told.awaits, told.size) == (Awaited.LINE_END, 6)
        assert rows(network, server.number)[0].pending == (Awaited.LINE_END, 6)
        peer.sendall(b" yet")
        wait_until(lambda: network.totals(server.number).received == 10)
        engine_sweeps(network)
        assert len(events.of(Unfinished)) == 1
        peer.sendall(b"\nagain")
        wait_until(lambda: len(events.of(Unfinished)) == 2)
        assert events.of(Unfinished)[1].size == 5


def test_whole_messages_are_waited_for_by_nobody(network: Network, events: Events) -> None:
    server = serve(network, events, "echo")
    with dial(server.port) as peer:
        peer.sendall(b"no lines here")
        assert peer.recv(100) == b"no lines here"
        engine_sweeps(network)
        assert events.of(Unfinished) == []
        assert rows(network, server.number)[0].pending is None


def test_a_fin_behind_half_a_line_says_so(network: Network, events: Events) -> None:
    server = serve(network, events)
    with dial(server.port) as peer:
        peer.sendall(b"whole\nhalf a line")
        peer.shutdown(socket.SHUT_WR)
        told = events.wait_for(PeerFinished)
    assert (told.awaits, told.unfinished) == (Awaited.LINE_END, 11)
    assert network.totals(server.number).messages == 1


def test_when_a_client_will_be_closed_is_known(network: Network, events: Events) -> None:
    patient = serve(network, events, read_timeout=None)
    strict = serve(network, events, read_timeout=60.0)
    with dial(patient.port), dial(strict.port):
        wait_until(lambda: network.totals(strict.number).clients == 1)
        wait_until(lambda: network.totals(patient.number).clients == 1)
        (row,) = rows(network, strict.number)
        assert row.closes_at == pytest.approx(row.since + 60.0, abs=1.0)
        (row,) = rows(network, patient.number)
        assert row.closes_at == float("inf")


def engine_sweeps(network: Network) -> None:
    """Let the engine look twice at all who said something that completed nothing."""
    engine = network._engines.home
    for _twice in range(2):
        due = engine.sweep_due
        wait_until(lambda due=due: engine.sweep_due > due)  # type: ignore[misc]
