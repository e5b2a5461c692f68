"""What tells apart why a connection failed, where it can be had without a network of our own."""

from __future__ import annotations

import ctypes
import socket
import sys
from types import SimpleNamespace
from typing import Any

import pytest

from netlib.address import Endpoint
from netlib.path import Route, Via
from netlib.system import evidence as module
from netlib.system.evidence import Evidence, answers, evidence, is_neighbour
from tests.helpers import free_port

NEAR = Endpoint("10.77.0.9", 80)
ROUTER = "10.77.0.254"


class Network:
    """Who is in the own network, and whether it answers ARP; who is missing is not known."""

    def __init__(self) -> None:
        self.neighbours: dict[str, bool] = {}
        self.router = ROUTER

    def is_neighbour(self, host: str) -> bool | None:
        return self.neighbours.get(host)


@pytest.fixture
def network(monkeypatch: pytest.MonkeyPatch) -> Network:
    made = Network()
    monkeypatch.setattr(module, "is_neighbour", made.is_neighbour)
    monkeypatch.setattr(module, "default_router", lambda _host: made.router)
    return made


def test_of_a_neighbour_it_is_asked_whether_it_and_the_router_answer(network: Network) -> None:
    network.neighbours = {NEAR.host: False, ROUTER: True}
    found = evidence(Route(peer=NEAR, via=Via.DIRECT))
    assert found == Evidence(None, False, ROUTER, True)


@pytest.mark.parametrize("router", ["", NEAR.host])
def test_without_a_router_beside_it_none_is_asked(network: Network, router: str) -> None:
    network.router = router
    network.neighbours[NEAR.host] = True
    assert evidence(Route(peer=NEAR, via=Via.DIRECT)) == Evidence(is_neighbour=True)


def test_of_a_router_on_the_way_only_the_system_is_asked(network: Network) -> None:
    network.neighbours[ROUTER] = False
    route = Route(peer=Endpoint("203.0.113.7", 80), via=Via.ROUTER, router=ROUTER)
    assert evidence(route) == Evidence(router=ROUTER, router_answers=False)
    assert evidence(Route(peer=NEAR, via=Via.UNKNOWN)) == Evidence()


@pytest.mark.usefixtures("network")
def test_any_answer_to_a_syn_will_do(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        for port in (server.getsockname()[1], free_port()):
            monkeypatch.setattr(module, "ROUTER_PORTS", (port,))
            assert answers("127.0.0.1") is True


@pytest.mark.skipif(sys.platform != "linux", reason="a full accept queue is refused elsewhere")
def test_whoever_drops_syn_may_have_answered_arp(
    network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "ROUTER_SECONDS", 0.05)
    with socket.create_server(("127.0.0.1", 0), backlog=0) as full:
        where = full.getsockname()
        monkeypatch.setattr(module, "ROUTER_PORTS", (where[1],))
        with socket.create_connection(where):
            assert answers("127.0.0.1") is None
            network.neighbours["127.0.0.1"] = False
            assert answers("127.0.0.1") is False


def test_who_listens_on_this_computer_is_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        peer = Endpoint("127.0.0.1", server.getsockname()[1])
        found = evidence(Route(peer=peer, via=Via.OWN))
    assert found == Evidence(listeners=("127.0.0.1",))


@pytest.mark.parametrize(("code", "answer"), [(0, True), (67, False), (31, False), (1168, None)])
def test_windows_asks_by_arp(
    monkeypatch: pytest.MonkeyPatch, code: int, answer: bool | None
) -> None:
    asked: list[bytes] = []

    def send_arp(target: Any, _source: int, _hardware: Any, _size: Any) -> int:
        asked.append(target.value.to_bytes(4, sys.byteorder))
        return code

    library = SimpleNamespace(iphlpapi=SimpleNamespace(SendARP=send_arp))
    monkeypatch.setattr(ctypes, "windll", library, raising=False)
    monkeypatch.setattr(sys, "platform", "win32")
    assert is_neighbour("10.77.0.9") is answer
    assert is_neighbour("fd77::9") is None
    assert asked == [bytes([10, 77, 0, 9])]


def test_other_systems_do_not_tell(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    assert is_neighbour("10.77.0.9") is None
