"""Creating sockets, asking the system about them: the ONLY file that asks which platform this is.

Everything here returns at once (sockets are non-blocking) and raises OSError as the system gave it;
`netlib.errors` turns that into data one layer up.
"""

from __future__ import annotations

import contextlib
import errno
import socket
import struct
import sys

from netlib.address import LAST_PORT, Endpoint

SocketType = socket.SocketType
"""A socket as the kernel's calls see it; `socket.socket` adds conveniences that accepted ones, of
which there may be thousands a second, do without."""

SockAddr = tuple[str, int] | tuple[str, int, int, int]
"""What the socket module calls an address: (host, port) or (host, port, flow, scope)."""

BACKLOG = socket.SOMAXCONN if sys.platform == "win32" else 4096
"""Connections that may wait to be accepted: a class connecting at once must not be turned away.

Windows takes 200 of any number but SOMAXCONN, which is no number there: as many as it can.
"""

UDP_BUFFER = 64 << 20
"""Receive buffer asked for UDP, in bytes: bursts wait in the kernel instead of being dropped."""

UDP_LIMIT = 65507
"""Longest UDP payload over IPv4: 65535 less 8 (UDP header) less 20 (IP header)."""

UDP_LIMIT_IPV6 = 65527
"""And over IPv6, whose length counts only what follows its header (RFC 8200, section 3)."""

LOCAL = "localhost"
"""Binding here means this computer only, over IPv4 and IPv6."""

EVERYWHERE = ("", "*", "::")
"""Names for every interface: IPv4 and IPv6 on one port, where the system has both."""

IPV4_WILDCARD = "0.0.0.0"
WILDCARDS = (IPV4_WILDCARD, "::")
"""Addresses of a socket that is bound to every interface."""

IN_PROGRESS = frozenset(
    {errno.EINPROGRESS, errno.EWOULDBLOCK, errno.EALREADY, getattr(errno, "WSAEWOULDBLOCK", 10035)}
)
"""Results of connect_ex that mean: not yet."""

VANISHED_SECONDS = 30
"""Time without an answer after which a peer has vanished: no FIN, no RST will ever come from it."""

_KEEP_ALIVE = tuple(
    (level, getattr(socket, name), value)
    for level, name, value in (
        (socket.SOL_SOCKET, "SO_KEEPALIVE", 1),
        (socket.IPPROTO_TCP, "TCP_KEEPIDLE", 20),  # seconds; macOS calls it TCP_KEEPALIVE
        (socket.IPPROTO_TCP, "TCP_KEEPALIVE", 20),
        (socket.IPPROTO_TCP, "TCP_KEEPINTVL", 5),
        (socket.IPPROTO_TCP, "TCP_KEEPCNT", 3),
    )
    if hasattr(socket, name)
)
"""Probes of a silent peer (RFC 9293, section 3.8.4): it is gone after 35 s without an answer."""

_IN_USE = frozenset({errno.EADDRINUSE, 10048, errno.EACCES, 10013})
_NO_IPV6 = {errno.EAFNOSUPPORT, errno.EADDRNOTAVAIL, errno.EPROTONOSUPPORT, 10043, 10047, 10049}
"""What the system says where it has no IPv6, or none on this interface; WinSock's numbers too."""
_STREAM = int(socket.SOCK_STREAM)
_ON_WINDOWS = sys.platform == "win32"
_ON_LINUX = sys.platform.startswith("linux")
_SO_RCVBUFFORCE = 33
_SO_MEMINFO = 55
_MEMINFO_DROPS = 8
SAVES_SYN = _ON_LINUX
"""Whether the kernel can keep the SYN of a connection: see `save_syn`."""
_TCP_SAVE_SYN, _TCP_SAVED_SYN = 27, 28
_SYN_BYTES = 1024


def udp_limit(host: str) -> int:
    """Return the longest UDP payload, in bytes, to an address; a name may turn out to be IPv4."""
    return UDP_LIMIT_IPV6 if ":" in host else UDP_LIMIT


