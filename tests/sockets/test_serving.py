"""What a server is asked to be: refused before it begins, or told why it could not."""

from __future__ import annotations

import pytest

from netlib.activities.serving import ServerConfig
from netlib.errors import Cause, Operation
from netlib.events import (
    ActivityStopped,
    Failed,
    Listening,
    Transport,
)
from netlib.network import Network
from tests.sockets.conftest import (
    HOST,
    Events,
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


def test_what_cannot_work_is_refused_before_any_socket_is_opened(network: Network) -> None:
    wrong: list[dict[str, object]] = [
        {"service": "no such"},
        {"service": "time"},
        {"service": "chat", "transport": Transport.UDP},
        {"max_accepts": 0},
        {"max_line": 0},
        {"write_timeout": -1.0},
        {"port": 65536},
        {"max_clients": 0},
        {"read_timeout": 0.0},
    ]
    for change in wrong:
        with pytest.raises(ValueError):
            network.serve(ServerConfig(**({"service": "echo", "port": 0} | change)))  # type: ignore[arg-type]


@pytest.mark.parametrize("udp", [False, True])
def test_a_server_on_every_interface_says_so_as_people_write_it(
    network: Network, events: Events, udp: bool
) -> None:
    server = serve(network, events, "echo", host="", udp=udp)
    told = events.wait_for(Listening, activity=server.number)
    assert (told.local.host, told.service) == ("0.0.0.0", "echo")
    assert told.transport is (Transport.UDP if udp else Transport.TCP)


def test_a_host_that_is_no_address_of_ours_is_an_answer_and_no_crash(
    network: Network, events: Events
) -> None:
    for host in ("192.0.2.1", "no address", "a" * 64 + ".example"):  # RFC 5737: nobody's
        number = network.serve(ServerConfig(service="echo", host=host, port=0))
        assert events.wait_for(Failed, activity=number).error.operation is Operation.BIND
        events.wait_for(ActivityStopped, activity=number)
