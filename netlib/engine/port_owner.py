"""Which program holds a port: asked when binding fails, in a thread, because it takes a while."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable

from netlib.engine.loop import Engine
from netlib.events import Transport

PATIENCE_SECONDS = 2.0
"""A machine with thousands of processes needs a while; the news that the port is taken does not."""


def find_port_owner(
    engine: Engine, port: int, transport: Transport, done: Callable[[str | None], None]
) -> None:
    """Have `done` called, once, on the engine, which is also where this is called.

    It is told "name (PID n)"; None where the system hides it, or does not tell in time.
    """
    waiting = True

    def tell(holder: str | None) -> None:
        nonlocal waiting
        if waiting:
            waiting = False
            timer.cancel()
            done(holder)

    def work() -> None:
        engine.call_soon_threadsafe(tell, port_owner(port, transport))

    timer = engine.call_later(PATIENCE_SECONDS, lambda: tell(None))
    threading.Thread(target=work, name=f"who holds {port}", daemon=True).start()


def port_owner(port: int, transport: Transport) -> str | None:
    """Return "name (PID n)" of the program bound to `port`; None when it cannot be known."""
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
