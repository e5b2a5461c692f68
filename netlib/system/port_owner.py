"""Which program has a port, and at which addresses somebody listens on it.

Asked, with `Engine.in_thread`, when binding or connecting fails.

Each system has its own list of sockets, and none needs a package: Windows' tables by ctypes, which
lets go of the interpreter meanwhile; /proc on Linux; elsewhere lsof, which macOS has.
"""

from __future__ import annotations

import ipaddress
import struct
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from netlib.events import Transport
from netlib.value import NamedTuple

LSOF_SECONDS: Final = 5.0
_PROC = Path("/proc")
_V4_WILDCARD, _V6_WILDCARD = "0.0.0.0", "::"
_LISTENS: Final = "0A"
"""TCP_LISTEN in /proc/net/tcp."""


def port_owner(port: int, transport: Transport) -> str | None:
    """Return "name (PID n)" of the program bound to `port`; None when it cannot be known.

    "PID n" where the name is denied. Blocks: a machine with thousands of processes needs a while.
    """
    try:
        if sys.platform == "win32":
            return _owner_on_windows(port, transport)
        if sys.platform.startswith("linux"):
            return _owner_in_proc(port, transport)
        return _owner_by_lsof(port, transport)
    except OSError:
        return None


def listening_addresses(port: int) -> tuple[str, ...] | None:
    """Return the addresses at which somebody listens for TCP on `port`; 0.0.0.0 and :: are all.

    None: the system does not tell; macOS tells of the user's own programs only, so "nobody" is
    never known there. Blocks.
    """
    try:
        if sys.platform == "win32":
            found = [_listeners_in(ask_table(one), one, port) for one in _LISTENING]
            return tuple(host for hosts in found for host in hosts)
        if sys.platform.startswith("linux"):
            rows = _in_proc(port, Transport.TCP)
            return tuple(_hexadecimal(row.local) for row in rows if row.state == _LISTENS)
        printed = _lsof(port, Transport.TCP, "-Ftn")
    except OSError:
        return None
    return tuple(_hosts_in_lsof(printed or "")) or None


def _numeric(address: bytes) -> str:
    """Return an address of 4 or 16 bytes as it is written."""
    return str(ipaddress.ip_address(address))


# -- Windows -------------------------------------------------------------------------------------


class Table(NamedTuple):
    """A table of iphlpapi: how it is asked for, and where in a row port and process stand."""

    function: str
    family: int
    kind: int
    row: int
    port: int
    pid: int


V4, V6 = 2, 23
_LISTENERS, _ALL, _UDP_OWNERS = 3, 5, 1
"""TCP_TABLE_OWNER_PID_LISTENER, TCP_TABLE_OWNER_PID_ALL, UDP_TABLE_OWNER_PID."""
_TABLES: Final = {
    Transport.TCP: tuple(  # a listener before the connections that use the same port
        Table("GetExtendedTcpTable", family, kind, *places)
        for kind in (_LISTENERS, _ALL)
        for family, *places in ((V4, 24, 8, 20), (V6, 56, 20, 52))
    ),
    Transport.UDP: (
        Table("GetExtendedUdpTable", V4, _UDP_OWNERS, 12, 4, 8),
        Table("GetExtendedUdpTable", V6, _UDP_OWNERS, 28, 20, 24),
    ),
}
_LISTENING: Final = _TABLES[Transport.TCP][:2]
_LOCAL_ADDRESS: Final = {V4: slice(4, 8), V6: slice(0, 16)}
"""Where in a row of these the address stands."""
_TOO_SMALL: Final = 122
"""ERROR_INSUFFICIENT_BUFFER: the size is told."""
_KERNEL: Final = 4
"""The process of Windows itself; of ports, its HTTP server has them."""
_LIMITED_INFORMATION: Final = 0x1000
"""PROCESS_QUERY_LIMITED_INFORMATION: also of programs that belong to others."""


def _owner_on_windows(port: int, transport: Transport) -> str | None:
    pids = (_in_table(ask_table(one), one, port) for one in _TABLES[transport])
    pid = next(filter(None, pids), None)
    if pid is None:
        return None
    if pid == _KERNEL:
        return "System (http.sys)"
    name = _image_name(pid)
    return f"{name} (PID {pid})" if name else f"PID {pid}"


def _in_table(rows: bytes, table: Table, port: int) -> int | None:
    """Return the process that has a port; None: the table does not say. Ports are big-endian."""
    (count,) = struct.unpack_from("<I", rows)
    for at in range(4, 4 + count * table.row, table.row):
        if struct.unpack_from(">H", rows, at + table.port) == (port,):
            (pid,) = struct.unpack_from("<I", rows, at + table.pid)
            return int(pid) or None
    return None


def _listeners_in(rows: bytes, table: Table, port: int) -> Iterator[str]:
    """Yield the addresses of the rows with a port."""
    (count,) = struct.unpack_from("<I", rows)
    for at in range(4, 4 + count * table.row, table.row):
        row = rows[at : at + table.row]
        if struct.unpack_from(">H", row, table.port) == (port,):
            yield _numeric(row[_LOCAL_ADDRESS[table.family]])


