"""Which program has a port; asked, with `Engine.in_thread`, when binding fails."""

from __future__ import annotations

import socket

from netlib.events import Transport


def port_owner(port: int, transport: Transport) -> str | None:
    """Return "name (PID n)" of the program bound to `port`; None when it cannot be known.

    Blocks: a machine with thousands of processes needs a while.
    """
    try:
        import psutil
    except ImportError:
        return None
    kind = socket.SOCK_STREAM if transport is Transport.TCP else socket.SOCK_DGRAM
    try:
        found = [
            one
            for one in psutil.net_connections(kind=transport.value)
            if one.type == kind and one.laddr and one.laddr.port == port and one.pid
        ]
        # A listener before the connections that use the same port.
        found.sort(key=lambda one: one.status != psutil.CONN_LISTEN)
        return f"{psutil.Process(found[0].pid).name()} (PID {found[0].pid})" if found else None
    except (psutil.Error, OSError):
        return None
