"""What the kernel tells of one socket: TCP_INFO on Linux, its counterparts on Windows and macOS.

Needs no rights. Each system has a layout of its own, which grows at its end from version to
version: what lies beyond what the kernel gave is not told.
"""

from __future__ import annotations

import socket
import struct
import sys
from contextlib import suppress
from typing import Any, Final

from netlib.i18n import N_
from netlib.system.sockets import SocketType
from netlib.value import NamedTuple, value

NOT_WINDOWS_1703: Final = N_("Windows tells it from Windows 10, version 1703, on")
QUEUE_NOT_TOLD: Final = (
    ""
    if sys.platform.startswith("linux")
    else N_("Only Linux tells how many connections wait to be accepted")
)
"""Why this system does not tell the accept queue, to be translated; empty: it does."""
NOT_THIS_SYSTEM: Final = N_("Socketboard can ask only Linux, Windows and macOS")


@value(kw_only=True)
class TcpInfo:
    """One look at a socket. Times in seconds, sizes in bytes; None: the system does not tell."""

    unavailable: str = ""
    """Why what follows the buffers is not told, to be translated; empty: it is, as far as known."""
    receive_buffer: int | None = None
    """SO_RCVBUF. Linux counts its own bookkeeping into it, as into `send_buffer`."""
    send_buffer: int | None = None
    unread: int | None = None
    """Received, and not read by the program."""
    state: str | None = None
    """RFC 9293, section 3.3.2."""
    rtt: float | None = None
    """Smoothed round-trip time (RFC 6298)."""
    rtt_variation: float | None = None
    rto: float | None = None
    """After how long without an ACK it is sent again (RFC 6298)."""
    mss: int | None = None
    cwnd: int | None = None
    """Congestion window (RFC 5681)."""
    cwnd_segments: int | None = None
    send_window: int | None = None
    """What the peer lets us send."""
    receive_window: int | None = None
    """What we let the peer send."""
    send_queue: int | None = None
    """In the send buffer: not acknowledged, sent or not."""
    unacknowledged: int | None = None
    """Sent, and not acknowledged."""
    unsent: int | None = None
    """Taken from the program, and not sent yet."""
    retransmits: int | None = None
    """How often in a row the oldest segment has been sent again."""
    probes: int | None = None
    """Probes of a window of 0 that are unanswered (RFC 9293, section 3.8.6.1)."""
    total_retransmits: int | None = None
    """Segments sent again, in all."""
    bytes_retransmitted: int | None = None
    bytes_acknowledged: int | None = None
    window_limited: float | None = None
    """How long the peer's window kept us from sending, in all."""
    accept_queue: int | None = None
    """Of a listener: connections that wait to be accepted."""
    backlog: int | None = None
    """Of a listener: how many may wait."""


class _Place(NamedTuple):
    """Where a number lies, in which form, and what it is multiplied with."""

    at: int
    form: str
    unit: float | int = 1


_MICRO, _MILLI = 1e-6, 1e-3

LINUX_STATES: Final = (
    *("", "ESTABLISHED", "SYN-SENT", "SYN-RECEIVED", "FIN-WAIT-1", "FIN-WAIT-2", "TIME-WAIT"),
    *("CLOSED", "CLOSE-WAIT", "LAST-ACK", "LISTEN", "CLOSING", "SYN-RECEIVED"),
)
"""By the numbers of include/net/tcp_states.h; the last is a request without a socket yet."""
_WINDOWS_STATES: Final = (
    *("CLOSED", "LISTEN", "SYN-SENT", "SYN-RECEIVED", "ESTABLISHED", "FIN-WAIT-1", "FIN-WAIT-2"),
    *("CLOSE-WAIT", "CLOSING", "LAST-ACK", "TIME-WAIT"),
)
"""By TCPSTATE of mstcpip.h."""
_MACOS_STATES: Final = (
    *("CLOSED", "LISTEN", "SYN-SENT", "SYN-RECEIVED", "ESTABLISHED", "CLOSE-WAIT", "FIN-WAIT-1"),
    *("CLOSING", "LAST-ACK", "FIN-WAIT-2", "TIME-WAIT"),
)
"""By netinet/tcp_fsm.h."""

_LINUX: Final = {
    "retransmits": _Place(2, "=B"),
    "probes": _Place(3, "=B"),
    "rto": _Place(8, "=I", _MICRO),
    "mss": _Place(16, "=I"),
    "rtt": _Place(68, "=I", _MICRO),
    "rtt_variation": _Place(72, "=I", _MICRO),
    "cwnd_segments": _Place(80, "=I"),
    "total_retransmits": _Place(100, "=I"),
    "bytes_acknowledged": _Place(120, "=Q"),
    "unsent": _Place(144, "=I"),
    "window_limited": _Place(176, "=Q", _MICRO),
    "bytes_retransmitted": _Place(208, "=Q"),
    "send_window": _Place(228, "=I"),
    "receive_window": _Place(232, "=I"),
}
"""struct tcp_info of linux/tcp.h."""
_LINUX_LISTENER: Final = {"accept_queue": _Place(24, "=I"), "backlog": _Place(28, "=I")}
"""tcpi_unacked and tcpi_sacked, which mean that of a listener."""
_WINDOWS: Final = {
    "mss": _Place(4, "<I"),
    "rtt": _Place(20, "<I", _MICRO),
    "unacknowledged": _Place(28, "<I"),
    "cwnd": _Place(32, "<I"),
    "send_window": _Place(36, "<I"),
    "receive_window": _Place(40, "<I"),
    "bytes_retransmitted": _Place(68, "<I"),
}
"""TCP_INFO_v0 of mstcpip.h."""
_MACOS: Final = {
    "rto": _Place(12, "<I", _MILLI),
    "mss": _Place(16, "<I"),
    "cwnd": _Place(24, "<I"),
    "send_window": _Place(28, "<I"),
    "send_queue": _Place(32, "<I"),
    "receive_window": _Place(36, "<I"),
    "rtt": _Place(44, "<I", _MILLI),
    "rtt_variation": _Place(48, "<I", _MILLI),
    "bytes_retransmitted": _Place(72, "<Q"),
    "total_retransmits": _Place(104, "<Q"),
}
"""struct tcp_connection_info of netinet/tcp.h."""


