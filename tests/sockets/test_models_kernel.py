"""The model of the Kernel view against real sockets: what moves in the picture, and by what."""

from __future__ import annotations

import socket
import sys
from collections.abc import Iterator

import pytest

from gui.models.backend import Backend
from gui.models.connect import ConnectModel, ConnectState
from gui.models.kernel import (
    FIRST_CONNECT,
    NO_CONNECTION,
    PEER_IS_OTHER,
    SEVERAL,
    UDP,
    Controls,
    KernelModel,
    KernelSource,
)
from gui.models.server import ServerModel
from gui.models.typed import Typed
from netlib import ServerConfig
from netlib.events import Transport
from netlib.teaching.tcp_states import agree
from tests.backends import live, open_backend
from tests.helpers import free_port
from tests.sockets.test_models_connect import connected, form

on_linux = pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells all of it")


@pytest.fixture
def backend() -> Iterator[Backend]:
    with open_backend() as made:
        yield made


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as made:
        made.settimeout(5)
        yield made


class Looking:
    """A Kernel view without a window."""

    def __init__(self, backend: Backend, source: KernelSource) -> None:
        self.model = KernelModel(source, backend)
        self.controls = Controls(self.model, source, backend)
        self._backend = backend

    def until(self, condition: object, what: str = "") -> None:
        assert callable(condition)

        def looked() -> object:
            self.model.tick()
            return condition()

        live(self._backend, looked, what)

    def marks(self) -> tuple[str, str]:
        end = self.model.end()
        return end.ours, end.system


def served(backend: Backend, service: str = "echo") -> tuple[ServerModel, int]:
    server = ServerModel(backend)
    server.start(ServerConfig(service=service, host="127.0.0.1", port=0))
    live(backend, lambda: server.chosen and server.chosen.local)
    assert server.chosen is not None
    assert server.chosen.local is not None
    return server, server.chosen.local.port


def called(backend: Backend, port: int) -> ConnectModel:
    client = ConnectModel(backend)
    client.connect(form(port))
    live(backend, lambda: client.state is ConnectState.CONNECTED)
    return client


def test_before_anything_is_connected_it_says_so(backend: Backend) -> None:
    client = ConnectModel(backend)
    look = Looking(backend, client)
    look.model.tick()
    assert look.model.why_nothing() == NO_CONNECTION
    assert look.model.why_not_paused() == FIRST_CONNECT
    client.connect(form(free_port(), Transport.UDP))
    live(backend, lambda: client.state is ConnectState.CONNECTED)
    look.model.tick()
    assert look.model.why_nothing() == UDP


@on_linux
def test_both_marks_go_through_a_connection_and_on_into_time_wait(backend: Backend) -> None:
    _server, port = served(backend)
    client = called(backend, port)
    look = Looking(backend, client)
    look.until(lambda: look.marks() == ("ESTABLISHED", "ESTABLISHED"))
    client.disconnect()
    live(backend, lambda: client.state is ConnectState.IDLE)
    look.until(lambda: look.marks()[1] == "TIME-WAIT")
    assert look.model.end().visited[:3] == ("CLOSED", "SYN-SENT", "ESTABLISHED")
    (waits,) = look.model.waiting()
    assert waits.left is not None
    assert 50 < waits.left <= 60
    look.controls.turn_to("peer")
    look.until(lambda: look.marks()[1] == "CLOSED")


@on_linux
def test_a_fin_that_nobody_has_read_moves_the_systems_mark_only(
    backend: Backend, listener: socket.socket
) -> None:
    client, peer = connected(backend, listener)
    look = Looking(backend, client)
    with peer:
        look.until(lambda: look.model.here)
        look.controls.turn("in")
        look.controls.pause_or_resume_reading()
        look.until(lambda: look.model.flow().paused)
        peer.sendall(b"unread")
        peer.shutdown(socket.SHUT_WR)
        look.until(lambda: look.marks() == ("ESTABLISHED", "CLOSE-WAIT"))
        look.until(lambda: look.model.flow().unread == len(b"unread"))
        look.controls.pause_or_resume_reading()
        look.until(lambda: look.marks() == ("CLOSE-WAIT", "CLOSE-WAIT"))


