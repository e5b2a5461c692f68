"""How an address would be reached: what Windows and the program `route` tell, and this system."""

from __future__ import annotations

import ctypes
import os
import socket
import struct
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from netlib.address import Endpoint
from netlib.path import Route, Via
from netlib.system import routes
from netlib.system.adapters import Adapter
from netlib.system.netlink import Hop
from netlib.system.routes import default_router, next_hop, survey

NEAR, FAR = Endpoint("10.77.0.9", 80), Endpoint("203.0.113.7", 80)

MACOS_NEAR = """\
   route to: 10.77.0.9
destination: 10.77.0.0
       mask: 255.255.255.0
  interface: en0
      flags: <UP,DONE,CLONING,STATIC>
 recvpipe  sendpipe  ssthresh  rtt,msec    rttvar  hopcount      mtu     expire
       0         0         0         0         0         0      1500   -1000
"""
MACOS_FAR = """\
   route to: 203.0.113.1
destination: default
       mask: default
    gateway: 10.77.0.254
  interface: en0
      flags: <UP,GATEWAY,DONE,STATIC,PRCLONING,GLOBAL>
"""
MACOS_FAR_V6 = """\
   route to: 2001:db8::1
destination: default
       mask: default
    gateway: fe80::1%en0
  interface: en0
      flags: <UP,GATEWAY,DONE,STATIC,PRCLONING,GLOBAL>
"""


@pytest.mark.parametrize(
    ("printed", "router"),
    [
        (MACOS_NEAR, ""),
        (MACOS_FAR, "10.77.0.254"),
        (MACOS_FAR_V6, "fe80::1%en0"),
        (MACOS_FAR.replace("10.77.0.254", "link#4"), None),
        ("", None),
        ("route: writing to routing socket: not in table\n", None),
    ],
)
def test_what_the_program_route_prints_is_read(printed: str, router: str | None) -> None:
    assert routes._in_program(printed) == router


@pytest.fixture
def without_netlink(monkeypatch: pytest.MonkeyPatch) -> None:
    """This system is one of those that have the program `route`."""
    monkeypatch.setattr(sys, "platform", "darwin")