def ask_table(table: Table) -> bytes:
    """Return what a table of Windows holds: the number of its rows, then these. OSError."""
    import ctypes

    ask = getattr(ctypes.windll.iphlpapi, table.function)  # type: ignore[attr-defined,unused-ignore]
    size = ctypes.c_uint32(16 << 10)
    for _attempt in range(5):  # sockets may come between two calls
        rows = ctypes.create_string_buffer(size.value)
        answer = ask(rows, ctypes.byref(size), False, table.family, table.kind, 0)
        if answer == 0:
            return rows.raw
        if answer != _TOO_SMALL:
            break
    raise OSError(answer, table.function)


def _image_name(pid: int) -> str:
    """Return the name of a program's file; empty: it is denied, or the program is gone."""
    import ctypes

    kernel: Any = ctypes.windll.kernel32  # type: ignore[attr-defined,unused-ignore]
    kernel.OpenProcess.restype = ctypes.c_void_p  # a handle may be wider than an int
    process = kernel.OpenProcess(_LIMITED_INFORMATION, False, pid)
    if not process:
        return ""
    try:
        path = ctypes.create_unicode_buffer(1 << 15)
        size = ctypes.c_uint32(len(path))
        told = kernel.QueryFullProcessImageNameW(
            ctypes.c_void_p(process), 0, path, ctypes.byref(size)
        )
        return path.value.rpartition("\\")[2] if told else ""
    finally:
        kernel.CloseHandle(ctypes.c_void_p(process))


# -- Linux ---------------------------------------------------------------------------------------


def _owner_in_proc(port: int, transport: Transport) -> str | None:
    wanted = [f"socket:[{inode}]" for inode in _inodes(port, transport)]
    holders = {
        link: process
        for process in _PROC.glob("[0-9]*")
        for link in _open_in(process)
        if link in wanted
    }
    process = next((holders[link] for link in wanted if link in holders), None)
    if process is None:
        return None
    name = (process / "comm").read_text(encoding="utf-8", errors="replace").strip()
    return f"{name} (PID {process.name})"


def _inodes(port: int, transport: Transport) -> list[str]:
    """Return the sockets with this port of ours, listeners first."""
    found = [(row.state != _LISTENS, row.inode) for row in _in_proc(port, transport)]
    return [inode for _rank, inode in sorted(found)]


class _Row(NamedTuple):
    """A socket in /proc/net/tcp or udp."""

    local: str
    state: str
    inode: str


def _in_proc(port: int, transport: Transport) -> Iterator[_Row]:
    """Yield the sockets with this port of ours."""
    lines = (_PROC / "net" / transport.value).read_text("ascii").splitlines()[1:]
    with suppress(FileNotFoundError):  # no IPv6 here
        lines += (_PROC / "net" / f"{transport.value}6").read_text("ascii").splitlines()[1:]
    for _number, local, _peer, state, *others in map(str.split, lines):
        host, _colon, number = local.rpartition(":")
        if int(number, 16) == port:
            yield _Row(host, state, others[5])


def _hexadecimal(host: str) -> str:
    """Return an address of /proc/net/tcp, whose words of 32 bits are in the processor's order."""
    words = [int(host[at : at + 8], 16) for at in range(0, len(host), 8)]
    return _numeric(struct.pack(f"={len(words)}I", *words))


def _open_in(process: Path) -> Iterator[str]:
    """Yield what a process has open; of a program that belongs to others nothing is told."""
    with suppress(OSError):
        for descriptor in (process / "fd").iterdir():
            with suppress(OSError):  # closed meanwhile
                yield str(descriptor.readlink())


# -- macOS and others ----------------------------------------------------------------------------


def _owner_by_lsof(port: int, transport: Transport) -> str | None:
    printed = _lsof(port, transport, "-Fpc")
    return None if printed is None else _in_lsof(printed)


def _lsof(port: int, transport: Transport, fields: str) -> str | None:
    """Return what lsof prints of a port, a field a line; None: it took too long."""
    import subprocess  # late: a server that has its port never needs it

    listening = ["-sTCP:LISTEN"] if transport is Transport.TCP else []
    command = ["lsof", "-nP", f"-i{transport.value.upper()}:{port}", *listening, fields]
    with suppress(subprocess.TimeoutExpired):
        run = subprocess.run(  # noqa: S603 - a number and words of ours
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=LSOF_SECONDS,
            check=False,
        )
        return run.stdout.decode("utf-8", "replace")
    return None


def _in_lsof(fields: str) -> str | None:
    """Read `lsof -Fpc`: a line p and the process, then a line c and its name."""
    lines = [*fields.splitlines(), "", ""]
    if not lines[0].startswith("p"):
        return None
    return f"{lines[1][1:]} (PID {lines[0][1:]})" if lines[1] else f"PID {lines[0][1:]}"


def _hosts_in_lsof(fields: str) -> Iterator[str]:
    """Read `lsof -Ftn`: a line t with the IP version, then a line n and the address: n*:8080."""
    everywhere = _V4_WILDCARD
    for line in fields.splitlines():
        if line.startswith("t"):
            everywhere = _V6_WILDCARD if line == "tIPv6" else _V4_WILDCARD
        elif line.startswith("n"):
            host = line[1:].rpartition(":")[0].strip("[]")
            yield everywhere if host == "*" else host
