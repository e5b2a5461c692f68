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

from netlib.address import Endpoint


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
    """What else is known: the program that holds a port, a library's words; the system's own where
    its number says nothing."""
    endpoint: Endpoint | None = None
    """Whom or what it is about: the peer, the name, the address to listen on."""
    seconds: float | None = None
    """The limit that has passed, where it was ours."""
    service: str = ""
    """Which of this program's own servers holds the port."""
    others: tuple[NetError, ...] = ()
    """What the other addresses of the same name said."""

    def __str__(self) -> str:
        number = f" ({self.code})" if self.code is not None else ""
        return f"{self.operation}: {self.cause}{number}"


_WINSOCK_NUMBERS: Final = {
    "WSAEINTR": 10004,
    "WSAEACCES": 10013,
    "WSAEINVAL": 10022,
    "WSAEMFILE": 10024,
    "WSAEMSGSIZE": 10040,
    "WSAEPROTONOSUPPORT": 10043,
    "WSAEPFNOSUPPORT": 10046,
    "WSAEAFNOSUPPORT": 10047,
    "WSAEADDRINUSE": 10048,
    "WSAEADDRNOTAVAIL": 10049,
    "WSAENETDOWN": 10050,
    "WSAENETUNREACH": 10051,
    "WSAENETRESET": 10052,
    "WSAECONNABORTED": 10053,
    "WSAECONNRESET": 10054,
    "WSAENOBUFS": 10055,
    "WSAENOTCONN": 10057,
    "WSAESHUTDOWN": 10058,
    "WSAETIMEDOUT": 10060,
    "WSAECONNREFUSED": 10061,
    "WSAEHOSTDOWN": 10064,
    "WSAEHOSTUNREACH": 10065,
    "WSASYSNOTREADY": 10091,
    "WSAEPROVIDERFAILEDINIT": 10106,
    "WSAHOST_NOT_FOUND": 11001,
    "WSATRY_AGAIN": 11002,
    "WSANO_RECOVERY": 11003,
    "WSANO_DATA": 11004,
}
"""Windows' own numbers: its recordings can be read on other systems."""

_WINSOCK: Final = {number: name for name, number in _WINSOCK_NUMBERS.items()}

_SYSTEM_NAMES: Final[dict[Cause, str]] = {
    Cause.REFUSED: "ECONNREFUSED WSAECONNREFUSED",
    Cause.TIMED_OUT: "ETIMEDOUT WSAETIMEDOUT",
    Cause.CANCELLED: "ECANCELED WSAEINTR",
    Cause.RESET: "ECONNRESET WSAECONNRESET",
    Cause.ABORTED: "ECONNABORTED ENETRESET WSAECONNABORTED WSAENETRESET",
    Cause.BROKEN_PIPE: "EPIPE ESHUTDOWN WSAESHUTDOWN",
    Cause.NO_ROUTE: "EHOSTUNREACH EHOSTDOWN WSAEHOSTUNREACH WSAEHOSTDOWN",
    Cause.UNREACHABLE: "ENETUNREACH WSAENETUNREACH",
    Cause.NETWORK_DOWN: "ENETDOWN WSAENETDOWN",
    Cause.ADDRESS_IN_USE: "EADDRINUSE WSAEADDRINUSE",
    Cause.ADDRESS_NOT_AVAILABLE: "EADDRNOTAVAIL WSAEADDRNOTAVAIL",
    Cause.FAMILY_NOT_SUPPORTED: "EAFNOSUPPORT EPFNOSUPPORT EPROTONOSUPPORT"
    " WSAEAFNOSUPPORT WSAEPFNOSUPPORT WSAEPROTONOSUPPORT",
    Cause.PERMISSION: "EACCES EPERM EROFS WSAEACCES",
    Cause.MESSAGE_TOO_LONG: "EMSGSIZE WSAEMSGSIZE",
    Cause.NO_FILES: "EMFILE ENFILE WSAEMFILE",
    Cause.NO_BUFFERS: "ENOBUFS ENOMEM WSAENOBUFS",
    Cause.DISK_FULL: "ENOSPC EDQUOT EFBIG",
}
"""Each cause with the names of its numbers; those of errno differ by system."""

_RESOLVER_NAMES: Final[dict[Cause, str]] = {
    Cause.NAME_NOT_FOUND: "EAI_NONAME EAI_NODATA WSAHOST_NOT_FOUND WSANO_DATA",
    Cause.NAME_LOOKUP_FAILED: "EAI_AGAIN EAI_FAIL EAI_SYSTEM WSATRY_AGAIN WSANO_RECOVERY",
    Cause.FAMILY_NOT_SUPPORTED: "EAI_ADDRFAMILY EAI_FAMILY",
    Cause.NO_BUFFERS: "EAI_MEMORY",
}
"""Each cause with the answers of getaddrinfo (RFC 3493, section 6.1; RFC 2553, section 6.4)."""