def parse_linux(data: bytes) -> dict[str, Any]:
    """Return the fields of a `TcpInfo` that Linux's TCP_INFO tells."""
    state = _state(LINUX_STATES, data, "B")
    if state == "LISTEN":
        return {"state": state, **_fields(data, _LINUX_LISTENER)}
    found = _fields(data, _LINUX)
    if "cwnd_segments" in found:
        found["cwnd"] = found["cwnd_segments"] * found["mss"]
    if "bytes_acknowledged" in found:  # Linux counts the SYN, which is no byte of anybody's
        found["bytes_acknowledged"] = max(0, found["bytes_acknowledged"] - 1)
    return {"state": state, **found}


def parse_windows(data: bytes) -> dict[str, Any]:
    """Return the fields of a `TcpInfo` that Windows' TCP_INFO_v0 tells."""
    return {"state": _state(_WINDOWS_STATES, data, "<I"), **_fields(data, _WINDOWS)}


def parse_macos(data: bytes) -> dict[str, Any]:
    """Return the fields of a `TcpInfo` that macOS' TCP_CONNECTION_INFO tells."""
    return {"state": _state(_MACOS_STATES, data, "B"), **_fields(data, _MACOS)}


def _fields(data: bytes, places: dict[str, _Place]) -> dict[str, Any]:
    return {
        name: struct.unpack_from(form, data, at)[0] * unit
        for name, (at, form, unit) in places.items()
        if at + struct.calcsize(form) <= len(data)
    }


def _state(names: tuple[str, ...], data: bytes, form: str) -> str | None:
    if len(data) < struct.calcsize(form):
        return None
    (number,) = struct.unpack_from(form, data)
    return (names[number] or None) if number < len(names) else None


def tcp_info(sock: SocketType) -> TcpInfo:
    """Ask the kernel of a TCP socket. Raises OSError: it is closed, or no TCP socket."""
    told: dict[str, Any] = {
        "receive_buffer": sock.getsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF),
        "send_buffer": sock.getsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF),
    }
    if sys.platform == "win32":
        told |= _ask_windows(sock)
    elif sys.platform.startswith("linux"):
        told |= _ask_linux(sock)
    elif sys.platform == "darwin":
        told |= parse_macos(sock.getsockopt(socket.IPPROTO_TCP, _TCP_CONNECTION_INFO, 112))
        told |= {"unread": _queued(sock, "FIONREAD")}
    else:
        told |= {"unread": _queued(sock, "FIONREAD"), "unavailable": NOT_THIS_SYSTEM}
    return TcpInfo(**told)


_TCP_CONNECTION_INFO: Final = 0x106
_SIO_TCP_INFO: Final = 0xD8000027
_FIONREAD: Final = 0x4004667F
_MOST: Final = 512
"""Bytes; more than any system tells."""


def _ask_linux(sock: SocketType) -> dict[str, Any]:
    told = parse_linux(sock.getsockopt(socket.IPPROTO_TCP, 11, _MOST))  # TCP_INFO
    if told["state"] == "LISTEN":
        return told
    told["send_queue"] = queued = _queued(sock, "TIOCOUTQ")
    if queued is not None and "unsent" in told:
        told["unacknowledged"] = max(0, queued - told["unsent"])
    return told | {"unread": _queued(sock, "FIONREAD")}


def _queued(sock: SocketType, request: str) -> int | None:
    """Return how many bytes wait in a buffer of the kernel's; None: it does not tell."""
    if sys.platform == "win32":
        return None
    import fcntl
    import termios

    with suppress(OSError):
        answer = fcntl.ioctl(sock.fileno(), getattr(termios, request), bytes(4))
        return int(struct.unpack("=i", answer)[0])
    return None


def _ask_windows(sock: SocketType) -> dict[str, Any]:
    """Ask by ctypes: Python's own `ioctl` refuses what it does not know."""
    import ctypes

    winsock: Any = ctypes.windll.ws2_32  # type: ignore[attr-defined,unused-ignore]
    number = ctypes.c_size_t(sock.fileno())
    unread, told = ctypes.c_uint32(), {}
    if not winsock.ioctlsocket(number, ctypes.c_long(_FIONREAD), ctypes.byref(unread)):
        told["unread"] = unread.value
    version, size = ctypes.c_uint32(0), ctypes.c_uint32()
    answer = ctypes.create_string_buffer(_MOST)
    failed = winsock.WSAIoctl(
        *(number, ctypes.c_uint32(_SIO_TCP_INFO), ctypes.byref(version), 4),
        *(answer, len(answer), ctypes.byref(size), None, None),
    )
    if failed:
        return {**told, "unavailable": NOT_WINDOWS_1703}
    return {**told, **parse_windows(answer.raw[: size.value])}
