"""The addresses of this computer: what a server can listen on, and what others must type."""

from __future__ import annotations

import ipaddress
import socket
from typing import NamedTuple

from netlib.system.sockets import EVERYWHERE, IPV4_WILDCARD, LOCAL


class Interface(NamedTuple):
    """One address of one network interface."""

    name: str
    address: str


def interfaces() -> list[Interface]:
    """Return the addresses of this computer, IPv4 first, loopback and link-local left out."""
    try:
        import psutil
    except ImportError:
        return _by_host_name()
    try:
        table = psutil.net_if_addrs()
    except (psutil.Error, OSError):
        return _by_host_name()
    found = [
        Interface(name, entry.address)
        for name, entries in table.items()
        for entry in entries
        if entry.family in (socket.AF_INET, socket.AF_INET6) and _is_for_others(entry.address)
    ]
    return sorted(found, key=lambda one: (":" in one.address, one.name))


def reachable_addresses(host: str) -> list[str]:
    """Return what others may type to reach a server bound to `host`; empty: only we can."""
    if host == LOCAL:
        return []
    if host in EVERYWHERE:
        return [one.address for one in interfaces()]
    if host == IPV4_WILDCARD:
        return [one.address for one in interfaces() if ":" not in one.address]
    return [host] if _is_for_others(host) else []


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
