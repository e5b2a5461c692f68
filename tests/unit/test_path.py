"""The path to a server, as data."""

from __future__ import annotations

from netlib.address import Endpoint
from netlib.path import Attempt, NetPath, Route, Via
from tests.samples import HERE, REFUSED, THERE


def test_the_attempt_that_connected_decides_else_the_first_that_failed() -> None:
    failed = tuple(Attempt(peer=peer, seconds=0.1, error=REFUSED) for peer in (HERE, THERE))
    connected = Attempt(peer=THERE, seconds=0.2, local=Endpoint("::1", 50000))
    assert NetPath(target=HERE).decisive is None
    assert NetPath(target=HERE, attempts=failed).decisive is failed[0]
    assert NetPath(target=HERE, attempts=(failed[0], connected)).decisive is connected


def test_a_route_is_found_by_its_address_and_one_that_is_missing_is_unknown() -> None:
    route = Route(peer=HERE, via=Via.OWN, source="127.0.0.1")
    path = NetPath(target=HERE, routes=(route,))
    assert path.route_to(HERE) is route
    assert path.route_to(THERE) == Route(peer=THERE, via=Via.UNKNOWN)
