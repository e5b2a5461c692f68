"""What a server is asked to be: refused before it begins, or told why it could not."""

from __future__ import annotations

import errno
import os
import socket

import pytest

from netlib.activities.serving import ServerConfig
from netlib.errors import Cause, Operation
from netlib.events import (
    Accepted,
    ActivityStopped,
    Failed,
    Listening,
    Transport,
)
from netlib.network import Network
from netlib.teaching.explain import explain
from netlib.value import replace
from tests.sockets.conftest import (
    HOST,
    Events,
    dial,
    listener,
    port_of,
    serve,
)


def test_a_port_in_use_is_said_with_the_program_that_holds_it(
    network: Network, events: Events
) -> None:
    with listener() as taken:
        port = port_of(taken)
        number = network.serve(ServerConfig(service="echo", host=HOST, port=port))
        error = events.wait_for(Failed, activity=number).error
    assert (error.operation, error.cause) == (Operation.BIND, Cause.ADDRESS_IN_USE)
    assert "PID" in error.detail
    events.wait_for(ActivityStopped, activity=number)


def test_a_port_that_windows_keeps_is_said_with_the_program_that_has_it(
    network: Network, events: Events, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_where: object) -> list[socket.socket]:
        refusal = PermissionError(errno.EACCES, "An attempt was made to access a socket")
        refusal.winerror = 10013  # type: ignore[attr-defined,unused-ignore]
        raise refusal

    monkeypatch.setattr("netlib.activities.server.listen", refuse)
    with listener() as taken:
        number = network.serve(ServerConfig(service="echo", host=HOST, port=port_of(taken)))
        error = events.wait_for(Failed, activity=number).error
    assert (error.cause, error.code) == (Cause.RESERVED_PORT, 10013)
    assert "PID" in explain(error).sentence
    nobody = replace(error, detail="")
    assert "excludedportrange" in explain(nobody).advice
    assert "1024" not in str(explain(nobody))
    ours = replace(error, service="echo")
    assert "this program's own" in explain(ours).sentence


@pytest.mark.parametrize(("there", "here"), [(HOST, "localhost"), ("*", HOST), (HOST, "")])
def test_a_port_in_use_by_a_server_of_our_own_is_said_so(
    network: Network, events: Events, there: str, here: str
) -> None:
    for udp in (False, True):
        port = serve(network, events, "echo", host=there, udp=udp).port
        transport = Transport.UDP if udp else Transport.TCP
        number = network.serve(
            ServerConfig(service="echo", host=here, port=port, transport=transport)
        )
        error = events.wait_for(Failed, activity=number).error
        assert (error.cause, error.service) == (Cause.ADDRESS_IN_USE, "echo")
        assert "this program's own" in explain(error).sentence


def test_a_server_that_was_stopped_is_in_nobodys_way(network: Network, events: Events) -> None:
    server = serve(network, events, "echo")
    network.stop(server.number)
    events.wait_for(ActivityStopped, activity=server.number)
    with listener_on(server.port):
        number = network.serve(ServerConfig(service="echo", host=HOST, port=server.port))
        error = events.wait_for(Failed, activity=number).error
    assert (error.service, "PID" in error.detail) == ("", True)


@pytest.mark.skipif(os.name == "nt", reason="SO_REUSEADDR means another thing there")
def test_time_wait_of_a_server_without_so_reuseaddr_keeps_its_port(
    network: Network, events: Events
) -> None:
    with socket.socket() as careless:  # as a beginner writes it
        careless.bind((HOST, 0))
        careless.listen()
        port = port_of(careless)
        with dial(port) as peer, careless.accept()[0] as first:
            first.close()  # this end closes first: TIME-WAIT is here (RFC 9293, section 3.6.1)
            assert peer.recv(1) == b""
    number = network.serve(ServerConfig(service="echo", host=HOST, port=port))
    error = events.wait_for(Failed, activity=number).error
    assert (error.cause, error.detail, error.service) == (Cause.ADDRESS_IN_USE, "", "")
    assert "TIME_WAIT" in explain(error).reasons[1]


def listener_on(port: int) -> socket.socket:
    """Return a listener of another program, as far as the network can know."""
    other = socket.socket()
    other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    other.bind((HOST, port))
    other.listen()
    return other


def test_what_cannot_work_is_refused_before_any_socket_is_opened(network: Network) -> None:
    wrong: list[dict[str, object]] = [
        {"service": "no such"},
        {"service": "time"},
        {"service": "chat", "transport": Transport.UDP},
        {"max_accepts": 0},
        {"max_line": 0},
        {"max_unfinished": 0},
        {"write_timeout": -1.0},
        {"port": 65536},
        {"max_clients": 0},
        {"read_timeout": 0.0},
    ]
    for change in wrong:
        with pytest.raises(ValueError):
            network.serve(ServerConfig(**({"service": "echo", "port": 0} | change)))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("host", "hosts", "dual_stack"),
    [
        ("", ["::"], True),
        ("*", ["::"], True),
        ("::", ["::"], True),
        ("0.0.0.0", ["0.0.0.0"], False),
        ("localhost", ["127.0.0.1", "::1"], False),
        ("::1", ["::1"], False),
    ],
)
def test_a_server_says_where_its_sockets_listen(  # RFC 3493, sections 3.8 and 5.3
    network: Network, events: Events, host: str, hosts: list[str], dual_stack: bool
) -> None:
    for transport in Transport:
        server = serve(network, events, "echo", host=host, udp=transport is Transport.UDP)
        told = events.wait_for(Listening, activity=server.number)
        places = [told.local, *told.also]
        assert [place.host for place in places] == hosts
        assert {place.port for place in places} == {server.port}
        assert (told.dual_stack, told.transport, told.service) == (dual_stack, transport, "echo")


def test_ipv4_alone_is_ipv4_alone(network: Network, events: Events) -> None:
    server = serve(network, events, "echo", host="0.0.0.0")
    with dial(server.port, "127.0.0.1"):
        assert events.wait_for(Accepted).local.host == "127.0.0.1"
    with pytest.raises(ConnectionRefusedError):
        dial(server.port, "::1")


def test_a_host_that_is_no_address_of_ours_is_an_answer_and_no_crash(
    network: Network, events: Events
) -> None:
    for host in ("192.0.2.1", "no address", "a" * 64 + ".example"):  # RFC 5737: nobody's
        number = network.serve(ServerConfig(service="echo", host=host, port=0))
        assert events.wait_for(Failed, activity=number).error.operation is Operation.BIND
        events.wait_for(ActivityStopped, activity=number)


def test_a_web_server_answers_to_this_computers_own_name(network: Network, events: Events) -> None:
    server = serve(network, events, "web")
    for host, status in ((socket.gethostname(), b"200"), ("evil.example", b"421")):
        with dial(server.port) as peer:
            peer.sendall(f"HEAD / HTTP/1.1\r\nHost: {host}:{server.port}\r\n\r\n".encode())
            assert peer.recv(100).split()[1] == status