def raise_file_limit() -> None:
    """Raise the soft limit of open files to the hard one: every client is a file."""
    if sys.platform != "win32":
        import resource

        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        wanted = min(hard, 1 << 20) if hard != resource.RLIM_INFINITY else 1 << 16
        if soft < wanted:
            try:
                resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
            except (OSError, ValueError):
                return  # macOS caps it lower than it says; what we have must do


def listen(
    host: str, port: int, receive_buffer: int | None = None, backlog: int | None = None
) -> list[socket.socket]:
    """Listen for TCP: one socket, or two where IPv4 and IPv6 need their own. Raises OSError.

    `receive_buffer`, in bytes, is that of the connections it takes: see `set_receive_buffer`.
    `backlog`: how many connections wait to be accepted, for each socket; None: many. Linux takes
    one more.
    """
    listeners = _bind_all(host, port, socket.SOCK_STREAM)
    for sock in listeners:
        if receive_buffer is not None:
            set_receive_buffer(sock, receive_buffer)
        if backlog is not None:
            sock.listen(backlog)  # anew: nobody has come yet
    return listeners


def bind_udp(host: str, port: int, receive_buffer: int | None = None) -> list[socket.socket]:
    """Bind UDP sockets with a receive buffer of so many bytes; None: large. Raises OSError."""
    bound = _bind_all(host, port, socket.SOCK_DGRAM)
    if receive_buffer is not None:
        for sock in bound:
            set_receive_buffer(sock, receive_buffer)
    return bound


def free_port(host: str, after: int, *, udp: bool = False) -> int | None:
    """Return the next port that can be listened on, of the hundred after `after`; None: none."""
    for port in range(after + 1, min(after + 100, LAST_PORT) + 1):
        try:
            bound = (bind_udp if udp else listen)(host, port)
        except OSError:
            continue
        for sock in bound:
            sock.close()
        return port
    return None


def _bind_all(host: str, port: int, kind: socket.SocketKind) -> list[socket.socket]:
    if host in EVERYWHERE:
        return [_bind_everywhere(port, kind)]
    if host != LOCAL:
        family, address = _numeric(host, port, kind)
        return [_bind(family, address, kind)]
    for _ in range(20):
        first = _bind(socket.AF_INET, ("127.0.0.1", port), kind)
        try:
            return [first, _bind(socket.AF_INET6, ("::1", first.getsockname()[1]), kind)]
        except OSError as refusal:
            if refusal.errno in _NO_IPV6:
                return [first]
            first.close()
            if port or refusal.errno not in _IN_USE:
                raise
            # the system chose a port whose IPv6 twin is taken: let it choose again
    raise OSError(errno.EADDRINUSE, "no port free for both IPv4 and IPv6")


def _bind_everywhere(port: int, kind: socket.SocketKind) -> socket.socket:
    """One dual-stack socket; where there is no IPv6, an IPv4 one."""
    if socket.has_dualstack_ipv6():
        try:
            return _bind(socket.AF_INET6, ("::", port), kind, dual=True)
        except OSError as refusal:
            if refusal.errno not in _NO_IPV6:
                raise
    return _bind(socket.AF_INET, (IPV4_WILDCARD, port), kind)


def without_idna(host: str) -> str | bytes:
    """Return a numeric host as bytes: Python loads the tables of IDNA for each that is text."""
    return host.encode() if host.isascii() else host


def _numeric(host: str, port: int, kind: socket.SocketKind) -> tuple[int, SockAddr]:
    """Turn an interface's numeric address into family and socket address, without a look-up."""
    flags = socket.AI_NUMERICHOST | socket.AI_PASSIVE
    found = socket.getaddrinfo(without_idna(host), port, type=kind, flags=flags)
    family, _, _, _, address = found[0]
    return family, address  # type: ignore[return-value]