@on_linux
def test_the_gauges_fill_and_empty(backend: Backend) -> None:
    server, port = served(backend)
    client = called(backend, port)
    look = Looking(backend, client)
    look.until(lambda: look.model.there)
    assert look.model.why_not_paused() == ""
    look.controls.pause_or_resume_reading()
    look.until(lambda: look.model.flow().paused)

    def stalled() -> bool:
        client.send(Typed("x" * 60_000))
        flow = look.model.flow()
        return flow.window == 0 and flow.in_program > 1 << 18

    look.until(stalled)
    flow = look.model.flow()
    assert flow.unread
    assert flow.unsent
    look.until(lambda: "next probe in" in " ".join(look.model.flow().sentences))
    look.until(look.model.figures.by_name["window"].zero_since)
    look.controls.pause_or_resume_reading()
    look.until(lambda: look.model.flow().window and not look.model.flow().in_program)
    look.until(lambda: not look.model.flow().paused)  # the two ends are asked one after the other
    assert server.notice is None


def test_another_program_cannot_be_kept_from_reading(
    backend: Backend, listener: socket.socket
) -> None:
    client, peer = connected(backend, listener)
    look = Looking(backend, client)
    with peer:
        look.until(lambda: look.model.here)
        assert look.model.why_not_paused() == PEER_IS_OTHER
        look.controls.turn("in")
        assert look.model.why_not_paused() == ""


@on_linux
def test_the_peers_end_is_seen_where_the_system_lists_it(
    backend: Backend, listener: socket.socket
) -> None:
    client, peer = connected(backend, listener)
    look = Looking(backend, client)
    look.controls.turn_to("peer")
    with peer:
        look.until(lambda: look.marks() == ("", "ESTABLISHED"))
        client.finish()
        look.until(lambda: look.marks() == ("", "CLOSE-WAIT"))


def test_a_server_without_clients_shows_its_own_socket(backend: Backend) -> None:
    server, port = served(backend)
    look = Looking(backend, server)
    look.until(lambda: look.model.server)
    assert look.model.why_nothing() == SEVERAL
    assert look.marks()[0] == "LISTEN"
    look.controls.pause_or_resume_accepting()
    look.until(lambda: look.model.server and look.model.server.accepting_paused)
    with socket.create_connection(("127.0.0.1", port)):
        if sys.platform == "linux":
            look.until(lambda: look.model.queue() and look.model.queue()[0] == 1)  # type: ignore[index]
        server.refresh_clients()
        assert not server.clients
        look.controls.pause_or_resume_accepting()

        def accepted() -> bool:
            server.refresh_clients()
            return bool(server.clients)

        look.until(accepted)
        look.until(lambda: look.marks()[0] == "ESTABLISHED")  # the only client is looked at
        if sys.platform == "linux":
            look.until(lambda: agree(*look.marks()))


def test_a_whole_server_stops_reading(backend: Backend) -> None:
    server, port = served(backend)
    look = Looking(backend, server)
    look.until(lambda: look.model.server)
    look.controls.pause_or_resume_reading()
    look.until(lambda: look.model.flow().paused)
    with socket.create_connection(("127.0.0.1", port)) as peer:
        peer.settimeout(5)
        peer.sendall(b"hello")

        def here() -> bool:
            server.refresh_clients()
            return bool(server.clients)

        look.until(here)
        look.until(lambda: look.model.here and look.model.here.reading_paused)
        look.controls.pause_or_resume_reading()  # of this one client
        assert peer.recv(5) == b"hello"


def test_a_buffer_is_asked_for_now_or_for_the_next_connection(
    backend: Backend, listener: socket.socket
) -> None:
    client = ConnectModel(backend)
    look = Looking(backend, client)
    look.model.tick()
    assert not look.controls.set_receive_buffer(5000)
    client.connect(form(listener.getsockname()[1]))
    peer, _address = listener.accept()
    with peer:
        live(backend, lambda: client.state is ConnectState.CONNECTED)
        look.controls.turn("in")
        look.until(lambda: look.model.here)
        given = look.model.flow().receive_buffer
        assert given is not None
        assert 5000 <= given <= 20_000
        assert look.controls.set_receive_buffer(30_000)
        look.until(lambda: (look.model.flow().receive_buffer or 0) >= 30_000)
