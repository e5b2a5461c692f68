"""Reading that a person pauses and resumes, and the size of a connection's receive buffer.

While it is paused, what the peer sends waits in the kernel, which offers less and less of a window
(RFC 9293, section 3.8.6.2.2); nothing is lost. Nobody can be late then: the read timeout and
the notice of silence rest. The peer's FIN is behind what is unread, and seen when that was read.
"""

from __future__ import annotations

from netlib.engine.datagram import DatagramSocket
from netlib.engine.state import LISTENS
from netlib.engine.stream import Stream
from netlib.engine.tcp import BY_USER, UNWATCHED
from netlib.system.poller import READ


def pause_reading(stream: Stream) -> bool:
    """Read nothing until `resume_reading`; False: it is paused already, or nothing is heard."""
    if stream.paused & BY_USER or not stream.state.abilities & LISTENS:
        return False
    stream.paused |= BY_USER
    stream.patience = float("inf")
    stream.await_message()
    stream.engine.lulls.pop(stream, None)
    stream.rewatch()
    return True


def resume_reading(stream: Stream) -> bool:
    """Read again, and be patient from now on; False: it is not paused."""
    if not stream.paused & BY_USER:
        return False
    unwatched = stream.paused & UNWATCHED
    stream.paused &= ~(BY_USER | UNWATCHED)
    stream.patience = stream.owner.options.patience
    if stream.sock is not None and unwatched:
        stream.engine.register(stream.sock.fileno(), 0, stream)
    if stream.state.abilities & LISTENS:
        stream.await_message()
        stream.await_end()
        if stream.handler.unfinished:
            stream.engine.lulls[stream] = stream.engine.now
    stream.rewatch()
    return True


def pause_datagrams(one: DatagramSocket) -> None:
    """Read nothing: what comes waits in the kernel, and is dropped where it finds no room there."""
    if one.sock is not None:
        one.engine.unregister(one.sock.fileno())


def resume_datagrams(one: DatagramSocket) -> None:
    """Read again. Raises OSError when the engine has no room."""
    if one.sock is not None:
        one.engine.register(one.sock.fileno(), READ, one)
