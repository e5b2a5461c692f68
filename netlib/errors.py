"""What the operating system said no to, as data: an operation and a cause.

A caller's mistake is a ValueError, raised at once. The network's answer is a `NetError`: not an
exception but a value that travels in events. All numbers that mean the same, on Linux, macOS and
Windows, stand in ONE table here.
"""

from __future__ import annotations

import errno
import os
import socket
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Operation(StrEnum):
    """What was being done when the system said no."""

    RESOLVE = "resolve"
    BIND = "bind"
    LISTEN = "listen"
    ACCEPT = "accept"
    CONNECT = "connect"
    HANDSHAKE = "handshake"
    SEND = "send"
    RECEIVE = "receive"
    RECORD = "record"
    """Writing the recording, not a socket call."""


class Cause(StrEnum):
    """Why it said no, in the field's words."""

    REFUSED = "refused"
    TIMED_OUT = "timed out"
    CONNECTION_LOST = "connection lost"
    """The kernel gave up: what it sent on an established connection is no longer acknowledged."""
    CANCELLED = "cancelled"
    RESET = "reset"
    ABORTED = "aborted"
    BROKEN_PIPE = "broken pipe"
    NO_ROUTE = "no route to host"
    UNREACHABLE = "network unreachable"
    NETWORK_DOWN = "network down"
    PORT_UNREACHABLE = "port unreachable"
    ADDRESS_IN_USE = "address in use"
    ADDRESS_NOT_AVAILABLE = "address not available"
    FAMILY_NOT_SUPPORTED = "address family not supported"
    PERMISSION = "permission denied"
    NAME_NOT_FOUND = "name not found"
    NAME_LOOKUP_FAILED = "name look-up failed"
    MESSAGE_TOO_LONG = "message too long"
    NO_FILES = "too many open files"
    NO_BUFFERS = "no buffer space"
    NO_PORTS = "no free local port"
    DISK_FULL = "disk full"
    UNREADABLE_REPLY = "unreadable reply"
    CERTIFICATE_SELF_SIGNED = "certificate is self-signed"
    CERTIFICATE_UNKNOWN_CA = "certificate from an unknown authority"
    CERTIFICATE_WRONG_NAME = "certificate for another name"
    CERTIFICATE_EXPIRED = "certificate expired or not yet valid"
    CERTIFICATE_INVALID = "certificate not valid"
    CERTIFICATE_REJECTED = "certificate rejected by the peer"
    CLIENT_CERTIFICATE_REQUIRED = "client certificate required"
    TLS_VERSION = "no common TLS version"
    NOT_TLS = "not TLS"
    TLS_TRUNCATED = "ended without close_notify"
    TLS_FAILED = "TLS failed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class NetError:
    """The network's answer: which operation failed, and why."""

    operation: Operation
    cause: Cause
    code: int | None = None
    """errno, WinError or EAI_* number, when there is one."""
    detail: str = ""
    """The system's own words, or what else is known (the program that holds a port)."""

    def __str__(self) -> str:
        number = f" ({self.code})" if self.code is not None else ""
        return f"{self.operation}: {self.cause}{number}"


_SYSTEM_NAMES: Final[dict[Cause, tuple[str | int, ...]]] = {
    Cause.REFUSED: ("ECONNREFUSED", 10061),
    Cause.TIMED_OUT: ("ETIMEDOUT", 10060),
    Cause.CANCELLED: ("ECANCELED", 10004),
    Cause.RESET: ("ECONNRESET", 10054),
    Cause.ABORTED: ("ECONNABORTED", "ENETRESET", 10053, 10052),
    Cause.BROKEN_PIPE: ("EPIPE", "ESHUTDOWN", 10058),
    Cause.NO_ROUTE: ("EHOSTUNREACH", "EHOSTDOWN", 10065, 10064),
    Cause.UNREACHABLE: ("ENETUNREACH", 10051),
    Cause.NETWORK_DOWN: ("ENETDOWN", 10050),
    Cause.ADDRESS_IN_USE: ("EADDRINUSE", 10048),
    Cause.ADDRESS_NOT_AVAILABLE: ("EADDRNOTAVAIL", 10049),
    Cause.FAMILY_NOT_SUPPORTED: (
        *("EAFNOSUPPORT", "EPFNOSUPPORT", "EPROTONOSUPPORT"),
        *(10047, 10046, 10043),
    ),
    Cause.PERMISSION: ("EACCES", "EPERM", "EROFS", 10013),
    Cause.MESSAGE_TOO_LONG: ("EMSGSIZE", 10040),
    Cause.NO_FILES: ("EMFILE", "ENFILE", 10024),
    Cause.NO_BUFFERS: ("ENOBUFS", "ENOMEM", 10055),
    Cause.DISK_FULL: ("ENOSPC", "EDQUOT", "EFBIG"),
}
"""Each cause with its errno names (their numbers differ by system) and its WinSock numbers."""

