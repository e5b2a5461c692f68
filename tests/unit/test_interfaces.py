"""What a server can listen on, and what others must type to reach it."""

from __future__ import annotations

import socket
import sys
from typing import NamedTuple

import psutil
import pytest

from netlib.system.interfaces import Interface, interfaces, reachable_addresses


class Address(NamedTuple):
    """What psutil says of one address, as far as we ask."""

    family: int
    address: str


TABLE = {
    "lo": [Address(socket.AF_INET, "127.0.0.1"), Address(socket.AF_INET6, "::1")],
    "wlan0": [
        Address(socket.AF_INET6, "fe80::1%wlan0"),
        Address(socket.AF_INET6, "2001:db8::7"),
        Address(socket.AF_INET, "192.168.1.7"),
        Address(psutil.AF_LINK, "02:00:00:00:00:01"),
    ],
    "eth0": [Address(socket.AF_INET, "10.0.0.7"), Address(socket.AF_INET, "169.254.3.3")],
}


@pytest.fixture(autouse=True)
def _this_computer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(psutil, "net_if_addrs", lambda: TABLE)


def test_only_addresses_that_others_can_reach_are_offered_and_ipv4_first() -> None:
    assert interfaces() == [
        Interface("eth0", "10.0.0.7"),
        Interface("wlan0", "192.168.1.7"),
        Interface("wlan0", "2001:db8::7"),
    ]


@pytest.mark.parametrize(
    ("host", "typed"),
    [
        ("localhost", []),
        ("127.0.0.1", []),
        ("no address", []),
        ("10.0.0.7", ["10.0.0.7"]),
        ("", ["10.0.0.7", "192.168.1.7", "2001:db8::7"]),
        ("::", ["10.0.0.7", "192.168.1.7", "2001:db8::7"]),
        ("0.0.0.0", ["10.0.0.7", "192.168.1.7"]),
    ],
)
def test_what_others_type_follows_from_what_the_server_is_bound_to(
    host: str, typed: list[str]
) -> None:
    assert reachable_addresses(host) == typed


def test_without_psutil_there_are_at_least_no_addresses_of_our_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "psutil", None)
    assert not {"127.0.0.1", "0.0.0.0"} & {one.address for one in interfaces()}


def test_a_system_that_does_not_tell_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> object:
        raise PermissionError

    monkeypatch.setattr(psutil, "net_if_addrs", refuse)
    assert all(isinstance(one, Interface) for one in interfaces())
