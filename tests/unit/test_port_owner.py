"""Which program has a port, where the answer is a table of Windows or what lsof printed."""

from __future__ import annotations

import ctypes
import struct
import sys
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from netlib.events import Transport
from netlib.system.port_owner import _hosts_in_lsof, _in_lsof, listening_addresses, port_owner

PATHS = {12: r"C:\Program Files\nginx\nginx.exe", 77: r"C:\教学\服务器.exe"}
LISTENING, ESTABLISHED = 2, 5


def network_order(port: int) -> bytes:
    return struct.pack(">H", port) + b"\x00\x00"


def tcp4(port: int, pid: int, state: int = LISTENING) -> bytes:
    return struct.pack("<I", state) + b"\x7f\0\0\1" + network_order(port) + bytes(8) + number(pid)


def tcp6(port: int, pid: int, state: int = LISTENING) -> bytes:
    far = bytes(16 + 4 + 4)
    return bytes(16 + 4) + network_order(port) + far + number(state) + number(pid)


def udp4(port: int, pid: int) -> bytes:
    return b"\x7f\0\0\1" + network_order(port) + number(pid)


def udp6(port: int, pid: int) -> bytes:
    return bytes(16 + 4) + network_order(port) + number(pid)


def number(value: int) -> bytes:
    return struct.pack("<I", value)


class Windows:
    """Its tables of sockets, by function, family and kind."""

    def __init__(self) -> None:
        self.tables: dict[tuple[str, int, int], list[bytes]] = {}
        self.answer = 0

    def asked(self, function: str) -> Callable[..., int]:
        def ask(rows: Any, size: Any, _order: bool, family: int, kind: int, _none: int) -> int:
            if self.answer:
                return self.answer
            found = self.tables.get((function, family, kind), [])
            told = number(len(found)) + b"".join(found)
            if size._obj.value < max(len(told), 20_000):
                size._obj.value = max(len(told), 20_000)
                return 122
            ctypes.memmove(rows, told, len(told))
            return 0

        return ask

    def name(self, handle: Any, _form: int, path: Any, size: Any) -> int:
        path.value = PATHS[handle.value - 1000]
        return 1


@pytest.fixture
def windows(monkeypatch: pytest.MonkeyPatch) -> Windows:
    made = Windows()
    functions = ("GetExtendedTcpTable", "GetExtendedUdpTable")
    tables = SimpleNamespace(**{name: made.asked(name) for name in functions})

    def opened(access: int, _inherit: bool, pid: int) -> int | None:
        assert access == 0x1000
        return 1000 + pid if pid in PATHS else None

    class Kernel(SimpleNamespace):
        class OpenProcess:
            restype: object = None

            def __new__(cls, *call: Any) -> Any:
                return opened(*call)

    kernel = Kernel(QueryFullProcessImageNameW=made.name, CloseHandle=lambda _handle: 1)
    libraries = SimpleNamespace(iphlpapi=tables, kernel32=kernel)
    monkeypatch.setattr(ctypes, "windll", libraries, raising=False)
    monkeypatch.setattr(sys, "platform", "win32")
    return made


@pytest.mark.parametrize(
    ("table", "row", "transport", "owner"),
    [
        (("GetExtendedTcpTable", 2, 3), tcp4(8080, 12), Transport.TCP, "nginx.exe (PID 12)"),
        (("GetExtendedTcpTable", 23, 3), tcp6(8080, 77), Transport.TCP, "服务器.exe (PID 77)"),
        (("GetExtendedTcpTable", 2, 5), tcp4(8080, 12), Transport.TCP, "nginx.exe (PID 12)"),
        (("GetExtendedUdpTable", 2, 1), udp4(8080, 12), Transport.UDP, "nginx.exe (PID 12)"),
        (("GetExtendedUdpTable", 23, 1), udp6(8080, 12), Transport.UDP, "nginx.exe (PID 12)"),
        (("GetExtendedTcpTable", 2, 3), tcp4(8080, 4), Transport.TCP, "System (http.sys)"),
        (("GetExtendedTcpTable", 2, 3), tcp4(8080, 99), Transport.TCP, "PID 99"),
        (("GetExtendedTcpTable", 2, 3), tcp4(8080, 0), Transport.TCP, None),
        (("GetExtendedTcpTable", 2, 3), tcp4(0x901F, 12), Transport.TCP, None),
        (("GetExtendedUdpTable", 2, 1), udp4(8080, 12), Transport.TCP, None),
    ],
)
def test_windows_tells_in_its_tables(
    windows: Windows,
    table: tuple[str, int, int],
    row: bytes,
    transport: Transport,
    owner: str | None,
) -> None:
    """A name that is denied leaves the number; 0x901F is 8080 with its bytes exchanged."""
    other = bytes(len(row))
    windows.tables[table] = [other, row, other]
    assert port_owner(8080, transport) == owner


def test_a_listener_comes_before_the_connections_that_use_its_port(windows: Windows) -> None:
    windows.tables["GetExtendedTcpTable", 2, 5] = [tcp4(8080, 77, ESTABLISHED), tcp4(8080, 12)]
    windows.tables["GetExtendedTcpTable", 23, 3] = [tcp6(8080, 12)]
    assert port_owner(8080, Transport.TCP) == "nginx.exe (PID 12)"


@pytest.mark.parametrize("answer", [5, 87, 122])
def test_a_windows_that_does_not_tell_names_nobody(windows: Windows, answer: int) -> None:
    windows.answer = answer
    assert port_owner(8080, Transport.TCP) is None


def test_windows_tells_at_which_addresses_somebody_listens(windows: Windows) -> None:
    windows.tables["GetExtendedTcpTable", 2, 3] = [tcp4(80, 12), tcp4(8080, 12)]
    windows.tables["GetExtendedTcpTable", 23, 3] = [tcp6(8080, 12)]
    windows.tables["GetExtendedTcpTable", 2, 5] = [tcp4(9, 12, ESTABLISHED)]
    assert listening_addresses(8080) == ("127.0.0.1", "::")
    assert listening_addresses(9) == ()


def test_a_windows_that_does_not_tell_is_not_one_without_listeners(windows: Windows) -> None:
    windows.answer = 5
    assert listening_addresses(8080) is None


@pytest.mark.parametrize(
    ("printed", "hosts"),
    [
        ("p412\nf6\ntIPv4\nn*:8080\nf7\ntIPv6\nn*:8080\n", ["0.0.0.0", "::"]),
        ("p412\nf6\ntIPv4\nn127.0.0.1:8080\nf7\ntIPv6\nn[::1]:8080\n", ["127.0.0.1", "::1"]),
        ("", []),
    ],
)
def test_where_lsof_says_that_somebody_listens(printed: str, hosts: list[str]) -> None:
    assert [*_hosts_in_lsof(printed)] == hosts


@pytest.mark.parametrize(
    ("printed", "owner"),
    [
        ("p412\ncnginx\nf6\np413\ncother\n", "nginx (PID 412)"),
        ("p412\n", "PID 412"),
        ("", None),
        ("lsof: WARNING: can't stat()\n", None),
    ],
)
def test_what_lsof_prints(printed: str, owner: str | None) -> None:
    assert _in_lsof(printed) == owner
