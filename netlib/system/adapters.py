"""Every address of every network adapter, as the system lists them: getifaddrs, or Windows' own.

By ctypes, so that no compiled package is needed. Imported late: most starts do without.
"""

from __future__ import annotations

import ctypes
import os
import socket
import sys
from collections.abc import Iterator
from typing import Any, Final

from netlib.value import NamedTuple


class Adapter(NamedTuple):
    """An adapter and one of its addresses; `description` is who made it, where that is said."""

    name: str
    description: str
    address: str
    prefix: int = 0
    """How many bits of the address name its network; 0: not told."""


def adapters() -> list[Adapter]:
    """Return the addresses of all adapters that work. Raises OSError: this system does not tell."""
    try:
        return list(_of_windows() if sys.platform == "win32" else _of_unix())
    except AttributeError as missing:  # a C library without that function
        raise OSError(*missing.args) from missing


def _address(pointer: int | None) -> str | None:
    """Read a sockaddr; None: it is neither of IPv4 nor of IPv6.

    The address lies at the same place on all systems; BSD and macOS have a length first, and a
    family of one byte.
    """
    if not pointer:
        return None
    head = ctypes.string_at(pointer, 2)
    short = sys.platform == "darwin" or "bsd" in sys.platform
    family = head[1] if short else int.from_bytes(head, sys.byteorder)
    if family == socket.AF_INET:
        return socket.inet_ntop(socket.AF_INET, ctypes.string_at(pointer + 4, 4))
    if family == socket.AF_INET6:
        return socket.inet_ntop(socket.AF_INET6, ctypes.string_at(pointer + 8, 16))
    return None


def _prefix(mask: int | None, address: str) -> int:
    """Count the bits of a netmask; BSD and macOS may leave its family out, and its last zeros."""
    if not mask:
        return 0
    short = sys.platform == "darwin" or "bsd" in sys.platform
    at, size = (8, 16) if ":" in address else (4, 4)
    told = ctypes.string_at(mask, 1)[0] - at if short else size
    bits = ctypes.string_at(mask + at, max(0, min(size, told)))
    return int.from_bytes(bits, "big").bit_count()


class _IfAddrs(ctypes.Structure):
    """The beginning of `struct ifaddrs`; what follows differs between systems."""


_IfAddrs._fields_ = [
    ("next", ctypes.POINTER(_IfAddrs)),
    ("name", ctypes.c_char_p),
    ("flags", ctypes.c_uint),
    ("address", ctypes.c_void_p),
    ("mask", ctypes.c_void_p),
]


def _of_unix() -> Iterator[Adapter]:
    library = ctypes.CDLL(None, use_errno=True)
    first = ctypes.POINTER(_IfAddrs)()
    if library.getifaddrs(ctypes.byref(first)):
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    try:
        one = first
        while one:  # type: ignore[truthy-bool]  # a null pointer is false
            if address := _address(one.contents.address):
                name, prefix = os.fsdecode(one.contents.name), _prefix(one.contents.mask, address)
                yield Adapter(name, "", address, prefix)
            one = one.contents.next
    finally:
        library.freeifaddrs(first)


class _Unicast(ctypes.Structure):
    """The beginning of IP_ADAPTER_UNICAST_ADDRESS."""


_Unicast._fields_ = [
    ("length", ctypes.c_uint32),
    ("flags", ctypes.c_uint32),
    ("next", ctypes.POINTER(_Unicast)),
    ("address", ctypes.c_void_p),
    ("address_length", ctypes.c_size_t),  # an int, and what it is padded with
    ("origins", ctypes.c_int * 3),
    ("lifetimes", ctypes.c_uint32 * 3),
    ("prefix", ctypes.c_ubyte),
]


class _AdapterAddresses(ctypes.Structure):
    """The beginning of IP_ADAPTER_ADDRESSES."""


_AdapterAddresses._fields_ = [
    ("length", ctypes.c_uint32),
    ("index", ctypes.c_uint32),
    ("next", ctypes.POINTER(_AdapterAddresses)),
    ("adapter", ctypes.c_char_p),
    ("unicast", ctypes.POINTER(_Unicast)),
    ("anycast", ctypes.c_void_p),
    ("multicast", ctypes.c_void_p),
    ("name_servers", ctypes.c_void_p),
    ("suffix", ctypes.c_wchar_p),
    ("description", ctypes.c_wchar_p),
    ("name", ctypes.c_wchar_p),
    ("physical", ctypes.c_ubyte * 8),
    ("physical_length", ctypes.c_uint32),
    ("adapter_flags", ctypes.c_uint32),
    ("mtu", ctypes.c_uint32),
    ("kind", ctypes.c_uint32),
    ("status", ctypes.c_int),
]
_UP: Final = 1
"""IfOperStatusUp. The address of an adapter without a cable cannot be bound there."""
_UNICAST_ONLY: Final = 0x2 | 0x4 | 0x8
"""GAA_FLAG_SKIP_ANYCAST, _MULTICAST, _DNS_SERVER."""
_TOO_SMALL: Final = 111
"""ERROR_BUFFER_OVERFLOW: the size is told."""
_NO_DATA: Final = 232
"""ERROR_NO_DATA: no adapter has an address."""


def _of_windows() -> Iterator[Adapter]:
    ask: Any = ctypes.windll.iphlpapi.GetAdaptersAddresses  # type: ignore[attr-defined,unused-ignore]
    size, answer = ctypes.c_uint32(16 << 10), _TOO_SMALL
    for _attempt in range(5):  # adapters may come between two calls
        found = ctypes.create_string_buffer(size.value)
        answer = ask(socket.AF_UNSPEC, _UNICAST_ONLY, None, found, ctypes.byref(size))
        if answer != _TOO_SMALL:
            break
    if answer == _NO_DATA:
        return
    if answer:
        raise OSError(answer, "GetAdaptersAddresses")
    one = ctypes.cast(found, ctypes.POINTER(_AdapterAddresses))
    while one:  # type: ignore[truthy-bool]  # a null pointer is false
        adapter = one.contents
        entry = adapter.unicast if adapter.status == _UP else None
        while entry:
            if address := _address(entry.contents.address):
                named = adapter.name or "", adapter.description or "", address
                yield Adapter(*named, entry.contents.prefix)
            entry = entry.contents.next
        one = adapter.next
