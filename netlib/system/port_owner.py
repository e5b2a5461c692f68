"""Which program has a port; asked, with `Engine.in_thread`, when binding fails.

Each system has its own list of sockets, and none needs a package: Windows' tables by ctypes, which
lets go of the interpreter meanwhile; /proc on Linux; elsewhere lsof, which macOS has.
"""

from __future__ import annotations

import struct
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, Final, NamedTuple

from netlib.events import Transport

LSOF_SECONDS: Final = 5.0
_PROC = Path("/proc")
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
    found = []
    for suffix in ("", "6"):
        with suppress(FileNotFoundError):  # no IPv6 here
            lines = (_PROC / "net" / f"{transport.value}{suffix}").read_text("ascii").splitlines()
            for _number, local, _peer, state, *others in map(str.split, lines[1:]):
                if int(local.rpartition(":")[2], 16) == port:
                    found.append((state != _LISTENS, others[5]))
    return [inode for _rank, inode in sorted(found)]


def _open_in(process: Path) -> Iterator[str]:
    """Yield what a process has open; of a program that belongs to others nothing is told."""
    with suppress(OSError):
        for descriptor in (process / "fd").iterdir():
            with suppress(OSError):  # closed meanwhile
                yield str(descriptor.readlink())


# -- macOS and others ----------------------------------------------------------------------------


def _owner_by_lsof(port: int, transport: Transport) -> str | None:
    import subprocess  # late: a server that has its port never needs it

    listening = ["-sTCP:LISTEN"] if transport is Transport.TCP else []
    command = ["lsof", "-nP", f"-i{transport.value.upper()}:{port}", *listening, "-Fpc"]
    with suppress(subprocess.TimeoutExpired):
        run = subprocess.run(  # noqa: S603 - a number and words of ours
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=LSOF_SECONDS,
            check=False,
        )
        return _in_lsof(run.stdout.decode("utf-8", "replace"))
    return None


def _in_lsof(fields: str) -> str | None:
    """Read `lsof -Fpc`: a line p and the process, then a line c and its name."""
    lines = [*fields.splitlines(), "", ""]
    if not lines[0].startswith("p"):
        return None
    return f"{lines[1][1:]} (PID {lines[0][1:]})" if lines[1] else f"PID {lines[0][1:]}"
