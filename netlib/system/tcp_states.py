"""What the system says of a TCP connection by its two ends, also when its socket is closed.

That is how TIME-WAIT is seen: it belongs to no program. Needs no rights on Linux and Windows.
"""

from __future__ import annotations

import errno
import socket
import struct
import sys
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Final

from netlib.address import Endpoint
from netlib.i18n import N_
from netlib.system.port_owner import V4, V6, Table, ask_table
from netlib.system.tcp_info import LINUX_STATES
from netlib.value import NamedTuple

NOT_TOLD: Final = (
    ""
    if sys.platform.startswith(("linux", "win"))
    else N_("Socketboard can ask only Linux and Windows")
)
"""Why this system does not tell, to be translated; empty: it does."""

TIME_WAIT_SECONDS: Final = 60.0 if sys.platform.startswith("linux") else None
"""How long TIME-WAIT lasts (TCP_TIMEWAIT_LEN of Linux); None: not known."""

_TABLE: Final = Path("/proc/net/tcp")
_TABLE_OF_IPV6: Final = Path("/proc/net/tcp6")
_TICKS: Final = 100
"""Of a second, in /proc (USER_HZ)."""
_TIMERS: Final = ("", "retransmit", "keep-alive", "TIME-WAIT", "window probe")
_ALL: Final = 5
"""TCP_TABLE_OWNER_PID_ALL."""
_WINDOWS_STATES: Final = (
    *("", "CLOSED", "LISTEN", "SYN-SENT", "SYN-RECEIVED", "ESTABLISHED", "FIN-WAIT-1"),
    *("FIN-WAIT-2", "CLOSE-WAIT", "CLOSING", "LAST-ACK", "TIME-WAIT", "CLOSED"),
)
"""By MIB_TCP_STATE of tcpmib.h."""


class Pair(NamedTuple):
    """The two ends of a connection, as seen from one of them."""

    local: Endpoint
    peer: Endpoint


class PairState(NamedTuple):
    """What the system says of a connection. Sizes in bytes; None: it does not tell."""

    state: str
    """RFC 9293, section 3.3.2."""
    unacknowledged: int | None = None
    """Not acknowledged by the peer, sent or not."""
    unread: int | None = None
    timer: str = ""
    """Which timer runs: "retransmit", "keep-alive", "TIME-WAIT" or "window probe"."""
    seconds: float | None = None
    """Until it rings."""
    retries: int | None = None


def tcp_states(pairs: Iterable[Pair]) -> dict[Pair, PairState]:
    """Return what the system says of these connections; one that is missing is closed.

    Blocks while the system lists all its sockets: 46 ms where Linux has ten thousand, so a worker's
    thread asks, and `tcp_info` is preferred while a socket is open. Raises OSError: not told.
    """
    if NOT_TOLD:
        raise OSError(errno.ENOTSUP, NOT_TOLD)
    if sys.platform == "win32":
        tables = [(family, ask_table(table)) for family, table in _WINDOWS_TABLES]
        found = [(pair, in_windows_tables(tables, pair)) for pair in pairs]
    else:
        text = _TABLE.read_bytes()
        with suppress(FileNotFoundError):  # no IPv6 here
            text += _TABLE_OF_IPV6.read_bytes()
        found = [(pair, in_proc(text, pair)) for pair in pairs]
    return {pair: state for pair, state in found if state is not None}


# -- Linux ---------------------------------------------------------------------------------------


def in_proc(text: bytes, pair: Pair) -> PairState | None:
    """Find a connection in the text of /proc/net/tcp and tcp6; None: it is not there."""
    for local, peer in zip(_in_hex(pair.local), _in_hex(pair.peer), strict=False):
        start = text.find(f" {local} {peer} ".encode())
        if start >= 0:
            end = text.find(b"\n", start)
            return _row(text[start : end if end >= 0 else len(text)].decode("ascii", "replace"))
    return None


def _row(line: str) -> PairState | None:
    """Read a row from its local address on; None: it is cut off, or of a kernel to come."""
    try:
        _local, _peer, state, queues, timer, retries, *_others = line.split()
        unacknowledged, unread = (int(size, 16) for size in queues.split(":"))
        kind, ticks = (int(part, 16) for part in timer.split(":"))
        name = LINUX_STATES[int(state, 16)]
        running = _TIMERS[kind]
        count = int(retries, 16)
    except (ValueError, IndexError):
        return None
    seconds = ticks / _TICKS if running else None
    return PairState(name, unacknowledged, unread, running, seconds, count) if name else None


def _in_hex(end: Endpoint) -> list[str]:
    """Return an end as /proc writes it; IPv4 also as a dual-stack socket has it."""
    host = end.host.partition("%")[0]
    if ":" in host:
        return [f"{_words(socket.inet_pton(socket.AF_INET6, host))}:{end.port:04X}"]
    packed = socket.inet_pton(socket.AF_INET, host)
    mapped = bytes(10) + b"\xff\xff" + packed
    return [f"{_words(address)}:{end.port:04X}" for address in (packed, mapped)]


def _words(packed: bytes) -> str:
    """Return an address as numbers of 32 bits in the order of this machine."""
    return "".join(f"{number:08X}" for number in struct.unpack(f"={len(packed) // 4}I", packed))


# -- Windows -------------------------------------------------------------------------------------

_WINDOWS_TABLES: Final = (
    (socket.AF_INET, Table("GetExtendedTcpTable", V4, _ALL, 24, 8, 20)),
    (socket.AF_INET6, Table("GetExtendedTcpTable", V6, _ALL, 56, 20, 52)),
)
_ROWS: Final = {
    socket.AF_INET: struct.Struct("<I4s2s2x4s2s2xI"),
    socket.AF_INET6: struct.Struct("<16sI2s2x16sI2s2xII"),
}
"""MIB_TCPROW_OWNER_PID, MIB_TCP6ROW_OWNER_PID."""


def in_windows_tables(
    tables: Iterable[tuple[socket.AddressFamily, bytes]], pair: Pair
) -> PairState | None:
    """Find a connection in what GetExtendedTcpTable gave for each family; None: not there."""
    wanted = set(zip(_packed(pair.local), _packed(pair.peer), strict=False))
    for family, rows in tables:
        (count,) = struct.unpack_from("<I", rows)
        form = _ROWS[family]
        count = min(count, (len(rows) - 4) // form.size)
        for row in form.iter_unpack(rows[4 : 4 + count * form.size]):
            if family == socket.AF_INET:
                state, local, port, peer, peer_port, _pid = row
            else:
                local, _scope, port, peer, _scope, peer_port, state, _pid = row
            if ((local, port), (peer, peer_port)) in wanted and state < len(_WINDOWS_STATES):
                return PairState(_WINDOWS_STATES[state])
    return None


def _packed(end: Endpoint) -> list[tuple[bytes, bytes]]:
    """Return address and port as they cross the wire; IPv4 also as a dual-stack socket has it."""
    host, port = end.host.partition("%")[0], end.port.to_bytes(2, "big")
    if ":" in host:
        return [(socket.inet_pton(socket.AF_INET6, host), port)]
    packed = socket.inet_pton(socket.AF_INET, host)
    return [(packed, port), (bytes(10) + b"\xff\xff" + packed, port)]
