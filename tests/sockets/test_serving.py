"""What a server is asked to be: refused before it begins, or told why it could not."""

from __future__ import annotations

import pytest

from netlib.activities.serving import ServerConfig
from netlib.errors import Cause, Operation
from netlib.events import (
    ActivityStopped,
    Failed,
)
from netlib.network import Network
from tests.sockets.conftest import (
    HOST,
    Events,
    listener,
    port_of,
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
        {"port": 65536},
        {"max_clients": 0},
        {"read_timeout": 0.0},
    ]
    for change in wrong:
        with pytest.raises(ValueError):
            network.serve(ServerConfig(**({"service": "echo", "port": 0} | change)))  # type: ignore[arg-type]
