"""Requests and their replies over one connection: the one exchange of window and command line."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Final, Protocol

from netlib.protocols.handler import Handler
from netlib.protocols.http import ReplyReader, head_ended
from netlib.value import NamedTuple

BODY_KEPT: Final = 1 << 20
"""Bytes of a body that are kept where nobody takes it piece by piece."""

Sink = Callable[[bytes], object]
"""Takes a body, piece by piece."""
Pour = Callable[[bytes | memoryview], object]
"""As `Sink`; what it is given is there during the call only."""


class ReplyOwner(Protocol):
    """Whoever sends the requests: hears of each reply twice, in the order of the requests."""

    def on_reply_head(self, reply: ReplyReader) -> None:
        """Hear that status and headers have come; more than once there is 1xx before it."""

    def on_reply(self, reply: ReplyReader, body: bytes) -> None:
        """Hear that a reply is over; `body`: its first `BODY_KEPT` bytes, if no sink took it."""


class _Awaited(NamedTuple):
    """A request that has been sent."""

    method: str
    sink: Sink | None
    pour: Pour | None


class HttpExchange(Handler):
    """Our end of a connection: says nothing by itself, reads the replies to what was asked.

    Replies come in the order of their requests (RFC 9112, section 9.3.2). While none is awaited,
    what comes is only counted. A whole head is a message, and so is each piece of a body; what
    comes before the head (1xx), or frames the body, is none: nobody waits for that.
    """

    __slots__ = ("_awaited", "_begun", "_body", "_owner", "_reader", "_told_head")

    def __init__(self, owner: ReplyOwner) -> None:
        super().__init__()
        self._owner = owner
        self._awaited: deque[_Awaited] = deque()
        self._reader: ReplyReader | None = None
        self._body = bytearray()
        self._told_head = False
        self._begun = b""
        """The last bytes sent of a request whose blank line is still missing."""

    @property
    def pours(self) -> int:
        """What is left of a body of known length, where its request had a `pour`."""
        reader = self._reader
        return reader.left if reader is not None and self._awaited[0].pour is not None else 0

    def await_reply(
        self, request: bytes, sink: Sink | None = None, pour: Pour | None = None
    ) -> None:
        """Read a further reply: to `request`, which is sent next. Its body goes to `sink`.

        Or to `pour`, which takes from the socket itself what needs no reading.
        After a request that has not ended, this is not a further one but the rest of it.
        """
        begun = self._begun if self._awaited else b""
        whole = begun + request
        self._begun = b"" if head_ended(whole) else whole[-2:]
        if begun:
            return
        method = request.partition(b" ")[0].decode("ascii", "replace")
        self._awaited.append(_Awaited(method, sink, pour))
        if self._reader is None:
            self._begin()

    def received(self, data: bytes) -> bytes:
        """Read on; no answer."""
        heard = self._reader is None
        while self._reader is not None and data:
            data = self._reader.feed(data)
            heard = self._look(self._reader) or heard
        self.messages += heard
        return b""

    def pour(self, data: memoryview) -> None:
        """Pass on what needs no reading; a message like any piece of a body."""
        if self._reader is not None:
            self._take(data)
            self._reader.count(len(data))
            self._look(self._reader)
            self.messages += 1

    def finished(self) -> bytes:
        """Take notice of the peer's FIN: a reply without a stated length ends with it."""
        if self._reader is not None:
            self._reader.finish()
            self._look(self._reader)
        return b""

    def closed(self) -> None:
        """Take notice that the connection is gone: so are the replies still awaited."""
        while self._reader is not None:
            self._reader.break_off()
            self._look(self._reader)

    def _begin(self) -> None:
        self._reader = ReplyReader(self._awaited[0].method)
        self._told_head = False

    def _look(self, reader: ReplyReader) -> bool:
        """Pass on what has come by now (False: nothing); after a whole reply begin the next."""
        head = bool(reader.status) and not self._told_head
        if head:
            self._told_head = True
            self._owner.on_reply_head(reader)
        if piece := reader.take_body():
            self._take(piece)
        if reader.done:
            body, self._body = bytes(self._body), bytearray()
            self._awaited.popleft()
            self._reader = None
            if self._awaited:
                self._begin()
            self._owner.on_reply(reader, body)
        return head or bool(piece) or reader.done

    def _take(self, body: bytes | memoryview) -> None:
        _method, sink, pour = self._awaited[0]
        if pour is not None:
            pour(body)
        elif sink is not None:
            sink(bytes(body))
        else:
            self._body += body[: BODY_KEPT - len(self._body)]
