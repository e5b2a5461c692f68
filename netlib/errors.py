"""What the operating system said no to, as data: an operation and a cause.

A caller's mistake is a ValueError, raised at once. The network's answer is a `NetError`: not an
exception but a value that travels in events. All numbers that mean the same, on Linux, macOS and
Windows, stand in ONE table here.
"""

from __future__ import annotations

import errno
import os
import socket
from enum import StrEnum
from typing import Final

from netlib.address import Endpoint
from netlib.value import value


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
    UNSPECIFIED = "unspecified address"
    """0.0.0.0 or ::, which nobody can connect to (RFC 1122, section 3.2.1.3)."""
    NOT_UNICAST = "not one computer's address"
    """TCP to a broadcast or multicast address (RFC 9293, section 3.9.1.1)."""
    BROADCAST = "broadcast not allowed"
    """UDP to what is, most likely, a broadcast address: SO_BROADCAST is not set."""
    FAMILY_NOT_SUPPORTED = "address family not supported"
    PERMISSION = "permission denied"
    RESERVED_PORT = "port reserved"
    """Windows keeps the port, or another program has it for itself alone."""
    NAME_NOT_FOUND = "name not found"
    NO_ADDRESS_OF_FAMILY = "no address of this kind"
    """The name exists, without an address of the IP version asked for (RFC 2308, section 2.2)."""
    NAME_LOOKUP_FAILED = "name look-up failed"
    MESSAGE_TOO_LONG = "message too long"
    TRUNCATED = "truncated"
    """A datagram was longer than the room for it."""
    INVALID = "invalid argument"
    NOT_SUPPORTED = "operation not supported"
    MISUSED = "socket misused"
    """It is closed, or none, or what goes with it lies nowhere: a fault of the program's."""
    IN_PROGRESS = "not done yet"
    """A non-blocking call that has to be repeated or waited for; the engine does so by itself."""
    ALREADY_CONNECTED = "already connected"
    DISCONNECTED = "disconnected by the peer"
    NOT_CONNECTED = "not connected"
    PROTOCOL = "protocol error"
    NO_FILES = "too many open files"
    NO_BUFFERS = "no buffer space"
    NO_PORTS = "no free local port"
    SYSTEM_LIMIT = "system limit reached"
    WINSOCK_BROKEN = "WinSock not ready"
    DISK_FULL = "disk full"
    FILE_TOO_LARGE = "file too large"
    """A limit of the system's or of the file system's, whatever room there is."""
    IN_USE = "in use by another program"
    """A file that another program has open, where that forbids to replace it (Windows)."""
    FILE_GONE = "file removed, renamed or replaced"
    """One that was open: what is written to it cannot be found any more."""
    NO_FOLDER = "no such folder"
    BAD_NAME = "not a name for a file"
    LONG_NAME = "name of a file too long"
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


PORT_TAKEN: Final = frozenset({Cause.ADDRESS_IN_USE, Cause.RESERVED_PORT})
"""Somebody has the port; the next one may be free."""


