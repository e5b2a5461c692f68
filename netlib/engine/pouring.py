"""A stream that can pour: hand what comes straight to who wants it, past recorder and handler.

For a program that only fetches. What takes it may block, and the whole engine waits with it; TCP
then slows the peer down.
"""

from __future__ import annotations

from typing import Final

from netlib.engine.ending import close_reason
from netlib.engine.state import LISTENS
from netlib.engine.stream import LAST_BYTES, Stream
from netlib.errors import Operation, from_oserror
from netlib.system.memory import page_aligned
from netlib.system.sockets import SocketType

POUR_BYTES: Final = 1 << 20
"""Longest piece: one read, one write."""
POURS_A_TURN: Final = 4
"""Then it is the turn of others, of the timers and of what was asked meanwhile."""


class PouringStream(Stream):
    """One TCP connection; how much of what comes next is poured, its handler says."""

    __slots__ = ("_piece",)

    def _read(self, sock: SocketType) -> None:
        if not (self.handler.pours and self.state.abilities & LISTENS):
            super()._read(sock)
            return
        if not hasattr(self, "_piece"):
            self._piece = page_aligned(POUR_BYTES)
        turns = POURS_A_TURN
        while turns and (wanted := min(self.handler.pours, POUR_BYTES)):
            turns = turns - 1 if self._pour(sock, wanted) else 0
        if self.sock is not None:
            self.await_message()

    def _pour(self, sock: SocketType, wanted: int) -> bool:
        """Pour what is there; False: it was less than `wanted`."""
        try:
            size = sock.recv_into(self._piece, wanted)
        except BlockingIOError:
            return False
        except OSError as refusal:
            error = from_oserror(Operation.RECEIVE, refusal, self.peer)
            self.close_now(close_reason(error, self.state), error)
            return False
        if not size:
            self._on_peer_fin()
            return False
        self.received += size
        self.last_at = self.engine.now
        self.last = bytes(self._piece[max(0, size - LAST_BYTES) : size])
        self.handler.pour(self._piece[:size])
        return size == wanted