@pytest.mark.skipif(os.name == "nt", reason="a program of /bin/sh")
@pytest.mark.usefixtures("without_netlink")
def test_the_program_is_asked_for_the_address(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "route"
    program.write_text(f"#!/bin/sh\nprintf %s \"$*\" > {tmp_path}/asked\ncat <<'E'\n{MACOS_FAR}E\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    assert next_hop("203.0.113.1") == "10.77.0.254"
    next_hop("2001:db8::1")
    assert (tmp_path / "asked").read_text() == "-n get -inet6 2001:db8::1"


@pytest.mark.usefixtures("without_netlink")
def test_a_system_without_that_program_tells_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(routes, "PROGRAM_SECONDS", 0.01)
    assert next_hop("203.0.113.1") is None

    def hang(*_command: object, **_options: object) -> None:
        raise subprocess.TimeoutExpired("route", 0.01)

    monkeypatch.setattr(subprocess, "run", hang)
    assert next_hop("203.0.113.1") is None


class Windows:
    """Its GetBestRoute2: to each address a router, or none; what is missing has no route."""

    def __init__(self) -> None:
        self.routers: dict[str, str] = {}

    def best(
        self, _luid: None, _index: int, _source: None, target: Any, _sort: int, row: Any, _best: Any
    ) -> int:
        family = int.from_bytes(target.raw[:2], "little")
        at, size = (8, 16) if family == socket.AF_INET6 else (4, 4)
        router = self.routers.get(socket.inet_ntop(family, target.raw[at : at + size]))
        if router is None:
            return 1231  # ERROR_NETWORK_UNREACHABLE
        kind = struct.pack("<H", family)
        hop = kind.ljust(at, b"\0") + (socket.inet_pton(family, router) if router else bytes(size))
        row.raw = bytes(44) + hop.ljust(60, b"\0")
        return 0


@pytest.fixture
def windows(monkeypatch: pytest.MonkeyPatch) -> Windows:
    made = Windows()
    library = SimpleNamespace(iphlpapi=SimpleNamespace(GetBestRoute2=made.best))
    monkeypatch.setattr(ctypes, "windll", library, raising=False)
    monkeypatch.setattr(sys, "platform", "win32")
    return made


def test_windows_is_asked_for_the_best_route(windows: Windows) -> None:
    windows.routers = {"10.77.0.9": "", "203.0.113.1": "10.77.0.254", "2001:db8::1": "fd77::fe"}
    assert next_hop("10.77.0.9") == ""
    assert default_router("10.77.0.9") == "10.77.0.254"
    assert default_router("fd77::9") == "fd77::fe"
    assert next_hop("192.168.5.9") is None


def test_an_old_windows_tells_nothing(windows: Windows) -> None:
    del ctypes.windll.iphlpapi.GetBestRoute2  # type: ignore[attr-defined,unused-ignore]
    assert next_hop("10.77.0.9") is None


# -- this computer -------------------------------------------------------------------------------


class Computer:
    """A computer with one adapter, 10.77.0.2/24, and a router to all that is far."""

    def __init__(self) -> None:
        self.source: str | OSError = "10.77.0.2"
        self.hop: Hop | None = Hop("", 7)

    def from_where(self, _peer: Endpoint) -> str:
        if isinstance(self.source, OSError):
            raise self.source
        return self.source


@pytest.fixture
def computer(monkeypatch: pytest.MonkeyPatch) -> Computer:
    made = Computer()
    told = [Adapter("lo", "", "127.0.0.1", 8), Adapter("eth0", "", "10.77.0.2", 24)]
    monkeypatch.setattr("netlib.system.adapters.adapters", lambda: told)
    monkeypatch.setattr(routes, "_source", made.from_where)
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr("netlib.system.netlink.next_hop", lambda _host: made.hop)
    return made


@pytest.mark.parametrize(
    ("peer", "hop", "route"),
    [
        (NEAR, Hop("", 7), Route(peer=NEAR, via=Via.DIRECT)),
        (FAR, Hop("10.77.0.254", 7), Route(peer=FAR, via=Via.ROUTER, router="10.77.0.254")),
        (FAR, None, Route(peer=FAR, via=Via.UNKNOWN)),
        (Endpoint("10.77.0.2", 1), None, Route(peer=Endpoint("10.77.0.2", 1), via=Via.OWN)),
        (Endpoint("127.0.0.5", 1), None, Route(peer=Endpoint("127.0.0.5", 1), via=Via.OWN)),
    ],
)
def test_a_route_leads_home_next_door_or_to_a_router(
    computer: Computer, peer: Endpoint, hop: Hop | None, route: Route
) -> None:
    computer.hop = hop
    found = survey([peer])
    assert found.networks == ("10.77.0.0/24",)
    (told,) = found.routes
    assert (told.peer, told.via, told.router) == (route.peer, route.via, route.router)
    assert (told.interface, told.source, told.error) == ("eth0", "10.77.0.2", None)


def test_without_a_route_there_is_an_error(computer: Computer) -> None:
    computer.source = OSError(101, "Network is unreachable")
    (told,) = survey([FAR]).routes
    assert told.error is not None
    assert told.error.endpoint == FAR


def test_networks_that_the_system_does_not_tell_are_not_none(
    computer: Computer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse() -> object:
        raise PermissionError

    monkeypatch.setattr("netlib.system.adapters.adapters", refuse)
    found = survey([NEAR])
    assert found.networks is None
    assert (found.routes[0].via, found.routes[0].interface) == (Via.DIRECT, "")


def test_the_way_to_this_computer_is_known_everywhere() -> None:
    found = survey([Endpoint("127.0.0.1", 80), Endpoint("::1", 80)])
    assert [one.via for one in found.routes] == [Via.OWN, Via.OWN]
    assert [one.source for one in found.routes] == ["127.0.0.1", "::1"]
    assert found.networks_seconds > 0
    assert found.route_seconds > 0
