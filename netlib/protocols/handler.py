"""What speaks on a connection: bytes in, bytes out, without a socket; and one round another.

    socket ──received──▶ Layer (TLS) ──received──▶ Handler (a service, a client)
           ◀───reply──── Layer (TLS) ◀───reply────
    user, other clients ──outgoing──▶ Handler ──▶ Layer ──▶ socket

A handler never waits and never raises for what a peer sent: whoever owns the socket feeds it, sends
what it returns, and looks at `close_reason` and `messages` after each call.
"""

from __future__ import annotations

from typing import ClassVar

from netlib.errors import NetError
from netlib.events import CloseReason
from netlib.silence import Awaited
from netlib.value import NamedTuple


class Pending(NamedTuple):
    """A message that has begun and not ended."""

    awaits: Awaited
    size: int
    """Bytes of it that are here."""


class Handler:
    """One end of a TCP connection."""

    __slots__ = ("close_reason", "error", "messages", "unfinished")

    enciphers: ClassVar[bool] = False
    """What crosses the wire for it is ciphertext; it records the plain text itself."""

    def __init__(self) -> None:
        self.messages = 0
        """Complete messages received so far."""
        self.unfinished = 0
        """Bytes of memory that the message takes which has begun and not ended; 0: none has."""
        self.close_reason: CloseReason | None = None
        """Once set: send what was returned, then close gently and give this reason."""
        self.error: NetError | None = None
        """Why, when the reason is that something failed."""

    @property
    def held(self) -> int:
        """Bytes given to `outgoing` that it has not returned yet."""
        return 0

    @property
    def unheard(self) -> int:
        """Bytes received that wait for `proceed`; until there are none, nothing more is read."""
        return 0

    @property
    def pending(self) -> Pending | None:
        """The message that has begun and not ended; None: there is none. From any thread."""
        return None

    @property
    def pours(self) -> int:
        """How many of the bytes that come next may be given to `pour`; any other to `received`."""
        return 0

    @property
    def nickname(self) -> str:
        """By which name the peer is called; empty: it has none. From any thread."""
        return ""

    def opened(self) -> bytes:
        """Return the greeting."""
        return b""

    def received(self, data: bytes) -> bytes:
        """Return the answer to this chunk, one bytes object for all messages in it; here: none."""
        return b""

    def pour(self, data: memoryview) -> None:
        """Take at most `pours` bytes, which are there during this call only; no answer."""

    def proceed(self) -> bytes:
        """Return the answer to the next part of what was received; others were served meanwhile."""
        return b""

    def outgoing(self, data: bytes) -> bytes:
        """Return what is sent for `data`, which the user or another handler wants to be sent."""
        return data

    def finished(self) -> bytes:
        """Return the last words: the peer sent FIN and may still read."""
        return b""

    def give_up(self, limit: int) -> bytes:
        """Let go of the message that has not ended, and end; return why, in words for the peer.

        All peers together held more than `limit` bytes unfinished, this one most of them.
        """
        self.unfinished = 0
        self.close_reason = CloseReason.TOO_MUCH_UNFINISHED
        return b""

    def finishing(self) -> bytes:
        """Return what must be sent before our own FIN."""
        return b""

    def closed(self) -> None:
        """Let go of the peer: its connection is over."""


class Layer(Handler):
    """A handler round another one; what it does not change passes through.

    Whatever it calls of the inner handler goes through `_heard`, which takes over how far that is.
    """

    __slots__ = ("inner",)

    def __init__(self, inner: Handler) -> None:
        super().__init__()
        self.inner = inner

    @property
    def held(self) -> int:
        """What the inner handler holds."""
        return self.inner.held

    @property
    def unheard(self) -> int:
        """What waits inside."""
        return self.inner.unheard

    @property
    def pending(self) -> Pending | None:
        """What has begun inside."""
        return self.inner.pending

    @property
    def nickname(self) -> str:
        """What the inner handler calls it."""
        return self.inner.nickname

    def opened(self) -> bytes:
        """Return the inner greeting, as it is sent."""
        return self._sent(self.inner.opened())

    def received(self, data: bytes) -> bytes:
        """Return the inner answer to what this layer made of `data`, as it is sent."""
        return self._sent(self._heard(self.inner.received(data)))

    def proceed(self) -> bytes:
        """Return the inner answer to what waited, as it is sent."""
        return self._sent(self._heard(self.inner.proceed()))

    def outgoing(self, data: bytes) -> bytes:
        """Return what is sent for `data`."""
        return self._sent(self.inner.outgoing(data))

    def finished(self) -> bytes:
        """Return the inner last words, as they are sent."""
        return self._sent(self._heard(self.inner.finished()))

    def give_up(self, limit: int) -> bytes:
        """Return the inner reason why, as it is sent."""
        return self._sent(self._heard(self.inner.give_up(limit)))

    def finishing(self) -> bytes:
        """Return what the inner handler sends before our FIN, as it is sent."""
        return self._sent(self.inner.finishing())

    def closed(self) -> None:
        """Let the inner handler go, too."""
        self.inner.closed()

    def _heard(self, answer: bytes) -> bytes:
        """Take over what the inner handler has come to; return its answer."""
        self.messages, self.unfinished = self.inner.messages, self.inner.unfinished
        if self.close_reason is None:
            self.close_reason, self.error = self.inner.close_reason, self.inner.error
        return answer

    def _sent(self, data: bytes) -> bytes:
        """Return how this layer sends what the inner handler says; here: as it is."""
        return data


def innermost(handler: Handler) -> Handler:
    """Return what speaks inside of all layers."""
    while isinstance(handler, Layer):
        handler = handler.inner
    return handler