def _numbers(names: dict[Cause, str], module: object) -> dict[int, Cause]:
    """Turn a table of names into one by number; names this system lacks are left out."""
    found = {
        _WINSOCK_NUMBERS.get(name, getattr(module, name, None)): cause
        for cause, row in names.items()
        for name in row.split()
    }
    return {number: cause for number, cause in found.items() if number is not None}


_SYSTEM: Final = _numbers(_SYSTEM_NAMES, errno)
_RESOLVER: Final = _numbers(_RESOLVER_NAMES, socket)
_RESOLVER_CODES: Final = {
    number: name
    for name in dir(socket)
    if name.startswith("EAI_")
    for number in (getattr(socket, name),)
}

_MEANS_ELSE: Final = {
    (Operation.CONNECT, Cause.ADDRESS_IN_USE): Cause.NO_PORTS,
    (Operation.RECEIVE, Cause.TIMED_OUT): Cause.CONNECTION_LOST,
    (Operation.SEND, Cause.TIMED_OUT): Cause.CONNECTION_LOST,
}
"""Where one number means another thing. Connect needs a free port of its own and found none; on a
connection ETIMEDOUT is TCP's own limit (RFC 9293, section 3.8.3), never the one the user set."""

_FROM_ICMP: Final = frozenset({Cause.REFUSED, Cause.RESET})
"""How Linux and Windows hand the ICMP answer "port unreachable" to a UDP socket."""


def from_errno(
    operation: Operation, code: int, endpoint: Endpoint | None = None, *, datagram: bool = False
) -> NetError:
    """Explain a number that connect_ex or SO_ERROR returned.

    `datagram`: the socket is UDP, where "refused" and "reset" only repeat what ICMP said.
    """
    cause = _cause(operation, code, datagram)
    detail = _words(code) if cause is Cause.UNKNOWN else ""
    return NetError(operation, cause, code, detail, endpoint)


def from_oserror(
    operation: Operation,
    exc: OSError | UnicodeError,
    endpoint: Endpoint | None = None,
    *,
    datagram: bool = False,
) -> NetError:
    """Explain what a socket call, getaddrinfo or a host name's IDNA encoding raised."""
    if isinstance(exc, UnicodeError):
        return NetError(operation, Cause.NAME_NOT_FOUND, None, str(exc), endpoint)
    words = exc.strerror or str(exc)
    if isinstance(exc, socket.gaierror):
        cause = _RESOLVER.get(exc.errno or 0, Cause.NAME_LOOKUP_FAILED)
        return NetError(operation, cause, exc.errno, "", endpoint)
    code = getattr(exc, "winerror", None) or exc.errno
    if code is None:
        cause = Cause.TIMED_OUT if isinstance(exc, TimeoutError) else Cause.UNKNOWN
        return NetError(operation, cause, None, words, endpoint)
    cause = _cause(operation, exc.errno or code, datagram)
    says_no_more = getattr(exc, "winerror", None) or words == _words(code)
    detail = "" if says_no_more and cause is not Cause.UNKNOWN else words
    return NetError(operation, cause, code, detail, endpoint)


def timed_out(operation: Operation, endpoint: Endpoint, seconds: float) -> NetError:
    """Return the news that a limit of ours, of so many seconds, has passed."""
    return NetError(operation, Cause.TIMED_OUT, endpoint=endpoint, seconds=seconds)


def code_name(error: NetError) -> str:
    """Return the symbol of the error's number: ECONNREFUSED, WSAECONNREFUSED, EAI_NONAME.

    Empty where the number has none here, or (a recording of another system) means another thing.
    """
    code = error.code
    if code is None:
        return ""
    if code in _WINSOCK:
        return _WINSOCK[code]
    if error.operation is Operation.RESOLVE or code < 0:
        return _RESOLVER_CODES.get(code, "")
    causes = {_cause(error.operation, code, datagram) for datagram in (False, True)}
    return errno.errorcode.get(code, "") if error.cause in causes else ""


def _cause(operation: Operation, code: int, datagram: bool) -> Cause:
    cause = _SYSTEM.get(code, Cause.UNKNOWN)
    if datagram and cause in _FROM_ICMP:
        return Cause.PORT_UNREACHABLE
    return _MEANS_ELSE.get((operation, cause), cause)


def _words(code: int) -> str:
    """Return the system's own words; WinSock's are not in strerror but in socket.errorTab."""
    winsock: dict[int, str] = getattr(socket, "errorTab", {})
    return winsock.get(code) or os.strerror(code)