_RESOLVER_NAMES: Final[dict[Cause, tuple[str | int, ...]]] = {
    Cause.NAME_NOT_FOUND: ("EAI_NONAME", "EAI_NODATA", 11001, 11004),
    Cause.NAME_LOOKUP_FAILED: ("EAI_AGAIN", "EAI_FAIL", "EAI_SYSTEM", 11002, 11003),
    Cause.FAMILY_NOT_SUPPORTED: ("EAI_ADDRFAMILY", "EAI_FAMILY"),
    Cause.NO_BUFFERS: ("EAI_MEMORY",),
}
"""Each cause with the answers of getaddrinfo (RFC 3493, section 6.1) and Windows' own numbers."""


def _numbers(names: dict[Cause, tuple[str | int, ...]], module: object) -> dict[int, Cause]:
    """Turn a table of names into one by number; names this system lacks are left out."""
    return {
        number: cause
        for cause, row in names.items()
        for name in row
        if (number := getattr(module, name, None) if isinstance(name, str) else name) is not None
    }


_SYSTEM: Final = _numbers(_SYSTEM_NAMES, errno)
_RESOLVER: Final = _numbers(_RESOLVER_NAMES, socket)

_MEANS_ELSE: Final = {
    (Operation.CONNECT, Cause.ADDRESS_IN_USE): Cause.NO_PORTS,
    (Operation.RECEIVE, Cause.TIMED_OUT): Cause.CONNECTION_LOST,
    (Operation.SEND, Cause.TIMED_OUT): Cause.CONNECTION_LOST,
}
"""Where one number means another thing. Connect needs a free port of its own and found none; on a
connection ETIMEDOUT is TCP's own limit (RFC 9293, section 3.8.3), never the one the user set."""

_FROM_ICMP: Final = frozenset({Cause.REFUSED, Cause.RESET})
"""How Linux and Windows hand the ICMP answer "port unreachable" to a UDP socket."""


def from_errno(operation: Operation, code: int, *, datagram: bool = False) -> NetError:
    """Explain a number that connect_ex or SO_ERROR returned.

    `datagram`: the socket is UDP, where "refused" and "reset" only repeat what ICMP said.
    """
    return NetError(operation, _cause(operation, code, datagram), code, _words(code))


def from_oserror(
    operation: Operation, exc: OSError | UnicodeError, *, datagram: bool = False
) -> NetError:
    """Explain what a socket call, getaddrinfo or a host name's IDNA encoding raised."""
    if isinstance(exc, UnicodeError):
        return NetError(operation, Cause.NAME_NOT_FOUND, None, str(exc))
    detail = exc.strerror or str(exc)
    if isinstance(exc, socket.gaierror):
        cause = _RESOLVER.get(exc.errno or 0, Cause.NAME_LOOKUP_FAILED)
        return NetError(operation, cause, exc.errno, detail)
    code = getattr(exc, "winerror", None) or exc.errno
    if code is None:
        cause = Cause.TIMED_OUT if isinstance(exc, TimeoutError) else Cause.UNKNOWN
        return NetError(operation, cause, None, detail)
    return NetError(operation, _cause(operation, exc.errno or code, datagram), code, detail)


def _cause(operation: Operation, code: int, datagram: bool) -> Cause:
    cause = _SYSTEM.get(code, Cause.UNKNOWN)
    if datagram and cause in _FROM_ICMP:
        return Cause.PORT_UNREACHABLE
    return _MEANS_ELSE.get((operation, cause), cause)


def _words(code: int) -> str:
    """Return the system's own words; WinSock's are not in strerror but in socket.errorTab."""
    winsock: dict[int, str] = getattr(socket, "errorTab", {})
    return winsock.get(code) or os.strerror(code)