@value()
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
    "WSAEBADF": 10009,
    "WSAEACCES": 10013,
    "WSAEFAULT": 10014,
    "WSAEINVAL": 10022,
    "WSAEMFILE": 10024,
    "WSAEWOULDBLOCK": 10035,
    "WSAEINPROGRESS": 10036,
    "WSAEALREADY": 10037,
    "WSAENOTSOCK": 10038,
    "WSAEDESTADDRREQ": 10039,
    "WSAEMSGSIZE": 10040,
    "WSAEPROTOTYPE": 10041,
    "WSAENOPROTOOPT": 10042,
    "WSAEPROTONOSUPPORT": 10043,
    "WSAESOCKTNOSUPPORT": 10044,
    "WSAEOPNOTSUPP": 10045,
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
    "WSAEISCONN": 10056,
    "WSAENOTCONN": 10057,
    "WSAESHUTDOWN": 10058,
    "WSAETOOMANYREFS": 10059,
    "WSAETIMEDOUT": 10060,
    "WSAECONNREFUSED": 10061,
    "WSAEHOSTDOWN": 10064,
    "WSAEHOSTUNREACH": 10065,
    "WSAEPROCLIM": 10067,
    "WSASYSNOTREADY": 10091,
    "WSANOTINITIALISED": 10093,
    "WSAEDISCON": 10101,
    "WSAEPROVIDERFAILEDINIT": 10106,
    "WSATYPE_NOT_FOUND": 10109,
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
    Cause.INVALID: "EINVAL WSAEINVAL WSATYPE_NOT_FOUND",
    Cause.NOT_SUPPORTED: "EOPNOTSUPP ENOPROTOOPT EPROTOTYPE ESOCKTNOSUPPORT"
    " WSAEOPNOTSUPP WSAENOPROTOOPT WSAEPROTOTYPE WSAESOCKTNOSUPPORT",
    Cause.MISUSED: "EBADF ENOTSOCK EFAULT WSAEBADF WSAENOTSOCK WSAEFAULT",
    Cause.IN_PROGRESS: "EINPROGRESS EALREADY WSAEWOULDBLOCK WSAEINPROGRESS WSAEALREADY",
    Cause.ALREADY_CONNECTED: "EISCONN WSAEISCONN",
    Cause.NOT_CONNECTED: "ENOTCONN EDESTADDRREQ WSAENOTCONN WSAEDESTADDRREQ",
    Cause.DISCONNECTED: "WSAEDISCON",
    Cause.PROTOCOL: "EPROTO",
    Cause.SYSTEM_LIMIT: "ETOOMANYREFS WSAETOOMANYREFS WSAEPROCLIM",
    Cause.WINSOCK_BROKEN: "WSASYSNOTREADY WSANOTINITIALISED WSAEPROVIDERFAILEDINIT",
    Cause.DISK_FULL: "ENOSPC EDQUOT",
    Cause.FILE_TOO_LARGE: "EFBIG",
    Cause.IN_USE: "EBUSY ETXTBSY",
    Cause.FILE_GONE: "ESTALE",
    Cause.NO_FOLDER: "ENOENT ENOTDIR",
    Cause.BAD_NAME: "EISDIR",
    Cause.LONG_NAME: "ENAMETOOLONG",
}
"""Each cause with the names of its numbers; those of errno differ by system."""

_RESOLVER_NAMES: Final[dict[Cause, str]] = {
    Cause.NAME_NOT_FOUND: "EAI_NONAME WSAHOST_NOT_FOUND",
    Cause.NO_ADDRESS_OF_FAMILY: "EAI_NODATA EAI_ADDRFAMILY WSANO_DATA",
    Cause.NAME_LOOKUP_FAILED: "EAI_AGAIN EAI_FAIL EAI_SYSTEM WSATRY_AGAIN WSANO_RECOVERY",
    Cause.FAMILY_NOT_SUPPORTED: "EAI_FAMILY",
    Cause.INVALID: "EAI_SERVICE EAI_SOCKTYPE EAI_BADFLAGS EAI_OVERFLOW WSATYPE_NOT_FOUND",
    Cause.NO_BUFFERS: "EAI_MEMORY",
}
"""Each cause with the answers of getaddrinfo (RFC 3493, section 6.1; RFC 2553, section 6.4)."""


def _numbers(names: dict[Cause, str], module: object) -> dict[int, Cause]:
    """Turn a table of names into one by number; names this system lacks are left out.

    Where one number has two names (EAI_NONAME and EAI_NODATA on Windows), the first row has it.
    """
    found: dict[int, Cause] = {}
    for cause, row in names.items():
        for name in row.split():
            number = _WINSOCK_NUMBERS.get(name, getattr(module, name, None))
            if number is not None:
                found.setdefault(number, cause)
    return found


_SYSTEM: Final = _numbers(_SYSTEM_NAMES, errno)
_RESOLVER: Final = _numbers(_RESOLVER_NAMES, socket)
_RESOLVER_CODES: Final = {
    number: name
    for name in dir(socket)
    if name.startswith("EAI_")
    for number in (getattr(socket, name),)
}