def _bind(
    family: int, address: SockAddr, kind: socket.SocketKind, *, dual: bool = False
) -> socket.socket:
    sock = socket.socket(family, kind)
    try:
        sock.setblocking(False)
        if _ON_WINDOWS:
            # SO_REUSEADDR there would let another program take the port from under us.
            sock.setsockopt(socket.SOL_SOCKET, getattr(socket, "SO_EXCLUSIVEADDRUSE", -5), 1)
        elif kind == socket.SOCK_STREAM:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0 if dual else 1)
        sock.bind(address)
        if kind == socket.SOCK_STREAM:
            no_delay(sock)
            keep_alive(sock)
            sock.listen(BACKLOG)
        else:
            enlarge_receive_buffer(sock)
    except OSError:
        sock.close()
        raise
    return sock


def enlarge_receive_buffer(sock: socket.socket) -> None:
    """Ask for `UDP_BUFFER`; past the system's limit if we have the right, else up to it."""
    if _ON_LINUX:
        with contextlib.suppress(PermissionError):  # ordinary users get what the system allows
            sock.setsockopt(socket.SOL_SOCKET, _SO_RCVBUFFORCE, UDP_BUFFER)
            return
    with contextlib.suppress(OSError):  # macOS refuses too much instead of giving less
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, UDP_BUFFER)


def kernel_drops(sock: socket.socket) -> int | None:
    """Datagrams the kernel dropped for want of room in this socket; None: it does not tell."""
    if not _ON_LINUX:
        return None
    try:
        info = sock.getsockopt(socket.SOL_SOCKET, _SO_MEMINFO, 4 * (_MEMINFO_DROPS + 1))
    except OSError:
        return None
    numbers = struct.unpack(f"={len(info) // 4}I", info)
    return int(numbers[_MEMINFO_DROPS]) if len(numbers) > _MEMINFO_DROPS else None


def save_syn(listener: SocketType, *, wanted: bool) -> None:
    """Have the kernel keep the SYN of each connection to come, for `saved_syn`; Linux only."""
    if _ON_LINUX:
        with contextlib.suppress(OSError):  # closed meanwhile
            listener.setsockopt(socket.IPPROTO_TCP, _TCP_SAVE_SYN, int(wanted))


def saved_syn(sock: SocketType) -> bytes:
    """Return the SYN an accepted connection began with, from its IP header on; told once.

    Empty: the kernel has not kept it.
    """
    if not _ON_LINUX:
        return b""
    try:
        return sock.getsockopt(socket.IPPROTO_TCP, _TCP_SAVED_SYN, _SYN_BYTES)
    except OSError:
        return b""


def set_receive_buffer(sock: SocketType, size: int) -> int:
    """Ask for a receive buffer of `size` bytes; return what the system made of it.

    It may round, limit or refuse; Linux doubles it for its own bookkeeping (socket(7)), and then no
    longer adapts it. Before the SYN it also decides the scale of the window (RFC 7323, section 2).
    """
    with contextlib.suppress(OSError):  # macOS refuses too much instead of giving less
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, size)
    return receive_buffer(sock)


def receive_buffer(sock: SocketType) -> int:
    """Return the size of a socket's receive buffer, as the system tells it, in bytes."""
    return sock.getsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF)


def tcp_socket(family: int, receive_buffer: int | None = None) -> socket.socket:
    """Return a non-blocking TCP socket, ready to connect; see `set_receive_buffer`."""
    sock = socket.socket(family, socket.SOCK_STREAM)
    sock.setblocking(False)
    no_delay(sock)
    keep_alive(sock)
    if receive_buffer is not None:
        set_receive_buffer(sock, receive_buffer)
    return sock


def udp_socket(family: int) -> socket.socket:
    """Return a non-blocking UDP socket, ready to be given its peer."""
    sock = socket.socket(family, socket.SOCK_DGRAM)
    sock.setblocking(False)
    enlarge_receive_buffer(sock)
    return sock


