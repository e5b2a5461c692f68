"""The tutorial's server: every line comes back with "已接收: " in front, byte for byte."""

from __future__ import annotations

from typing import ClassVar, Final

from netlib.address import Endpoint
from netlib.events import CloseReason
from netlib.protocols.framing import LineBuffer, LineTooLong
from netlib.protocols.handler import Handler, Pending
from netlib.services.base import Options, Service, pending_line, too_long, too_much
from netlib.text import count_lf

ACKNOWLEDGEMENT: Final = "已接收: ".encode()
_LF: Final = ord("\n")
_PREFIX: Final = len(ACKNOWLEDGEMENT)


class AcknowledgeHandler(Handler):
    """Lines in, each one back behind the prefix; all lines of a chunk in one piece."""

    __slots__ = ("_lines",)

    def __init__(self, max_line: int) -> None:
        super().__init__()
        self._lines = LineBuffer(max_line)

    @property
    def pending(self) -> Pending | None:
        """The line whose LF has not come."""
        return pending_line(self._lines)

    def received(self, data: bytes) -> bytes:
        """Return the replies to the lines this chunk completes; half a line is held."""
        held, last = self._lines, len(data) - 1
        if not held.held and data[last] == _LF and data.find(b"\n") == last <= held.limit:
            self.messages += 1  # one whole line, as most are: no further calls
            return ACKNOWLEDGEMENT + data
        try:
            lines = held.feed(data, ACKNOWLEDGEMENT)
        except LineTooLong as error:
            self.unfinished = 0
            self.close_reason = CloseReason.LINE_TOO_LONG
            before = ACKNOWLEDGEMENT + error.before if error.before else b""
            return self._replies(before) + too_long(held.limit)
        self.unfinished = held.held
        return self._replies(lines)

    def give_up(self, limit: int) -> bytes:
        """Return a line that is no reply."""
        self._lines.rest()
        return super().give_up(limit) + too_much(limit).encode()

    def _replies(self, lines: bytes) -> bytes:
        count = count_lf(lines)
        self.messages += count
        if count > 1:  # one replace for all of them: no Python for the single line
            lines = lines[:-1].replace(b"\n", b"\n" + ACKNOWLEDGEMENT) + b"\n"
        return lines


class Acknowledge(Service):
    """Acknowledge every line (TCP) or datagram (UDP) to its sender."""

    name: ClassVar[str] = "acknowledge"

    def __init__(self, options: Options) -> None:
        super().__init__(options)
        self._max_line = options.max_line

    def handler(self, peer: Endpoint) -> Handler:
        """Return a handler that acknowledges lines."""
        return AcknowledgeHandler(self._max_line)

    def datagram(self, data: bytes, peer: Endpoint) -> bytes | None:
        """Return the whole datagram behind the prefix; what has it is an answer already."""
        if data[:_PREFIX] == ACKNOWLEDGEMENT:
            return None
        return ACKNOWLEDGEMENT + data
