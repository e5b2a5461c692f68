"""What a server can listen on, and what others must type to reach it."""

from __future__ import annotations

import socket

import pytest

from netlib.system import interfaces as module
from netlib.system.adapters import Adapter, adapters
from netlib.system.interfaces import Interface, interfaces, networks, reachable_addresses

UNIX = [
    Adapter("docker0", "", "172.17.0.1"),
    Adapter("eth0", "", "10.0.0.7"),
    Adapter("eth0", "", "169.254.3.3"),
    Adapter("lo", "", "127.0.0.1"),
    Adapter("lo", "", "::1"),
    Adapter("wlan0", "", "2001:db8::7"),
    Adapter("wlan0", "", "192.168.1.7"),
    Adapter("wlan0", "", "fe80::1"),
]
WINDOWS = [
    Adapter("vEthernet (WSL)", "Hyper-V Virtual Ethernet Adapter", "172.28.0.1"),
    Adapter("VMware Network Adapter VMnet8", "VMware Virtual Ethernet Adapter", "192.168.80.1"),
    Adapter("以太网 3", "VirtualBox Host-Only Ethernet Adapter", "192.168.56.1"),
    Adapter("本地连接", "TAP-Windows Adapter V9", "10.8.0.2"),
    Adapter("WLAN", "Realtek 8822CE Wireless LAN", "192.168.1.7"),
    Adapter("以太网", "Intel(R) Ethernet Connection", "10.0.0.7"),
]


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> list[Adapter]:
    """Return what the system tells of its adapters, for a test to change."""
    told = [*UNIX]
    monkeypatch.setattr("netlib.system.adapters.adapters", lambda: told)
    monkeypatch.setattr(module, "_default_addresses", lambda: {"192.168.1.7", "10.8.0.2"})
    return told


def test_first_comes_what_leads_to_the_router_and_last_what_is_virtual(
    here: list[Adapter],
) -> None:
    assert interfaces() == [
        Interface("wlan0", "192.168.1.7"),
        Interface("eth0", "10.0.0.7"),
        Interface("wlan0", "2001:db8::7"),
        Interface("docker0", "172.17.0.1"),
    ]


def test_a_virtual_adapter_of_windows_says_what_it_belongs_to(here: list[Adapter]) -> None:
    """Also where a tunnel has taken the default route: through it no classmate comes."""
    here[:] = WINDOWS
    assert interfaces()[0].words == "192.168.1.7 (WLAN)"
    assert [one.name for one in interfaces()] == [
        *("WLAN", "以太网", "本地连接, VPN"),
        *("VMware Network Adapter VMnet8", "vEthernet (WSL)", "以太网 3, VirtualBox"),
    ]


@pytest.mark.parametrize(
    ("name", "description", "owner"),
    [
        ("br-0123456789ab", "", "Docker"),
        ("virbr0", "", "libvirt"),
        ("utun3", "", "VPN"),
        ("tun0", "", "VPN"),
        ("wg0", "", "VPN"),
        ("veth1a2b", "", "container"),
        ("vEthernet (Default Switch)", "Hyper-V Virtual Ethernet Adapter #2", "Hyper-V"),
        ("以太网 4", "VPN Client Adapter - VPN", "VPN"),
        ("以太网 5", "Sangfor SSL VPN CS Support System VNIC", "VPN"),
        ("en0", "", ""),
        ("wlp3s0", "", ""),
        ("eno1", "", ""),
        ("bridge0", "", ""),
        ("WLAN 2", "TP-Link Wireless USB Adapter", ""),
        ("以太网", "Intel(R) Ethernet Controller I225-V", ""),
        ("Tunis", "Broadcom NetXtreme", ""),
    ],
)
def test_what_is_no_hardware_is_known_by_name_or_maker(
    name: str, description: str, owner: str
) -> None:
    assert module._belongs_to(name, description) == owner


@pytest.mark.parametrize(
    ("host", "typed"),
    [
        ("localhost", []),
        ("127.0.0.1", []),
        ("no address", []),
        ("10.0.0.7", ["10.0.0.7"]),
        ("", ["192.168.1.7", "10.0.0.7", "2001:db8::7", "172.17.0.1"]),
        ("::", ["192.168.1.7", "10.0.0.7", "2001:db8::7", "172.17.0.1"]),
        ("0.0.0.0", ["192.168.1.7", "10.0.0.7", "172.17.0.1"]),
    ],
)
def test_what_others_type_follows_from_what_the_server_is_bound_to(
    here: list[Adapter], host: str, typed: list[str]
) -> None:
    assert reachable_addresses(host) == typed


def test_the_networks_are_those_of_the_adapters_each_once() -> None:
    here = [
        Adapter("lo", "", "127.0.0.1", 8),
        Adapter("eth0", "", "10.77.3.7", 22),
        Adapter("wlan0", "", "10.77.2.9", 22),
        Adapter("wlan0", "", "fd77::9", 64),
        Adapter("wlan0", "", "fe80::1", 64),
        Adapter("tun0", "", "192.168.1.7"),
    ]
    assert networks(here) == ["10.77.0.0/22", "fd77::/64"]


def test_a_system_that_does_not_tell_is_asked_by_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> object:
        raise PermissionError

    def look_up(*_what: object) -> list[tuple[object, ...]]:
        return [(2, 2, 17, "", (host, 0)) for host in ("127.0.1.1", "192.168.1.7")]

    monkeypatch.setattr("netlib.system.adapters.adapters", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    assert interfaces() == [Interface("", "192.168.1.7")]
    assert [one.words for one in interfaces()] == ["192.168.1.7"]


def test_the_way_to_the_router_is_one_of_our_addresses_or_there_is_none() -> None:
    assert module._default_addresses() <= {one.address for one in adapters()}