_NO_ACK: Final = {Cause.CONNECTION_LOST: "ETIMEDOUT WSAETIMEDOUT"}
"""On a connection this is TCP's own limit (RFC 9293, section 3.8.3), never the one a user set."""

_ELSEWHERE: Final = {
    operation: _numbers(names, errno)
    for operation, names in {
        # A local port of its own is what connect needs, and found none of.
        Operation.CONNECT: {Cause.NO_PORTS: "EADDRINUSE WSAEADDRINUSE EAGAIN WSAENOBUFS"},
        Operation.BIND: {Cause.RESERVED_PORT: "WSAEACCES"},
        Operation.SEND: _NO_ACK,
        Operation.RECEIVE: _NO_ACK | {Cause.TRUNCATED: "EMSGSIZE WSAEMSGSIZE"},
    }.items()
}
"""Where a number means another thing to one operation."""

_DATAGRAM: Final = _numbers(
    {
        # How Linux and Windows hand the ICMP error "port unreachable" to a UDP socket.
        Cause.PORT_UNREACHABLE: "ECONNREFUSED ECONNRESET WSAECONNREFUSED WSAECONNRESET",
        Cause.BROADCAST: "EACCES WSAEACCES",
    },
    errno,
)
"""Where a number means another thing to UDP."""


_WINDOWS_FILES: Final = {
    **dict.fromkeys((32, 33), Cause.IN_USE),
    112: Cause.DISK_FULL,
    223: Cause.FILE_TOO_LARGE,
    123: Cause.BAD_NAME,
    206: Cause.LONG_NAME,
}
"""What Windows says of files, in numbers that mean other things elsewhere."""


def from_errno(
    operation: Operation, code: int, endpoint: Endpoint | None = None, *, datagram: bool = False
) -> NetError:
    """Explain a number that connect_ex or SO_ERROR returned.

    `datagram`: the socket is UDP, where "refused" and "reset" only repeat what ICMP said.
    """
    cause = _at(operation, _cause(operation, code, datagram), code, endpoint)
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
    windows: int | None = getattr(exc, "winerror", None)
    code = windows or exc.errno
    if code is None:
        cause = Cause.TIMED_OUT if isinstance(exc, TimeoutError) else Cause.UNKNOWN
        return NetError(operation, cause, None, words, endpoint)
    number = code if code in _WINSOCK else exc.errno or code
    cause = _at(operation, _cause(operation, number, datagram), number, endpoint)
    cause = _WINDOWS_FILES.get(windows or 0, cause)
    says_no_more = windows or cause is Cause.IN_USE or words == _words(code)
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
    causes |= {_at(error.operation, cause, code, error.endpoint) for cause in causes}
    return errno.errorcode.get(code, "") if error.cause in causes else ""


def _cause(operation: Operation, code: int, datagram: bool) -> Cause:
    tables = (_DATAGRAM if datagram else {}, _ELSEWHERE.get(operation, {}), _SYSTEM)
    return next((table[code] for table in tables if code in table), Cause.UNKNOWN)


def _at(operation: Operation, cause: Cause, code: int, endpoint: Endpoint | None) -> Cause:
    """Return what the number means for this address.

    Every system has an IPv4 address of its own to connect from (127.0.0.1), or else no route: where
    none is available, it is the port that is wanting. Windows means the address.
    """
    no_port = (
        operation is Operation.CONNECT
        and cause is Cause.ADDRESS_NOT_AVAILABLE
        and code not in _WINSOCK
        and endpoint is not None
        and ":" not in endpoint.host
    )
    return Cause.NO_PORTS if no_port else cause


def _words(code: int) -> str:
    """Return the system's own words; WinSock's are not in strerror but in socket.errorTab."""
    winsock: dict[int, str] = getattr(socket, "errorTab", {})
    return winsock.get(code) or os.strerror(code)
