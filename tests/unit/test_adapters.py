"""The addresses of all adapters: as this system lists them, and as Windows would."""

from __future__ import annotations

import ctypes
import socket
import sys
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from netlib.system.adapters import Adapter, _AdapterAddresses, _prefix, _Unicast, adapters


def test_this_computer_has_its_loopback() -> None:
    assert "127.0.0.1" in {one.address for one in adapters()}


def test_each_address_has_the_prefix_of_its_network() -> None:
    prefixes = {one.address: one.prefix for one in adapters()}
    assert prefixes["127.0.0.1"] == 8
    assert prefixes.get("::1", 128) == 128


@pytest.mark.skipif(sys.platform == "win32", reason="Windows tells the number itself")
@pytest.mark.parametrize(
    ("system", "mask", "address", "prefix"),
    [
        ("linux", b"\2\0\0\0\xff\xff\xfe\0", "10.77.0.2", 23),
        ("darwin", b"\x10\2\0\0\xff\xff\xfe\0", "10.77.0.2", 23),
        ("darwin", b"\7\0\0\0\xff\xff\xff", "10.77.0.2", 24),
        ("darwin", b"\5\0\0\0\xff", "10.0.0.2", 8),
        ("freebsd14", b"\x1c\x1c\0\0" + bytes(4) + b"\xff" * 8 + bytes(8), "fd77::2", 64),
        ("darwin", b"\0", "10.0.0.2", 0),
    ],
)
def test_a_netmask_may_be_cut_short_on_macos(
    monkeypatch: pytest.MonkeyPatch, system: str, mask: bytes, address: str, prefix: int
) -> None:
    """Its first byte is its length there, and nothing may be read behind it."""
    monkeypatch.setattr(sys, "platform", system)
    told = ctypes.create_string_buffer(mask + b"\xff" * 16)
    assert _prefix(ctypes.addressof(told), address) == prefix
    assert _prefix(None, address) == 0


def test_a_c_library_that_cannot_tell_refuses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "sunos5")
    monkeypatch.setattr(ctypes, "CDLL", lambda *_which, **_how: SimpleNamespace())
    with pytest.raises(OSError, match="getifaddrs"):
        adapters()


def sockaddr(host: str) -> ctypes.Array[ctypes.c_char]:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    head = int(family).to_bytes(2, sys.byteorder) + bytes(2)
    flow = bytes(4) if family == socket.AF_INET6 else b""
    return ctypes.create_string_buffer(head + flow + socket.inet_pton(family, host))


class Windows:
    """Its list of adapters, in memory as its library leaves it."""

    def __init__(self) -> None:
        self.kept: list[object] = []
        self.first: Any = None
        self.calls = 0

    def add(self, name: str, description: str, hosts: list[str], *, up: bool = True) -> None:
        unicast = ctypes.POINTER(_Unicast)()
        for host in reversed(hosts):
            address = sockaddr(host)
            entry = _Unicast(next=unicast, address=ctypes.addressof(address), prefix=24)
            unicast = ctypes.pointer(entry)
            self.kept += [address, entry]
        made = _AdapterAddresses(
            name=name, description=description, unicast=unicast, status=1 if up else 2
        )
        if self.first is not None:
            made.next = ctypes.pointer(self.first)
        self.first = made
        self.kept.append(made)

    def called(self, *call: Any) -> int:
        return self.ask(*call)

    def ask(self, family: int, flags: int, none: None, found: Any, size: Any) -> int:
        self.calls += 1
        room, needed = size._obj, 40_000
        if room.value < needed:
            room.value = needed
            return 111
        if self.first is None:
            return 232
        ctypes.memmove(found, ctypes.byref(self.first), ctypes.sizeof(self.first))
        return 0


@pytest.fixture
def windows(monkeypatch: pytest.MonkeyPatch) -> Windows:
    made = Windows()
    library = SimpleNamespace(GetAdaptersAddresses=made.called)
    monkeypatch.setattr(ctypes, "windll", SimpleNamespace(iphlpapi=library), raising=False)
    monkeypatch.setattr(sys, "platform", "win32")
    return made


def test_windows_tells_name_maker_and_every_address_of_what_is_plugged_in(windows: Windows) -> None:
    windows.add("以太网 2", "Intel(R) Ethernet", ["169.254.1.1"], up=False)
    windows.add("WLAN", "Realtek 8822CE", ["192.168.1.7", "2001:db8::7"])
    windows.add("以太网 3", "VirtualBox Host-Only Ethernet Adapter", ["192.168.56.1"])
    assert adapters() == [
        Adapter("以太网 3", "VirtualBox Host-Only Ethernet Adapter", "192.168.56.1", 24),
        Adapter("WLAN", "Realtek 8822CE", "192.168.1.7", 24),
        Adapter("WLAN", "Realtek 8822CE", "2001:db8::7", 24),
    ]
    assert windows.calls == 2  # the first time there was too little room


def test_the_list_of_windows_is_read_where_its_parts_stand() -> None:
    """The offsets of IP_ADAPTER_ADDRESSES_LH in a program of 64 bits."""
    places = {"unicast": 24, "description": 64, "name": 72, "mtu": 96, "kind": 100, "status": 104}
    assert {name: getattr(_AdapterAddresses, name).offset for name in places} == places
    places = {"next": 8, "address": 16, "lifetimes": 44, "prefix": 56}
    assert {name: getattr(_Unicast, name).offset for name in places} == places


def test_a_windows_without_any_address_has_none(windows: Windows) -> None:
    assert adapters() == []


@pytest.mark.parametrize("answer", [lambda *_call: 87, lambda *_call: 111])
def test_a_windows_that_refuses_is_a_refusal(
    windows: Windows, monkeypatch: pytest.MonkeyPatch, answer: Callable[..., int]
) -> None:
    monkeypatch.setattr(windows, "ask", answer)
    with pytest.raises(OSError, match="GetAdaptersAddresses"):
        adapters()