def accept(listener: socket.socket, family: int) -> tuple[SocketType, SockAddr]:
    """Take a connection from the accept queue, and who it is from. Raises OSError.

    What `listener.accept()` does, less all it asks of the listener anew each time.
    """
    fd, address = listener._accept()  # type: ignore[attr-defined]  # noqa: SLF001 - see above
    return SocketType(family, _STREAM, 0, fd), address


def prepare_accepted(sock: SocketType) -> None:
    """Make an accepted socket ready for the engine. Raises OSError: it was reset meanwhile."""
    sock.setblocking(False)
    if not _ON_LINUX:  # there it has all that from its listener
        no_delay(sock)
        keep_alive(sock)


def no_delay(sock: SocketType) -> None:
    """Send small pieces at once: what a student sends shall leave when it is sent (no Nagle)."""
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


def keep_alive(sock: SocketType) -> None:
    """Notice a peer that vanishes: its cable is cut, its computer sleeps."""
    for level, option, value in _KEEP_ALIVE:
        with contextlib.suppress(OSError):  # systems differ in what they let us change
            sock.setsockopt(level, option, value)
    give_up_after(sock, VANISHED_SECONDS)


def give_up_after(sock: SocketType, seconds: float | None) -> None:
    """Limit how long what was sent may stay unacknowledged, or unread by a peer with no room.

    None: as long as the system says, some 15 minutes. Linux only.
    """
    if sys.platform == "linux":
        milliseconds = 0 if seconds is None else int(seconds * 1000)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, milliseconds)


def reset_on_close(sock: SocketType) -> None:
    """Make close() send RST instead of FIN (SO_LINGER with zero seconds)."""
    form = "HH" if _ON_WINDOWS else "ii"
    with contextlib.suppress(OSError):  # macOS refuses it once the peer has reset
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack(form, 1, 0))


def shutdown_write(sock: SocketType) -> None:
    """Send FIN; a peer that is gone already does not matter."""
    with contextlib.suppress(OSError):
        sock.shutdown(socket.SHUT_WR)


def connect_result(sock: SocketType) -> int:
    """Return errno of a finished connect, 0 for success."""
    return sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)


def wakeup_pair() -> tuple[socket.socket, socket.socket]:
    """Return two connected sockets, not blocking: what the second sends wakes who polls the first.

    Where they are a TCP connection (Windows), no byte waits for the ACK of the one before.
    """
    pair = socket.socketpair()
    for sock in pair:
        sock.setblocking(False)
        if sock.family == socket.AF_INET:
            no_delay(sock)
    return pair


def host_name() -> str:
    """Return what this computer calls itself; empty: it does not say."""
    try:
        return socket.gethostname()
    except (OSError, UnicodeError):
        return ""


def is_own_address(host: str) -> bool:
    """Tell whether a numeric address is one of this computer's: only those can be bound."""
    try:
        for sock in bind_udp(host, 0):
            sock.close()
    except OSError:
        return False
    return True


def is_dual_stack(sock: SocketType) -> bool:
    """Tell whether a socket bound to :: takes IPv4 too (RFC 3493, section 5.3)."""
    if sock.family != socket.AF_INET6 or local_endpoint(sock).host != "::":
        return False
    return not sock.getsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY)


def local_endpoint(sock: SocketType) -> Endpoint:
    """Return the address of our end."""
    return Endpoint.from_sockaddr(sock.getsockname())


def address_for(sock: SocketType, peer: Endpoint) -> SockAddr:
    """Return where `sock` sends to reach a peer that it has received from; no look-up.

    To a dual-stack socket an IPv4 peer is ::ffff:127.0.0.1 (RFC 4291, section 2.5.5.2).
    """
    flags = socket.AI_NUMERICHOST | (socket.AI_V4MAPPED if sock.family == socket.AF_INET6 else 0)
    found = socket.getaddrinfo(peer.host, peer.port, sock.family, socket.SOCK_DGRAM, 0, flags)
    return found[0][4]  # type: ignore[return-value]
