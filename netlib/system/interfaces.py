"""The addresses of this computer: what a server can listen on, and what others must type."""

from __future__ import annotations

import ipaddress
import re
import socket
from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from netlib.system.sockets import EVERYWHERE, IPV4_WILDCARD, LOCAL
from netlib.value import NamedTuple

if TYPE_CHECKING:
    from netlib.system.adapters import Adapter

_VIRTUAL: Final = (
    (r"\bwsl\b", "WSL"),
    (r"hyper-v|^vethernet", "Hyper-V"),
    (r"vmware|^vmnet", "VMware"),
    (r"virtualbox|^vboxnet", "VirtualBox"),
    (r"docker|^br-[0-9a-f]{12}$", "Docker"),
    (r"^(virbr|vnet)\d", "libvirt"),
    (r"^(cni|flannel|cali|veth|lxc|lxd|podman)", "container"),
    (r"\bvpn|openvpn|wireguard|wintun|tailscale|zerotier|fortinet|anyconnect|sangfor", "VPN"),
    (r"tap-windows|^(u?tun|tap|wg|ppp|ipsec)\d", "VPN"),
)
"""How adapters that are no hardware are called, or described, and what they belong to."""

_FAR: Final = ((socket.AF_INET, "203.0.113.1"), (socket.AF_INET6, "2001:db8::1"))
"""Addresses of nobody (RFC 5737, RFC 3849), which only a default route leads to."""


class Interface(NamedTuple):
    """One address of one network interface; the name of a virtual one tells what it belongs to."""

    name: str
    address: str

    @property
    def words(self) -> str:
        """The address, and in brackets the name where it has one."""
        return f"{self.address} ({self.name})" if self.name else self.address


def interfaces() -> list[Interface]:
    """Return the addresses of this computer, those first that others most likely reach it by.

    First hardware, then what is virtual; of each IPv4 first, and of those the one that leads to
    the default router. Loopback and link-local are left out.
    """
    from netlib.system.adapters import adapters

    try:
        found = adapters()
    except OSError:
        return _by_host_name()
    default = _default_addresses()
    ranked = []
    for name, description, address, _prefix in found:
        if _is_for_others(address):
            owner = _belongs_to(name, description)
            known = owner.lower() in name.lower()
            words = name if known else f"{name}, {owner}"
            rank = (owner != "", ":" in address, address not in default, name)
            ranked.append((rank, Interface(words, address)))
    return [one for _rank, one in sorted(ranked)]


def reachable_addresses(host: str) -> list[str]:
    """Return what others may type to reach a server bound to `host`; empty: only we can."""
    if host == LOCAL:
        return []
    if host in EVERYWHERE:
        return [one.address for one in interfaces()]
    if host == IPV4_WILDCARD:
        return [one.address for one in interfaces() if ":" not in one.address]
    return [host] if _is_for_others(host) else []


def networks(adapters: Iterable[Adapter]) -> list[str]:
    """Return the networks these are in, IPv4 first: `10.77.0.0/24`; without loopback."""
    told = {
        str(ipaddress.ip_network(f"{one.address}/{one.prefix}", strict=False))
        for one in adapters
        if one.prefix and _is_for_others(one.address)
    }
    return sorted(told, key=lambda network: (":" in network, network))


def _belongs_to(name: str, description: str) -> str:
    """Return what a virtual adapter belongs to; empty: it is hardware."""
    return next(
        (
            owner
            for pattern, owner in _VIRTUAL
            if re.search(pattern, name, re.IGNORECASE)
            or re.search(pattern, description, re.IGNORECASE)
        ),
        "",
    )


def _default_addresses() -> set[str]:
    """Return our addresses towards the default routers. Connecting UDP sends nothing."""
    found = set()
    for family, address in _FAR:
        try:
            with socket.socket(family, socket.SOCK_DGRAM) as sock:
                sock.connect((address, 9))
                found.add(str(sock.getsockname()[0]))
        except OSError:
            continue  # no such route
    return found


def _by_host_name() -> list[Interface]:
    try:
        answers = socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)
    except OSError:
        return []
    hosts = dict.fromkeys(str(answer[4][0]) for answer in answers)
    return [Interface("", host) for host in hosts if _is_for_others(host)]


def _is_for_others(address: str) -> bool:
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return False
    return not (ip.is_loopback or ip.is_link_local or ip.is_unspecified or ip.is_multicast)
